"""The catalog in PostgreSQL: the same service, and an outage when the database is gone."""

import pathlib
import subprocess
import threading
import time

import pytest
import requests

from holdfast_process import Api, CommandLine, binary, clean_environment, wait_until
from test_kill import Place
from test_sync import facts, in_project, protect, restore
import sample_data


@pytest.fixture
def server(postgres, make_server):
    return make_server("data", environment={"HOLDFAST_DATABASE": postgres.url}).start()


def database_options(postgres) -> tuple:
    return ("--database", postgres.url)


def test_the_whole_job_with_the_catalog_in_a_database(server, api, postgres, tree, image, workplace):
    known = protect(api, tree, image)
    before = facts(api.backups())
    newest = max((one for one in before.values() if one["resource_id"] == known["share"]), key=lambda b: b["created_at"])
    restore(api, newest["id"], workplace / "srv" / "back")
    sample_data.assert_same_tree(tree, workplace / "srv" / "back")

    assert not list(server.data.glob("catalog.sqlite*")), "there is one catalog, and it is not here"
    assert postgres.sql("SELECT COUNT(*) FROM backups", "catalog") == "4"
    gauges = requests.get(f"{server.url}/metrics", timeout=10).text
    assert "\nholdfast_backups_available 4" in gauges

    # Users are kept beside the running server.
    cli = CommandLine(environment={"HOLDFAST_DATA": str(server.data)})
    cli.run("identity", "user", "create", "bob", *database_options(postgres))
    assert "bob" in cli.run("identity", "user", "list", *database_options(postgres)).stdout
    refused = cli.run("identity", "user", "list", expect=1).stderr
    assert "is in a PostgreSQL database" in refused and "--database" in refused

    assert server.stop() == 0
    server.start()
    assert facts(Api(server).backups()) == before


def test_a_database_has_one_server_and_one_data_directory(server, postgres, workplace, make_server):
    def start(data: pathlib.Path, *options) -> subprocess.CompletedProcess:
        return subprocess.run(
            [binary(), "serve", "--data", data, "--listen", "127.0.0.1:0", *options], capture_output=True, text=True,
            timeout=60, env=clean_environment())

    second = start(workplace / "other", *database_options(postgres))
    assert second.returncode == 1 and "in use by another holdfast server" in second.stderr
    assert server.stop() == 0
    second = start(workplace / "other", *database_options(postgres))
    assert second.returncode == 1 and "catalog of another data directory" in second.stderr

    # And the directory keeps to its database; looking for a catalog makes none.
    postgres.sql("CREATE DATABASE empty")
    empty = postgres.url.replace("/catalog?", "/empty?")
    refused = CommandLine().run("identity", "user", "list", "--data", server.data, "--database", empty, expect=1).stderr
    assert "there is no catalog in the database" in refused
    assert postgres.sql("SELECT COUNT(*) FROM pg_tables WHERE schemaname = 'public'", "empty") == "0"
    lost = start(server.data)
    assert lost.returncode == 1 and "is in a PostgreSQL database" in lost.stderr
    assert not list(server.data.glob("catalog.sqlite*"))
    embedded = make_server("embedded").start()
    assert embedded.stop() == 0
    postgres.sql("CREATE DATABASE new")
    moved = start(embedded.data, "--database", postgres.url.replace("/catalog?", "/new?"))
    assert moved.returncode == 1 and "can't be taken into a database" in moved.stderr
    server.start()
    assert "one holdfast server" not in server.log_text()


def test_a_lost_database_is_made_again_from_the_repository(server, api, postgres, tree, image, workplace):
    known = protect(api, tree, image)
    before, project = facts(api.backups()), api.project
    options = ("server", "recover-catalog", "--data", server.data, *database_options(postgres), "-o", "json")
    assert "in use by another" in CommandLine().run(*options, expect=1).stderr
    assert server.stop() == 0
    postgres.sql("DROP DATABASE catalog")
    postgres.sql("CREATE DATABASE catalog")
    server.start()
    assert Api(server).backups() == []
    assert server.stop() == 0
    CommandLine().run(*options)
    server.start()
    api = in_project(server, project)
    assert facts(api.backups()) == before
    newest = max((one for one in before.values() if one["resource_id"] == known["share"]), key=lambda b: b["created_at"])
    restore(api, newest["id"], workplace / "srv" / "back")
    sample_data.assert_same_tree(tree, workplace / "srv" / "back")


