"""The ledger of releases in the node's database: the rules are `prevention.release.ledger`'s."""

from dataclasses import asdict

from django.conf import settings

from palermo.node.actions import audit
from palermo.node.models import ReleaseEntry
from palermo.prevention.release.ledger import Entry, EntryState, Ledger, Limits


def limits() -> Limits:
    """The limit of a lifetime that the State has set (PALERMO_RELEASE_EPSILON), and the fixed marks."""
    return Limits(lifetime=settings.NODE.release_epsilon)


def kept() -> Ledger:
    """All entries."""
    return Ledger(tuple(_entry(row) for row in ReleaseEntry.objects.order_by("number")))


def reserve(wanted: Entry) -> Entry:
    """Reserve in the caller's transaction; of two at once the second waits, then sees what the first spent.

    Disclosive where the budget does not hold it, WrongState where the release has reserved before.
    """
    audit.wait_turn()
    return _add(kept().reserved(wanted, limits()))


def close(release: str, state: EntryState, *, at: str, cap: int | None = None, table: str = "") -> Entry:
    """Say in the caller's transaction how a release went on; nothing is given back."""
    audit.wait_turn()
    return _add(kept().closed(release, state, at=at, cap=cap, table=table))


def _add(after: Ledger) -> Entry:
    entry = after.entries[-1]
    ReleaseEntry.objects.create(number=len(after.entries), **asdict(entry))
    return entry


def _entry(row: ReleaseEntry) -> Entry:
    told = {name: getattr(row, name) for name in Entry.__slots__}
    return Entry(**told | {"state": EntryState(row.state), "approvers": tuple(row.approvers)})
