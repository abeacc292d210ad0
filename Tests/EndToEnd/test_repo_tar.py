"""`repo tar`: what GNU tar makes of the stream is what a restore makes."""

import os
import stat
import subprocess
import tarfile

import sample_data
from holdfast_process import binary, clean_environment

EXTRACT = ("tar", "--extract", "--same-owner", "--same-permissions", "--xattrs", "--xattrs-include=*", "--sparse")


def stream(repo, *arguments) -> bytes:
    return subprocess.run(
        [binary(), "repo", "tar", *map(str, arguments), *map(str, repo.options)], check=True, capture_output=True,
        env=clean_environment()).stdout


def extract(archive, target) -> str:
    target.mkdir()
    done = subprocess.run([*EXTRACT, "-f", archive, "-C", target], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def add_oddities(tree):
    """What the sample has not: modes, deep and long names, holes in each place, lists of rights, devices."""
    (tree / "set-id").write_text("set-id")
    os.chmod(tree / "set-id", 0o6751)
    deep = tree / ("d" * 120) / ("e" * 120) / "über"
    deep.mkdir(parents=True)
    (deep / "letter").write_text("long path")
    os.symlink("x" * 900, tree / "long link")
    for name, at in (("hole behind", 0), ("hole before", 3 << 20)):
        with open(tree / name, "wb") as file:
            file.truncate(3 << 20)
            file.seek(at)
            file.write(os.urandom(70_000))
    with open(tree / "only a hole", "wb") as file:
        file.truncate(1 << 20)
    subprocess.run(["setfacl", "-m", "u:1234:rw", tree / "mode"], check=True)
    os.chmod(tree / "empty directory", 0o1770)
    if os.geteuid() == 0:
        os.chown(tree / "attributes", 1234, 70_000)
        os.mknod(tree / "null", stat.S_IFCHR | 0o660, os.makedev(1, 3))
        os.mknod(tree / "disk", stat.S_IFBLK | 0o600, os.makedev(7, 200))
    os.utime(tree / "empty directory", ns=(5, 1_234_567_891_987_654_321))
    os.utime(tree / "set-id", ns=(5, -1_500_000_000))


def test_gnu_tar_makes_of_it_what_a_restore_makes(repo, tree, workplace):
    add_oddities(tree)
    point = repo.back_up(tree)
    repo.run("restore", point, "--target", workplace / "restored")
    repo.run("tar", point, "-o", workplace / "all.tar")
    extract(workplace / "all.tar", workplace / "extracted")
    sample_data.assert_same_tree(workplace / "restored", workplace / "extracted")
    sample_data.assert_same_tree(tree, workplace / "extracted")
    for name in ("sparse", "hole behind", "hole before", "only a hole"):
        one, other = (os.stat(workplace / side / name) for side in ("restored", "extracted"))
        assert other.st_blocks <= one.st_blocks + 64, f"{name} has lost its holes"
    assert (workplace / "all.tar").stat().st_size < 20 << 20, "holes take no room in the archive"
    root, other = os.stat(tree), os.stat(workplace / "extracted")
    assert (root.st_mode, root.st_mtime_ns) == (other.st_mode, other.st_mtime_ns)
    assert oct(os.stat(workplace / "all.tar").st_mode)[-3:] == "600"


def test_a_part_of_a_tree_and_an_image(repo, tree, image, workplace):
    point, disk = repo.back_up(tree), repo.back_up(image)
    (workplace / "part.tar").write_bytes(stream(repo, point[:10], "d1"))
    extract(workplace / "part.tar", workplace / "part")
    names = sorted(path.name for path in (workplace / "part").iterdir())
    assert names == sorted(path.name for path in (tree / "d1").iterdir())
    for name in names:
        assert (workplace / "part" / name).read_bytes() == (tree / "d1" / name).read_bytes()

    (workplace / "one.tar").write_bytes(stream(repo, point, "/mode"))
    with tarfile.open(workplace / "one.tar") as archive:
        assert archive.getnames() == ["./mode"] and archive.extractfile("./mode").read() == b"secret"

    repo.run("tar", disk, "-o", workplace / "disk.tar")
    assert (workplace / "disk.tar").stat().st_size < 32 << 20, "the holes of the image take no room"
    extract(workplace / "disk.tar", workplace / "disk")
    sample_data.assert_same_image(image, workplace / "disk" / image.name)
    assert "there is no d1/nothing" in repo.run("tar", point, "d1/nothing", "-o", workplace / "no", expect=1).stderr
    assert not (workplace / "no").exists()
    assert "no paths in it" in repo.run("tar", disk, "d1", "-o", workplace / "no", expect=1).stderr


def test_sockets_are_named_and_a_full_disk_is_said(repo, workplace):
    import socket

    root = workplace / "srv" / "run"
    root.mkdir()
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "daemon"))
        point = repo.back_up(root)
    done = repo.run("tar", point, "-o", workplace / "run.tar")
    assert "left out: daemon is a socket" in done.stderr
    (root / "file").write_bytes(os.urandom(1 << 20))
    point = repo.back_up(root)
    assert "No space left on device" in repo.run("tar", point, "-o", "/dev/full", expect=1).stderr
