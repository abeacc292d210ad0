"""Block devices: backed up and written over like image files, bit for bit, and a cut-off restore is finished."""

import hashlib
import os
import random
import subprocess

import pytest

from holdfast_process import Api, CommandLine, binary, clean_environment, wait_until

SIZE = 48 << 20


@pytest.fixture
def loop_device(workplace, machine):
    """Makes loop devices over files in the workplace: `loop_device(name, size)` gives the device's path."""
    made = []

    def make(name: str, size: int) -> str:
        backing = workplace / name
        backing.touch()
        os.truncate(backing, size)
        made.append(machine.run("losetup", "--find", "--show", backing))
        return made[-1]

    yield make
    for device in made:
        subprocess.run(["losetup", "--detach", device], check=True)


def fill(device: str, seed: int, data: int) -> None:
    """Random data in scattered pieces, zeros between them."""
    rand = random.Random(seed)
    with open(device, "r+b") as file:
        size = os.lseek(file.fileno(), 0, os.SEEK_END)
        for _ in range(data >> 20):
            file.seek(rand.randrange((size >> 20) - 1) << 20)
            file.write(rand.randbytes(1 << 20))
        os.fsync(file.fileno())


def digest(device) -> str:
    with open(device, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def test_the_engine_gives_a_device_back(workplace, loop_device):
    source, target = loop_device("source", SIZE), loop_device("target", SIZE)
    small = loop_device("small", SIZE // 2)
    fill(source, seed=1, data=12 << 20)
    fill(target, seed=2, data=20 << 20)
    options = ("--repository", workplace / "repo", "--key-file", workplace / "key")
    journal = ("--journal", workplace / "journals")
    cli = CommandLine()
    cli.run("repo", "init", *options)
    point = cli.run("repo", "backup", source, *options).stdout.split()[-1]

    before = digest(small)
    refused = cli.run("repo", "restore", point, "--target", small, *options, *journal, expect=1)
    assert small in refused.stderr and str(SIZE) in refused.stderr and digest(small) == before

    cli.run("repo", "restore", point, "--target", target, *options, *journal)
    assert digest(target) == digest(source), "what lay on the target before is gone, holes included"
    assert list((workplace / "journals").iterdir()) == [], "a restore that is done leaves no journal"

    # The next backup stores what changed, and it goes to a file as well.
    fill(source, seed=3, data=1 << 20)
    second = cli.run("repo", "backup", source, *options).stdout
    cli.run("repo", "restore", second.split()[-1], "--target", workplace / "image", *options)
    assert digest(workplace / "image") == digest(source)


def test_a_restore_that_was_killed_is_finished_by_the_next(workplace, loop_device):
    source, target = loop_device("source", SIZE * 4), loop_device("target", SIZE * 4)
    fill(source, seed=4, data=SIZE * 3)
    options = ("--repository", workplace / "repo", "--key-file", workplace / "key")
    cli = CommandLine()
    cli.run("repo", "init", *options)
    point = cli.run("repo", "backup", source, *options).stdout.split()[-1]
    command = ["repo", "restore", point, "--target", target, "--journal", workplace / "journals", *options]
    process = subprocess.Popen(
        [binary(), *map(str, command)], env=clean_environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    journals = workplace / "journals"
    wait_until(lambda: journals.exists() and list(journals.iterdir()), 30, "journal begun", interval=0.001)
    process.kill()
    process.wait()
    assert list(journals.iterdir()), "the half-written device is marked"
    cli.run(*command)
    assert digest(target) == digest(source)
    assert list(journals.iterdir()) == []


def test_the_service_protects_a_device(make_server, workplace, loop_device):
    source, target = loop_device("source", SIZE), loop_device("target", SIZE)
    fill(source, seed=5, data=8 << 20)
    server = make_server("data", "--allow-root", "/dev").start()
    cli, api = CommandLine(server), Api(server)
    for name, device in (("volume", source), ("other", target)):
        cli.run("resource", "register", "--type", "OS::Cinder::Volume", "--name", name, "--location", f"file://{device}")
    assert cli.json("resource", "show", "volume")["resource"]["size_bytes"] == SIZE
    cli.run("vault", "create", "--name", "disks", "--type", "disk", "--resource", "volume")
    cli.run("checkpoint", "create", "--vault", "disks", "--name", "one", "--wait")
    cli.run("backup", "restore", "one", "--volume", "other", "--wait")
    assert digest(target) == digest(source)
    assert api.backups()[0]["status"] == "available"
