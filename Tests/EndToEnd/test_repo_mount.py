"""`repo mount`: what is seen through the kernel is what was backed up.

Needs FUSE. A machine without it says so with HOLDFAST_NO_FUSE=1; then it is tested that the verb says what is missing.
"""

import concurrent.futures
import os
import pathlib
import signal
import subprocess

import pytest

import sample_data
from holdfast_process import binary, clean_environment, wait_until
from test_repo_tar import add_oddities

HAS_FUSE = not os.environ.get("HOLDFAST_NO_FUSE")


class Mount:
    """`repo mount` in the foreground, and the directory it serves."""

    def __init__(self, repo, place: pathlib.Path, *arguments):
        self.place = place
        place.mkdir()
        self.log = open(place.parent / f"{place.name}.log", "w+")
        self.process = subprocess.Popen(
            [binary(), "repo", "mount", str(place), *arguments, *map(str, repo.options)], stdin=subprocess.DEVNULL,
            stdout=self.log, stderr=self.log, env=clean_environment())
        wait_until(lambda: self.process.poll() is not None or self.is_mounted(), 30, "mounted")
        assert self.process.poll() is None, self.said()

    def is_mounted(self) -> bool:
        return f" {self.place} fuse.holdfast " in pathlib.Path("/proc/mounts").read_text()

    def options(self) -> list[str]:
        lines = pathlib.Path("/proc/mounts").read_text().splitlines()
        return next(line.split()[3].split(",") for line in lines if f" {self.place} fuse.holdfast " in line)

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def stop(self, number=signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def mount(repo, workplace):
    made = []

    def make(*arguments):
        made.append(Mount(repo, workplace / f"mount{len(made)}", *arguments))
        return made[-1]

    yield make
    for one in made:
        if one.process.poll() is None:
            one.process.kill()
            one.process.wait()
        if one.is_mounted():
            subprocess.run(["umount", "-l", one.place], check=True)


@pytest.mark.skipif(not HAS_FUSE, reason="HOLDFAST_NO_FUSE says that this machine has no FUSE")
def test_all_restore_points_are_seen_as_they_were(repo, tree, image, mount):
    add_oddities(tree)
    first = repo.back_up(tree)
    disk = repo.back_up(image)
    old = sample_data.describe(tree)
    mounted = mount()
    assert {"ro", "nosuid", "nodev"} <= set(mounted.options())
    folders = {name.split("-")[-1]: name for name in os.listdir(mounted.place)}
    assert set(folders) == {first[:12], f"{disk[:12]}.img"}
    folder = mounted.place / folders[first[:12]]
    assert sample_data.describe(folder) == old
    assert os.stat(folder).st_mtime_ns == os.stat(tree).st_mtime_ns
    sample_data.assert_same_image(image, mounted.place / folders[f"{disk[:12]}.img"])
    if os.geteuid() == 0:
        assert os.lstat(folder / "disk").st_rdev == os.makedev(7, 200)
    for path in (folder / "mode", folder):
        with pytest.raises(OSError):
            os.utime(path) if path is folder else open(path, "wb")
    assert not (folder / "nothing").exists()

    # What is made meanwhile is seen, what is forgotten goes.
    (tree / "later").write_text("made later")
    second = repo.back_up(tree)
    wait_until(lambda: any(second[:12] in name for name in os.listdir(mounted.place)), 10, "the new one is there")
    repo.run("forget", disk)
    wait_until(lambda: not any(disk[:12] in name for name in os.listdir(mounted.place)), 10, "the old one is gone")
    assert mounted.stop() == 0 and not mounted.is_mounted(), mounted.said()


@pytest.mark.skipif(not HAS_FUSE, reason="HOLDFAST_NO_FUSE says that this machine has no FUSE")
def test_many_read_at_once_and_at_any_place(repo, tree, image, mount):
    point, disk = repo.back_up(tree), repo.back_up(image)
    mounted = mount()
    shown = next(mounted.place.glob("*.img"))
    folder = next(path for path in mounted.place.iterdir() if path.name.endswith(point[:12]))
    assert disk[:12] in shown.name

    def look(seed: int):
        import random
        rng = random.Random(seed)
        with open(image, "rb") as one, open(shown, "rb") as other:
            for _ in range(40):
                start, count = rng.randrange(64 << 20), rng.randrange(1, 300_000)
                one.seek(start)
                other.seek(start)
                assert one.read(count) == other.read(count)
        for path in rng.sample(sorted((tree / "d1").iterdir()), 4):
            assert (folder / "d1" / path.name).read_bytes() == path.read_bytes()

    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        list(pool.map(look, range(24)))
    assert mounted.stop(signal.SIGINT) == 0 and not mounted.is_mounted()


@pytest.mark.skipif(not HAS_FUSE, reason="HOLDFAST_NO_FUSE says that this machine has no FUSE")
def test_damage_is_an_error_and_never_wrong_bytes(repo, image, mount):
    repo.back_up(image)
    for pack in (path for path in (repo.place / "packs").rglob("*") if path.is_file()):
        stored = bytearray(pack.read_bytes())
        stored[len(stored) // 2] ^= 1
        pack.chmod(0o600)
        pack.write_bytes(stored)
    mounted = mount()
    shown = next(mounted.place.glob("*.img"))
    failures = 0
    whole = image.read_bytes()
    file = os.open(shown, os.O_RDONLY)
    for start in range(0, len(whole), 4096):
        try:
            assert os.pread(file, 4096, start) == whole[start:start + 4096]
        except OSError:
            failures += 1
    os.close(file)
    assert failures >= 1 and "damaged" in mounted.said()
    # A restore point that can't be read is not shown, and told of.
    other = repo.back_up(image, "--full")
    (repo.place / "points" / other).chmod(0o600)
    (repo.place / "points" / other).write_bytes(b"x")
    wait_until(lambda: os.listdir(mounted.place) and other in mounted.said(), 10, "it is told of")
    assert len(os.listdir(mounted.place)) == 1
    # An unmount from elsewhere ends it too.
    subprocess.run(["umount", mounted.place], check=True)
    assert mounted.process.wait(30) == 0


def test_what_can_not_be_mounted_is_said(repo, workplace):
    assert "is no directory" in repo.run("mount", workplace / "nowhere", expect=1).stderr
    if not HAS_FUSE:
        (workplace / "there").mkdir()
        assert "/dev/fuse" in repo.run("mount", workplace / "there", expect=1).stderr
