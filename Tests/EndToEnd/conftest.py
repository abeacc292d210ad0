"""Fixtures of the end-to-end tests: a real server, plain HTTP, the command line, and things to protect."""

import pathlib
import shutil
import tempfile

import pytest

from holdfast_process import Api, CommandLine, Repo, ServerProcess
import sample_data


@pytest.fixture
def workplace():
    """A new directory, removed afterwards; its `srv` is the one root that servers may protect."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-e2e-")).resolve()
    (directory / "srv").mkdir()
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture
def make_server(workplace):
    """Makes servers that are stopped when the test ends; a crash in a log fails the test.

    `make_server("data", environment={…})` gives one that is not started yet.
    """
    made: list[ServerProcess] = []

    def make(name: str = "data", *arguments: str, environment: dict | None = None) -> ServerProcess:
        made.append(ServerProcess(workplace / name, workplace / "srv", *arguments, environment=environment))
        return made[-1]

    yield make
    codes = [(one, one.stop()) for one in made if one.process is not None and one.process.poll() is None]
    for one in made:
        assert not one.crashes(), one.crashes()
    for one, code in codes:
        assert code == 0, f"the server ended with {code}:\n{one.log_tail()}"


@pytest.fixture
def server(make_server) -> ServerProcess:
    """One running server with an empty catalog."""
    return make_server().start()


@pytest.fixture
def api(server) -> Api:
    return Api(server)


@pytest.fixture
def cli(server) -> CommandLine:
    return CommandLine(server)


@pytest.fixture
def repo(workplace) -> Repo:
    """An empty repository without a server."""
    return Repo(workplace)


@pytest.fixture
def tree(workplace) -> pathlib.Path:
    """A small directory tree with one of each oddity."""
    return sample_data.make_tree(workplace / "srv" / "share")


@pytest.fixture
def image(workplace) -> pathlib.Path:
    """A sparse 64 MiB disk image with some 6 MiB of data."""
    return sample_data.make_image(workplace / "srv" / "images" / "disk.raw", 64 << 20)