class Callers:
    """Clients that create vaults and read them without a pause; they note what was acknowledged, and what was not."""

    def __init__(self, api: Api):
        self.api = api
        self.made: dict[str, str] = {}
        self.refused: list[tuple[int, str]] = []
        self.odd: list[str] = []
        self.is_over = threading.Event()
        self.threads = [threading.Thread(target=self._call, args=(number,)) for number in range(4)]

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        for thread in self.threads:
            thread.join()

    def _call(self, number: int):
        session = requests.Session()
        session.headers.update(self.api.session.headers)
        body = {"vault": {"resources": [], "billing": {
            "consistent_level": "crash_consistent", "object_type": "disk", "protect_type": "backup", "size": 10}}}
        turn = 0
        while not self.is_over.is_set():
            turn += 1
            body["vault"]["name"] = f"vault-{number}-{turn}"
            answer = session.post(self.api.path("/vaults"), json=body, timeout=30)
            if answer.status_code == 200:
                vault = answer.json()["vault"]
                self.made[vault["id"]] = vault["name"]
                answer = session.get(self.api.path(f"/vaults/{vault['id']}"), timeout=30)
                if answer.status_code == 200 and answer.json()["vault"]["name"] == vault["name"]:
                    continue
            if answer.status_code == 503:
                self.refused.append((503, answer.json().get("error_code") or answer.json()["error"]["message"]))
            else:
                self.odd.append(f"{answer.status_code} {answer.text[:300]}")


def readiness(server) -> tuple[int, str]:
    answer = requests.get(f"{server.url}/readyz", timeout=20)
    return answer.status_code, answer.json()["parts"]["catalog"]


def test_a_killed_database_is_an_outage_and_nothing_acknowledged_is_lost(server, api, postgres, workplace):
    tree = sample_data.make_tree(workplace / "srv" / "share", files=150)
    image = sample_data.make_image(workplace / "srv" / "images" / "disk.raw", 64 << 20, data=40 << 20)
    place = Place(server, tree, image)
    with Callers(api) as callers:
        for outage in range(3):
            started = place.begin_backups(within=lambda: 0.1 * outage)
            count = len(callers.made)
            wait_until(lambda: len(callers.made) > count, 30, "vaults are made")
            postgres.kill()
            wait_until(lambda: readiness(server) == (503, "unavailable"), 20, "readyz says so")
            begun = time.monotonic()
            answer = api.call("GET", "/vaults")
            assert answer.status_code == 503, answer.text
            assert str(postgres.folder) not in answer.text and "postgres" not in answer.text
            assert time.monotonic() - begun < 5, "a refusal comes at once"
            assert requests.get(f"{server.url}/healthz", timeout=5).status_code == 200
            refused = len(callers.refused)
            wait_until(lambda: len(callers.refused) > refused, 30, "callers are refused")
            postgres.start()
            wait_until(lambda: readiness(server) == (200, "ok"), 20, "ready again by itself")
            for checkpoint in place.finish(started, 120):
                assert checkpoint["status"] == "available", checkpoint
        count = len(callers.made)
        wait_until(lambda: len(callers.made) > count + 8, 30, "vaults are made again")
    assert not callers.odd, callers.odd[:5]
    assert {status for status, _ in callers.refused} == {503}
    there = {one["id"]: one["name"] for one in api.get("/vaults", params={"limit": 1000})["vaults"]}
    assert callers.made.items() <= there.items(), "acknowledged, and gone"
    place.assert_consistent()
    for number, checkpoint in enumerate(place.contents):
        place.assert_gives_back(checkpoint, workplace / "srv" / "back" / str(number))
    wait_until(lambda: "the database is back" in server.log_text(), 20, "the log says that it is back")
    assert server.process.poll() is None, "one process all the time"

    # Without a database it stops as always, and does not start.
    postgres.kill()
    assert server.stop() == 0
    done = subprocess.run(
        [binary(), "serve", "--data", server.data, "--listen", "127.0.0.1:0"], capture_output=True, text=True,
        timeout=60, env=clean_environment(HOLDFAST_DATABASE=postgres.url))
    assert done.returncode == 1 and "can't be reached" in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_a_server_that_is_killed_goes_on_from_its_database(server, workplace):
    tree = sample_data.make_tree(workplace / "srv" / "share", files=150)
    image = sample_data.make_image(workplace / "srv" / "images" / "disk.raw", 64 << 20, data=40 << 20)
    place = Place(server, tree, image)
    for number in range(4):
        started = place.begin_backups(within=lambda: 0.05 * number)
        place.kill_and_start()
        for checkpoint in place.finish(started):
            assert checkpoint["status"] == "available", checkpoint
    place.wait_idle()
    place.assert_consistent()
    for number, checkpoint in enumerate(list(place.contents)[-2:]):
        place.assert_gives_back(checkpoint, workplace / "srv" / "back" / str(number))


