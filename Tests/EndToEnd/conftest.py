"""Fixtures of the end-to-end tests: a real server, plain HTTP, the command line, and things to protect."""

import os
import pathlib
import shutil
import subprocess
import tempfile

import pytest

import immutable
from golang_client import GolangClient
from holdfast_process import Api, CommandLine, Repo, ServerProcess
from postgres import Postgres
import sample_data


@pytest.fixture
def workplace():
    """A new directory, removed afterwards; its `srv` is the one root that servers may protect."""
    directory = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-e2e-")).resolve()
    (directory / "srv").mkdir()
    yield directory
    # Where a test has locked something and may do so, its files have an attribute that not even root can remove them with.
    immutable.clear(directory)
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
def client(server) -> GolangClient:
    """Signs as the Terraform provider's SDK does."""
    return GolangClient(server)


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


class Machine:
    """What only root on a real machine can do: mount file systems, make loop devices, act as somebody else.

    Where that can't be done the tests fail, and say so. `HOLDFAST_NO_DEVICES=1` is how somebody says, knowingly, that they
    are to be left out.
    """

    def require_root(self) -> None:
        if os.geteuid() == 0:
            return
        self.refuse("these tests need root")

    def run(self, *command) -> str:
        self.require_root()
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
        if done.returncode != 0:
            self.refuse(f"{command[0]} does not work here: {done.stderr.strip()}")
        return done.stdout.strip()

    def refuse(self, reason: str) -> None:
        if os.environ.get("HOLDFAST_NO_DEVICES") == "1":
            pytest.skip(f"{reason}; left out by HOLDFAST_NO_DEVICES=1")
        pytest.fail(f"{reason}; with HOLDFAST_NO_DEVICES=1 such tests are left out")


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def postgres():
    """A PostgreSQL server of its own."""
    server = Postgres()
    yield server
    server.remove()
