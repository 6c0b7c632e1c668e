"""National plans: taken in from a file, reported on, carried over, withdrawn; what they were before is kept.

The audit names the plan by its reference and the action by its id, never what was said.
"""

import hashlib
import io
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from palermo.appraisal.plan import carry as carrying
from palermo.appraisal.plan import form, mapping, outline, sheet, stored
from palermo.appraisal.plan.pieces import Outline
from palermo.appraisal.plan.plan import Action, Plan, Report
from palermo.errors import InvalidRecord, Problem, Unknown, WrongState
from palermo.node import permission
from palermo.node.actions import audit, refusal
from palermo.node.actor import Actor
from palermo.node.models import NationalPlan, PlanFile, PlanQuerySet, PlanVersion
from palermo.standards import identifier

STATISTICS = "statistics"
KEEP = "keep_plan"
LARGEST = 25 * 1024 * 1024
NONE_HERE = "No plan by that reference here. Go back to the list of plans."
NO_FILE = "No file by that reference here. Go back to the list of plans and upload it again."
SHEETS = (".xlsx", ".ods")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A file that somebody gave."""

    name: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def visible(by: Actor, *, now: datetime) -> PlanQuerySet:
    """The plans that `by` may see: all of the node for who keeps plans, else none."""
    allowed = permission.ask(by, KEEP, purpose=STATISTICS, now=now)
    found: PlanQuerySet = NationalPlan.objects.all() if allowed else NationalPlan.objects.none()
    return found


def known(reference: str, *, by: Actor, now: datetime) -> NationalPlan:
    """The plan if `by` may see it; Unknown, the same for one that is not here, otherwise."""
    found = visible(by, now=now).filter(pk=reference).first()
    if found is None:
        raise Unknown(NONE_HERE)
    return found


def file(reference: str, *, by: Actor, now: datetime) -> PlanFile:
    """A file if `by` may see it."""
    allowed = permission.ask(by, KEEP, purpose=STATISTICS, now=now)
    found = PlanFile.objects.filter(pk__startswith=reference).first() if allowed and reference else None
    if found is None:
        raise Unknown(NO_FILE)
    return found


def action(plan: Plan, id: str) -> Action:
    """One action of a plan by its id."""
    found = next((one for one in plan.actions if one.id == id), None)
    if found is None:
        raise Unknown("No action by that id in this plan. Go back to the plan.")
    return found


def add(given: Attached, *, by: Actor, now: datetime) -> NationalPlan | PlanFile:
    """The plan of a spreadsheet; of a written one its file, which waits for its mapping.

    The plan of the same State and id is changed and keeps its version before, with the reports made here.
    The same file again changes nothing. InvalidRecord names every fault of the file.
    """
    with _step("add", by=by, now=now):
        _check_size(given)
        if not given.name.lower().endswith(SHEETS):
            outline.read(io.BytesIO(given.content), name=given.name)
            return _kept(given, by=by, now=now)
        read = sheet.read(io.BytesIO(given.content), as_of=_today(now), name=given.name)
        return _put(read.plan, _kept(given, by=by, now=now), left=_noted(read.notes), by=by, now=now)


def outlined(held: PlanFile) -> Outline:
    """The outline of a written plan."""
    return outline.read(io.BytesIO(bytes(held.content)), name=held.name)


def confirm(reference: str, chosen: Mapping[str, Any], *, by: Actor, now: datetime) -> NationalPlan:
    """The plan of a written document, read as a person mapped it; what was not used is kept beside it."""
    with _step("confirm", by=by, now=now):
        held = file(reference, by=by, now=now)
        found = outlined(held)
        chart = mapping.confirmed(chosen, found)
        plan = outline.planned(found, chart, as_of=_today(now))
        left = [{"place": f"{one.start}-{one.end}", "text": one.text} for one in outline.left(found, chart)]
        return _put(plan, held, left=left, by=by, now=now)


def report(
    reference: str,
    id: str,
    told: Report,
    *,
    attached: Attached | None = None,
    by: Actor,
    now: datetime,
) -> NationalPlan:
    """Add a report of progress on an action, with the document that shows it."""
    with _step("report", by=by, now=now, reference=reference):
        one = _locked(reference, by=by, now=now)
        plan = stored.plan(one.document)
        action(plan, id)
        if told.on > _today(now):
            raise InvalidRecord(f"plan {reference}", [_LATER])
        if attached:
            _check_size(attached)
            kept = _kept(attached, by=by, now=now)
            told = replace(told, document=f"{kept.name} ({kept})")
        actions = tuple(
            replace(each, reports=(*each.reports, told)) if each.id == id else each for each in plan.actions
        )
        return _changed(one, replace(plan, actions=actions), "report", by=by, now=now, action=id)


def carry(reference: str, *, into: str, by: Actor, now: datetime) -> tuple[NationalPlan, int]:
    """The plan `into` with what the other left undone, and how many actions those are."""
    with _step("carry", by=by, now=now, reference=reference):
        old = stored.plan(known(reference, by=by, now=now).document)
        one = _locked(into, by=by, now=now)
        new = stored.plan(one.document)
        count = len(carrying.carried(old, new))
        made = _changed(one, carrying.joined(old, new), "carry", by=by, now=now, actions=count)
        return made, count


def withdraw(reference: str, *, reason: str, by: Actor, now: datetime) -> NationalPlan:
    """Take a plan back: it stays with its reason, and the appraisal stops citing it."""
    with _step("withdraw", by=by, now=now, reference=reference):
        one = _locked(reference, by=by, now=now)
        one.withdrawn_by, one.withdrawn_at, one.withdrawn_reason = by.name, now, reason.strip()
        one.save()
        _note("withdraw", one, by=by, now=now)
    return one


@contextmanager
def _step(verb: str, *, by: Actor, now: datetime, reference: str = "") -> Iterator[None]:
    with refusal.recorded(f"plan.{verb}", by=by, object=f"plan:{reference}", purpose=STATISTICS, now=now):
        permission.require(by, KEEP, purpose=STATISTICS, now=now)
        yield


def _locked(reference: str, *, by: Actor, now: datetime) -> NationalPlan:
    known(reference, by=by, now=now)
    one = NationalPlan.objects.select_for_update().get(pk=reference)
    if one.withdrawn_at:
        raise WrongState(f"plan {reference}: was withdrawn. Import it again to go on with it.")
    return one


def _put(plan: Plan, held: PlanFile, *, left: list[Any], by: Actor, now: datetime) -> NationalPlan:
    standing = NationalPlan.objects.standing().select_for_update()
    one = standing.filter(state=plan.state, code=plan.id).first()
    if one is None:
        made = NationalPlan.objects.create(
            id=identifier.make(secrets.token_bytes),
            file=held,
            document=stored.document(plan),
            left=left,
            changed_by=by.name,
            changed_at=now,
        )
        _note("add", made, by=by, now=now, actions=len(plan.actions))
        made.refresh_from_db()
        return made
    before = stored.plan(one.document)
    whole = _with_reports(plan, before)
    if one.file_id == held.pk and (whole == before or held.name.lower().endswith(SHEETS)):
        return one
    one.file, one.left = held, left
    return _changed(one, whole, "change", by=by, now=now)


def _with_reports(plan: Plan, before: Plan) -> Plan:
    """The new plan with the reports that its actions had here and that its file does not hold."""
    told = {one.id: one.reports for one in before.actions}
    actions = tuple(
        replace(one, reports=tuple(dict.fromkeys((*told.get(one.id, ()), *one.reports))))
        for one in plan.actions
    )
    return replace(plan, actions=actions)


def _changed(
    one: NationalPlan, plan: Plan, verb: str, *, by: Actor, now: datetime, **detail: Any
) -> NationalPlan:
    """The plan in its new version; the version before is kept as it was."""
    before = NationalPlan.objects.values("document", "changed_by", "changed_at").get(pk=one.pk)
    PlanVersion.objects.create(
        plan=one,
        number=one.version,
        document=before["document"],
        by=before["changed_by"],
        at=before["changed_at"],
    )
    one.document, one.version = stored.document(plan), one.version + 1
    one.changed_by, one.changed_at = by.name, now
    one.save()
    _note(verb, one, by=by, now=now, **detail)
    one.refresh_from_db()
    return one


def _kept(given: Attached, *, by: Actor, now: datetime) -> PlanFile:
    """The file, once: the same bytes are the same file."""
    found, _new = PlanFile.objects.get_or_create(
        id=given.digest,
        defaults={
            "name": given.name[-200:],
            "content": given.content,
            "added_by": by.name,
            "added_at": now,
        },
    )
    return found


def _check_size(given: Attached) -> None:
    if len(given.content) > LARGEST:
        raise form.refusal(given.name, "too-long", limit=f"{LARGEST:,}")


def _noted(notes: tuple[Problem, ...]) -> list[dict[str, str]]:
    return [{"place": one.path, "text": one.wrong, "text_fr": one.wrong_fr} for one in notes]


def _today(now: datetime) -> date:
    return now.date()


def _note(verb: str, one: NationalPlan, *, by: Actor, now: datetime, **detail: Any) -> None:
    audit.record(
        action=f"plan.{verb}",
        actor=by.name,
        agency=by.agency,
        object=f"plan:{one.pk}",
        purpose=STATISTICS,
        detail={"version": one.version, **detail},
        at=now,
    )


_LATER = Problem(
    rule="plan-report-later",
    path="on",
    wrong="The day lies in the future.",
    remedy="Give the day of the report, today or before.",
    wrong_fr="Le jour est à venir.",
    remedy_fr="Donnez le jour du compte rendu, aujourd’hui ou avant.",
)
