"""Measures memory with an index of very many chunks, and prints a table.

Usage: large_index.py --holdfast BINARY --work DIR [--chunks 100000000]

A real backup is put into a repository, and beside it index segments that name chunks nobody has: 65,536 in each of as many
packs as it takes, whose files are there and empty. So a backup, a prune and a restore run with an index of that size; a
check finds that those packs are empty.
"""

import argparse
import hashlib
import os
import pathlib
import shutil
import struct
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools" / "reader"))
import objects  # noqa: E402
from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402
from tools import run  # noqa: E402

PACK_CHUNKS, SEGMENT_PACKS, STORED = 65_536, 16, 200


def add_segments(place: pathlib.Path, key_file: str, chunks: int) -> None:
    repository = objects.Repository(place, key_file=key_file)
    domain = next(iter(repository.packs.values()))[1]
    tails = [struct.pack("<III", 40 + number * STORED, STORED, 1 << 24 | 4096) for number in range(PACK_CHUNKS)]
    length = 40 + PACK_CHUNKS * STORED
    left = chunks
    while left > 0:
        packs = [os.urandom(32) for _ in range(min(SEGMENT_PACKS, -(-left // PACK_CHUNKS)))]
        body = [struct.pack("<QI", 1, len(packs))]
        for name in packs:
            body.append(name + bytes(32) + domain + struct.pack("<I", length))
            file = place / "packs" / name.hex()[:2] / name.hex()
            file.parent.mkdir(exist_ok=True)
            file.touch()
        for _ in packs:
            names = os.urandom(32 * PACK_CHUNKS)
            body.append(struct.pack("<I", PACK_CHUNKS))
            body.extend(names[start:start + 32] + tail for start, tail in zip(range(0, len(names), 32), tails))
        salt = os.urandom(28) + bytes(4)
        key = objects.hkdf(repository.masters[0], salt, "holdfast 1 index segment")
        magic = objects.SEGMENT_MAGIC
        record = magic + salt + AESGCM(key).encrypt(bytes(12), b"".join(body), magic)
        (place / "index" / hashlib.sha256(record).hexdigest()).write_bytes(record)
        left -= len(packs) * PACK_CHUNKS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--holdfast", required=True)
    parser.add_argument("--work", required=True)
    parser.add_argument("--chunks", type=int, default=100_000_000)
    options = parser.parse_args()
    work = pathlib.Path(options.work) / "large-index"
    work.mkdir(parents=True)
    environment = dict(os.environ, XDG_CACHE_HOME=str(work / "cache"))
    place, key = work / "repo", work / "key"

    def holdfast(*arguments, ends_with=(0,)):
        command = [options.holdfast, "repo", *map(str, arguments), "--repository", str(place), "--key-file", str(key)]
        return run(command, environment, ends_with=ends_with)

    try:
        source = work / "source"
        for number in range(2000):
            (source / f"{number % 40}").mkdir(parents=True, exist_ok=True)
            (source / f"{number % 40}" / f"{number}").write_bytes(os.urandom(20_000))
        holdfast("init")
        holdfast("backup", source)
        # In a process of its own: what is started later inherits the peak memory of this one.
        child = os.fork()
        if child == 0:
            add_segments(place, key.read_text(), options.chunks)
            os._exit(0)
        if os.waitpid(child, 0)[1] != 0:
            sys.exit("the segments could not be made")
        (source / "new").write_bytes(os.urandom(5_000_000))
        print(f"| {options.chunks:,} chunks in the index | peak memory | time |\n|---|---|---|")
        steps = [
            ("backup", ("backup", source), (0,)), ("check", ("check",), (1,)), ("prune, dry", ("prune", "--dry-run"), (0,))]
        for title, arguments, ends_with in steps:
            seconds, memory, text = holdfast(*arguments, ends_with=ends_with)
            if title == "backup":
                point = text.split("saved ")[1].split()[0]
            print(f"| {title} | {memory:.0f} MiB | {seconds:.0f} s |", flush=True)
        for title, arguments in [("restore", ("restore", point, "--target", work / "back")), ("prune", ("prune",))]:
            seconds, memory, _ = holdfast(*arguments)
            print(f"| {title} | {memory:.0f} MiB | {seconds:.0f} s |", flush=True)
    finally:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
