"""Moving a case along its three tracks: what the state allows, who may, and the step itself."""

from collections.abc import Mapping
from datetime import datetime

from palermo.errors import WrongState
from palermo.node import permission
from palermo.node.actions import audit, case_event, refusal
from palermo.node.actions.case import SUPPORT, known, save
from palermo.node.actor import Actor
from palermo.node.models import Approval, Case
from palermo.protection import track
from palermo.protection.access import Decision
from palermo.protection.track import NEXT, Step, Track
from palermo.standards.answer import code

IDENTIFY = "identification"

# The steps that need more than writing on the case: the action of the access matrix that each one is.
DEEDS: Mapping[Step, str] = {
    Step(track=Track.IDENTIFICATION, to="presumed"): "presume",
    Step(track=Track.IDENTIFICATION, to="rg_positive"): "decide_grounds",
    Step(track=Track.IDENTIFICATION, to="rg_negative"): "decide_grounds",
    Step(track=Track.IDENTIFICATION, to="reconsideration"): "decide_grounds",
    Step(track=Track.IDENTIFICATION, to="recognised"): "decide_grounds",
    Step(track=Track.IDENTIFICATION, to="not_recognised"): "decide_grounds",
    Step(track=Track.SUPPORT, to="closed"): "approve",
}
PURPOSES: Mapping[Track, str] = {
    Track.IDENTIFICATION: IDENTIFY,
    Track.SUPPORT: SUPPORT,
    Track.SAFETY: SUPPORT,
}


def next_steps(case: Case) -> tuple[Step, ...]:
    """Every step that may follow the case's present states, whoever takes it."""
    states = case_event.recorded(case.record)
    return tuple(Step(track=name, to=to) for name in Track for to in NEXT[name].get(states[name], ()))


def against(case: Case, to: Step) -> tuple[str, ...]:
    """The reasons of the case's present state against a step; an empty tuple means go."""
    state = case_event.recorded(case.record)[to.track]
    return track.against(to.track, state=state, to=to.to, child=is_child(case))


def may(by: Actor, case: Case, to: Step, *, now: datetime) -> Decision:
    """Whether `by` may take this step at all."""
    deed = DEEDS.get(to)
    return permission.ask(
        by, deed or "write", case=case, tier=None if deed else "T1", purpose=_purpose(by, to, deed), now=now
    )


def _purpose(by: Actor, to: Step, deed: str | None) -> str:
    """The authority that decides acts to identify, whichever track it touches."""
    identifies = permission.serves(by, deed or "write", None if deed else "T1", IDENTIFY)
    supports = permission.serves(by, deed or "write", None if deed else "T1", SUPPORT)
    return IDENTIFY if identifies and not supports else PURPOSES[to.track]


def move(case_id: str, *, to: Step, by: Actor, now: datetime, why: str = "") -> Case:
    """Move one track of a case; WrongState with the reasons when its present state does not permit it.

    `why` is a code. A decision on grounds uses up the second person's approval of `decide_grounds`.
    """
    case = known(case_id, by=by, now=now)
    where = f"case:{case.id}"
    with refusal.recorded("case.move", by=by, object=where, now=now):
        case = Case.objects.select_for_update().get(pk=case.pk)
        permission.insist(may(by, case, to, now=now), where=f"case {case.id}")
        _step(case, to, by=by, now=now, why=why)
        audit.record(
            action="case.move",
            actor=by.name,
            agency=by.agency,
            object=where,
            detail={"track": to.track.value, "to": to.to},
            at=now,
        )
    return case


def _step(case: Case, to: Step, *, by: Actor, now: datetime, why: str) -> None:
    reasons = against(case, to)
    if reasons:
        state = case_event.recorded(case.record)[to.track]
        raise WrongState(
            f"case {case.id}, {to.track.value}: from {state} to {to.to} is refused ({', '.join(reasons)}). "
            f"Possible now: {', '.join(NEXT[to.track].get(state, ())) or 'none'}."
        )
    payload = {"track": to.track.value, "to": to.to, "why": why}
    case_event.append(case, kind="moved", payload=payload, by=by, now=now)
    case.record.setdefault("case", {})[to.track.value] = {"value": to.to, "state": "answered"}
    save(case, now=now)
    Approval.objects.filter(case=case, step=DEEDS.get(to, ""), used_at=None).update(used_at=now)


def is_child(case: Case) -> bool:
    """Under 18, or presumed to be."""
    return code(case.record.get("person", {}).get("child_flag")) in {"child", "presumed"}
