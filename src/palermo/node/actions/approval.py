"""The second person's word for one step, used up when the step is taken."""

from datetime import datetime

from palermo.errors import Unknown
from palermo.node import permission, tenancy
from palermo.node.actions import audit, refusal
from palermo.node.actions.case import NONE_HERE, OVERSIGHT, SUPPORT, concealed
from palermo.node.actor import Actor
from palermo.node.models import Approval, Case
from palermo.protection.access import Decision
from palermo.protection.access_matrix import matrix
from palermo.standards import identifier

LIST_STEP = "export_team"


def give(case_id: str, *, step: str, by: Actor, now: datetime) -> Approval:
    """Approve `step` on a case; whoever may take the step but for a second person may also approve it."""
    case = sought(case_id, by=by)
    with (
        concealed(case, by=by, now=now),
        refusal.recorded("case.approve", by=by, object=f"case:{case.id}", now=now),
    ):
        case = Case.objects.select_for_update().get(pk=case.pk)
        decision = permission.ask(by, step, case=case, purpose=_purpose(by, step), now=now)
        permission.insist_but_second(decision, where=f"case {case.id}")
        given, _ = Approval.objects.get_or_create(
            case=case, agency_id=case.agency_id, step=step, by=by.name, used_at=None, defaults={"at": now}
        )
        audit.record(
            action="case.approve",
            actor=by.name,
            agency=by.agency,
            object=f"case:{case.id}",
            detail={"step": step},
            at=now,
        )
    return given


def give_for_list(*, by: Actor, now: datetime) -> Approval:
    """Approve that another supervisor of one's own agency takes out the list of its cases, once."""
    agency = by.agency
    with refusal.recorded("list.approve", by=by, object=f"agency:{agency}", now=now):
        decision = list_decision(by, now=now)
        permission.insist_but_second(decision, where=f"agency {agency}")
        given, _ = Approval.objects.get_or_create(
            case=None, agency_id=agency, step=LIST_STEP, by=by.name, used_at=None, defaults={"at": now}
        )
        audit.record(
            action="list.approve",
            actor=by.name,
            agency=agency,
            object=f"agency:{agency}",
            detail={"step": LIST_STEP},
            at=now,
        )
    return given


def take_list(*, by: Actor, now: datetime, asked: dict[str, str]) -> None:
    """Use up another's approval to take out the list of cases; the event keeps the codes asked for."""
    agency = by.agency
    with refusal.recorded("list.export", by=by, object=f"agency:{agency}", now=now):
        permission.insist(list_decision(by, now=now), where=f"agency {agency}")
        open_ones = Approval.objects.select_for_update().filter(
            case=None, agency_id=agency, step=LIST_STEP, used_at=None
        )
        open_ones.exclude(by=by.name).update(used_at=now)
        audit.record(
            action="list.export",
            actor=by.name,
            agency=agency,
            object=f"agency:{agency}",
            purpose=SUPPORT,
            detail={"asked": asked},
            at=now,
        )


def list_decision(by: Actor, *, now: datetime) -> Decision:
    """Whether `by` may take out the list of their agency's cases now."""
    given = Approval.objects.filter(case=None, agency_id=by.agency, step=LIST_STEP, used_at=None)
    return permission.ask(
        by,
        LIST_STEP,
        agency=by.agency,
        tier="T1",
        purpose=SUPPORT,
        now=now,
        approvals=frozenset(given.values_list("by", flat=True)),
    )


def sought(case_id: str, *, by: Actor) -> Case:
    """The case, whoever asks; what may be done to it is decided next. Unknown when it is not here."""
    with tenancy.acting_as(by):
        case = Case.objects.filter(pk=identifier.canonical(case_id)).first()
    if case is None:
        raise Unknown(NONE_HERE)
    return case


def _purpose(by: Actor, step: str) -> str:
    """The first purpose that any of the member's roles may take this step for."""
    return next((one for one in matrix().purposes if permission.serves(by, step, None, one)), OVERSIGHT)
