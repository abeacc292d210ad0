"""A second reader of Holdfast repositories, written from docs/format.md alone.

    holdfast_reader.py list    --repository DIR (--key-file F | --passphrase-file F)
    holdfast_reader.py restore --repository DIR (--key-file F | --passphrase-file F) ID --target PATH
    holdfast_reader.py verify  --repository DIR

It lists and gives back; it never writes to a repository. `verify` needs no key: every name is the hash of its object.
It needs `cryptography` and `zstandard`. Speed is not its purpose: it shows that the page says all there is to say.
"""

import argparse
import json
import pathlib
import sys

import objects
import trees


def open_repository(options) -> objects.Repository:
    if options.key_file:
        return objects.Repository(options.repository, key_file=options.key_file.read_text())
    first = options.passphrase_file.read_bytes().splitlines()[0]
    return objects.Repository(options.repository, passphrase=first)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("verb", choices=["list", "restore", "verify"])
    parser.add_argument("id", nargs="?")
    parser.add_argument("--repository", type=pathlib.Path, required=True)
    parser.add_argument("--key-file", type=pathlib.Path)
    parser.add_argument("--passphrase-file", type=pathlib.Path)
    parser.add_argument("--target", type=pathlib.Path)
    options = parser.parse_args()
    if options.verb == "verify":
        damaged = objects.misnamed(options.repository)
        for key in damaged:
            print(key)
        return 1 if damaged else 0
    repository = open_repository(options)
    if options.verb == "list":
        print(json.dumps([{"id": name, **point} for name, point in repository.points()], indent=2, sort_keys=True))
        return 0
    found = [point for name, point in repository.points() if options.id and name.startswith(options.id)]
    if len(found) != 1 or options.target is None:
        parser.error("restore takes the id of one restore point, and a --target")
    trees.restore(repository, found[0], options.target)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except objects.Damaged as damage:
        sys.exit(f"holdfast_reader: {damage}")
