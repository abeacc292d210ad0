"""Measures what one core and the disk can do of each stage of a backup, a restore and a check, and prints tables.

Usage: stages.py [--sets D1,D2,D3,D4] [--scale 1.0] [--work DIR] [--levels 1,2,3]

The data sets are those of compare.py, in pieces of 1 MiB, in memory. Compression is done by the very library, with the very
parameters, that the engine has (Sources/Repository/Sealing/Compression.swift). From the rates follow the least seconds that
the stages of a step take when all cores are busy and no stage waits for another.
"""

import argparse
import ctypes
import hashlib
import mmap
import os
import pathlib
import shutil
import tempfile
import time

import data_sets
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

PIECE, SAMPLE_MAX = 1 << 20, 768 << 20
COMPRESSION_LEVEL, HASH_LOG = 100, 102  # ZSTD_cParameter, zstd.h


class Zstd:
    def __init__(self):
        self.library = ctypes.CDLL("libzstd.so.1")
        for name in ("ZSTD_createCCtx", "ZSTD_createDCtx"):
            getattr(self.library, name).restype = ctypes.c_void_p
        for name in ("ZSTD_compress2", "ZSTD_decompressDCtx"):
            getattr(self.library, name).restype = ctypes.c_size_t
        self.decompressor = ctypes.c_void_p(self.library.ZSTD_createDCtx())
        self.room = ctypes.create_string_buffer(2 * PIECE)

    def compressor(self, level, hash_log=None):
        context = ctypes.c_void_p(self.library.ZSTD_createCCtx())
        self.library.ZSTD_CCtx_setParameter(context, COMPRESSION_LEVEL, level)
        if hash_log:
            self.library.ZSTD_CCtx_setParameter(context, HASH_LOG, hash_log)
        return context

    def compress(self, context, piece):
        """The frame, or the piece itself where a frame would not be smaller by a sixteenth."""
        limit = len(piece) - len(piece) // 16
        length = self.library.ZSTD_compress2(
            context, self.room, ctypes.c_size_t(limit), piece, ctypes.c_size_t(len(piece)))
        return None if length > limit else length

    def decompress(self, frame):
        self.library.ZSTD_decompressDCtx(
            self.decompressor, self.room, ctypes.c_size_t(len(self.room)), frame, ctypes.c_size_t(len(frame)))


def contents(place):
    """All that is in the files, up to a limit, without holes."""
    files = [place] if place.is_file() else sorted(path for path in place.rglob("*") if path.is_file() and not path.is_symlink())
    pieces, rest, total = [], bytearray(), 0
    for path in files:
        with open(path, "rb") as file:
            while total < SAMPLE_MAX and (data := file.read(PIECE)):
                if data.count(0) == len(data):
                    continue
                rest += data
                total += len(data)
                if len(rest) >= PIECE:
                    pieces.append(bytes(rest[:PIECE]))
                    del rest[:PIECE]
    return pieces + ([bytes(rest)] if rest else [])


def rate(body, pieces):
    started = time.monotonic()
    for piece in pieces:
        body(piece)
    return sum(map(len, pieces)) / (time.monotonic() - started)


def disk(work):
    """Bytes a second of 1 GiB in files of 16 MiB, each brought to disk, written and read past the cache, one at a time."""
    memory = mmap.mmap(-1, 16 << 20)
    memory.write(os.urandom(16 << 20))
    folder = pathlib.Path(tempfile.mkdtemp(dir=work))
    try:
        rates = []
        for flags in (os.O_WRONLY | os.O_CREAT, os.O_RDONLY):
            started = time.monotonic()
            for number in range(64):
                file = os.open(folder / str(number), flags | os.O_DIRECT, 0o600)
                if flags & os.O_WRONLY:
                    os.pwrite(file, memory, 0)
                    os.fsync(file)
                else:
                    os.preadv(file, [memory], 0)
                os.close(file)
            rates.append((1 << 30) / (time.monotonic() - started))
        return rates
    finally:
        shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", default=",".join(data_sets.ALL))
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--work")
    parser.add_argument("--levels", default="2,3")
    options = parser.parse_args()
    base = pathlib.Path(tempfile.mkdtemp(prefix="holdfast-stages-", dir=options.work))
    zstd, cipher, nonce = Zstd(), AESGCM(bytes(32)), bytes(12)
    mega = 1e6
    try:
        print("| MB/s on one core | SHA-256 | zstd, as the engine | what is left | back | AES-256-GCM | other levels |\n" + "|---|" * 7)
        for name in options.sets.split(","):
            data = data_sets.ALL[name](base, options.scale)
            data.make()
            pieces = contents(data.place)
            plain = sum(map(len, pieces))
            context = zstd.compressor(1, 15)
            lengths = []
            squeezed = rate(lambda piece: lengths.append(zstd.compress(context, piece) or len(piece)), pieces)
            left = sum(lengths) / plain
            frames = [zstd.room.raw[:length] for piece in pieces if (length := zstd.compress(context, piece))]
            started = time.monotonic()
            for frame in frames:
                zstd.decompress(frame)
            back = len(frames) * PIECE / (time.monotonic() - started) / mega if frames else 0
            others = []
            for level in map(int, options.levels.split(",")):
                other, lengths = zstd.compressor(level), []
                speed = rate(lambda piece: lengths.append(zstd.compress(other, piece) or len(piece)), pieces)
                others.append(f"level {level}: {speed / mega:.0f} to {sum(lengths) / plain:.3f}")
            print(f"| {name} | {rate(lambda piece: hashlib.sha256(piece).digest(), pieces) / mega:.0f} | {squeezed / mega:.0f} | {left:.3f} | "
                  f"{f'{back:.0f}' if back else '–'} | {rate(lambda piece: cipher.encrypt(nonce, piece, None), pieces[:128]) / mega:.0f} | "
                  f"{', '.join(others)} |", flush=True)
            shutil.rmtree(data.place) if data.place.is_dir() else data.place.unlink()
        written, read = disk(base)
        print(f"\nThe disk, past the cache, one file of 16 MiB at a time: {written / mega:.0f} MB/s written and synced, {read / mega:.0f} MB/s read.")
    finally:
        shutil.rmtree(base)


if __name__ == "__main__":
    main()
