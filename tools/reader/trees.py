"""Manifests, and giving back what they describe: section 6 of docs/format.md."""

import os
import pathlib
import socket
import stat

from objects import Damaged, Repository

FILE, DIRECTORY, LINK, PIPE, SOCKET, CHARACTER_DEVICE, BLOCK_DEVICE = range(1, 8)
HAS_ATTRIBUTES, HAS_SEVERAL_NAMES = 1, 2
FAN_OUT = 256
BLOCK, BLOCKS_PER_PAGE = 4096, 16384


class Parser:
    def __init__(self, data: bytes, kind: bytes | None = None):
        self.data, self.place = data, 0
        if kind is not None:
            if data[:2] != kind + b"\x01":
                raise Damaged(f"a page of kind {data[:1]!r} where one of kind {kind!r} should be")
            self.level, self.place = data[2], 3

    @property
    def is_at_end(self) -> bool:
        return self.place >= len(self.data)

    def raw(self, count: int) -> bytes:
        if self.place + count > len(self.data):
            raise Damaged("a manifest is cut")
        self.place += count
        return self.data[self.place - count:self.place]

    def byte(self) -> int:
        return self.raw(1)[0]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    def signed(self) -> int:
        value = self.number()
        return value >> 1 if value % 2 == 0 else -(value + 1 >> 1)

    def counted(self) -> bytes:
        return self.raw(self.number())

    def time(self) -> int:
        """Nanoseconds since 1970."""
        return self.signed() * 10**9 + self.number()

    def items(self) -> tuple[int, bytes]:
        """A list: level 0 and the items, or the number of levels and the topmost page's name."""
        levels = self.byte()
        return (0, self.counted()) if levels == 0 else (levels, self.raw(32))


def read_list(repository: Repository, items: tuple[int, bytes], kind: bytes, read):
    """Every item of a list, in order; `read` takes one from a parser."""
    levels, value = items
    if levels == 0:
        parser = Parser(value)
    else:
        parser = Parser(repository.chunk(value), kind)
        if parser.level > 0:
            while not parser.is_at_end:
                yield from read_list(repository, (levels - 1, parser.raw(32)), kind, read)
            return
    while not parser.is_at_end:
        yield read(parser)


def read_entry(parser: Parser) -> dict:
    entry = {"kind": parser.byte(), "flags": parser.byte(), "name": parser.counted(), "mode": parser.number(),
             "owner": parser.number(), "group": parser.number(), "modified": parser.time(), "changed": parser.time(),
             "device": parser.number(), "inode": parser.number(), "attributes": []}
    if entry["kind"] == FILE:
        entry["size"], entry["extents"] = parser.number(), parser.items()
    elif entry["kind"] == DIRECTORY:
        entry["entries"] = parser.items()
    elif entry["kind"] == LINK:
        entry["link"] = parser.counted()
    elif entry["kind"] in (CHARACTER_DEVICE, BLOCK_DEVICE):
        entry["number"] = os.makedev(parser.number(), parser.number())
    elif entry["kind"] not in (PIPE, SOCKET):
        raise Damaged(f"an entry of the kind {entry['kind']}")
    if entry["flags"] & HAS_ATTRIBUTES:
        entry["attributes"] = [(parser.counted(), parser.counted()) for _ in range(parser.number())]
    return entry


def read_extent(parser: Parser) -> tuple[int, bytes | None, int]:
    """Length, chunk or nothing, offset in the chunk."""
    tag, length = parser.byte(), parser.number()
    name = parser.raw(32) if tag > 0 else None
    return length, name, parser.number() if tag == 2 else 0


def restore(repository: Repository, point: dict, target: pathlib.Path) -> None:
    root = bytes.fromhex(point["root"])
    if point["kind"] == "image":
        return restore_image(repository, root, target)
    target.mkdir(exist_ok=True)
    restore_item(repository, read_entry(Parser(repository.chunk(root), b"t")), os.fsencode(target), {})


