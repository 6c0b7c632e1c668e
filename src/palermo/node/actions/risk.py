"""The risk report on a release: worked out by the worker, read and signed by a data-protection officer.

It is made of the real records after the pack is done, costs no budget, and can be made again if it is cut
off. The comparison with the real table is asked by name each time, and the audit keeps who asked.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from palermo import __version__
from palermo.errors import PalermoError, Problem, Unknown, WrongState
from palermo.node import (
    permission,
    progress,
    release_cases,
    release_pack,
    release_question,
    release_risk,
    tenancy,
)
from palermo.node.actions import audit, ledger, refusal
from palermo.node.actions import release as releases
from palermo.node.actor import Actor
from palermo.node.models import Release, ReleaseQuerySet, RiskReport, RiskState
from palermo.node.release_question import ReleaseQuestion
from palermo.node.release_words import PROBLEMS
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.persons import Persons
from palermo.protection.access import Decision, Role
from palermo.standards import identifier

if TYPE_CHECKING:
    from palermo.prevention.release.compare import Comparison

REVIEW, SIGN, OVERSIGHT = "review_release", "sign_risk", "oversight"
NONE_HERE = "No release by that reference here. Check it, or choose one from the list of risk reports."
Clock = Callable[[], datetime]
Build = Callable[[Release, ReleaseQuestion, Secret[Persons], release_risk.Moved], Mapping[str, Any]]


def allowed(by: Actor, *, now: datetime) -> Decision:
    """The decision on reading reports, for the purpose that the member's role serves."""
    return _ask(by, REVIEW, purpose=_purpose(by), now=now)


def visible(by: Actor, *, now: datetime) -> ReleaseQuerySet:
    """The releases whose reports `by` may read: all that were made, else none."""
    made = Release.objects.exclude(digest="")
    return made if allowed(by, now=now) else Release.objects.none()


def unread(by: Actor, *, now: datetime) -> int:
    """How many reports wait to be signed by `by`; none where signing is not theirs."""
    return RiskReport.objects.unread().count() if may_sign(by, now=now) else 0


def known(release_id: str, *, by: Actor, now: datetime) -> Release:
    """The release if `by` may read its report; Unknown, the same for one that is not here, otherwise."""
    found = visible(by, now=now).filter(pk=identifier.canonical(release_id)).first()
    if found is None:
        raise Unknown(NONE_HERE)
    return found


def of(one: Release) -> RiskReport | None:
    """The report on a release, if one was asked for."""
    return RiskReport.objects.filter(release=one).first()


def put(one: Release, *, now: datetime) -> RiskReport | None:
    """Ask for a report on a release that was just made; None where it has nothing to report on."""
    if not release_risk.reportable(one):
        return None
    return RiskReport.objects.get_or_create(release=one, defaults={"asked_at": now})[0]


def ask(release_id: str, *, by: Actor, now: datetime) -> RiskReport:
    """Have a report worked out that there is not, or that failed; `jobs.put_risk` queues it."""
    one = known(release_id, by=by, now=now)
    with _step("ask", one, by=by, now=now):
        permission.insist(allowed(by, now=now), where=f"release {one.id}")
        held = RiskReport.objects.select_for_update().filter(release=one).first()
        _insist(against_asking(one, held), one)
        report = held or RiskReport(release=one)
        report.state, report.fault, report.progress, report.asked_at = RiskState.WAITING, "", 0.0, now
        report.save()
    return report


def sign(release_id: str, *, by: Actor, now: datetime) -> RiskReport:
    """An officer's word that they have read the report and know what it does not show."""
    one = known(release_id, by=by, now=now)
    with _step("sign", one, by=by, now=now):
        permission.insist(_ask(by, SIGN, purpose=OVERSIGHT, now=now), where=f"release {one.id}")
        held = RiskReport.objects.select_for_update().filter(release=one)
        _insist(against_signing(held.first()), one)
        report = held.get()
        report.read_by, report.read_at = by.name, now
        report.save()
    return report


def may_sign(by: Actor, *, now: datetime) -> bool:
    """Whether signing is this member's."""
    return bool(_ask(by, SIGN, purpose=OVERSIGHT, now=now))


def may_release(by: Actor, *, now: datetime) -> bool:
    """Whether the page of the release itself is this member's."""
    decision = _ask(by, releases.RELEASE, purpose=releases.STATISTICS, tier=releases.TIER, now=now)
    return decision.allowed or decision.awaits_second


