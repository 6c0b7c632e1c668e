"""Which cases are about one person: digests of whom they are about, under the node's linkage key.

A case has the key that its record gives (`linkage.person_key`), else one key for each document, telephone
number or e-mail address that stands beside a full name and an exact date of birth. Two cases with one equal
key are about one person; a case with less identity has none. Spelling is evened out as for the blind index.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from palermo.node.identifiers import identifiers, whole_name
from palermo.node.keyring import Keyring
from palermo.node.sealing import CannotUnseal, Kind, framed, normal
from palermo.standards.answer import plain

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
MORE = (Kind.DOCUMENT, Kind.PHONE, Kind.EMAIL)
_NONCE, _BYTES = 12, 16


def digests(document: Mapping[str, Any], *, ring: Keyring) -> frozenset[bytes]:
    """16 bytes for each way in which the document says whom it is about; none where it says too little."""
    key = _subkey(ring, b"digest")
    return frozenset(hmac.digest(key, said, hashlib.sha256)[:_BYTES] for said in _said(document))


def seal(digest: bytes, *, case: str, ring: Keyring) -> bytes:
    """The digest as it is stored: no two rows look alike, so that the database alone links no cases."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(_subkey(ring, b"seal")).encrypt(nonce, digest, case.encode())


class Opener:
    """Opens stored keys of any case of this node."""

    def __init__(self, ring: Keyring) -> None:
        self._cipher = AESGCM(_subkey(ring, b"seal"))

    def __call__(self, sealed: bytes, *, case: str) -> bytes:
        """The digest; CannotUnseal when it was altered or belongs to another case or node."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], case.encode())
        except (InvalidTag, ValueError):
            raise CannotUnseal(
                f"case {case}: its person key does not open. The keyring or the row is another node's. "
                "Restore both from one backup."
            ) from None


def mark(ring: Keyring, *parts: str) -> str:
    """A keyed digest of texts, for naming what must not be guessed from its name."""
    return hmac.new(_subkey(ring, b"mark"), framed(*parts), hashlib.sha256).hexdigest()


def pulp(ring: Keyring, text: str) -> bytes:
    """16 bytes that look random and are the same for the same text."""
    return hmac.digest(_subkey(ring, b"pulp"), text.encode(), hashlib.sha256)[:_BYTES]


def _said(document: Mapping[str, Any]) -> Iterator[bytes]:
    given = normal(Kind.DOCUMENT, str(plain(document.get("linkage", {}).get("person_key")) or ""))
    if given:
        yield framed("given", given)
        return
    person = document.get("person", {})
    born = str(plain(person.get("birth")) or "")
    names = {normal(Kind.NAME, whole_name(name)) for name in person.get("names", ()) if _full(name)}
    if not DAY.fullmatch(born):
        return
    for kind, value in identifiers(document):
        if kind in MORE:
            yield from (framed("identity", name, born, kind, normal(kind, value)) for name in names)


def _full(name: Mapping[str, Any]) -> bool:
    return all(any(map(str.isalnum, str(plain(name.get(part)) or ""))) for part in ("given", "family"))


def _subkey(ring: Keyring, use: bytes) -> bytes:
    return hmac.digest(ring.linkage, b"palermo linkage " + use, hashlib.sha256)
