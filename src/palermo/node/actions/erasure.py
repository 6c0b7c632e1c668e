"""Erasing one person: what is sealed loses its keys for ever, coded facts and the audit stay."""

from datetime import datetime

from django.db import connection, transaction

from palermo.errors import WrongState
from palermo.node import permission
from palermo.node.actions import audit, case_event, refusal
from palermo.node.actions.approval import sought
from palermo.node.actions.case import OVERSIGHT, concealed
from palermo.node.actor import Actor
from palermo.node.models import Case, SealedTier, StandingKind

STEP = "erase"


def erase(case_id: str, *, by: Actor, now: datetime) -> Case:
    """Crypto-shred one person: sealed parts lose key and text, look-up tokens, person keys and the person's
    sign-in go.

    Needs another person's approval of the step `erase` (see `approval.give`). WrongState when done already.
    """
    case = sought(case_id, by=by)
    with (
        concealed(case, by=by, now=now),
        refusal.recorded("case.erase", by=by, object=f"case:{case.id}", purpose=OVERSIGHT, now=now),
    ):
        case = Case.objects.select_for_update().get(pk=case.pk)
        permission.require(by, STEP, case=case, purpose=OVERSIGHT, now=now)
        if case.erased_at:
            raise WrongState(f"case {case.id}: the person was erased on {case.erased_at:%Y-%m-%d} already.")
        _shred(case, now=now)
        transaction.on_commit(_empty_log)
        case.approvals.filter(step=STEP, used_at=None).update(used_at=now)
        case_event.append(case, kind="erased", payload={"tiers": SealedTier.values}, by=by, now=now)
        audit.record(
            action="case.erase",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}",
            purpose=OVERSIGHT,
            at=now,
        )
    return case


def _empty_log() -> None:
    """SQLite's write-ahead log holds what a page was before, as long as anyone has the database open."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _shred(case: Case, *, now: datetime) -> None:
    case.sealed_parts.update(wrapped_key=None, ciphertext=None, shredded_at=now)
    case.blind_tokens.all().delete()
    case.person_keys.all().delete()
    case.standings.filter(kind=StandingKind.PERSON).delete()
    case.erased_at = now
    case.updated_at = now
    case.save(update_fields=["erased_at", "updated_at"])
