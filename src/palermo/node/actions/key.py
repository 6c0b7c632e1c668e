"""After an agency's key was rotated: its data keys wrapped anew, so that the older key can be retired."""

from datetime import datetime

from palermo.node import permission, sealing, tenancy
from palermo.node.actions import audit, sealed_part
from palermo.node.actor import Actor
from palermo.node.keyfile import current
from palermo.node.keyring import Keyring
from palermo.node.models import Case, SealedPart

BATCH = 500


def rewrap(*, agency: str, by: Actor, now: datetime) -> int:
    """Wrap every data key of `agency` under its newest key and say how many; nothing sealed is opened.

    Batches are transactions of their own, so an interrupted run goes on where it stopped.
    """
    permission.require(by, "administer", purpose="administration", now=now)
    ring, done = current(), 0
    while count := _batch(agency, ring=ring):
        done += count
    with tenancy.acting_for(agency):
        audit.record(
            action="key.rewrap",
            actor=by.name,
            agency=agency,
            object=f"agency:{agency}",
            purpose="administration",
            detail={"version": ring.keys(agency).current.number, "count": done},
            at=now,
        )
    return done


def _batch(agency: str, *, ring: Keyring) -> int:
    newest = ring.keys(agency).current.number
    older = SealedPart.objects.filter(agency=agency, shredded_at__isnull=True, key_version__lt=newest)
    with tenancy.acting_for(agency):
        parts = list(older.select_for_update().order_by("pk")[:BATCH])
        for part in parts:
            place = sealed_part.place(Case(id=part.case_id, agency_id=agency), part.tier)
            part.wrapped_key = sealing.rewrap(bytes(part.wrapped_key or b""), keyring=ring, binding=place)
            part.key_version = newest
        SealedPart.objects.bulk_update(parts, ["wrapped_key", "key_version"])
    return len(parts)
