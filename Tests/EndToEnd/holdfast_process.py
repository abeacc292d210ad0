"""Starts and stops the real server, and runs the real command line, for the end-to-end tests."""

import json
import os
import pathlib
import signal
import socket
import subprocess
import time

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary() -> str:
    """The executable under test: HOLDFAST_BINARY, else this checkout's development build."""
    path = pathlib.Path(os.environ.get("HOLDFAST_BINARY") or ROOT / ".build/debug/holdfast")
    path = path if path.is_absolute() else ROOT / path
    if not path.exists():
        raise RuntimeError(f"{path} is not built: run `make build`, or set HOLDFAST_BINARY")
    return str(path)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(condition, timeout: float, what: str, interval: float = 0.05):
    """Returns the first true value of `condition()`; fails, naming `what`, when `timeout` seconds pass without one."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {timeout} s")
        time.sleep(interval)


def clean_environment(**extra) -> dict:
    """The environment without anything that would point a client elsewhere."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("OS_", "HOLDFAST_", "HUAWEICLOUD_"))}
    kept.update({k: str(v) for k, v in extra.items()})
    return kept


class ServerProcess:
    """One `holdfast serve` with its own data directory; `protected` is the one root that resources may lie below."""

    def __init__(self, data: pathlib.Path, protected: pathlib.Path, *arguments: str, environment: dict | None = None):
        self.data = data
        self.protected = protected
        self.arguments = list(arguments)
        self.environment = environment or {}
        self.log_path = data.parent / f"{data.name}.log"
        self.port = free_port()
        self.earlier_starts = 0
        self.process: subprocess.Popen | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, timeout: float = 30):
        self.protected.mkdir(parents=True, exist_ok=True)
        self.earlier_starts = self.log_text().count(" listening ")
        command = [
            binary(), "serve", "--data", str(self.data), "--listen", f"127.0.0.1:{self.port}",
            "--allow-root", str(self.protected), *self.arguments,
        ]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=clean_environment(**self.environment))
        wait_until(self._is_ready, timeout, f"server ready ({self.log_path})")
        return self

    def _is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.log_tail()}")
        try:
            is_ready = requests.get(f"{self.url}/readyz", timeout=2).status_code == 200
            # The first start makes its administrator once it knows its port, a moment after the first answer; it says
            # that it listens when that is done.
            return is_ready and self.log_text().count(" listening ") > self.earlier_starts
        except requests.RequestException:
            return False

    def stop(self, timeout: float = 30) -> int:
        """SIGTERM; the server has to end by itself, with exit code 0, within `timeout`."""
        if self.process is None or self.process.poll() is not None:
            return self.process.returncode if self.process else 0
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not stop within {timeout} s of SIGTERM:\n{self.log_tail()}")

    def kill(self):
        """SIGKILL, as a crash."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def log_text(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def log_tail(self, lines: int = 30) -> str:
        return "\n".join(self.log_text().splitlines()[-lines:])

    def crashes(self) -> list[str]:
        """Lines of the log that tell of a crash, or of a failure the server did not expect."""
        marks = (" critical ", "Fatal error", "Crash", "Illegal instruction", "Program crashed", '"level":"critical"')
        return [line for line in self.log_text().splitlines() if any(mark in line for mark in marks)]

    @property
    def credentials_path(self) -> pathlib.Path:
        return self.data / "admin-credentials.json"

    @property
    def credentials(self) -> dict:
        return json.loads(self.credentials_path.read_text())


class Api:
    """Plain HTTP with a token: for what a typed client would hide."""

    def __init__(self, server: ServerProcess):
        self.server = server
        self.credentials = server.credentials
        self.project = self.credentials["project_id"]
        self.session = requests.Session()
        self.session.headers["X-Auth-Token"] = self.token()

    def token(self) -> str:
        user = {"name": self.credentials["user_name"], "password": self.credentials["password"],
                "domain": {"id": self.credentials["domain_id"]}}
        answer = requests.post(
            f"{self.server.url}/v3/auth/tokens", timeout=10,
            json={"auth": {"identity": {"methods": ["password"], "password": {"user": user}},
                           "scope": {"project": {"id": self.project}}}})
        assert answer.status_code == 201, answer.text
        return answer.headers["X-Subject-Token"]

    def path(self, path: str) -> str:
        """`/vaults` becomes the CBR path of the project; `/holdfast/…` and `/v3/…` are taken as they are."""
        if path.startswith("/resources"):
            return f"{self.server.url}/holdfast/v1/{self.project}{path}"
        if path.startswith(("/holdfast/", "/v3/")):
            return self.server.url + path
        return f"{self.server.url}/v3/{self.project}{path}"

    def call(self, method: str, path: str, body=None, expect=None, **options) -> requests.Response:
        options.setdefault("timeout", 30)
        if body is not None:
            options["json"] = body
        answer = self.session.request(method, self.path(path), **options)
        if expect is not None:
            assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer

    def get(self, path: str, **options) -> dict:
        return self.call("GET", path, expect=200, **options).json()

    # What the tests of several files need.

    def register(self, kind: str, name: str, path: pathlib.Path) -> str:
        answer = self.call("POST", "/resources", {
            "resource": {"type": kind, "name": name, "location": path.as_uri()}})
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["resource"]["id"]

    def create_vault(self, name: str, object_type: str, resources=(), size: int = 100) -> dict:
        return self.call("POST", "/vaults", {"vault": {
            "name": name, "resources": list(resources),
            "billing": {"consistent_level": "crash_consistent", "object_type": object_type,
                        "protect_type": "backup", "size": size}}}, expect=200).json()["vault"]

    def create_checkpoint(self, vault: str, **parameters) -> dict:
        return self.call("POST", "/checkpoints", {"checkpoint": {
            "vault_id": vault, "parameters": parameters}}, expect=200).json()["checkpoint"]

    def wait_checkpoint(self, checkpoint: str, timeout: float = 60) -> dict:
        def finished():
            found = self.get(f"/checkpoints/{checkpoint}")["checkpoint"]
            return found if found["status"] != "protecting" else None
        return wait_until(finished, timeout, f"checkpoint {checkpoint} finished", 0.1)

    def backups(self, **filters) -> list[dict]:
        return self.get("/backups", params=filters)["backups"]

    def wait_operation(self, operation: str, timeout: float = 60) -> dict:
        def finished():
            found = self.get(f"/operation-logs/{operation}")["operation_log"]
            return found if found["status"] not in ("running", "waiting") else None
        return wait_until(finished, timeout, f"operation {operation} finished", 0.1)


class CommandLine:
    """The client verbs of the executable under test."""

    def __init__(self, server: ServerProcess | None = None, environment: dict | None = None):
        self.environment = dict(environment or {})
        if server is not None:
            self.environment.setdefault("HOLDFAST_CREDENTIALS", str(server.credentials_path))

    def run(self, *arguments, expect: int | None = 0, timeout: float = 120) -> subprocess.CompletedProcess:
        done = subprocess.run(
            [binary(), *map(str, arguments)], capture_output=True, text=True, timeout=timeout,
            stdin=subprocess.DEVNULL, env=clean_environment(**self.environment))
        if expect is not None:
            assert done.returncode == expect, (
                f"holdfast {' '.join(map(str, arguments))}: exit {done.returncode}, not {expect}\n"
                f"{done.stdout}\n{done.stderr}")
        return done

    def json(self, *arguments, **options):
        """Standard output as JSON: nothing else may be there."""
        return json.loads(self.run(*arguments, "-o", "json", **options).stdout)


class Repo:
    """A repository with its key, and the verbs on it."""

    def __init__(self, place, name: str = "repo"):
        self.place = place / name
        self.key = place / ("key" if name == "repo" else f"{name}.key")
        self.options = ("--repository", self.place, "--key-file", self.key)
        self.cli = CommandLine()
        self.run("init")

    def run(self, verb, *arguments, **options):
        return self.cli.run("repo", verb, *arguments, *self.options, **options)

    def back_up(self, source, *arguments) -> str:
        last = self.run("backup", source, *arguments).stdout.splitlines()[-1]
        word, point = last.split()
        assert word == "saved"
        return point

    def json(self, verb, *arguments, **options):
        """Standard output as JSON: nothing else may be there."""
        return json.loads(self.run(verb, *arguments, "-o", "json", **options).stdout)

    def stored_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.place.rglob("*") if path.is_file())
