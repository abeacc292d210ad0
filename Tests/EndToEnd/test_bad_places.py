"""Full, read-only, forbidden and vanishing places, for repository and target: a sentence, and the next run works."""

import os
import shutil
import subprocess
import time

import pytest

from holdfast_process import Repo, binary, clean_environment, wait_until
import sample_data

NOBODY = 65534


@pytest.fixture
def mounted(workplace, machine):
    """Mounts small file systems in memory: `mounted("name", mebibytes)` gives the directory."""
    made = []

    def mount(name: str, mebibytes: int):
        place = workplace / name
        place.mkdir()
        machine.run("mount", "-t", "tmpfs", "-o", f"size={mebibytes}m,mode=755", "tmpfs", place)
        made.append(place)
        return place

    yield mount
    for place in made:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def remount(place, options: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{options}", str(place)], check=True)


def fill(place) -> None:
    """Leaves no free byte."""
    with open(place / "filler", "wb", buffering=0) as file:
        try:
            while file.write(bytes(1 << 16)):
                pass
        except OSError:
            pass


def assert_sentence(done: subprocess.CompletedProcess, *words: str) -> None:
    """The verb failed as it should: by itself, with one sentence, and without a trace of a crash."""
    assert done.returncode == 1, (done.returncode, done.stderr)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert 1 <= len(lines) <= 4, done.stderr
    for bad in ("Fatal error", "Stack dump", "Swift.", "precondition"):
        assert bad not in done.stderr, done.stderr
    assert any(word.lower() in done.stderr.lower() for word in words), (words, done.stderr)


def assert_gives_back(repo: Repo, points: dict, workplace) -> None:
    """Every point is listed, and restores to the file it was made of."""
    repo.run("check", "--read-data")
    for number, (point, digest) in enumerate(points.items()):
        target = workplace / f"back-{number}"
        repo.run("restore", point, "--target", target)
        assert sample_data.sha256(target) == digest
        target.unlink()


def test_a_repository_on_a_full_disk(workplace, mounted):
    large = sample_data.make_image(workplace / "large", 80 << 20, data=60 << 20, seed=8)
    small = sample_data.make_image(workplace / "small", 16 << 20, data=6 << 20, seed=9)
    disk = mounted("disk", 32)
    repo = Repo(disk)
    points = {repo.back_up(small): sample_data.sha256(small)}
    assert_sentence(repo.run("backup", large, expect=None), "no space", "free space")
    assert_gives_back(repo, points, workplace)

    # A prune needs a little room itself; without it, it says so and nothing is gone.
    sample_data.change_image(small, seed=3)
    points[repo.back_up(small)] = sample_data.sha256(small)
    fill(disk)
    first = next(iter(points))
    repo.run("forget", first)
    del points[first]
    assert_sentence(repo.run("prune", "--max-unused", "0", expect=None), "no space", "free space")
    assert_gives_back(repo, points, workplace)

    (disk / "filler").unlink()
    repo.run("prune", "--max-unused", "0")
    remount(disk, "size=128m")
    points[repo.back_up(large)] = sample_data.sha256(large)
    assert_gives_back(repo, points, workplace)


def test_a_target_on_a_full_disk(workplace, mounted, tree):
    image = sample_data.make_image(workplace / "image", 48 << 20, data=40 << 20)
    repo = Repo(workplace)
    point, tree_point = repo.back_up(image), repo.back_up(tree)
    disk = mounted("disk", 8)
    assert_sentence(repo.run("restore", point, "--target", disk / "image", expect=None), "no space")
    remount(disk, "size=64m")
    repo.run("restore", point, "--target", disk / "image")
    assert sample_data.sha256(disk / "image") == sample_data.sha256(image)
    assert [path.name for path in disk.iterdir()] == ["image"], "the mark of a half-written target is gone"

    other = mounted("other", 1)
    assert_sentence(repo.run("restore", tree_point, "--target", other, expect=None), "no space")
    remount(other, "size=64m")
    repo.run("restore", tree_point, "--target", other)
    shutil.copytree(other, workplace / "copy", symlinks=True, ignore=lambda *_: ["fifo"])
    assert (workplace / "copy" / "mode").read_text() == "secret"
    assert not (other / ".holdfast-restore").exists()


def test_a_read_only_disk(workplace, mounted):
    image = sample_data.make_image(workplace / "image", 16 << 20, data=4 << 20)
    disk, target = mounted("disk", 32), mounted("target", 32)
    repo = Repo(disk)
    points = {repo.back_up(image): sample_data.sha256(image)}
    remount(disk, "ro")
    sample_data.change_image(image, seed=5)
    for verb in (("backup", image), ("prune",), ("repair",), ("forget", next(iter(points)))):
        assert_sentence(repo.run(*verb, expect=None), "read-only")
    assert_gives_back(repo, points, workplace)  # reading needs no writing
    remount(disk, "rw")
    points[repo.back_up(image)] = sample_data.sha256(image)
    repo.run("prune")

    remount(target, "ro")
    point = list(points)[-1]
    assert_sentence(repo.run("restore", point, "--target", target / "image", expect=None), "read-only")
    remount(target, "rw")
    repo.run("restore", point, "--target", target / "image")
    assert sample_data.sha256(target / "image") == points[point]


def test_permission_lost(workplace, machine):
    """Root may do anything, so somebody else runs the verbs."""
    machine.require_root()
    workplace.chmod(0o755)
    program = workplace / "holdfast"
    shutil.copy(binary(), program)
    program.chmod(0o755)
    home = workplace / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    image = sample_data.make_image(workplace / "image", 16 << 20, data=4 << 20)
    options = ("--repository", home / "repo", "--key-file", home / "key")

    def run(*arguments) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(program), "repo", *map(str, arguments), *map(str, options)], capture_output=True, text=True, timeout=120,
            stdin=subprocess.DEVNULL, env=clean_environment(), user=NOBODY, group=NOBODY, extra_groups=[])

    def good(*arguments) -> str:
        done = run(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    good("init")
    point = good("backup", image).split()[-1]
    good("restore", point, "--target", home / "back")
    expected = sample_data.sha256(home / "back")
    # Each folder in turn may not be written to, then not be read.
    for folder in ("", "packs", "index", "points", "sessions", "tmp"):
        place = home / "repo" / folder
        for mode in (0o500, 0o000):
            sample_data.change_image(image, seed=mode + len(folder))
            place.chmod(mode)
            done = run("backup", image)
            if done.returncode != 0:
                assert_sentence(done, "permission")
            else:
                assert mode == 0o500 and folder in ("packs", "index", ""), f"a backup past {folder} of mode {mode:o}"
            done = run("prune")
            if done.returncode != 0:
                assert_sentence(done, "permission")
            place.chmod(0o700)
            good("backup", image)
            good("prune")
    assert_sentence(run("restore", point, "--target", workplace / "not-mine"), "permission")
    image.chmod(0o000)
    assert_sentence(run("backup", image), "permission")
    image.chmod(0o644)
    good("check", "--read-data")
    (home / "back").unlink()
    good("restore", point, "--target", home / "back")
    assert sample_data.sha256(home / "back") == expected


@pytest.mark.parametrize("what", ["repository", "source", "target"])
def test_a_place_that_vanishes_under_way(workplace, what):
    source = workplace / "source"
    source.mkdir()
    for number in range(4):
        sample_data.make_image(source / f"{number}", 70 << 20, data=64 << 20, seed=number)
    repo = Repo(workplace)
    point = repo.back_up(source) if what == "target" else None
    target = workplace / "target"
    target.mkdir()
    verb = ["restore", point, "--target", target] if what == "target" else ["backup", source]
    process = subprocess.Popen(
        [binary(), "repo", *map(str, verb), *map(str, repo.options)], env=clean_environment(), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    place = {"repository": repo.place, "source": source, "target": target}[what]
    watched = target if what == "target" else repo.place / "packs"
    wait_until(
        lambda: process.poll() is not None or any(path.is_file() for path in watched.rglob("*")), 60, "under way", 0.002)
    assert process.poll() is None, "it was over before anything could vanish"
    place.rename(workplace / "away")
    shutil.rmtree(workplace / "away")
    began = time.monotonic()
    _, errors = process.communicate(timeout=120)
    assert time.monotonic() - began < 60
    done = subprocess.CompletedProcess(verb, process.returncode, "", errors)
    if what == "repository":
        assert_sentence(done, "no such", "where the store", "folder")
        repo = Repo(workplace, "second")
    else:
        # What was open already can be read and written to the end; what is left out is said.
        assert process.returncode in (0, 1, 3), errors  # 3: with warnings
        assert "Fatal error" not in errors and "Stack dump" not in errors, errors
    if what == "source":
        source.mkdir()
        sample_data.make_image(source / "0", 16 << 20, data=4 << 20)
    if what == "target":
        target.mkdir()
        repo.run("restore", point, "--target", target)
        for number in range(4):
            assert sample_data.sha256(target / f"{number}") == sample_data.sha256(source / f"{number}")
    else:
        repo.run("restore", repo.back_up(source), "--target", target)
        assert sample_data.sha256(target / "0") == sample_data.sha256(source / "0")
        repo.run("check", "--read-data")
