"""The catalog in PostgreSQL: the same service, and an outage when the database is gone."""

import collections
import concurrent.futures
import itertools
import pathlib
import subprocess
import threading
import time

import pytest
import requests

from golang_client import GolangClient
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
    assert "another holdfast server" not in server.log_text(), "those that were refused did not trouble it"


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
    """Clients that log in, make vaults, read, list and delete them, with tokens and signed, without a pause.

    They note what was acknowledged, and what was not: an answer is true, or 503.
    """

    KINDS = {"make", "read", "list", "signed", "login", "delete"}

    def __init__(self, api: Api):
        self.api = api
        self.made: dict[str, str] = {}
        #: Of those that were made: what is certainly gone, and what was to go and nobody knows.
        self.deleted: set[str] = set()
        self.unsure: set[str] = set()
        self.answered: collections.Counter = collections.Counter()
        self.refused: collections.Counter = collections.Counter()
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

    def _take(self, kind: str, answer, is_true) -> bool:
        """Whether it was carried out."""
        try:
            if answer.status_code == 503:
                assert answer.json().get("error_code") == "BackupService.9910" or answer.json()["error"]["message"]
                self.refused[kind] += 1
                return False
            assert is_true(answer)
            self.answered[kind] += 1
            return True
        except (AssertionError, KeyError, TypeError, ValueError):
            self.odd.append(f"{kind}: {answer.status_code} {answer.text[:300]}")
            return False

    def _call(self, number: int):
        try:
            self._turns(number)
        except Exception as failure:  # A thread that ends would make every check afterwards easier.
            self.odd.append(f"caller {number}: {failure!r}")

    def _turns(self, number: int):
        session = requests.Session()
        session.headers.update(self.api.session.headers)
        signed = GolangClient(self.api.server)
        known = self.api.credentials
        user = {"name": known["user_name"], "password": known["password"], "domain": {"id": known["domain_id"]}}
        billing = {"consistent_level": "crash_consistent", "object_type": "disk", "protect_type": "backup", "size": 10}
        mine: list[tuple[str, str]] = []
        turn = 0
        while not self.is_over.is_set():
            turn += 1
            name = f"vault-{number}-{turn}"
            made = session.post(self.api.path("/vaults"), timeout=60, json={
                "vault": {"name": name, "resources": [], "billing": billing}})
            if self._take("make", made, lambda a: a.status_code == 200 and a.json()["vault"]["name"] == name):
                mine.append((made.json()["vault"]["id"], name))
                self.made[mine[-1][0]] = name
            if not mine:
                continue
            vault, name = mine[-1]
            self._take("read", session.get(self.api.path(f"/vaults/{vault}"), timeout=60),
                       lambda a: a.status_code == 200 and a.json()["vault"]["name"] == name)
            for kind, listed in (
                    ("list", session.get(self.api.path("/vaults"), params={"name": name}, timeout=60)),
                    ("signed", signed.send("GET", "/vaults", query={"name": name}))):
                self._take(kind, listed,
                           lambda a: a.status_code == 200 and [one["id"] for one in a.json()["vaults"]] == [vault])
            if turn % 5 == number:
                login = session.post(f"{self.api.server.url}/v3/auth/tokens", timeout=60, json={"auth": {
                    "identity": {"methods": ["password"], "password": {"user": user}},
                    "scope": {"project": {"id": self.api.project}}}})
                self._take("login", login, lambda a: a.status_code == 201 and a.headers["X-Subject-Token"])
            if turn % 2 == 0 and len(mine) > 1:
                victim, _ = mine.pop(0)
                gone = session.delete(self.api.path(f"/vaults/{victim}"), timeout=60)
                if self._take("delete", gone, lambda a: a.status_code == 204):
                    self.deleted.add(victim)
                else:
                    self.unsure.add(victim)


def vaults(api: Api) -> list[dict]:
    found = []
    while page := api.get("/vaults", params={"limit": 1000, "offset": len(found)})["vaults"]:
        found += page
    return found


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
            wait_until(lambda: len(callers.made) > count and callers.answered.keys() >= callers.KINDS, 60, "callers are answered")
            postgres.kill()
            wait_until(lambda: readiness(server) == (503, "unavailable"), 20, "readyz says so")
            begun = time.monotonic()
            answer = api.call("GET", "/vaults")
            assert answer.status_code == 503, answer.text
            assert str(postgres.folder) not in answer.text and "postgres" not in answer.text
            assert time.monotonic() - begun < 5, "a refusal comes at once"
            assert requests.get(f"{server.url}/healthz", timeout=5).status_code == 200
            refused = callers.refused.copy()
            wait_until(lambda: callers.refused.keys() >= callers.KINDS and all(
                callers.refused[kind] > refused[kind] for kind in callers.KINDS), 60, "callers of each kind are refused")
            postgres.start()
            wait_until(lambda: readiness(server) == (200, "ok"), 20, "ready again by itself")
            for checkpoint in place.finish(started, 120):
                assert checkpoint["status"] == "available", checkpoint
        answered = callers.answered.copy()
        wait_until(lambda: all(callers.answered[kind] > answered[kind] + 1 for kind in callers.KINDS), 60,
                   "callers of each kind are answered again")
    assert not callers.odd, callers.odd[:5]
    there = {one["id"]: one["name"] for one in vaults(api)}
    kept = {vault: name for vault, name in callers.made.items() if vault not in callers.deleted | callers.unsure}
    assert kept.items() <= there.items(), "acknowledged, and gone"
    wait_until(lambda: not callers.deleted & {one["id"] for one in vaults(api)}, 60, "what was deleted is gone")
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


