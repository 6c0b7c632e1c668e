"""What a person agreed to, taken from the record's own words into rows that the access decision asks.

`services` opens to the agency that keeps the case (or the named recipient) what it needs to identify and
support; `share` opens the same to the named recipient, and to a prosecution only where the scope says so by
the word `prosecution`; `statistics` opens counts. A consent without tiers in its scope opens nothing.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from palermo.node.models import Case, Consent
from palermo.protection.access import TIERS
from palermo.standards.answer import code, plain

PURPOSES: Mapping[str, tuple[str, ...]] = {
    "services": ("identification", "support"),
    "share": ("identification", "support"),
    "statistics": ("statistics",),
}
PROSECUTION = "prosecution"


def rows(case: Case, document: Mapping[str, Any], *, by: str, now: datetime) -> list[Consent]:
    """The consents that the document speaks of, not saved yet."""
    return [row for given in document.get("consent", ()) for row in _rows(case, given, by=by, now=now)]


def reconcile(case: Case, document: Mapping[str, Any], *, by: str, now: datetime) -> None:
    """Make the stored consents those of the document: new ones are added, missing ones are withdrawn now."""
    wanted = {_identity(row): row for row in rows(case, document, by=by, now=now)}
    for kept in case.consents.filter(withdrawn_at=None):
        asked = wanted.pop(_identity(kept), None)
        ends = asked.withdrawn_at if asked else now
        if ends:
            kept.withdrawn_at = ends
            kept.save(update_fields=["withdrawn_at"])
    known = {_identity(kept) for kept in case.consents.all()}
    Consent.objects.bulk_create(row for identity, row in wanted.items() if identity not in known)


def _identity(row: Consent) -> tuple[object, ...]:
    return (row.purpose, row.recipient, tuple(row.tiers), row.given_at, row.expires_at)


def _rows(case: Case, given: Mapping[str, Any], *, by: str, now: datetime) -> Iterator[Consent]:
    scope = [str(part) for part in given.get("scope", ())]
    tiers = sorted(set(scope) & set(TIERS))
    agreed = plain(given.get("given")) is True and code(given.get("basis")) in {"", "consent"}
    if not (agreed and tiers):
        return
    for purpose in _purposes(code(given.get("purpose")), scope):
        yield Consent(
            case=case,
            purpose=purpose,
            recipient=str(plain(given.get("recipient")) or case.agency_id),
            tiers=tiers,
            given_at=moment(plain(given.get("given_at"))) or now,
            expires_at=moment(plain(given.get("expires_at"))),
            withdrawn_at=moment(plain(given.get("withdrawn_at"))),
            recorded_by=by,
        )


def _purposes(code: str, scope: Iterable[str]) -> tuple[str, ...]:
    more = (PROSECUTION,) if code == "share" and PROSECUTION in scope else ()
    return (*PURPOSES.get(code, ()), *more)


def moment(text: Any) -> datetime | None:
    """The first moment of a day or a time as the record writes them, in UTC; None where there is none."""
    if not isinstance(text, str) or not re.match(r"\d{4}-\d{2}-\d{2}", text):
        return None
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
