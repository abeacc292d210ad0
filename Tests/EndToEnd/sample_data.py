"""Directory trees and disk images to protect, and exact comparison of what comes back."""

import hashlib
import os
import pathlib
import random
import stat


def make_tree(root: pathlib.Path, files: int = 60, seed: int = 1) -> pathlib.Path:
    """Ordinary files, and: hard link, symlinks, FIFO, sparse, empty, xattr, odd names and modes, old times."""
    rng = random.Random(seed)
    for index in range(files):
        path = root / f"d{index % 7}" / f"file-{index}.dat"
        path.parent.mkdir(parents=True, exist_ok=True)
        # Half text that compresses, half noise that does not; sizes from nothing to some hundred KiB.
        size = rng.choice([0, 1, 100, 4096, 70_000, 300_000])
        line = f"line {index} of a file to protect\n".encode()
        path.write_bytes(rng.randbytes(size) if index % 2 else (line * (size // len(line) + 1))[:size])
    (root / "empty directory").mkdir()
    os.link(root / "d1" / "file-1.dat", root / "hard link")
    os.symlink("d1/file-1.dat", root / "symlink")
    os.symlink("nowhere at all", root / "dangling")
    os.mkfifo(root / "fifo")
    with open(root / "sparse", "wb") as sparse:
        sparse.truncate(32 << 20)
        sparse.seek(9 << 20)
        sparse.write(b"an island in a sea of holes")
    (root / "mode").write_text("secret")
    os.chmod(root / "mode", 0o640)
    with open(os.fsencode(root) + b"/not utf-8 \xff\xfe", "wb") as odd:
        odd.write(b"odd name")
    (root / "new\nline").write_text("newline in the name")
    (root / ("n" * 255)).write_text("the longest name")
    (root / "attributes").write_text("has an attribute")
    try:
        os.setxattr(root / "attributes", "user.holdfast", b"kept \x00 too")
    except OSError:  # the file system of the temporary directory has none
        pass
    os.utime(root / "mode", ns=(1_000_000_000_123_456_789, 999_999_999_987_654_321))
    return root


def make_image(path: pathlib.Path, size: int, data: int = 6 << 20, seed: int = 2) -> pathlib.Path:
    """A sparse file of `size` bytes with some `data` bytes at scattered places."""
    rng = random.Random(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(path, "wb") as image:
        image.truncate(size)
        written = 0
        while written < data:
            piece = rng.randbytes(rng.choice([512, 4096, 65536, 300_000]))
            image.seek(rng.randrange(0, size - len(piece)) // 512 * 512)
            image.write(piece)
            written += len(piece)
    return path


def change_image(path: pathlib.Path, seed: int) -> None:
    rng = random.Random(seed)
    with open(path, "r+b") as image:
        image.seek(rng.randrange(0, os.path.getsize(path) - 8192))
        image.write(rng.randbytes(8192))


def sha256(path) -> str:
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def describe(root: pathlib.Path) -> dict:
    """Everything about a tree that must come back: one entry a path (bytes), with content and metadata.

    Hard links show as the group of paths that share a file; access times are left out, reading changes them.
    """
    base = os.fsencode(root)
    found, groups = {}, {}
    for folder, directories, files in os.walk(base):
        for name in directories + files:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            relative = os.path.relpath(path, base)
            entry = {
                "mode": oct(status.st_mode), "owner": (status.st_uid, status.st_gid), "mtime": status.st_mtime_ns,
                "xattr": {key: os.getxattr(path, key, follow_symlinks=False).hex()
                          for key in sorted(os.listxattr(path, follow_symlinks=False))},
            }
            if stat.S_ISREG(status.st_mode):
                entry.update(size=status.st_size, content=sha256(path))
                if status.st_nlink > 1:
                    groups.setdefault(status.st_ino, []).append(relative)
            elif stat.S_ISLNK(status.st_mode):
                entry["target"] = os.readlink(path)
            found[relative] = entry
    for members in groups.values():
        for member in members:
            found[member]["links"] = sorted(members)
    return found


def assert_same_tree(first: pathlib.Path, second: pathlib.Path) -> None:
    one, two = describe(first), describe(second)
    assert one.keys() == two.keys(), sorted(one.keys() ^ two.keys())
    differing = {path: (one[path], two[path]) for path in one if one[path] != two[path]}
    assert not differing, differing


def assert_same_image(first: pathlib.Path, second: pathlib.Path) -> None:
    assert os.path.getsize(first) == os.path.getsize(second)
    assert sha256(first) == sha256(second), f"{first} and {second} differ"
