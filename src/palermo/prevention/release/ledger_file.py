"""The ledger as a file: one JSON line an entry, added under a lock, chained by hash, flushed to the disk.

A line begins with what it reserves. Where the last line broke off (power, a full disk), the next to write
ends it and counts what it says; where it does not say so much, all that a lifetime had left, which is the
most that it can have reserved.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from palermo.errors import Unreachable, WrongState
from palermo.prevention.release import budget, cohort
from palermo.prevention.release.ledger import MOST_DELTA, Entry, EntryState, Ledger, Limits
from palermo.standards import lockfile

START = "0" * 64
_LABEL = b"palermo release ledger 1\x00"
_BEGINS = b'{"rho_micro":'
_RESERVES = re.compile(rb'\{"rho_micro":(\d{1,15}),')


@dataclass(frozen=True, kw_only=True)
class Kept:
    """The ledger of a file, the link of its last line (to keep elsewhere), and what stands behind that."""

    ledger: Ledger
    link: str
    torn: bytes | None = None
    ended: bool = True


def read(path: Path, limits: Limits | None = None) -> Kept:
    """What the file says; empty where there is none. WrongState where a line was changed, lost or moved.

    A line that broke off is counted, under these limits, though nothing is written.
    """
    with lockfile.held(_lock(path)):
        kept = _kept(path)
    return kept if kept.torn is None else _settled(kept, limits or Limits(), at="")


def reserve(path: Path, wanted: Entry, limits: Limits) -> Kept:
    """Reserve, before the first query; when this returns, the line is on the disk.

    Disclosive where the budget does not hold it; Unreachable where it cannot be written, and then what was
    written of it is spent all the same.
    """
    with _writing(path, limits, at=wanted.at) as kept:
        kept.ledger.reserved(wanted, limits)
        return _added(path, kept, wanted)


def close(
    path: Path, release: str, state: EntryState, *, at: str, cap: int | None = None, table: str = ""
) -> Kept:
    """Say how a release went on; nothing is given back."""
    with _writing(path, Limits(), at=at) as kept:
        after = kept.ledger.closed(release, state, at=at, cap=cap, table=table)
        return _added(path, kept, after.entries[-1])


@contextmanager
def _writing(path: Path, limits: Limits, *, at: str) -> Iterator[Kept]:
    """The ledger for as long as nobody else may write; a line that broke off is ended and counted first."""
    with lockfile.held(_lock(path)):
        kept = _kept(path)
        if kept.torn is not None:
            settled = _settled(kept, limits, at=at)
            kept = _added(path, kept, settled.ledger.entries[-1])
        yield kept


def _lock(path: Path) -> Path:
    return path.with_name(f"{path.name}.lock")


def _kept(path: Path) -> Kept:
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        content = b""
    except OSError as error:
        raise _unreachable(path, error) from error
    return _parsed(path, content)


def _parsed(path: Path, content: bytes) -> Kept:
    lines = content.split(b"\n")
    ended = not lines[-1]
    entries, link, torn = [], START, None
    for number, line in enumerate(lines[:-1] if ended else lines, start=1):
        entry = _entry(line, after=link if torn is None else _link(link, torn))
        if entry and (entry.state is EntryState.TORN) == (torn is not None):
            entries.append(entry)
            link, torn = json.loads(line)["link"], None
        elif not entries and torn is None and not _begun(line):
            raise _foreign(path)
        elif _complete(line):
            raise _altered(path, number)
        else:
            torn = line if torn is None else torn + b"\n" + line
    return Kept(ledger=Ledger(tuple(entries)), link=link, torn=torn, ended=ended)


def _begun(line: bytes) -> bool:
    """Whether a line may be the beginning of a ledger's first, or what a power cut left in its place."""
    known = line.rstrip(b"\0")
    return known.startswith(_BEGINS) or _BEGINS.startswith(known)


def _complete(line: bytes) -> bool:
    """Whether nothing broke off of a line, so that somebody must have changed it."""
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _entry(line: bytes, *, after: str) -> Entry | None:
    """The entry of a line that follows that link; None where it does not."""
    try:
        found: dict[str, Any] = json.loads(line)
        link = found.pop("link")
        if _link(after, _body(found)) != link:
            return None
        return Entry(**found | {"state": EntryState(found["state"]), "approvers": tuple(found["approvers"])})
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _settled(kept: Kept, limits: Limits, *, at: str) -> Kept:
    """With the line that broke off counted."""
    said = _RESERVES.match(kept.torn or b"")
    most = budget.rho(limits.lifetime, MOST_DELTA) - kept.ledger.spent
    torn = Entry(
        rho_micro=max(int(said[1]) if said else most, 0),
        release=f"torn-{len(kept.ledger.entries) + 1}",
        purpose="",
        delta=MOST_DELTA,
        epsilon=0.0,
        lifetime=limits.lifetime,
        version="",
        schema_hash="",
        cohort=cohort.WHOLE,
        approvers=(),
        at=at,
        state=EntryState.TORN,
    )
    return replace(kept, ledger=Ledger((*kept.ledger.entries, torn)))


def _added(path: Path, kept: Kept, entry: Entry) -> Kept:
    """Add one line in one write, and leave it on the disk; behind a line that broke off, end that first."""
    document = asdict(entry)
    link = _link(kept.link if kept.torn is None else _link(kept.link, kept.torn), _body(document))
    line = _body(document | {"link": link}) + b"\n"
    _append(path, line if kept.ended else b"\n" + line)
    return Kept(ledger=Ledger((*kept.ledger.entries, entry)), link=link)


def _append(path: Path, text: bytes) -> None:
    try:
        new = not path.exists()
        with path.open("ab", buffering=0) as file:
            written = file.write(text)
            os.fsync(file.fileno())
        if new:
            _fsync_folder(path.absolute().parent)
    except OSError as error:
        raise _unreachable(path, error) from error
    if written != len(text):
        raise Unreachable(f"{path}: the disk took half a line. Make room; what it says counts as spent.")


def _fsync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _body(document: dict[str, Any]) -> bytes:
    """The line's JSON; what it reserves stands first, whatever else breaks off."""
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"), allow_nan=False).encode()


def _link(prior: str, body: bytes) -> str:
    return hashlib.sha256(_LABEL + prior.encode() + body).hexdigest()


def _unreachable(path: Path, error: OSError) -> Unreachable:
    return Unreachable(f"{path}: {error.strerror}. Give a ledger in a folder that you may write to.")


def _foreign(path: Path) -> WrongState:
    return WrongState(
        f"{path}: it is no ledger of releases, and nothing is written to it. Give the ledger, or a new name."
    )


def _altered(path: Path, number: int) -> WrongState:
    return WrongState(
        f"{path}, line {number}: it does not follow the line before; a line was changed, lost or moved. "
        "Take the ledger from its last whole copy."
    )