def test_tls_with_a_checked_name_and_a_password_that_shows_nowhere(postgres, make_server, workplace):
    password = "p@ss/w?rd%41"
    authority = postgres.serve_tls(password)
    keep = workplace / "password"
    keep.write_text(password + "\n")
    keep.chmod(0o600)
    place = f"localhost:{postgres.port}/catalog?sslmode=verify-full"
    url = f"postgres://distant@{place}&sslrootcert={authority}"
    server = make_server("data", "--database", url, "--database-password-file", str(keep)).start()
    api = Api(server)
    api.create_vault("over-tls", "disk")
    assert postgres.sql("SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'distant'",
                        "catalog").split() == ["t"] * int(postgres.sql(
                            "SELECT COUNT(*) FROM pg_stat_activity WHERE usename = 'distant'"))
    assert "tls=yes" in server.log_text()
    assert server.stop() == 0

    def refused(url: str, *options, **environment) -> str:
        done = subprocess.run(
            [binary(), "serve", "--data", server.data, "--listen", "127.0.0.1:0", "--database", url, *options],
            capture_output=True, text=True, timeout=60, env=clean_environment(**environment))
        assert done.returncode == 1 and done.stderr.count("\n") == 1, done.stderr
        assert "p@ss" not in done.stderr and "p%40ss" not in done.stderr, done.stderr
        return done.stderr

    quoted = "p%40ss%2Fw%3Frd%2541"
    # The name in the certificate is localhost; the authority is known to us alone.
    assert "127.0.0.1" in refused(url.replace("localhost", "127.0.0.1"), "--database-password-file", str(keep))
    assert "can't be reached" in refused(f"postgres://distant:{quoted}@{place}&sslrootcert=/etc/hostname")
    assert "can't be reached" in refused(url, PGPASSWORD="p@ss-but-wrong")
    assert "URL" in refused(f"postgres://distant:{quoted}@[broken/catalog")
    keep.chmod(0o644)
    assert "chmod 600" in refused(url, "--database-password-file", str(keep))

    # Each way to give it.
    passfile = workplace / "pgpass"
    passfile.write_text(f"localhost:{postgres.port}:catalog:distant:" + password.replace(":", "\\:") + "\n")
    passfile.chmod(0o600)
    for environment in ({"PGPASSWORD": password}, {"PGPASSFILE": str(passfile)},
                        {"HOLDFAST_DATABASE": url.replace("distant@", f"distant:{quoted}@")}):
        again = make_server("data", *(() if "HOLDFAST_DATABASE" in environment else ("--database", url)),
                            environment=environment).start()
        assert [one["name"] for one in Api(again).get("/vaults")["vaults"]] == ["over-tls"]
        shown = subprocess.run([binary(), "config", "show"], capture_output=True, text=True,
                               env=clean_environment(**environment)).stdout
        assert "p@ss" not in shown and "p%40ss" not in shown
        assert again.stop() == 0
        assert "p@ss" not in again.log_text() and "p%40ss" not in again.log_text()