def read_extent_of_image(repository: Repository, parser: Parser, tag: int, size: int, sources: list[bytes]) -> bytes:
    """The contents of an extent of an image, `size` bytes."""
    if tag == 1:
        return repository.chunk(parser.raw(32))
    name, base = parser.raw(32), parser.raw(32)
    contents = bytearray(repository.chunk(base))
    place = 0
    for _ in range(parser.number()):
        place += parser.number()
        count, source = parser.number(), parser.number()
        start, end = place * BLOCK, min((place + count) * BLOCK, size)
        if source == 0:
            contents[start:end] = bytes(end - start)
        else:
            first = parser.number() * BLOCK
            contents[start:end] = repository.chunk(sources[source - 1])[first:first + end - start]
        place += count
    if any(name) and repository.name_beside(base, bytes(contents)) != name:
        raise Damaged("patched contents are not those they were named after")
    return bytes(contents)


def restore_image(repository: Repository, root: bytes, target: pathlib.Path) -> None:
    parser = Parser(repository.chunk(root), b"i")
    size, _ = parser.number(), parser.byte()
    parser.time(), parser.time(), parser.number(), parser.number()
    levels = parser.byte()
    with open(target, "wb") as file:
        file.truncate(size)

        def lowest(name: bytes, block: int) -> None:
            page = Parser(repository.chunk(name), b"m")
            sources = [page.raw(32) for _ in range(page.number())]
            while not page.is_at_end:
                tag, blocks = page.byte(), page.number()
                if tag > 0:
                    length = min(blocks * BLOCK, size - block * BLOCK)
                    contents = read_extent_of_image(repository, page, tag, length, sources)
                    if len(contents) != length:
                        raise Damaged("an extent of the wrong length")
                    file.seek(block * BLOCK)
                    file.write(contents)
                block += blocks

        def page(name: bytes, level: int, block: int) -> None:
            if level == 0:
                return lowest(name, block)
            names, span = Parser(repository.chunk(name), b"m"), BLOCKS_PER_PAGE * FAN_OUT**(level - 1)
            while not names.is_at_end:
                below = names.raw(32)
                if any(below):
                    page(below, level - 1, block)
                block += span

        if not parser.is_at_end:
            page(parser.raw(32), levels - 1, 0)


def restore_file(repository: Repository, entry: dict, path: bytes) -> None:
    with open(path, "wb") as file:
        for length, name, offset in read_list(repository, entry["extents"], b"x", read_extent):
            if name is None:
                file.seek(length, os.SEEK_CUR)
            else:
                file.write(repository.chunk(name)[offset:offset + length])
        file.truncate(entry["size"])


def restore_item(repository: Repository, entry: dict, path: bytes, seen: dict) -> None:
    kind, identity = entry["kind"], (entry["device"], entry["inode"])
    if kind != DIRECTORY and entry["flags"] & HAS_SEVERAL_NAMES:
        if identity in seen:
            return os.link(seen[identity], path, follow_symlinks=False)
        seen[identity] = path
    if kind == FILE:
        restore_file(repository, entry, path)
    elif kind == DIRECTORY:
        os.makedirs(path, exist_ok=True)
        for below in read_list(repository, entry["entries"], b"e", read_entry):
            restore_item(repository, below, os.path.join(path, below["name"]), seen)
    elif kind == LINK:
        os.symlink(entry["link"], path)
    elif kind == PIPE:
        os.mkfifo(path)
    elif kind == SOCKET:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path)
    else:
        os.mknod(path, (stat.S_IFCHR if kind == CHARACTER_DEVICE else stat.S_IFBLK) | 0o600, entry["number"])
    finish(entry, path)


def finish(entry: dict, path: bytes) -> None:
    """Owner before mode, since a change of owner clears bits; the time last."""
    if os.geteuid() == 0:
        os.chown(path, entry["owner"], entry["group"], follow_symlinks=False)
    for name, value in entry["attributes"]:
        os.setxattr(path, name, value, follow_symlinks=False)
    if entry["kind"] != LINK:
        os.chmod(path, stat.S_IMODE(entry["mode"]))
    os.utime(path, ns=(entry["modified"], entry["modified"]), follow_symlinks=False)
