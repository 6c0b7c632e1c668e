"""The manifest of a pack: the SHA-256 of every file, signed with Ed25519 or saying that it is not signed."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from palermo.errors import Unreachable
from palermo.prevention.release.finding import refusal

FORMAT = "palermo-release-pack/1"
NAME = "manifest.json"
_LABEL = b"palermo release pack 1\x00"


@dataclass(frozen=True, slots=True)
class Key:
    """A private key that signs packs; it shows its public half alone."""

    _private: Ed25519PrivateKey

    def __repr__(self) -> str:
        return f"Key({self.public})"

    @property
    def public(self) -> str:
        """The public key in base64, as manifests and people pass it on."""
        return _text(self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> bytes:
        """The signature of a message."""
        return self._private.sign(message)


def key(path: Path) -> Key:
    """The key in a PEM file without a pass phrase."""
    try:
        found = load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise Unreachable(f"{path.name}: {error.strerror}. Give a key that you may read.") from error
    except (ValueError, TypeError) as error:
        raise refusal(path.name, "no-key") from error
    if not isinstance(found, Ed25519PrivateKey):
        raise refusal(path.name, "no-key")
    return Key(found)


def from_bytes(seed: bytes) -> Key:
    """The key of 32 secret bytes, as a keyring gives them."""
    return Key(Ed25519PrivateKey.from_private_bytes(seed))


def manifest(files: Mapping[str, bytes], *, key: Key | None = None) -> bytes:
    """The manifest of the files of a pack, as JSON."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "files": {name: _entry(files[name]) for name in sorted(files)},
        "public_key": key and key.public,
    }
    told["signature"] = key and _text(key.sign(message(told)))
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode()


def message(told: Mapping[str, Any]) -> bytes:
    """What is signed: all of a manifest but the signature, in one spelling."""
    signed = {name: part for name, part in told.items() if name != "signature"}
    return _LABEL + json.dumps(signed, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def opened(text: bytes) -> dict[str, Any]:
    """A manifest, if it has the form of one."""
    try:
        told = json.loads(text)
    except ValueError as error:
        raise refusal(NAME, "no-manifest") from error
    if not _formed(told):
        raise refusal(NAME, "no-manifest")
    return dict(told)


def holds(told: Mapping[str, Any]) -> bool:
    """Whether the signature of a manifest is its public key's."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(told["public_key"], validate=True))
        public.verify(base64.b64decode(told["signature"], validate=True), message(told))
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def hashed(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return sha256(content).hexdigest()


def _entry(content: bytes) -> dict[str, Any]:
    return {"sha256": hashed(content), "bytes": len(content)}


def _formed(told: Any) -> bool:
    if not isinstance(told, dict) or set(told) != {"format", "files", "public_key", "signature"}:
        return False
    signed = (told["public_key"], told["signature"])
    return (
        told["format"] == FORMAT
        and (signed == (None, None) or all(isinstance(one, str) for one in signed))
        and isinstance(told["files"], dict)
        and all(isinstance(one, dict) and set(one) == {"sha256", "bytes"} for one in told["files"].values())
    )


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
