#!/usr/bin/env python3
"""Loads a real server at 64 connections with wrk: creates of restore points, lists, and a fixed answer beside them.

The fixed answer is `/healthz`: the same framework and the same way through the server, without a sender and a catalog. Reads are
measured twice: while nothing is written, and while somebody changes a vault some hundred times a second, so that nearly every
answer is read anew. Creates are counted in the catalog, where they are queued durably; each goes to a vault of its own, as one whose
resource is still being backed up is refused. `--minutes` goes on with lists and creates for that long and samples memory.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import requests

CONNECTIONS = 64
TURNS = 8
# As long as there are vaults of which none has been backed up.
CREATING_SECONDS = 8

CREATES = """
local vaults = {%s}
local last = 0
function request()
  last = last %% #vaults + 1
  return wrk.format("POST", nil, nil, '{"checkpoint":{"vault_id":"' .. vaults[last] .. '","parameters":{}}}')
end
"""
# One create for nineteen lists; a vault that is still being backed up refuses, which is no failure here.
MIXED = """
local vaults = {%s}
local last = 0
local number = 0
function request()
  number = number + 1
  if number %% 20 > 0 then return wrk.format("GET") end
  last = last %% #vaults + 1
  return wrk.format("POST", "%s", nil, '{"checkpoint":{"vault_id":"' .. vaults[last] .. '","parameters":{}}}')
end
"""
# How many vaults have a backup before anything is measured: lists are of what is there.
BACKED_UP = 200
REPORT = """
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"seconds":%f,"p50_ms":%f,"p99_ms":%f,"failed":%d}\\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
"""


def resident_mebibytes(pid: int) -> float:
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024


class Server:
    def __init__(self, binary: str, place: pathlib.Path):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.root = place / "srv"
        self.root.mkdir(exist_ok=True)
        self.log = open(place / "log", "ab")
        self.process = subprocess.Popen(
            [binary, "serve", "--data", str(place / "data"), "--listen", f"127.0.0.1:{self.port}",
             "--allow-root", str(self.root)], stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.url = f"http://127.0.0.1:{self.port}"
        path = place / "data" / "admin-credentials.json"
        deadline = time.monotonic() + 30
        while True:
            try:
                if requests.get(self.url + "/readyz", timeout=2).status_code == 200 and path.exists():
                    known = json.loads(path.read_text())
                    user = {"name": known["user_name"], "password": known["password"], "domain": {"id": known["domain_id"]}}
                    answer = requests.post(self.url + "/v3/auth/tokens", timeout=10, json={"auth": {
                        "identity": {"methods": ["password"], "password": {"user": user}},
                        "scope": {"project": {"id": known["project_id"]}}}})
                    if answer.status_code == 201:
                        break
            except requests.RequestException:
                pass
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit("load: the server did not start")
            time.sleep(0.1)
        self.project, self.token = known["project_id"], answer.headers["X-Subject-Token"]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            self.process.kill()


def fill(server: Server, count: int) -> list[str]:
    """Vaults with one small resource each."""
    local = threading.local()

    def make(number: int) -> str:
        if not hasattr(local, "session"):
            local.session = requests.Session()
            local.session.headers["X-Auth-Token"] = server.token
        image = server.root / f"{number}.raw"
        image.write_bytes(number.to_bytes(8, "big") * 512)
        answer = local.session.post(f"{server.url}/holdfast/v1/{server.project}/resources", timeout=60, json={
            "resource": {"type": "OS::Cinder::Volume", "name": f"disk-{number}", "location": image.as_uri()}})
        answer.raise_for_status()
        resource = {"id": answer.json()["resource"]["id"], "type": "OS::Cinder::Volume"}
        answer = local.session.post(f"{server.url}/v3/{server.project}/vaults", timeout=60, json={"vault": {
            "name": f"vault-{number}", "resources": [resource], "billing": {
                "object_type": "disk", "consistent_level": "crash_consistent", "protect_type": "backup", "size": 10}}})
        answer.raise_for_status()
        return answer.json()["vault"]["id"]

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        return list(pool.map(make, range(count)))


def back_up(server: Server, vaults: list[str]) -> None:
    """A restore point of each vault, made and ended."""
    session = requests.Session()
    session.headers["X-Auth-Token"] = server.token
    for vault in vaults:
        session.post(f"{server.url}/v3/{server.project}/checkpoints", timeout=60, json={
            "checkpoint": {"vault_id": vault, "parameters": {}}}).raise_for_status()
    settle(server)


def settle(server: Server) -> None:
    """Waits until nothing is queued or running, and nothing is counted any more: until the catalog stays as it is."""
    deadline = time.monotonic() + 1800
    quiet = 0
    while quiet < 10:
        if time.monotonic() > deadline:
            raise SystemExit("load: the backups did not end")
        busy = count(server, "/operation-logs?status=running") + count(server, "/operation-logs?status=waiting")
        quiet = 0 if busy else quiet + 1
        time.sleep(0.2)


class Writer:
    """Changes a vault's name as fast as one client can, until it is told to stop."""

    def __init__(self, server: Server, vault: str):
        self.ended, self.changes, self.failures = threading.Event(), 0, 0
        self.server, self.vault = server, vault
        self.thread = threading.Thread(target=self.run)

    def run(self):
        session = requests.Session()
        session.headers["X-Auth-Token"] = self.server.token
        while not self.ended.wait(0.002):
            answer = session.put(f"{self.server.url}/v3/{self.server.project}/vaults/{self.vault}", timeout=60,
                                 json={"vault": {"name": f"vault-{self.changes}"}})
            if answer.status_code == 200:
                self.changes += 1
            else:
                self.failures += 1

    def __enter__(self):
        self.began = time.monotonic()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        self.per_second = self.changes / (time.monotonic() - self.began)
        if self.failures:
            raise SystemExit(f"load: {self.failures} changes of a vault failed")


