"""Objects, keys, packs and the index: sections 1 to 5 of docs/format.md."""

import hashlib
import hmac
import json
import pathlib
import struct

import zstandard
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

PACK_MAGIC, PACK_END, SEGMENT_MAGIC, POINT_MAGIC = b"HFPACK1\n", b"HFPKEND1", b"HFINDEX1", b"HFPOINT1"
ENTRY_BYTES = 44


class Damaged(Exception):
    """Stored bytes are not what the page says they are; or the key is not theirs."""


def hkdf(secret: bytes, salt: bytes, info: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt or None, info=info.encode()).derive(secret)


def unseal(key: bytes, position: int, sealed: bytes, associated: bytes, what: str) -> bytes:
    try:
        return AESGCM(key).decrypt(struct.pack("<QI", position, 0), sealed, associated)
    except InvalidTag:
        raise Damaged(f"the seal of {what} does not hold") from None


def misnamed(folder: pathlib.Path) -> list[str]:
    """Objects whose name is not the hash of their bytes. Needs no key."""
    found = []
    for kind in ("keys", "packs", "index", "points", "locks", "prune/plans"):
        for path in sorted((folder / kind).rglob("*")):
            if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() != path.name:
                found.append(str(path.relative_to(folder)))
    return found


class Repository:
    def __init__(self, folder: pathlib.Path, key_file: str | None = None, passphrase: bytes | None = None):
        self.folder = folder
        line, proof = (folder / "config").read_bytes().split(b"\n")[:2]
        config = json.loads(line)
        added = [path.name for path in (folder / "features").iterdir()] if (folder / "features").exists() else []
        if config["format"] != 1 or set(config["features"] + added) - {"locks"}:
            raise Damaged(f"format {config['format']} with features {config['features'] + added} is not known here")
        self.masters = self._unwrap(config["id"], key_file, passphrase)
        expected = hmac.new(hkdf(self.masters[0], b"", "holdfast 1 config"), line, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), proof):
            raise Damaged("the proof of the config does not hold")
        self.packs: dict[bytes, tuple[bytes, bytes]] = {}  # name: salt, domain tag
        self.chunks: dict[bytes, tuple[int, bytes, tuple]] = {}  # name: generation, pack, entry
        self._read_index()

    def _unwrap(self, repository_id: str, key_file: str | None, passphrase: bytes | None) -> list[bytes]:
        """The master keys of all epochs that have begun."""
        folder = self.folder / "epochs"
        epochs = sorted(path for path in folder.iterdir() if len(path.name) == 10 and path.name.isdecimal()) if folder.exists() else []
        for path in sorted((self.folder / "keys").iterdir()):
            wrapping = json.loads(path.read_text())
            recipient = wrapping["recipient"]
            salt, own = bytes.fromhex(recipient["salt"]), bytes.fromhex(recipient["public"])
            if key_file is not None and recipient["kind"] == "key-file":
                word, text = key_file.split()
                if word != "holdfast-key-1":
                    raise Damaged("that is no key file")
                secret = hkdf(bytes.fromhex(text), salt, "holdfast 1 wrapping")
            elif passphrase is not None and recipient["kind"] == "passphrase":
                cost = recipient["scrypt"]
                if 128 * cost["n"] * cost["r"] > 1 << 30:
                    continue
                secret = Scrypt(salt=salt, length=32, n=cost["n"], r=cost["r"], p=cost["p"]).derive(passphrase)
            else:
                continue
            ephemeral = bytes.fromhex(wrapping["ephemeral"])
            shared = X25519PrivateKey.from_private_bytes(secret).exchange(X25519PublicKey.from_public_bytes(ephemeral))
            key = hkdf(shared, ephemeral + own, "holdfast 1 keyring")
            try:
                plain = unseal(key, 0, bytes.fromhex(wrapping["wrapped"]), repository_id.encode(), "a key")
            except Damaged:
                continue
            masters = [plain[place:place + 32] for place in range(0, len(plain), 32)]
            newest = int(epochs[-1].name) if epochs else 0
            if newest < len(masters) and (not epochs or self._has_begun(epochs[-1], masters[newest], repository_id)):
                return masters[:newest + 1]
        raise Damaged("the key does not open this repository")

    @staticmethod
    def _has_begun(path: pathlib.Path, master: bytes, repository_id: str) -> bool:
        proof = hmac.digest(hkdf(master, b"", "holdfast 1 epoch"), repository_id.encode(), "sha256").hex()
        return hmac.compare_digest(proof, path.read_text())

    def _key(self, salt: bytes, purpose: str) -> bytes:
        """The key of one object: under the master key of the epoch that its salt names."""
        epoch = int.from_bytes(salt[28:], "little")
        if epoch >= len(self.masters):
            raise Damaged(f"the key does not open epoch {epoch}")
        return hkdf(self.masters[epoch], salt, purpose)

    def _record(self, path: pathlib.Path, magic: bytes, purpose: str) -> bytes:
        record = path.read_bytes()
        if hashlib.sha256(record).hexdigest() != path.name or record[:8] != magic:
            raise Damaged(f"{path.name} is not what its name says")
        return unseal(self._key(record[8:40], purpose), 0, record[40:], magic, path.name)

    def _read_index(self) -> None:
        folder = self.folder / "index"
        for path in sorted(folder.iterdir()) if folder.exists() else []:
            body = self._record(path, SEGMENT_MAGIC, "holdfast 1 index segment")
            generation, count = struct.unpack_from("<QI", body)
            place = 12
            names = []
            for _ in range(count):
                name, salt, domain, _ = struct.unpack_from("<32s32s32sI", body, place)
                self.packs[name] = (salt, domain)
                names.append(name)
                place += 100
            for name in names:
                (entries,) = struct.unpack_from("<I", body, place)
                self._add(generation, name, body[place + 4:place + 4 + entries * ENTRY_BYTES])
                place += 4 + entries * ENTRY_BYTES
        # Packs that no segment names list themselves.
        for path in (self.folder / "packs").rglob("*"):
            if path.is_file() and bytes.fromhex(path.name) not in self.packs:
                self._read_table(path)

    def _read_table(self, path: pathlib.Path) -> None:
        pack = path.read_bytes()
        salt, (length, end) = pack[8:40], struct.unpack("<I8s", pack[-12:])
        if pack[:8] != PACK_MAGIC or end != PACK_END:
            raise Damaged(f"{path.name} is no pack")
        start = len(pack) - 12 - length
        table = unseal(self._key(salt, "holdfast 1 pack"), start, pack[start:-12], PACK_MAGIC, path.name)
        name = bytes.fromhex(path.name)
        self.packs[name] = (salt, table[:32])
        self._add(0, name, table[32:])

    def _add(self, generation: int, pack: bytes, entries: bytes) -> None:
        for name, *entry in struct.iter_unpack("<32sIII", entries):
            if name not in self.chunks or self.chunks[name][0] < generation:
                self.chunks[name] = (generation, pack, tuple(entry))

    def points(self) -> list[tuple[str, dict]]:
        folder = self.folder / "points"
        found = []
        for path in sorted(folder.iterdir()) if folder.exists() else []:
            found.append((path.name, json.loads(self._record(path, POINT_MAGIC, "holdfast 1 restore point"))))
        return sorted(found, key=lambda one: one[1]["createdAt"], reverse=True)

    def chunk(self, name: bytes) -> bytes:
        """The plain bytes of a chunk, proven by the seal and by the name."""
        if name not in self.chunks:
            raise Damaged(f"no index knows the chunk {name.hex()}")
        _, pack, (offset, stored, last) = self.chunks[name]
        salt, domain = self.packs[pack]
        with open(self.folder / "packs" / pack.hex()[:2] / pack.hex(), "rb") as file:
            file.seek(offset)
            sealed = file.read(stored)
        associated = name + struct.pack("<I", last)
        length, form = last & 0xFFFFFF, last >> 24
        plain = unseal(self._key(salt, "holdfast 1 pack"), offset, sealed, associated, f"chunk {name.hex()}")
        if form == 1:
            plain = zstandard.ZstdDecompressor().decompress(plain, max_output_size=length)
        elif form != 0:
            raise Damaged(f"form {form} is not known here")
        if len(plain) != length or self._name(domain, plain) != name:
            raise Damaged(f"the chunk {name.hex()} has other contents than its name says")
        return plain

    def _name(self, domain: bytes, plain: bytes) -> bytes:
        return hmac.digest(hkdf(self.masters[0], b"", "holdfast 1 chunk name " + domain.hex()), plain, "sha256")

    def name_beside(self, other: bytes, plain: bytes) -> bytes:
        """What a chunk of these bytes would be called in the domain of another chunk."""
        return self._name(self.packs[self.chunks[other][1]][1], plain)