def against_asking(one: Release, report: RiskReport | None) -> tuple[Problem, ...]:
    """Why no report can be worked out now; empty means go."""
    if report is not None and report.state != RiskState.FAILED:
        return (PROBLEMS["risk-there"],)
    return () if release_risk.reportable(one) else (PROBLEMS["risk-nothing"],)


def against_signing(report: RiskReport | None) -> tuple[Problem, ...]:
    """Why the report cannot be signed now; empty means go."""
    if report is None or report.state != RiskState.DONE:
        return (PROBLEMS["risk-not-done"],)
    return (PROBLEMS["risk-signed"],) if report.read_at else ()


def compare(release_id: str, *, by: Actor, now: datetime) -> "Comparison":
    """The release beside the real table: a query of the real records, which the audit keeps."""
    from palermo.prevention.release import compare, packed

    one = known(release_id, by=by, now=now)
    with _step("compare", one, by=by, now=now):
        permission.insist(allowed(by, now=now), where=f"release {one.id}")
    asked = release_question.read(one.question)
    held = packed.read(release_pack.place(one), asked.schema)
    return compare.compared(release_cases.taken(asked, now=now).persons, held.figures, asked.schema)


def carry_out(one: RiskReport, *, clock: Clock, build: Build = release_risk.built) -> RiskReport:
    """Work the report out; cut off at any moment it can be done again, and a done one stays as it is."""
    if _begun(one) is None:
        return RiskReport.objects.get(pk=one.pk)
    running = RiskReport.objects.filter(pk=one.pk, state=RiskState.RUNNING)
    try:
        asked = release_question.read(one.release.question)
        taken = release_cases.taken(asked, now=clock())
        found = build(one.release, asked, taken.persons, progress.telling(running))
    except PalermoError as error:
        return _ended(one, state=RiskState.FAILED, fault=releases.fault(error), now=clock())
    same = taken.mark == _mark(one.release)
    return _ended(one, state=RiskState.DONE, found=found, same_table=same, progress=1.0, now=clock())


def _mark(one: Release) -> str:
    """The mark of the table that the release was made of."""
    return next(
        (entry.table for entry in ledger.kept().entries if entry.release == one.id and entry.table), ""
    )


def _begun(one: RiskReport) -> RiskReport | None:
    """The report, taken by this worker; None where it is done or has failed."""
    with tenancy.acting_as(_starter(one.release)):
        held = RiskReport.objects.select_for_update().get(pk=one.pk)
        if held.state not in (RiskState.WAITING, RiskState.RUNNING):
            return None
        held.state, held.version, held.progress = RiskState.RUNNING, __version__, 0.0
        held.save()
    return held


def _ended(one: RiskReport, *, state: RiskState, now: datetime, **found: Any) -> RiskReport:
    """Done or failed, unless another worker has said so."""
    by = _starter(one.release)
    with tenancy.acting_as(by):
        held = RiskReport.objects.select_for_update().get(pk=one.pk)
        if held.state == RiskState.RUNNING:
            held.state, held.finished_at = state, now
            for name, value in found.items():
                setattr(held, name, value)
            held.save()
            _note(state.value, one.release, by=by, purpose=releases.STATISTICS, now=now)
    return held


def _starter(one: Release) -> Actor:
    return Actor(name=one.started_by, agency=one.agency_id, roles=frozenset())


@contextmanager
def _step(step: str, one: Release, *, by: Actor, now: datetime) -> Iterator[None]:
    """One transaction that records the step, or its refusal."""
    purpose, about = _purpose(by), f"release:{one.id}"
    with refusal.recorded(f"risk.{step}", by=by, object=about, purpose=purpose, now=now):
        yield
        _note(step, one, by=by, purpose=purpose, now=now)


def _note(step: str, one: Release, *, by: Actor, purpose: str, now: datetime) -> None:
    audit.record(
        action=f"risk.{step}",
        actor=by.name,
        agency=by.agency,
        object=f"release:{one.id}",
        purpose=purpose,
        at=now,
    )


def _purpose(by: Actor) -> str:
    return OVERSIGHT if Role.DATA_PROTECTION_OFFICER in by.roles else releases.STATISTICS


def _ask(by: Actor, action: str, *, purpose: str, now: datetime, tier: str | None = None) -> Decision:
    return permission.ask(by, action, purpose=purpose, now=now, agency=by.agency, tier=tier)


def _insist(problems: tuple[Problem, ...], one: Release) -> None:
    if problems:
        raise WrongState(f"release {one.id}: " + " ".join(f"{one.wrong} {one.remedy}" for one in problems))
