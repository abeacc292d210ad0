"""The data sets that tools are compared on: made from this machine's own files and fixed seeds, and how they change."""

import os
import random
import shutil
import subprocess

GIB = 1 << 30
# The trees that a system has, the ones with many small files first; those that are not there are passed over.
SMALL_FILES = ["/usr/share", "/usr/include", "/usr/lib/python3", "/usr/lib/python3.11", "/usr/lib/gcc", "/usr/lib/x86_64-linux-gnu"]
LARGE_FILES = ["/usr/lib/llvm-14", "/usr/lib/jvm", "/usr/lib/x86_64-linux-gnu", "/usr/lib/gcc", "/usr/lib/python3.11", "/usr/bin"]


def copy_tree(sources, target, limit):
    """Copies regular files and symbolic links, in sorted order, until there are `limit` bytes."""
    total = 0
    for source in sources:
        for place, folders, files in os.walk(source):
            folders.sort()
            os.makedirs(f"{target}{place}", exist_ok=True)
            for name in sorted(files):
                path, copy = os.path.join(place, name), f"{target}{place}/{name}"
                if os.path.islink(path):
                    os.symlink(os.readlink(path), copy)
                elif os.path.isfile(path) and total + os.path.getsize(path) <= limit:
                    shutil.copyfile(path, copy)
                    total += os.path.getsize(path)


class Tree:
    """A system's files: one in a hundred is edited, and one in two hundred is new."""

    def __init__(self, base, scale):
        self.place = base / "tree"
        self.limit = int(1.5 * GIB * scale)

    def make(self):
        copy_tree(SMALL_FILES, self.place, self.limit)

    def describe(self):
        sizes = [os.lstat(path).st_size for path in self._files()]
        return f"D1: a system's tree, {len(sizes)} files, {sum(sizes) >> 20} MiB"

    def _files(self):
        return sorted(
            os.path.join(place, name) for place, _, names in os.walk(self.place) for name in names
            if not os.path.islink(os.path.join(place, name)))

    def change(self, seed):
        rand = random.Random(seed)
        files = self._files()
        for path in rand.sample(files, len(files) // 100):
            with open(path, "r+b") as file:
                file.seek(os.path.getsize(path) // 2)
                file.write(b"edited %d" % seed)
        for number in range(len(files) // 200):
            folder = os.path.dirname(rand.choice(files))
            with open(f"{folder}/new-{seed}-{number}", "wb") as file:
                file.write(rand.randbytes(3000))


class Image:
    """A disk with a file system: 1.5 of a hundred of its blocks are written again, in scattered places."""

    share = 0.015

    def __init__(self, base, scale):
        self.place = base / "disk.raw"
        self.changes = base / "changes"
        self.scale = scale

    def make(self):
        tree = self.place.with_suffix(".tree")
        copy_tree(LARGE_FILES, tree, int(1.7 * GIB * self.scale))
        self.place.touch()
        os.truncate(self.place, int(4 * GIB * self.scale))
        subprocess.run(["mkfs.ext4", "-q", "-F", "-d", str(tree), str(self.place)], check=True)
        shutil.rmtree(tree)

    def describe(self):
        status = self.place.stat()
        changed = int(status.st_blocks * 512 * self.share)
        return (f"D2: a disk image of {status.st_size >> 20} MiB with a file system, {status.st_blocks >> 11} MiB of it "
                f"allocated; a change is {changed / (1 << 20):.1f} MiB in blocks of 4 KiB")

    def _blocks(self, file):
        blocks, position, size = [], 0, os.path.getsize(self.place)
        while position < size:
            try:
                start = os.lseek(file, position, os.SEEK_DATA)
            except OSError:
                break
            position = os.lseek(file, start, os.SEEK_HOLE)
            blocks.extend(range(start // 4096, position // 4096))
        return blocks

    def change(self, seed):
        rand = random.Random(seed)
        with open(self.place, "r+b") as image, open(self.changes, "w") as changes:
            blocks = self._blocks(image.fileno())
            for block in sorted(rand.sample(blocks, int(len(blocks) * self.share))):
                image.seek(block * 4096)
                image.write(rand.randbytes(4096))
                changes.write(f"{block * 4096} 4096\n")


class Noise:
    """Random bytes: one of four files is replaced."""

    def __init__(self, base, scale):
        self.place = base / "noise"
        self.size = int(GIB * scale) // 4

    def make(self):
        self.place.mkdir()
        for number in range(4):
            self._write(number, number)

    def _write(self, number, seed):
        rand = random.Random(seed)
        with open(self.place / f"{number}.bin", "wb") as file:
            for _ in range(self.size >> 20):
                file.write(rand.randbytes(1 << 20))

    def describe(self):
        return f"D3: random bytes, 4 files, {self.size >> 18} MiB"

    def change(self, seed):
        self._write(seed % 4, 1000 + seed)


class Log:
    """Lines of a web server's log: some bytes are inserted near the start, and lines are added at the end."""

    def __init__(self, base, scale):
        self.place = base / "log"
        self.log = self.place / "access.log"
        self.size = int(GIB * scale)

    def make(self):
        self.place.mkdir()
        rand = random.Random(7)
        with open(self.log, "w") as file:
            while file.tell() < self.size:
                file.write("".join(self._line(rand) for _ in range(20_000)))

    @staticmethod
    def _line(rand):
        bits = rand.getrandbits(64)
        page = ("/api/v1/items/%d", "/static/app.%d.js", "/users/%d/profile", "/search?q=%d")[bits & 3] % (bits >> 2 & 0xFFFF)
        return (f'10.{bits >> 18 & 7}.{bits >> 21 & 255}.{bits >> 29 & 255} - - [{1_700_000_000 + (bits >> 37 & 0xFFFFF)}] '
                f'"GET {page} HTTP/1.1" {(200, 200, 304, 404)[bits >> 57 & 3]} {bits >> 40 & 0x3FFF} id={bits >> 13 & 0xFFFFFFFF:08x}\n')

    def describe(self):
        return f"D4: a log of {self.log.stat().st_size >> 20} MiB; a change is 1,000 bytes inserted near the start and 8 MiB added"

    def change(self, seed):
        rand = random.Random(seed)
        new = self.place.with_suffix(".new")
        with open(self.log, "rb") as old, open(new, "wb") as file:
            file.write(old.read(12_345) + rand.randbytes(500).hex().encode())
            shutil.copyfileobj(old, file, 1 << 20)
            file.write("".join(self._line(rand) for _ in range(8 << 20 >> 7)).encode())
        os.replace(new, self.log)


ALL = {"D1": Tree, "D2": Image, "D3": Noise, "D4": Log}
