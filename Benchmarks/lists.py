#!/usr/bin/env python3
"""How long lists take when they are long: 1,000 vaults, 100,000 backups and 1,000,000 operation logs, over HTTP.

A real server makes one of each. It is stopped, its rows are copied in the catalog under new ids, and it is started again. Then
each list is asked for by one client, again and again; in between a vault is changed, so that every answer is read anew.
"""

import argparse
import math
import os
import pathlib
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time

import requests

import load

GOAL_MS = 50
# The interface's provider of disks.
DISKS = "d1603440-187d-4516-af25-121250c7cc97"


def columns(catalog: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in catalog.execute(f"PRAGMA table_info({table})")]


def copy(catalog: sqlite3.Connection, table: str, count: int, **changed: str) -> None:
    """Rows like the table's first, with some columns as expressions of the number `n`."""
    names = columns(catalog, table)
    values = ", ".join(changed.get(name, f"t.{name}") for name in names)
    catalog.execute(
        f"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) "
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {values} FROM numbers, (SELECT * FROM {table} LIMIT 1) t")


def fill(path: pathlib.Path, vaults: int, backups: int, operations: int) -> None:
    catalog = sqlite3.connect(path)
    catalog.execute("PRAGMA foreign_keys = OFF")
    vault = f"CASE WHEN n % {vaults} = 0 THEN t.vault_id ELSE printf('vault-%d', n % {vaults}) END"
    later = "t.created_at + n * 1000000"
    copy(catalog, "vaults", vaults - 1, id="printf('vault-%d', n)", name="printf('vault-%d', n)", created_at=later)
    copy(catalog, "resources", vaults - 1, id="printf('resource-%d', n)", name="printf('resource-%d', n)", created_at=later)
    copy(catalog, "vault_resources", vaults - 1, vault_id="printf('vault-%d', n)", resource_id="printf('resource-%d', n)")
    copy(catalog, "vault_usage", vaults - 1, vault_id="printf('vault-%d', n)")
    copy(catalog, "checkpoints", backups - 1, id="printf('checkpoint-%d', n)", vault_id=vault, created_at=later)
    copy(catalog, "backups", backups - 1, id="printf('backup-%d', n)", name="printf('backup-%d', n % 5000)",
         vault_id=vault, checkpoint_id="printf('checkpoint-%d', n)", resource_id="printf('resource-%d', n % 2000)",
         created_at=later)
    copy(catalog, "operations", operations - 1, id="printf('operation-%d', n)", vault_id=vault, created_at=later,
         backup_id=f"printf('backup-%d', n % {backups})", resource_id="printf('resource-%d', n % 2000)",
         resource_name="printf('resource-%d', n % 2000)",
         vault_name=f"CASE WHEN n % {vaults} = 0 THEN t.vault_name ELSE printf('vault-%d', n % {vaults}) END")
    catalog.commit()
    catalog.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    catalog.close()


def measure(server: load.Server, vault: str, path: str, rounds: int) -> tuple[float, float]:
    """Milliseconds: the median, and what 99 of a hundred stay below."""
    session = requests.Session()
    session.headers["X-Auth-Token"] = server.token
    times = []
    for number in range(rounds):
        session.put(f"{server.url}/v3/{server.project}/vaults/{vault}", timeout=60, json={
            "vault": {"name": f"changed-{number}"}}).raise_for_status()
        began = time.monotonic()
        answer = session.get(f"{server.url}/v3/{server.project}{path}", timeout=60)
        times.append((time.monotonic() - began) * 1e3)
        answer.raise_for_status()
    return statistics.median(times), sorted(times)[math.ceil(rounds * 0.99) - 1]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--holdfast", default=".build/release/holdfast")
    parser.add_argument("--vaults", type=int, default=1_000)
    parser.add_argument("--backups", type=int, default=100_000)
    parser.add_argument("--operations", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--output", type=pathlib.Path, help="a Markdown page to write")
    options = parser.parse_args()
    place = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-lists-"))
    binary = os.path.abspath(options.holdfast)
    rows = []
    try:
        server = load.Server(binary, place)
        try:
            vault = load.fill(server, 1)[0]
            made = requests.post(
                f"{server.url}/v3/{server.project}/checkpoints", timeout=60, headers={"X-Auth-Token": server.token},
                json={"checkpoint": {"vault_id": vault, "parameters": {}}})
            made.raise_for_status()
            deadline = time.monotonic() + 60
            while load.count(server, "/operation-logs?status=success") < 1:
                if time.monotonic() > deadline:
                    raise SystemExit("lists: the first backup did not end")
                time.sleep(0.1)
        finally:
            server.stop()
        fill(place / "data" / "catalog.sqlite", options.vaults, options.backups, options.operations)
        server = load.Server(binary, place)
        try:
            deep = {"vaults": f"vault-{options.vaults // 2}", "backups": f"backup-{options.backups // 2}",
                    "operation-logs": f"operation-{options.operations // 2}"}
            for name, path in (
                    ("vaults", "/vaults?limit=10"), ("100 vaults", "/vaults?limit=100"),
                    ("1,000 vaults", "/vaults"),
                    ("vaults, behind a marker half way", f"/vaults?limit=10&marker={deep['vaults']}"),
                    ("backups", "/backups?limit=10"), ("1,000 backups", "/backups?limit=1000"),
                    ("backups, behind a marker half way", f"/backups?limit=10&marker={deep['backups']}"),
                    ("backups of a vault", f"/backups?limit=10&vault_id={deep['vaults']}"),
                    ("backups of a resource", "/backups?limit=10&resource_id=resource-5"),
                    ("backups that are available", "/backups?limit=10&status=available"),
                    ("backups by name", "/backups?limit=10&sort=name:asc"),
                    ("backups, behind 50,000 others", "/backups?limit=10&offset=50000"),
                    ("backups of full vaults", "/backups?limit=10&used_percent=1"),
                    ("what each resource uses", "/storage_usage?limit=10"),
                    ("operation logs", "/operation-logs?limit=10"),
                    ("operation logs, behind a marker half way",
                     f"/operation-logs?limit=10&marker={deep['operation-logs']}"),
                    ("operation logs of a vault", f"/operation-logs?limit=10&vault_id={deep['vaults']}"),
                    ("1,000 operation logs", "/operation-logs"),
                    ("operation logs of a vault's name", "/operation-logs?limit=10&vault_name=vault-7"),
                    ("operation logs of a resource", "/operation-logs?limit=10&resource_id=resource-5"),
                    ("operation logs of a resource's name", "/operation-logs?limit=10&resource_name=resource-5"),
                    ("operation logs of disks", f"/operation-logs?limit=10&provider_id={DISKS}"),
                    ("operation logs that succeeded", "/operation-logs?limit=10&status=success")):
                measure(server, vault, path, 2)
                rows.append((name, *measure(server, vault, path, options.rounds)))
                print(f"lists: {name}: {rows[-1][1]:.1f} ms, {rows[-1][2]:.1f} ms", file=sys.stderr)
        finally:
            server.stop()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    page = render(rows, options)
    print(page)
    if options.output:
        options.output.write_text(page)
    return 0


def render(rows, options) -> str:
    lines = [
        "# Long lists", "",
        f"Written by `Benchmarks/lists.py`; do not edit. {options.vaults:,} vaults, {options.backups:,} backups and "
        f"{options.operations:,} operation logs in SQLite; one client, {options.rounds} times each, over HTTP, counts "
        f"included, read anew each time; 10 rows unless said otherwise; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end.", "",
        "| list | p50 | p99 |", "|---|---|---|"]
    lines += [f"| {name} | {median:.1f} ms | {slow:.1f} ms |" for name, median, slow in rows]
    slow = [name for name, _, worst in rows if worst > GOAL_MS]
    lines += ["", f"Goal: 99 of a hundred below {GOAL_MS} ms. " + (f"Missed by: {', '.join(slow)}." if slow else "Met."), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
