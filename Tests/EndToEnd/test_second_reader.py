"""The format page is complete: a reader written from it alone gives back what the engine stored."""

import json
import shutil
import subprocess
import sys

import pytest

from holdfast_process import ROOT, CommandLine
import sample_data

READER = ROOT / "tools" / "reader" / "holdfast_reader.py"


class Reader:
    def __init__(self, place, *key):
        self.place, self.key = place, key

    def run(self, verb, *arguments, expect=0, key=True) -> subprocess.CompletedProcess:
        keys = self.key if key else ()
        done = subprocess.run(
            [sys.executable, str(READER), verb, *map(str, arguments), "--repository", str(self.place), *map(str, keys)],
            capture_output=True, text=True)
        assert done.returncode == expect, done.stderr
        return done


@pytest.fixture
def repository(workplace, tree, image):
    """A repository with two restore points of a tree and two of an image, by id."""
    options = ("--repository", workplace / "repo", "--key-file", workplace / "key")
    cli = CommandLine()
    cli.run("repo", "init", *options)
    contents = {}
    for number in (1, 2):
        for source in (tree, image):
            point = cli.run("repo", "backup", source, *options).stdout.split()[-1]
            contents[point] = sample_data.describe(tree) if source is tree else sample_data.sha256(image)
        (tree / "mode").write_text("changed")
        sample_data.change_image(image, seed=number)
    return options, contents, Reader(workplace / "repo", "--key-file", workplace / "key")


def check_all(reader, contents, workplace, name):
    for number, (point, expected) in enumerate(contents.items()):
        target = workplace / f"{name}-{number}"
        reader.run("restore", point[:20], "--target", target)
        found = sample_data.describe(target) if target.is_dir() else sample_data.sha256(target)
        assert found == expected


def test_it_lists_and_restores(repository, workplace, image):
    _, contents, reader = repository
    listed = json.loads(reader.run("list").stdout)
    assert {one["id"] for one in listed} == set(contents)
    check_all(reader, contents, workplace, "whole")
    sparse = workplace / "whole-1"
    assert sparse.stat().st_blocks * 512 < sparse.stat().st_size, "holes stay holes"


def test_it_needs_no_index(repository, workplace):
    _, contents, reader = repository
    shutil.rmtree(reader.place / "index")
    check_all(reader, contents, workplace, "packs-alone")


def test_it_follows_a_prune_and_opens_with_a_passphrase(repository, workplace):
    options, contents, reader = repository
    gone = next(iter(contents))
    del contents[gone]
    cli = CommandLine()
    cli.run("repo", "forget", gone, *options)
    cli.run("repo", "prune", "--max-unused", "0", *options)
    passphrase = workplace / "passphrase"
    passphrase.write_text("käse und brot\n")
    cli.run("repo", "key", "add", "--new-passphrase-file", passphrase, *options)
    check_all(Reader(reader.place, "--passphrase-file", passphrase), contents, workplace, "pruned")
    cli.run("repo", "key", "rotate", *options)
    cli.run("repo", "prune", "--reseal", *options)
    check_all(reader, contents, workplace, "rotated")


def test_it_proves_names_without_a_key_and_refuses_damage(repository, workplace):
    _, contents, reader = repository
    assert reader.run("verify", key=False).stdout == ""
    pack = max((path for path in (reader.place / "packs").rglob("*") if path.is_file()), key=lambda one: one.stat().st_size)
    stored = bytearray(pack.read_bytes())
    for place in range(60, len(stored) - 60, 4096):
        stored[place] ^= 1
    pack.chmod(0o600)
    pack.write_bytes(stored)
    assert pack.name in reader.run("verify", key=False, expect=1).stdout
    refused = [point for point in contents if subprocess.run(
        [sys.executable, str(READER), "restore", point, "--repository", str(reader.place), *map(str, reader.key),
         "--target", str(workplace / point)], capture_output=True, text=True).returncode]
    assert refused
    wrong = workplace / "wrong"
    wrong.write_text("holdfast-key-1 " + "0" * 64 + "\n")
    assert "does not open" in Reader(reader.place, "--key-file", wrong).run("list", expect=1).stderr