def test_a_frozen_database_is_an_outage_that_ends_by_itself(server, api, postgres):
    """It takes connections and says nothing: away after 20 seconds, for whoever asks."""
    vault = api.create_vault("before", "disk")["id"]
    postgres.freeze()
    try:
        begun = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(max_workers=12) as crowd:
            def ask(method, path, body=None):
                answer = api.call(method, path, body, timeout=60)
                return answer.status_code, answer.json().get("error_code"), time.monotonic() - begun

            asked = [crowd.submit(ask, *call) for call in [
                ("GET", f"/vaults/{vault}"), ("GET", "/vaults"), ("DELETE", f"/vaults/{vault}"),
                ("PUT", f"/vaults/{vault}", {"vault": {"name": "after"}})] * 2]
            alive = 0
            while not all(one.done() for one in asked):
                assert requests.get(f"{server.url}/healthz", timeout=5).status_code == 200
                alive += 1
                concurrent.futures.wait(asked, timeout=0.5, return_when=concurrent.futures.ALL_COMPLETED)
        assert alive > 5
        for status, error, seconds in (one.result() for one in asked):
            assert (status, error) == (503, "BackupService.9910")
            # 20 for the answer, 5 for a connection where there was none; the rest is for a machine with other things to do.
            assert seconds < 35, seconds
        wait_until(lambda: readiness(server) == (503, "unavailable"), 30, "readyz says so")
        begun = time.monotonic()
        assert api.call("GET", "/vaults", timeout=60).status_code == 503
        assert time.monotonic() - begun < 12, "by now it is known"
        assert requests.get(f"{server.url}/healthz", timeout=5).status_code == 200
    finally:
        postgres.thaw()
    wait_until(lambda: readiness(server) == (200, "ok"), 30, "ready again by itself")
    assert [one["name"] for one in vaults(api)] in ([], ["before"], ["after"])
    assert api.create_vault("again", "disk")["id"] in {one["id"] for one in vaults(api)}
    assert server.process.poll() is None, "one process all the time"


def test_a_request_that_is_sent_again_after_a_kill_is_carried_out_once(server, api):
    """Whatever of it the kill has met: the same answer, or 409 while nobody knows, and never two vaults."""
    session = requests.Session()
    session.headers.update(api.session.headers)
    repeated = {200: 0, 409: 0}

    def make(name: str):
        return session.post(api.path("/vaults"), timeout=30, headers={"X-Request-Id": f"id-{name}"}, json={"vault": {
            "name": name, "resources": [], "billing": {
                "consistent_level": "crash_consistent", "object_type": "disk", "protect_type": "backup", "size": 10}}})

    for number in range(4):
        answers: dict[str, requests.Response | None] = {}

        def fire():
            for turn in itertools.count():
                name = f"once-{number}-{turn}"
                answers[name] = None
                try:
                    answers[name] = make(name)
                except requests.RequestException:
                    return
        thread = threading.Thread(target=fire)
        thread.start()
        # Another place in a request each time.
        wait_until(lambda: len(answers) > 5 + 3 * number, 30, "requests are under way", 0.003 * (number + 1))
        server.kill()
        thread.join()
        server.start()
        unanswered = [name for name, answer in answers.items() if answer is None]
        assert len(unanswered) == 1
        for name in [*list(answers)[-4:-1], *unanswered]:
            first, again = answers[name], make(name)
            assert again.status_code in repeated, again.text
            repeated[again.status_code] += 1
            if first is not None:
                assert (first.status_code, again.status_code) == (200, 200)
                assert again.json()["vault"]["id"] == first.json()["vault"]["id"]
        names = collections.Counter(one["name"] for one in vaults(api))
        assert not [name for name, count in names.items() if count > 1], names
        assert {name for name, answer in answers.items() if answer is not None} <= names.keys()
    assert repeated[200] >= 12


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

    def assert_sessions_over_tls():
        sessions = postgres.sql(
            "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'distant'", "catalog").split()
        assert sessions and set(sessions) == {"t"}, sessions
    assert_sessions_over_tls()
    assert "tls=yes" in server.log_text()
    postgres.kill()
    wait_until(lambda: readiness(server) == (503, "unavailable"), 20, "readyz says so")
    assert api.call("GET", "/vaults").status_code == 503
    postgres.start()
    wait_until(lambda: readiness(server) == (200, "ok"), 20, "ready again by itself")
    assert [one["name"] for one in vaults(api)] == ["over-tls"]
    assert_sessions_over_tls()
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
    other = authority.with_name("other-ca.pem")
    told = refused(f"postgres://distant:{quoted}@{place}&sslrootcert={other}")
    assert "can't be reached" in told and "certificate verify failed" in told, told
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
