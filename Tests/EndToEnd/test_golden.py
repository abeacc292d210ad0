"""Repositories of every version of the format stay readable: by the engine, and by the second reader."""

import json
import shutil
import subprocess
import sys

import pytest

from holdfast_process import ROOT, CommandLine
import sample_data

sys.path.insert(0, str(ROOT / "Tests" / "Golden"))
import make_golden  # noqa: E402

GOLDEN = sorted(path.parent for path in (ROOT / "Tests" / "Golden").glob("*/expected.json"))
READER = ROOT / "tools" / "reader" / "holdfast_reader.py"


@pytest.fixture(params=GOLDEN, ids=lambda place: place.name)
def golden(request, workplace):
    """A copy, since opening and backing up leave traces."""
    shutil.copytree(request.param, workplace / "golden")
    return workplace / "golden"


def options(golden, *key):
    return "--repository", golden / "repository", *(key or ("--key-file", golden / "key"))


def expected(golden) -> dict:
    return json.loads((golden / "expected.json").read_text())


def test_there_is_one():
    assert GOLDEN


@pytest.mark.parametrize("kind", ["key-file", "passphrase"])
def test_the_engine_gives_back_what_was_stored(golden, workplace, kind):
    cli = CommandLine()
    key = (f"--{kind}", golden / "key") if kind == "key-file" else ("--passphrase-file", golden / "passphrase")
    listed = json.loads(cli.run("repo", "list", "-o", "json", *options(golden, *key)).stdout)
    assert {point["id"] for point in listed} == set(expected(golden))
    cli.run("repo", "check", "--read-data", *options(golden, *key))
    for point, digest in expected(golden).items():
        target = workplace / point
        cli.run("repo", "restore", point, "--target", target, *options(golden, *key))
        assert make_golden.digest(target) == digest


def test_the_second_reader_gives_back_what_was_stored(golden, workplace):
    for point, digest in expected(golden).items():
        target = workplace / point
        subprocess.run(
            [sys.executable, READER, "restore", point, *map(str, options(golden)), "--target", target], check=True)
        assert make_golden.digest(target) == digest
    done = subprocess.run([sys.executable, READER, "verify", *map(str, options(golden)[:2])], capture_output=True, text=True)
    assert done.stdout == "" and done.returncode == 0


def test_it_goes_on_being_used(golden, workplace, tree):
    cli = CommandLine()
    point = cli.run("repo", "backup", tree, *options(golden)).stdout.split()[-1]
    for old in list(expected(golden))[:2]:
        cli.run("repo", "forget", old, *options(golden))
    cli.run("repo", "prune", "--max-unused", "0", "--reseal", *options(golden))
    cli.run("repo", "check", "--read-data", *options(golden))
    cli.run("repo", "restore", point, "--target", workplace / "back", *options(golden))
    sample_data.assert_same_tree(tree, workplace / "back")
    for old, digest in list(expected(golden).items())[2:]:
        cli.run("repo", "restore", old, "--target", workplace / old, *options(golden))
        assert make_golden.digest(workplace / old) == digest


def test_an_unknown_feature_is_refused_with_a_sentence(golden):
    (golden / "repository" / "features").mkdir()
    (golden / "repository" / "features" / "from-the-future").touch()
    refused = CommandLine().run("repo", "list", *options(golden), expect=1).stderr
    assert "does not know: from-the-future" in refused
