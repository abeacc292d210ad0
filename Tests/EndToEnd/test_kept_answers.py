"""What a server keeps of its answers ends with the next commit, also when another process writes to the catalog."""

import sqlite3
import subprocess
import sys

import pytest

from holdfast_process import Api

# Holds a change that is not committed until somebody kills it.
UNFINISHED = """
import sqlite3, sys
catalog = sqlite3.connect(sys.argv[1], isolation_level=None)
catalog.execute("PRAGMA cache_size = 1")
catalog.execute("BEGIN IMMEDIATE")
catalog.execute("UPDATE vaults SET description = 'never'")
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def catalog(server):
    connection = sqlite3.connect(server.data / "catalog.sqlite", isolation_level=None)
    yield connection
    connection.close()


def names(api: Api) -> list[str]:
    """Asked three times: one answer that is read, and others that may be kept."""
    found = [[one["name"] for one in api.get("/vaults")["vaults"]] for _ in range(3)]
    assert found[0] == found[1] == found[2]
    return found[0]


def test_what_another_process_commits_is_in_the_next_answer(api, catalog):
    api.create_vault("first", "turbo")
    assert names(api) == ["first"]
    for number in range(50):
        catalog.execute("UPDATE vaults SET name = ?", (f"v{number}",))
        if number % 10 == 5:
            assert catalog.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
        assert names(api) == [f"v{number}"]


def test_what_another_process_does_not_commit_is_in_no_answer(server, api, catalog):
    api.create_vault("first", "turbo")
    assert names(api) == ["first"]
    catalog.execute("BEGIN IMMEDIATE")
    catalog.execute("UPDATE vaults SET name = 'never'")
    assert names(api) == ["first"]
    catalog.execute("ROLLBACK")
    assert names(api) == ["first"]
    writer = subprocess.Popen(
        [sys.executable, "-c", UNFINISHED, str(server.data / "catalog.sqlite")], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True)
    with writer:
        assert writer.stdout.readline() == "ready\n"
        writer.kill()
    assert names(api) == ["first"]
    api.create_vault("second", "turbo")
    assert sorted(names(api)) == ["first", "second"]


def test_who_may_no_longer_call_is_refused_at_once(server, api, client, catalog):
    api.create_vault("first", "turbo")
    assert names(api) == ["first"]
    path = f"/v3/{api.project}/vaults"
    assert [client.send("GET", path).status_code for _ in range(3)] == [200] * 3
    catalog.execute("UPDATE access_keys SET is_enabled = 0")
    assert client.send("GET", path).status_code == 401
    catalog.execute("UPDATE access_keys SET is_enabled = 1")
    assert client.send("GET", path).status_code == 200
    catalog.execute("DELETE FROM tokens")
    api.call("GET", "/vaults", expect=401)
