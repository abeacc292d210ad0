"""Compares Holdfast with restic and borg in one run, tools interleaved, and writes docs/benchmarks.md.

Usage: compare.py --holdfast BINARY [--repeats 3] [--sets D1,D2,D3,D4] [--scale 1.0] [--work DIR] [--output FILE]

Each tool does the same steps on each data set; every step is timed from outside, with its peak memory. What is restored
goes to memory where there is room for it, so that the tools are measured and not the disk, and is compared with its source.
"""

import argparse
import datetime
import multiprocessing
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

import data_sets
import tools

ROOT = pathlib.Path(__file__).resolve().parents[1]
STEPS = {
    "first": "first backup", "unchanged": "second backup, nothing changed", "changed": "backup of a change",
    "listed": "backup of a change, with a list of it", "restore": "restore", "check": "check, reading all data",
    "remove": "remove one restore point of three, and prune",
}


def apart(function, *arguments):
    """Calls a function in a process of its own.

    A process that is started inherits its parent's peak memory on Linux, so this one has to stay small.
    """
    process = multiprocessing.Process(target=function, args=arguments)
    process.start()
    process.join()
    if process.exitcode != 0:
        sys.exit(f"{function.__name__} ended with {process.exitcode}")


def folder_bytes(folder):
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def restore_folder(work):
    memory = pathlib.Path("/dev/shm")
    hasRoom = memory.is_dir() and shutil.disk_usage(memory).free > 6 << 30
    return pathlib.Path(tempfile.mkdtemp(prefix="holdfast-bench-", dir=memory if hasRoom else work))


def one_round(tool_class, binary, work, data, seed):
    """All steps of one tool on a fresh repository: seconds, MiB and stored bytes of each."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    tool = tool_class(work, binary)
    tool.init()
    results = {}

    def stored(step, action):
        before = folder_bytes(tool.repo)
        seconds, memory = action()
        results[step] = (seconds, memory, folder_bytes(tool.repo) - before)

    stored("first", lambda: tool.backup(data.place))
    stored("unchanged", lambda: tool.backup(data.place))
    apart(data.change, seed)
    if tool.name == "holdfast" and hasattr(data, "changes"):
        shutil.copytree(work, work / "copy")
        other = tool_class(work / "copy", binary)
        before = folder_bytes(other.repo)
        seconds, memory = other.backup(data.place, changes=data.changes)
        results["listed"] = (seconds, memory, folder_bytes(other.repo) - before)
        shutil.rmtree(work / "copy")
    stored("changed", lambda: tool.backup(data.place))
    target = restore_folder(work)
    try:
        results["restore"] = (*tool.restore(data.place, target), 0)
        restored = next(path for path in target.rglob(data.place.name))
        compare = ["diff", "-r", "-q", "--no-dereference"] if data.place.is_dir() else ["cmp"]
        subprocess.run([*compare, str(data.place), str(restored)], check=True)
    finally:
        shutil.rmtree(target)
    results["check"] = (*tool.check(), 0)
    stored("remove", tool.remove_last)
    shutil.rmtree(work)
    return results


def table(title, measured, names, unit, pick, digits):
    lines = [f"| {title} | " + " | ".join(names) + " | best peer / holdfast |", "|---|" + "---|" * (len(names) + 1)]
    for step, text in STEPS.items():
        values = {name: [pick(result[step]) for result in measured[name] if step in result] for name in names}
        medians = {name: statistics.median(found) for name, found in values.items() if found}
        if not medians or not any(medians.values()):
            continue
        peers = [value for name, value in medians.items() if name != "holdfast"]
        ours = medians["holdfast"]
        ratio = f"{min(peers) / ours:.1f}" if peers and ours > 0 else "–"
        cells = [f"{medians[name]:.{digits}f} {unit}" if name in medians else "–" for name in names]
        lines.append(f"| {text} | {' | '.join(cells)} | {ratio} |")
    return "\n".join(lines)


def section(data, measured, names):
    return "\n\n".join([
        f"## {data.describe()}",
        table("time", measured, names, "s", lambda result: result[0], 2),
        table("stored bytes added", measured, names, "MiB", lambda result: result[2] / (1 << 20), 1),
        table("peak memory", measured, names, "MiB", lambda result: result[1], 0),
    ])


def version(command):
    return subprocess.run(command, capture_output=True, text=True).stdout.split("\n")[0].strip()


def page(sections, repeats, scale):
    processor = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    return "\n\n".join([
        "# Benchmarks",
        f"Written by `make bench`; do not edit. Medians of {repeats} rounds, tools interleaved, page cache warm, data sets of {scale:g} times "
        f"their usual size, {datetime.date.today()}.",
        f"{os.cpu_count()} × {processor.group(1) if processor else 'unknown processor'}; "
        f"{version(['restic', 'version'])}; {version(['borg', '--version'])} with zstd,1 and repokey-blake2. "
        "Encryption is on everywhere. What was restored is compared with its source in every round. Repositories lie on the disk, what is restored in memory.",
        *sections,
    ]) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--holdfast", required=True)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sets", default=",".join(data_sets.ALL))
    parser.add_argument("--tools", default="holdfast,restic,borg")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--work")
    parser.add_argument("--output", default=str(ROOT / "docs/benchmarks.md"))
    options = parser.parse_args()
    binary = str(pathlib.Path(options.holdfast).resolve())
    base = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-bench-", dir=options.work))
    classes = [tool for tool in (tools.Holdfast, tools.Restic, tools.Borg) if tool.name in options.tools.split(",")]
    names = [tool.name for tool in classes]
    try:
        sections = []
        for name in options.sets.split(","):
            data = data_sets.ALL[name](base, options.scale)
            print(f"{name}: making the data", flush=True)
            apart(data.make)
            measured = {tool.name: [] for tool in classes}
            for repeat in range(options.repeats):
                # Each round begins with another tool, so that none always profits from a warm cache.
                first = repeat % len(classes)
                for tool in classes[first:] + classes[:first]:
                    print(f"{name}: round {repeat + 1}, {tool.name}", flush=True)
                    seed = repeat * 10 + classes.index(tool)
                    measured[tool.name].append(one_round(tool, binary, base / "work", data, seed))
            sections.append(section(data, measured, names))
            print(sections[-1], flush=True)
        pathlib.Path(options.output).write_text(page(sections, options.repeats, options.scale))
    finally:
        shutil.rmtree(base, ignore_errors=True)


if __name__ == "__main__":
    main()
