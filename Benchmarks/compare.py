"""Compares Holdfast with restic and borg in one run, tools interleaved, and writes docs/benchmarks.md.

Usage: compare.py --holdfast .build/release/holdfast [--repeats 3] [--files 20000] [--image-mib 1024] [--work DIR]

Two data sets are made from a fixed seed: a tree of small files like a system's, and a disk image with an ext4 file
system in it. Each tool does the same five steps on each; every step is timed from outside, with its peak memory.
"""

import argparse
import datetime
import multiprocessing
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
STEPS = ["first", "unchanged", "changed", "restore"]


def run(command, environment, cwd=None):
    """Runs a command; returns its seconds, its peak resident memory in MiB, and its output."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - started
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{text[-2000:]}")
    return seconds, usage.ru_maxrss / 1024, text


def apart(function, *arguments):
    """Calls a function in a process of its own.

    A process that is started inherits its parent's peak memory on Linux, so this one has to stay small.
    """
    process = multiprocessing.Process(target=function, args=arguments)
    process.start()
    process.join()
    if process.exitcode != 0:
        sys.exit(f"{function.__name__} ended with {process.exitcode}")


def make_tree(folder, files, seed=1):
    """Text-like, binary-like and repeated files, most of them small: sizes after the usual long-tailed distribution."""
    rand = random.Random(seed)
    words = [bytes(rand.choices(b"abcdefghijklmnopqrstuvwxyz", k=rand.randint(2, 9))) for _ in range(4000)]
    for number in range(files):
        place = folder / f"{number % 97:02d}" / f"{number % 13}"
        place.mkdir(parents=True, exist_ok=True)
        size = min(int(rand.lognormvariate(8.2, 1.6)), 4 << 20)
        if number % 5 == 0:
            content = rand.randbytes(size)
        else:
            content = b" ".join(rand.choices(words, k=size // 6 + 1))[:size]
        (place / f"file-{number}").write_bytes(content)


def change_tree(folder, files, seed):
    """One file in fifty gets new contents; a few come and go."""
    rand = random.Random(seed)
    for number in rand.sample(range(files), files // 50):
        place = folder / f"{number % 97:02d}" / f"{number % 13}" / f"file-{number}"
        place.write_bytes(rand.randbytes(4000))


def make_image(path, mib, tree):
    path.touch()
    os.truncate(path, mib << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-d", str(tree), str(path)], check=True)


def change_image(path, seed):
    """Rewrites one in a hundred of the blocks of 4 KiB, in scattered places."""
    rand = random.Random(seed)
    size = path.stat().st_size
    with open(path, "r+b") as image:
        for _ in range(size // 4096 // 100):
            image.seek(rand.randrange(size // 4096) * 4096)
            image.write(rand.randbytes(4096))


def folder_bytes(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


class Holdfast:
    name = "holdfast"

    def __init__(self, work, binary):
        self.repo, self.key = work / "repo", work / "key"
        self.binary = binary
        self.environment = dict(os.environ)

    def command(self, *arguments):
        return [self.binary, "repo", *map(str, arguments), "--repository", str(self.repo), "--key-file", str(self.key)]

    def init(self):
        run(self.command("init"), self.environment)

    def backup(self, source):
        seconds, memory, text = run(self.command("backup", source), self.environment)
        self.last = re.search(r"^saved (\w+)", text, re.M).group(1)
        return seconds, memory

    def restore(self, source, target):
        to = target / source.name
        if source.is_dir():
            to.mkdir()
        return run(self.command("restore", self.last, "--target", to), self.environment)[:2]


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


def one_round(tool_class, binary, work, source, change, seed):
    """All steps of one tool on a fresh repository: seconds, MiB and stored bytes of each."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tool = tool_class(work, binary)
    tool.init()
    results = {}

    def backup(step):
        before = folder_bytes(tool.repo)
        seconds, memory = tool.backup(source)
        results[step] = (seconds, memory, folder_bytes(tool.repo) - before)

    backup("first")
    backup("unchanged")
    apart(change, seed)
    backup("changed")
    target = work / "restored"
    target.mkdir()
    results["restore"] = (*tool.restore(source, target), 0)
    restored = next(path for path in target.rglob(source.name))
    compare = ["diff", "-r", "-q"] if source.is_dir() else ["cmp"]
    subprocess.run([*compare, str(source), str(restored)], check=True)
    shutil.rmtree(work)
    return results


def table(title, measured, tools, unit, pick, digits):
    lines = [f"| {title} | " + " | ".join(tools) + " | best peer / holdfast |", "|---|" + "---|" * (len(tools) + 1)]
    for step in STEPS:
        medians = {tool: statistics.median(pick(round_[step]) for round_ in measured[tool]) for tool in tools}
        peers = [value for tool, value in medians.items() if tool != "holdfast"]
        ratio = f"{min(peers) / medians['holdfast']:.1f}" if medians["holdfast"] > 0 else "–"
        cells = " | ".join(f"{medians[tool]:.{digits}f} {unit}" for tool in tools)
        lines.append(f"| {step} | {cells} | {ratio} |")
    return "\n".join(lines)


def version(command):
    return subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[0].strip()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--holdfast", required=True)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--image-mib", type=int, default=1024)
    parser.add_argument("--work")
    options = parser.parse_args()
    binary = str(pathlib.Path(options.holdfast).resolve())
    base = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-bench-", dir=options.work))
    tools = [Holdfast, Restic, Borg]
    names = [tool.name for tool in tools]
    try:
        print("making the data", flush=True)
        tree, image = base / "tree", base / "disk.raw"
        apart(make_tree, tree, options.files)
        apart(make_image, image, options.image_mib, tree)
        sets = {
            f"tree of {options.files} files, {folder_bytes(tree) >> 20} MiB": (
                tree, lambda seed: change_tree(tree, options.files, seed)),
            f"image of {options.image_mib} MiB, {image.stat().st_blocks * 512 >> 20} MiB of it allocated": (
                image, lambda seed: change_image(image, seed)),
        }
        sections = []
        for title, (source, change) in sets.items():
            measured = {name: [] for name in names}
            for repeat in range(options.repeats):
                # Each round begins with another tool, so that none always profits from a warm cache.
                for tool in tools[repeat % 3:] + tools[:repeat % 3]:
                    print(f"{title}: round {repeat + 1}, {tool.name}", flush=True)
                    work = base / "work"
                    measured[tool.name].append(
                        one_round(tool, binary, work, source, change, seed=repeat * 10 + tools.index(tool)))
            sections.append("\n\n".join([
                f"## {title[0].upper()}{title[1:]}",
                table("time", measured, names, "s", lambda result: result[0], 2),
                table("stored bytes added", measured, names, "MiB", lambda result: result[2] / (1 << 20), 1),
                table("peak memory", measured, names, "MiB", lambda result: result[1], 0),
            ]))
        processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
        page = "\n\n".join([
            "# Benchmarks",
            "Written by `make bench`; do not edit. Medians of "
            f"{options.repeats} rounds, tools interleaved, page cache warm, {datetime.date.today()}.",
            f"{os.cpu_count()} × {processor.group(1) if processor else 'unknown processor'}; "
            f"{version(['restic', 'version'])}; {version(['borg', '--version'])} with zstd,1 and repokey-blake2. "
            "Encryption is on everywhere. What was restored is compared with its source in every round.",
            *sections,
        ]) + "\n"
        (ROOT / "docs/benchmarks.md").write_text(page)
        print(page)
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