def wrk(server: Server, path: str, seconds: int, script: str, place: pathlib.Path, threads: int = 2) -> dict:
    file = place / "script.lua"
    file.write_text(script + REPORT)
    done = subprocess.run(
        ["wrk", "-t", str(threads), "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--timeout", "30s", "-H",
         f"X-Auth-Token: {server.token}", "-H", "Content-Type: application/json", "-s", str(file), server.url + path],
        capture_output=True, text=True, check=True)
    found = json.loads(re.search(r"RESULT (.*)", done.stdout).group(1))
    found["per_second"] = (found["requests"] - found["failed"]) / found["seconds"]
    return found


def beside_fixed(server: Server, path: str, options, place: pathlib.Path) -> tuple[dict, list[float]]:
    """A call, and how it compares with the fixed answer: in turns, since machines are not equally fast from one minute to the next."""
    fixed, found = [], []
    for _ in range(TURNS):
        fixed.append(wrk(server, "/healthz", max(1, options.seconds // TURNS), "", place)["per_second"])
        found.append(wrk(server, path, max(1, options.seconds // TURNS), "", place))
    together = {name: statistics.median(one[name] for one in found) for name in ("per_second", "p50_ms")}
    together["p99_ms"] = max(one["p99_ms"] for one in found)
    together["failed"] = sum(one["failed"] for one in found)
    together["of_fixed"] = sum(one["per_second"] for one in found) / sum(fixed)
    return together, fixed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--holdfast", default=".build/release/holdfast")
    parser.add_argument("--seconds", type=int, default=16, help="how long each call is repeated")
    parser.add_argument("--creates", type=int, default=16000, help="how many vaults with one resource each there are")
    parser.add_argument("--minutes", type=float, default=1, help="how long memory is watched under reads; the goal is 10")
    parser.add_argument("--output", type=pathlib.Path, help="a Markdown page to write")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit("load: wrk is not installed: run scripts/install-deps.sh bench")
    place = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-load-"))
    server = Server(os.path.abspath(options.holdfast), place)
    rows = []
    try:
        began = time.monotonic()
        vaults = fill(server, options.creates)
        print(f"load: {len(vaults)} vaults in {time.monotonic() - began:.0f} s", file=sys.stderr)
        back_up(server, vaults[:BACKED_UP])
        base = f"/v3/{server.project}"
        reads = (
            ("one vault", f"{base}/vaults/{vaults[0]}", None), ("10 vaults of all", f"{base}/vaults?limit=10", "vaults"),
            ("10 backups", f"{base}/backups?limit=10", "backups"),
            ("10 operation logs", f"{base}/operation-logs?limit=10", "operation_logs"))
        for _, path, rows_name in reads:
            answer = requests.get(server.url + path, headers={"X-Auth-Token": server.token}, timeout=60)
            if rows_name and len(answer.json()[rows_name]) != 10:
                raise SystemExit(f"load: {path} has not 10 rows")
        fixed = wrk(server, "/healthz", options.seconds, "", place)
        turns = [fixed["per_second"]]
        for name, path, _ in reads:
            found, beside = beside_fixed(server, path, options, place)
            rows.append((name, found))
            turns += beside
            print(f"load: {name}: {found}, beside {beside}", file=sys.stderr)
        fixed |= {"per_second": statistics.median(turns), "of_fixed": 1}
        rows.insert(0, ("fixed answer, `/healthz`", fixed))
        changing = []
        for name, path, _ in reads:
            with Writer(server, vaults[-1]) as writer:
                found = wrk(server, path, options.seconds, "", place)
            found["changes_per_second"] = writer.per_second
            found["of_fixed"] = found["per_second"] / fixed["per_second"]
            changing.append((name, found))
            print(f"load: {name} under changes: {found}", file=sys.stderr)
        quoted = [f'"{one}"' for one in vaults]
        before = count(server, "/backups")
        script = CREATES % ",".join(quoted[BACKED_UP:])
        found = wrk(server, f"{base}/checkpoints", CREATING_SECONDS, script, place, threads=1)
        # What the catalog has, not what the client believes.
        found["per_second"] = (count(server, "/backups") - before) / found["seconds"]
        found["of_fixed"] = found["per_second"] / fixed["per_second"]
        print(f"load: creates: {found}", file=sys.stderr)
        mixed = MIXED % (",".join(quoted[:BACKED_UP]), f"{base}/checkpoints")
        memory = watch(server, f"{base}/vaults?limit=10", options.minutes, mixed, place)
    finally:
        server.stop()
        shutil.rmtree(place, ignore_errors=True)
    page = render(rows, changing, found, memory, options)
    print(page)
    if options.output:
        options.output.write_text(page)
    return 0


def count(server: Server, path: str) -> int:
    answer = requests.get(f"{server.url}/v3/{server.project}{path}", params={"limit": 1},
                          headers={"X-Auth-Token": server.token}, timeout=60)
    return answer.json()["count"]


def watch(server: Server, path: str, minutes: float, script: str, place: pathlib.Path) -> list[float]:
    """MiB resident, once a second while lists are read and restore points made."""
    samples: list[float] = []
    ended = threading.Event()

    def sample():
        while not ended.wait(1):
            samples.append(resident_mebibytes(server.process.pid))
    thread = threading.Thread(target=sample)
    thread.start()
    try:
        wrk(server, path, max(1, int(minutes * 60)), script, place)
    finally:
        ended.set()
        thread.join()
    return samples


def row(name: str, found: dict) -> str:
    return (f"| {name} | {found['per_second']:.0f} | {found['of_fixed']:.0%} | {found['p50_ms']:.1f} ms | "
            f"{found['p99_ms']:.1f} ms | {found['failed']} |")


def render(rows, changing, creates, memory, options) -> str:
    head = ["| call | a second | of the fixed answer | p50 | p99 | failed |", "|---|---|---|---|---|---|"]
    changes = sum(found["changes_per_second"] for _, found in changing) / len(changing)
    lines = [
        "# Load on the interface", "",
        f"Written by `Benchmarks/load.py --seconds {options.seconds} --creates {options.creates} --minutes {options.minutes:g}`; do "
        f"not edit. {CONNECTIONS} connections, wrk and server on the same {os.cpu_count()} cores, load "
        f"{os.getloadavg()[0]:.1f} at the end, {options.creates} vaults and {BACKED_UP} backups in the catalog (SQLite, "
        "`synchronous=FULL`).", "",
        f"Reads while nothing is written, each in {TURNS} turns with the fixed answer:", "", *head,
        *(row(name, found) for name, found in rows), "",
        f"The same while another client changes a vault {changes:.0f} times a second, after each of which everything is read anew:",
        "", *head, *(row(name, found) for name, found in changing), "",
        "Creates of restore points, each of a vault of its own, queued durably:", "", *head,
        row("creates of restore points", creates)]
    short = [name for name, found in rows[1:] if found["of_fixed"] < 0.5]
    if creates["per_second"] < 1000:
        short.append("creates of restore points")
    lines += ["", "Goals: reads at half of the fixed answer, and 1,000 creates a second. "
                  + (f"Missed by: {', '.join(short)}." if short else "Both are met.")]
    # What a process takes at first is what it needs to begin with: the last third is compared with the one before.
    third = max(1, len(memory) // 3)
    middle, last = max(memory[third:2 * third] or memory), max(memory[2 * third:] or memory)
    lines += ["", f"Memory for {options.minutes:g} minutes of lists with a create for nineteen of them: {memory[0]:.0f} MiB at first, at "
                  f"most {middle:.0f} MiB in the second third and {last:.0f} MiB in the last: "
                  + ("flat." if last <= middle * 1.05 else "**not flat**."), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
