"""The immutable attribute of files: whether this machine lets us set it, and taking it off again."""

import fcntl
import os
import pathlib
import struct

GET_FLAGS, SET_FLAGS, IMMUTABLE = 0x80086601, 0x40086602, 0x10


def _flags(file: int) -> int:
    return struct.unpack("i", fcntl.ioctl(file, GET_FLAGS, struct.pack("i", 0)))[0]


def _set(path: pathlib.Path, is_set: bool) -> None:
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        flags = _flags(file)
        wanted = flags | IMMUTABLE if is_set else flags & ~IMMUTABLE
        if wanted != flags:
            fcntl.ioctl(file, SET_FLAGS, struct.pack("i", wanted))
    finally:
        os.close(file)


def is_set(path: pathlib.Path) -> bool:
    file = os.open(path, os.O_RDONLY)
    try:
        return bool(_flags(file) & IMMUTABLE)
    except OSError:
        return False
    finally:
        os.close(file)


def can_be_set(folder: pathlib.Path) -> bool:
    """Whether the file system has the attribute and this process may change it."""
    probe = folder / "immutable-probe"
    probe.touch()
    try:
        _set(probe, True)
        return True
    except OSError:
        return False
    finally:
        _set_quietly(probe)
        probe.unlink()


def _set_quietly(path: pathlib.Path) -> None:
    try:
        _set(path, False)
    except OSError:
        pass  # No such attribute here: then it was never set.


def clear(folder: pathlib.Path) -> None:
    """Takes the attribute off every file of a repository below a folder."""
    for config in folder.rglob("config"):
        for path in config.parent.rglob("*"):
            if path.is_file() and not path.is_symlink():
                _set_quietly(path)
