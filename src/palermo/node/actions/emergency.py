"""Opening a part without consent in an emergency: one member gives a reason, another confirms or refuses."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from palermo.errors import NotAllowed, Unknown, WrongState
from palermo.node import permission, tenancy
from palermo.node.actions import audit, case_event, refusal
from palermo.node.actions.case import OVERSIGHT, SUPPORT, concealed, known
from palermo.node.actor import Actor
from palermo.node.models import Case, EmergencyOpening, EmergencyReason
from palermo.protection.access import Decision, Reason
from palermo.protection.access_matrix import matrix


def open(
    case_id: str, *, tiers: Sequence[str], reason: str, by: Actor, now: datetime, purpose: str = SUPPORT
) -> EmergencyOpening:
    """An opening of these tiers for `by`, which lapses unless a second person confirms it in time.

    NotAllowed when more than consent is missing; WrongState when nothing is missing at all.
    """
    case = known(case_id, by=by, now=now)
    if reason not in EmergencyReason.values:
        raise Unknown(f"Not a reason for an emergency. Use one of: {', '.join(EmergencyReason.values)}.")
    with refusal.recorded("case.emergency", by=by, object=f"case:{case.id}", purpose=purpose, now=now):
        _permit(case, _decisions(case, tiers=tiers, by=by, now=now, purpose=purpose))
        opening = EmergencyOpening.objects.create(
            case=case, member=by.name, tiers=sorted(tiers), reason=reason, opened_at=now
        )
        payload = {"tiers": sorted(tiers), "reason": reason}
        case_event.append(case, kind="emergency", payload=payload, by=by, now=now)
        audit.record(
            action="case.emergency",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}",
            purpose=purpose,
            detail=payload,
            at=now,
        )
    return opening


def _decisions(case: Case, *, tiers: Sequence[str], by: Actor, now: datetime, purpose: str) -> list[Decision]:
    return [
        permission.ask(by, "read", case=case, tier=tier, purpose=purpose, now=now) for tier in sorted(tiers)
    ]


def _permit(case: Case, decisions: Sequence[Decision]) -> None:
    if not any(decision.reasons for decision in decisions):
        raise WrongState(f"case {case.id}: these parts open without an emergency. Open them with a purpose.")
    against = [one for one in decisions if one.reasons not in ((), (Reason.CONSENT,))]
    if against:
        raise permission.refusal(case, against)


def waiting(*, by: Actor, now: datetime) -> list[EmergencyOpening]:
    """Openings that wait for a second person and that `by` could answer."""
    due = now - timedelta(hours=matrix().rules["second_within_hours"])
    unanswered = EmergencyOpening.objects.filter(second="", opened_at__gt=due, opened_at__lte=now)
    return [one for one in unanswered.select_related("case") if not against(one, by=by, now=now)]


def against(opening: EmergencyOpening, *, by: Actor, now: datetime) -> tuple[str, ...]:
    """The codes of what stands against `by` being the second person; an empty tuple means go.

    The second is another member: a supervisor of the team, or the agency's data-protection officer.
    """
    case = opening.case
    due = opening.opened_at + timedelta(hours=matrix().rules["second_within_hours"])
    supervises = permission.ask(by, "approve", case=case, purpose=SUPPORT, now=now)
    oversees = permission.ask(by, "inspect", case=case, tier="T2", purpose=OVERSIGHT, now=now)
    rules = {
        "not-second": by.name == opening.member,
        "not-overseer": not (supervises or oversees),
        "answered": bool(opening.second),
        "lapsed": now >= due,
    }
    return tuple(code for code, applies in rules.items() if applies)


def answer(opening_id: int, *, confirm: bool, by: Actor, now: datetime) -> EmergencyOpening:
    """The second person confirms or refuses; a refusal ends the opening at once."""
    with tenancy.acting_as(by):
        opening = EmergencyOpening.objects.select_related("case").filter(pk=opening_id).first()
    if opening is None:
        raise Unknown(_NONE_HERE)
    case = opening.case
    verb = "confirm" if confirm else "refuse"
    with (
        concealed(case, by=by, now=now, instead=_NONE_HERE),
        refusal.recorded(f"case.emergency.{verb}", by=by, object=f"case:{case.id}", now=now),
    ):
        locked = EmergencyOpening.objects.select_for_update().select_related("case").get(pk=opening.pk)
        _answerable(locked, against(locked, by=by, now=now))
        locked.second, locked.second_at, locked.refused = by.name, now, not confirm
        locked.save(update_fields=["second", "second_at", "refused"])
        case_event.append(case, kind=f"emergency-{verb}", payload={"opening": locked.pk}, by=by, now=now)
        audit.record(
            action=f"case.emergency.{verb}",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}",
            detail={"opening": locked.pk},
            at=now,
        )
    return locked


_NONE_HERE = "No emergency opening by that number here."


def _answerable(opening: EmergencyOpening, reasons: tuple[str, ...]) -> None:
    where = f"case {opening.case_id}, emergency {opening.pk}"
    if {"not-second", "not-overseer"} & set(reasons):
        raise NotAllowed(
            f"{where}: another person must answer: a supervisor of the team or a data-protection officer.",
            reasons,
        )
    if reasons:
        raise WrongState(f"{where}: was answered already or has lapsed ({', '.join(reasons)}).")
