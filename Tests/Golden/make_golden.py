"""Makes the repositories that later versions must go on reading. Run once for each version of the format:

    python Tests/Golden/make_golden.py BINARY Tests/Golden/format-1

Kept small: what is in them is for the most part the same few bytes. The sources are not kept, only what they were.
"""

import hashlib
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "EndToEnd"))
import sample_data  # noqa: E402

BLOCK = 4096


def make_tree(root: pathlib.Path) -> None:
    for index in range(30):
        path = root / f"folder-{index % 3}" / f"file-{index}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"line %d\n" % index * (index * 40))
    rand = random.Random(1)
    (root / "large").write_bytes(b"".join(bytes([rand.randrange(256)]) * 997 for _ in range(3200)))
    for index in range(400):
        (root / "many" / f"{index:04d}").parent.mkdir(exist_ok=True)
        (root / "many" / f"{index:04d}").touch()
    os.link(root / "folder-1" / "file-1", root / "hard link")
    os.symlink("folder-1/file-1", root / "symbolic link")
    os.mkfifo(root / "pipe")
    with open(root / "sparse", "wb") as sparse:
        sparse.truncate(16 << 20)
        sparse.seek(5 << 20)
        sparse.write(b"an island")
    with open(os.fsencode(root) + b"/not utf-8 \xff", "wb") as odd:
        odd.write(b"odd name")
    (root / "attribute").write_text("has one")
    os.setxattr(root / "attribute", "user.holdfast", b"kept \x00 too")
    os.chmod(root / "attribute", 0o2641)
    os.utime(root / "attribute", ns=(1_000_000_000_123_456_789, 999_999_999_987_654_321))


def make_image(path: pathlib.Path) -> None:
    rand = random.Random(2)
    with open(path, "wb") as image:
        image.truncate((200 << 20) + 1234)  # four pages of the map, and a block that is cut short
        for first in (0, 3000, 16_384, 40_000):
            image.seek(first * BLOCK)
            for _ in range(700):
                image.write(bytes([rand.randrange(256)]) * BLOCK)
        image.seek((200 << 20) + 1000)
        image.write(b"the end")


def change_image(path: pathlib.Path, seed: int) -> str:
    """Changes scattered blocks; returns the list of changes."""
    rand = random.Random(seed)
    changes = []
    with open(path, "r+b") as image:
        for block in rand.sample(range(3700), 20):
            image.seek(block * BLOCK)
            image.write(bytes([rand.choice([0, seed])]) * BLOCK)
            changes.append(f"{block * BLOCK} {BLOCK}\n")
    return "".join(changes)


def digest(place: pathlib.Path) -> str:
    """Of an image's bytes, or of all that matters about a tree. Owners are whoever restores."""
    if not place.is_dir():
        return sample_data.sha256(place)
    facts = {path: {name: value for name, value in entry.items() if name != "owner"}
             for path, entry in sample_data.describe(place).items()}
    return hashlib.sha256(repr(sorted((path, sorted(entry.items())) for path, entry in facts.items())).encode()).hexdigest()


def main() -> None:
    binary, target = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    target.mkdir(parents=True)
    options = ["--repository", target / "repository", "--key-file", target / "key"]
    expected = {}

    def run(*arguments) -> str:
        command = [binary, "repo", *arguments, *options]
        return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout

    def backup(source: pathlib.Path, *arguments) -> str:
        point = run("backup", source, *arguments).split()[-1]
        expected[point] = digest(source)
        return point

    with tempfile.TemporaryDirectory() as folder:
        tree, image, changes = pathlib.Path(folder) / "tree", pathlib.Path(folder) / "image", pathlib.Path(folder) / "changes"
        tree.mkdir()
        make_tree(tree)
        make_image(image)
        run("init")
        gone = [backup(tree), backup(image)]
        (tree / "added").write_text("later")
        change_image(image, 1)
        backup(tree), backup(image)
        changes.write_text(change_image(image, 2))
        backup(image, "--changed-blocks", changes)
        for point in gone:
            run("forget", point)
            del expected[point]
        (tree / "large").unlink()
        run("prune", "--max-unused", "0")
        (target / "passphrase").write_text("käse und brot\n")
        run("key", "add", "--new-passphrase-file", target / "passphrase", "--label", "safe")
        run("key", "rotate")
        backup(tree)
        change_image(image, 3)
        backup(image)
    (target / "expected.json").write_text(json.dumps(expected, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
