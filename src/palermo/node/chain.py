"""The arithmetic of the audit's hash chain: link, verify, and sign its head for a copy kept elsewhere.

Each entry's link is SHA-256 over the link before it and the entry's canonical bytes. A chain alone shows any
change to someone who knows its head; whoever can write the whole table could also work out every link anew,
so heads are signed and copied off the machine, and `verify` compares them.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from palermo.errors import WrongState

START = bytes(32)
_LABEL = b"palermo audit 1\x00"
_SHOWN = 100

Entry = Sequence[Any]


class Fault(StrEnum):
    """What can be wrong with a chain."""

    EDITED = "edited"
    MISSING = "missing"
    REPEATED = "repeated"
    REORDERED = "reordered"
    TRUNCATED = "truncated"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """How far the chain had grown: the number of its last entry, counted from 1, and that entry's link."""

    number: int
    link: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault and the number of the entry where it shows."""

    fault: Fault
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How many entries were read, where the chain ends, how many faults there are and the first hundred."""

    count: int
    head: Head
    faults: int
    findings: tuple[Finding, ...]

    @property
    def whole(self) -> bool:
        return self.faults == 0


def canonical(entry: Entry) -> bytes:
    """The entry as ASCII JSON, keys sorted, moments in UTC; two entries never share bytes."""
    return _ENCODER.encode(entry).encode("ascii")


def link(prior: bytes, entry: Entry) -> bytes:
    """The link of `entry` after `prior` (`START` for the first one)."""
    return hashlib.sha256(_LABEL + prior + canonical(entry)).digest()


def verify(
    rows: Iterable[tuple[Entry, bytes]], *, heads: Iterable[Head] = (), after: Head | None = None
) -> Verdict:
    """Read rows of (entry, stored link) in stored order and report every fault; memory does not grow.

    The first item of an entry is its number. `heads` are checkpoints kept elsewhere: an entry with another
    link than its checkpoint was rewritten, a checkpoint beyond the last entry means that the chain was cut.
    `after` starts behind a checkpoint that is already trusted.
    """
    walk = _Walk(after or Head(number=0, link=START), {head.number: head.link for head in heads})
    found: list[Finding] = []
    faults = 0
    for finding in walk.findings(rows):
        faults += 1
        if len(found) < _SHOWN:
            found.append(finding)
    return Verdict(count=walk.count, head=walk.head, faults=faults, findings=tuple(found))


class _Walk:
    """One pass over the rows; after a fault it goes on from what is stored, so that each is told once."""

    def __init__(self, start: Head, kept: Mapping[int, bytes]) -> None:
        self.head, self.kept, self.count = start, kept, 0

    def findings(self, rows: Iterable[tuple[Entry, bytes]]) -> Iterator[Finding]:
        highest, prior, kept = self.head.number, self.head.link, self.kept
        for entry, stored in rows:
            self.count += 1
            number = entry[0]
            if number != highest + 1:
                yield Finding(fault=_order(number, highest), number=number)
            elif link(prior, entry) != stored:
                yield Finding(fault=Fault.EDITED, number=number)
            if number in kept and kept[number] != stored:
                yield Finding(fault=Fault.REWRITTEN, number=number)
            if number >= highest:
                highest, prior = number, stored
        self.head = Head(number=highest, link=prior)
        for number in sorted(kept):
            if number > highest:
                yield Finding(fault=Fault.TRUNCATED, number=number)


def _order(number: int, highest: int) -> Fault:
    if number > highest:
        return Fault.MISSING
    return Fault.REPEATED if number == highest else Fault.REORDERED


# -- heads that leave the machine -------------------------------------------------------------------------


def sign(head: Head, *, secret: bytes, node: str, at: datetime) -> str:
    """One line of JSON to copy off the machine: the head, the node, the moment and an Ed25519 signature."""
    body = {"at": at, "link": head.link.hex(), "node": node, "number": head.number}
    signature = Ed25519PrivateKey.from_private_bytes(secret).sign(_LABEL + canonical([body]))
    return canonical([body, {"signature": base64.b64encode(signature).decode()}]).decode()


def public_key(secret: bytes) -> bytes:
    """What to give to those who keep signed heads."""
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def signed_head(line: str, *, public: bytes, node: str) -> Head:
    """The head of a signed line; WrongState if it is another node's, altered, or signed by another key."""
    try:
        body, seal = json.loads(line)
        signature = base64.b64decode(seal["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _LABEL + canonical([body]))
        if body["node"] == node:
            return Head(number=body["number"], link=bytes.fromhex(body["link"]))
    except (ValueError, KeyError, TypeError, InvalidSignature) as error:
        raise WrongState("audit: this head was not signed by this node's key. Take another copy.") from error
    raise WrongState("audit: this head belongs to another node. Give this node's own heads.")


def _moment(value: object) -> str:
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    kind = type(value).__name__
    raise WrongState(f"audit: an entry holds texts, numbers and moments with a zone, not a {kind}.")


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False, default=_moment)
