"""The audit chain: one event for each thing done, added inside the transaction that does it."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from palermo.errors import WrongState
from palermo.node import chain, keyfile
from palermo.node.chain import Entry, Head, Verdict
from palermo.node.models import AuditEvent, AuditHead

COLUMNS = ("number", "at", "actor", "agency", "action", "object", "purpose", "detail")
FETCH = 10_000


def record(
    *,
    action: str,
    actor: str,
    agency: str = "",
    object: str = "",
    purpose: str = "",
    detail: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEvent:
    """Add one event at the end of the chain, in the caller's transaction; WrongState outside of one.

    Whoever adds holds the head's row until the transaction ends, so that numbers have no gap and no double.
    """
    if not connection.in_atomic_block:
        raise WrongState(f"audit: {action} stands outside a transaction. Open one around the action.")
    head = _locked_head()
    event = AuditEvent(
        number=head.number + 1,
        at=(at or timezone.now()).astimezone(UTC),
        actor=actor,
        agency=agency,
        action=action,
        object=object,
        purpose=purpose,
        detail=detail or {},
    )
    event.digest = chain.link(bytes(head.digest), _entry(event))
    event.save(force_insert=True)
    AuditHead.objects.filter(pk=1).update(number=event.number, digest=event.digest)
    return event


def wait_turn() -> None:
    """Queue at the end of the chain, so that two at once cannot both count as the one before the limit."""
    _locked_head()


def _locked_head() -> AuditHead:
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        AuditHead.objects.bulk_create([AuditHead(id=1, number=0, digest=chain.START)], ignore_conflicts=True)
        head = AuditHead.objects.select_for_update().get(pk=1)
    return head


def _entry(event: AuditEvent) -> Entry:
    return tuple(getattr(event, column) for column in COLUMNS)


def verify(*, heads: Iterable[Head] = ()) -> Verdict:
    """Read the whole chain in order and compare it with the head's row and with `heads` kept elsewhere.

    Finds edits, deletions, repeats, another order and a cut tail; one snapshot, memory does not grow.
    """
    with transaction.atomic():
        kept = AuditHead.objects.filter(pk=1).first()
        known = [Head(number=kept.number, link=bytes(kept.digest))] if kept and kept.number else []
        return chain.verify(_rows(), heads=[*known, *heads])


def head() -> Head:
    """Where the chain ends now."""
    kept = AuditHead.objects.filter(pk=1).first()
    return Head(number=kept.number, link=bytes(kept.digest)) if kept else Head(number=0, link=chain.START)


def signed_head(*, at: datetime) -> str:
    """Where the chain ends now, as one signed line to keep on another machine."""
    ring = keyfile.current()
    return chain.sign(head(), secret=ring.signing, node=_node(ring.signing), at=at)


def kept_head(line: str) -> Head:
    """The head of a line that `signed_head` gave; WrongState if it was altered or is another node's."""
    secret = keyfile.current().signing
    return chain.signed_head(line, public=chain.public_key(secret), node=_node(secret))


def _node(secret: bytes) -> str:
    """A node is known by its signing key."""
    return chain.public_key(secret).hex()[:16]


def _rows() -> Iterator[tuple[Entry, bytes]]:
    """Entries as they were linked, read past the object mapper: a million of them in seconds."""
    # As text: sqlite3 would make a moment of each, which costs more than to check the row.
    moment = 'CAST("at" AS TEXT)' if connection.vendor == "sqlite" else '"at"'
    columns = ", ".join(moment if column == "at" else f'"{column}"' for column in (*COLUMNS, "digest"))
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {columns} FROM "node_auditevent" ORDER BY "number"')  # noqa: S608  # constant names
        while batch := cursor.fetchmany(FETCH):
            for *entry, digest in batch:
                entry[1], entry[7] = _moment(entry[1]), _document(entry[7])
                yield entry, bytes(digest)


def _moment(stored: datetime | str) -> datetime | str:
    """As the chain takes it: SQLite's own text of a moment in UTC is put in its form, any other is read."""
    if isinstance(stored, str):
        if len(stored) == _WITH_MICROSECONDS and stored[10] == " ":
            return f"{stored[:10]}T{stored[11:]}+00:00"
        stored = datetime.fromisoformat(stored)
    return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored


_WITH_MICROSECONDS = len("2026-01-02 03:04:05.678901")


def _document(stored: Any) -> Any:
    return _read_document(stored) if isinstance(stored, str) else stored


@lru_cache(maxsize=4096)
def _read_document(text: str) -> Any:
    """Few texts stand in very many rows; nobody changes what is read here."""
    return json.loads(text)
