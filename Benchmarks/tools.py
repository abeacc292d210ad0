"""The tools that are compared, each with the same steps."""

import os
import re
import subprocess
import sys
import tempfile
import time


def run(command, environment, cwd=None, ends_with=(0,)):
    """Runs a command; returns its seconds, its peak resident memory in MiB, and its output."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - started
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode not in ends_with:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{text[-2000:]}")
    return seconds, usage.ru_maxrss / 1024, text


def together(*results):
    """Commands that are one step: their seconds added, the larger peak."""
    return sum(result[0] for result in results), max(result[1] for result in results)


class Holdfast:
    name = "holdfast"

    def __init__(self, work, binary):
        self.repo, self.key = work / "repo", work / "key"
        self.binary = binary
        self.environment = dict(os.environ, XDG_CACHE_HOME=str(work / "cache"))

    def command(self, *arguments):
        return [self.binary, "repo", *map(str, arguments), "--repository", str(self.repo), "--key-file", str(self.key)]

    def init(self):
        run(self.command("init"), self.environment)

    def backup(self, source, changes=None):
        listed = ("--changed-blocks", changes) if changes else ()
        seconds, memory, text = run(self.command("backup", source, "--quiet", *listed), self.environment)
        self.last = re.search(r"^saved (\w+)", text, re.M).group(1)
        return seconds, memory

    def restore(self, source, target):
        to = target / source.name
        if source.is_dir():
            to.mkdir()
        return run(self.command("restore", self.last, "--target", to, "--quiet"), self.environment)[:2]

    def check(self):
        return run(self.command("check", "--read-data"), self.environment)[:2]

    def remove_last(self):
        return together(
            run(self.command("forget", self.last), self.environment),
            run(self.command("prune"), self.environment))


class Restic:
    name = "restic"

    def __init__(self, work, _):
        self.repo = work / "repo"
        self.environment = dict(
            os.environ, RESTIC_PASSWORD="benchmark", RESTIC_REPOSITORY=str(self.repo), RESTIC_CACHE_DIR=str(work / "cache"))

    def init(self):
        run(["restic", "init", "--repository-version", "2"], self.environment)

    def backup(self, source):
        return run(["restic", "backup", "--quiet", str(source)], self.environment)[:2]

    def restore(self, source, target):
        return run(["restic", "restore", "latest", "--target", str(target)], self.environment)[:2]

    def check(self):
        return run(["restic", "check", "--read-data"], self.environment)[:2]

    def remove_last(self):
        newest = run(["restic", "snapshots", "--json", "--latest", "1"], self.environment)[2]
        identifier = re.search(r'"short_id":\s*"(\w+)"', newest).group(1)
        return run(["restic", "forget", "--prune", identifier], self.environment)[:2]


class Borg:
    name = "borg"

    def __init__(self, work, _):
        self.repo = work / "repo"
        self.count = 0
        self.environment = dict(
            os.environ, BORG_PASSPHRASE="benchmark", BORG_REPO=str(self.repo), BORG_BASE_DIR=str(work / "base"),
            BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK="yes", BORG_RELOCATED_REPO_ACCESS_IS_OK="yes")

    def init(self):
        run(["borg", "init", "--encryption", "repokey-blake2"], self.environment)

    def backup(self, source):
        self.count += 1
        command = ["borg", "create", "--compression", "zstd,1", "--sparse", f"::a{self.count}", str(source)]
        command.remove("--sparse") if not source.is_file() else None
        return run(command, self.environment)[:2]

    def restore(self, source, target):
        return run(["borg", "extract", "--sparse", f"::a{self.count}"], self.environment, cwd=target)[:2]

    def check(self):
        return run(["borg", "check", "--verify-data"], self.environment)[:2]

    def remove_last(self):
        return together(
            run(["borg", "delete", f"::a{self.count}"], self.environment), run(["borg", "compact"], self.environment))
