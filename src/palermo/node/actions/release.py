"""Publishing data on victims: drafted, approved by two, made inside the budget, published, withdrawn.

The budget is reserved when the release is started, before anything is asked of the data, and a worker takes
a started release once: cut off, it has failed, and what it reserved stays spent. The audit says who did what
and never how many.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from palermo import __version__
from palermo.errors import InvalidRecord, PalermoError, Problem, Unknown, WrongState
from palermo.node import permission, release_cases, release_pack, release_question, tenancy
from palermo.node.actions import audit, ledger, refusal
from palermo.node.actor import Actor
from palermo.node.models import Release, ReleaseQuerySet, ReleaseState
from palermo.node.release_pack import Built
from palermo.node.release_question import ReleaseQuestion
from palermo.node.release_words import PROBLEMS
from palermo.prevention.release import ledger as rules
from palermo.prevention.release import year
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.ledger import Entry, EntryState, Ledger
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.plan import Prediction
from palermo.protection.access import Decision
from palermo.standards import identifier

STATISTICS, RELEASE, TIER = "statistics", "export_release", "T1"
NONE_HERE = "No release by that reference here. Check it, or draft a new one."
TEXTS, LANGUAGES, MORE = ("title", "purpose"), ("en", "fr"), ("ar",)

Clock = Callable[[], datetime]
Texts = Mapping[str, Mapping[str, str]]
Build = Callable[[Release, ReleaseQuestion, Secret[Persons]], Built]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a release would cost and how wrong its figures would be, known without a look at the data.

    `spent` and `after` are epsilons of a lifetime at the same delta. With `problems` it cannot be started.
    """

    rho_micro: int
    epsilon: float
    delta: float
    predicted: tuple[Prediction, ...]
    spent: float
    after: float
    lifetime: float
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def predict(asked: ReleaseQuestion, *, by: Actor, now: datetime) -> Outlook:
    """Cost and error of what is asked, from its plan and public lists alone."""
    permission.insist_but_second(_decision(by, now=now), where=f"agency {by.agency}")
    known, limits, wanted = (
        ledger.kept(),
        ledger.limits(),
        _entry(asked, approvers=("first", "second"), now=now),
    )
    return Outlook(
        rho_micro=wanted.rho_micro,
        epsilon=wanted.epsilon,
        delta=wanted.delta,
        predicted=asked.plan.predicted(),
        spent=known.epsilon(delta=wanted.delta),
        after=known.epsilon(more=wanted.rho_micro, delta=wanted.delta),
        lifetime=limits.lifetime,
        problems=rules.against(known, wanted, limits),
        warnings=rules.warnings(known, wanted, limits),
    )


def offers(asked: ReleaseQuestion, *, by: Actor, now: datetime, years: int = 1) -> tuple[year.Offer, ...]:
    """What the budget of a year buys, for releases of the columns asked."""
    permission.insist_but_second(_decision(by, now=now), where=f"agency {by.agency}")
    return year.plan_of_year(
        ledger.kept(),
        limits=ledger.limits(),
        sizes=asked.schema.sizes,
        delta=asked.delta,
        ways=asked.ways,
        years=years,
    )


def account(*, by: Actor, now: datetime) -> Ledger:
    """The ledger, for who may release."""
    permission.insist_but_second(_decision(by, now=now), where=f"agency {by.agency}")
    return ledger.kept()


def draft(asked: ReleaseQuestion, *, texts: Texts, licence: str = "", by: Actor, now: datetime) -> Release:
    """A release to be approved; `texts` are its title and purpose, in two languages or in three."""
    with refusal.recorded("release.draft", by=by, object=f"agency:{by.agency}", purpose=STATISTICS, now=now):
        permission.insist_but_second(_decision(by, now=now), where=f"agency {by.agency}")
        made = Release.objects.create(
            id=identifier.make(secrets.token_bytes),
            agency_id=by.agency,
            texts=_told(texts) | {"population": release_question.population(asked)},
            licence=licence.strip(),
            question=asked.document(),
            schema_hash=asked.schema_hash,
            rho_micro=asked.plan.rho,
            epsilon=asked.epsilon,
            delta=asked.delta,
            predicted=[asdict(one) for one in asked.plan.predicted()],
            drafted_by=by.name,
            drafted_at=now,
        )
        _note("draft", made, by=by, now=now)
    return made


def visible(by: Actor, *, now: datetime) -> ReleaseQuerySet:
    """The releases that `by` may see before they are published: all of the node, else none."""
    decision = _decision(by, now=now)
    allowed = decision or decision.awaits_second
    return Release.objects.all() if allowed else Release.objects.none()


def known(release_id: str, *, by: Actor, now: datetime) -> Release:
    """The release if `by` may see it; Unknown, the same for one that is not here, otherwise."""
    return _one(visible(by, now=now), release_id)


def published(release_id: str) -> Release:
    """A release that anybody may see, with its notice where it was withdrawn; Unknown for any other."""
    return _one(Release.objects.public(), release_id)


def approve(release_id: str, *, by: Actor, now: datetime) -> Release:
    """The first person's word that this may be made."""
    known(release_id, by=by, now=now)
    with _step("approve", release_id, by=by, now=now) as one:
        permission.insist_but_second(_decision(by, one, now=now), where=f"release {one.id}")
        _insist(against_approving(one), one)
        one.approved_by, one.approved_at = by.name, now
        one.save()
    return one


def countersign(release_id: str, *, by: Actor, now: datetime) -> Release:
    """The second person's word; from then on the release may be started."""
    known(release_id, by=by, now=now)
    with _step("countersign", release_id, by=by, now=now) as one:
        permission.insist_but_second(_decision(by, one, now=now), where=f"release {one.id}")
        _insist(against_countersigning(one), one)
        permission.insist(_decision(by, one, now=now), where=f"release {one.id}")
        one.second_by, one.second_at, one.state = by.name, now, ReleaseState.APPROVED
        one.save()
    return one


def start(release_id: str, *, by: Actor, now: datetime) -> Release:
    """Reserve the budget for good, and wait to be made (`jobs.put_release`); Disclosive where it is spent."""
    known(release_id, by=by, now=now)
    with _step("start", release_id, by=by, now=now) as one:
        permission.insist(_decision(by, one, now=now), where=f"release {one.id}")
        _insist(_state(one, ReleaseState.APPROVED, "release-not-approved"), one)
        ledger.reserve(_reservation(one, now=now))
        one.started_by, one.started_at, one.state = by.name, now, ReleaseState.RUNNING
        one.save()
    return one


def publish(release_id: str, *, by: Actor, now: datetime) -> Release:
    """Let anybody have the pack; from then on nothing of the release changes but that it is withdrawn."""
    known(release_id, by=by, now=now)
    with _step("publish", release_id, by=by, now=now) as one:
        permission.insist(_decision(by, one, now=now), where=f"release {one.id}")
        _insist(against_publishing(one), one)
        one.published_by, one.published_at, one.state = by.name, now, ReleaseState.PUBLISHED
        one.save()
    return one


def withdraw(release_id: str, *, reason: str, by: Actor, now: datetime) -> Release:
    """Say that it counts no more, and why; what was published stays known, and what was spent stays spent."""
    known(release_id, by=by, now=now)
    with _step("withdraw", release_id, by=by, now=now) as one:
        permission.insist_but_second(_decision(by, one, now=now), where=f"release {one.id}")
        _insist(against_withdrawing(one), one)
        if not reason.strip():
            raise InvalidRecord(f"release {one.id}", [PROBLEMS["release-no-reason"]])
        if one.started_at:
            ledger.close(one.id, EntryState.WITHDRAWN, at=_moment(now))
        one.withdrawn_by, one.withdrawn_at, one.withdrawn_reason = by.name, now, reason.strip()
        one.state = ReleaseState.WITHDRAWN
        one.save()
    return one


def against_approving(one: Release) -> tuple[Problem, ...]:
    """Why it cannot be approved now; empty means go."""
    if one.state != ReleaseState.DRAFT:
        return (PROBLEMS["release-no-draft"],)
    return (PROBLEMS["release-approved"],) if one.approved_at else ()


def against_countersigning(one: Release) -> tuple[Problem, ...]:
    """Why a second person cannot approve now; empty means go. Who that is, the access matrix asks."""
    if one.state != ReleaseState.DRAFT:
        return (PROBLEMS["release-no-draft"],)
    return () if one.approved_at else (PROBLEMS["release-first"],)


def against_starting(one: Release, *, now: datetime) -> tuple[Problem, ...]:
    """Why it cannot be started now; empty means go."""
    if problems := _state(one, ReleaseState.APPROVED, "release-not-approved"):
        return problems
    return rules.against(ledger.kept(), _reservation(one, now=now), ledger.limits())


def against_publishing(one: Release) -> tuple[Problem, ...]:
    """Why it cannot be published now; empty means go."""
    return _state(one, ReleaseState.DONE, "release-not-done")


def against_withdrawing(one: Release) -> tuple[Problem, ...]:
    """Why it cannot be withdrawn now; empty means go."""
    ended = (ReleaseState.RUNNING, ReleaseState.FAILED, ReleaseState.WITHDRAWN)
    return (PROBLEMS["release-ended"],) if one.state in ended else ()


def carry_out(one: Release, *, clock: Clock, build: Build = release_pack.built) -> Release:
    """Make the release that was started, once; what refuses it marks it failed and says why.

    Whoever comes second, or after it was cut off, changes nothing: one reservation asks the data once.
    """
    begun = _begun(one, now=clock())
    if begun is None:
        return Release.objects.get(pk=one.pk)
    try:
        asked = release_question.read(begun.question)
        taken = release_cases.taken(asked, now=clock())
        made = build(begun, asked, taken.persons)
        digest = release_pack.keep(begun, made)
    except PalermoError as error:
        return failed(begun, fault=fault(error), now=clock())
    return _finished(begun, cap=made.cap, digest=digest, table=taken.mark, now=clock())


def cut_off(one: Release, *, now: datetime) -> Release:
    """Say of a release whose worker is gone that it failed; what it reserved stays spent."""
    return failed(one, fault=str(PROBLEMS["release-cut-off"].wrong), now=now)


def failed(one: Release, *, fault: str, now: datetime) -> Release:
    """Say that a release that runs was not made, unless it ended meanwhile."""
    with _job(one) as held:
        if held.state == ReleaseState.RUNNING:
            ledger.close(held.id, EntryState.FAILED, at=_moment(now))
            held.state, held.fault, held.finished_at = ReleaseState.FAILED, fault, now
            held.save()
            _note("failed", held, by=_starter(held), now=now)
    if held.state == ReleaseState.FAILED:
        release_pack.drop(held)
    return held


def _begun(one: Release, *, now: datetime) -> Release | None:
    """The release, taken by this worker; None where another took it or it does not run."""
    with _job(one) as held:
        if held.state != ReleaseState.RUNNING or held.begun_at:
            return None
        held.begun_at, held.version = now, __version__
        held.save()
        _note("begin", held, by=_starter(held), now=now)
    return held


def _finished(one: Release, *, cap: int, digest: str, table: str, now: datetime) -> Release:
    """Done, unless it was said to be cut off meanwhile; then its pack goes."""
    with _job(one) as held:
        if held.state == ReleaseState.RUNNING:
            ledger.close(held.id, EntryState.FINISHED, at=_moment(now), cap=cap, table=table)
            held.state, held.finished_at, held.progress = ReleaseState.DONE, now, 1.0
            held.cap, held.digest = cap, digest
            held.save()
            _note("done", held, by=_starter(held), now=now)
    if held.state != ReleaseState.DONE:
        release_pack.drop(held)
    return held


@contextmanager
def _job(one: Release) -> Iterator[Release]:
    """One transaction that holds the row, for whoever started it."""
    with tenancy.acting_as(_starter(one)):
        yield Release.objects.select_for_update().get(pk=one.pk)


def _starter(one: Release) -> Actor:
    return Actor(name=one.started_by, agency=one.agency_id, roles=frozenset())


@contextmanager
def _step(step: str, release_id: str, *, by: Actor, now: datetime) -> Iterator[Release]:
    """One transaction that holds the row and records the step, or its refusal."""
    name = identifier.canonical(release_id)
    with refusal.recorded(f"release.{step}", by=by, object=f"release:{name}", purpose=STATISTICS, now=now):
        one = Release.objects.select_for_update().get(pk=name)
        yield one
        _note(step, one, by=by, now=now)


def _note(step: str, one: Release, *, by: Actor, now: datetime) -> None:
    audit.record(
        action=f"release.{step}",
        actor=by.name,
        agency=by.agency,
        object=f"release:{one.id}",
        purpose=STATISTICS,
        at=now,
    )


def _decision(by: Actor, one: Release | None = None, *, now: datetime) -> Decision:
    given = frozenset(one.approvers) if one else frozenset()
    return permission.ask(by, RELEASE, tier=TIER, purpose=STATISTICS, now=now, approvals=given)


def _one(among: ReleaseQuerySet, release_id: str) -> Release:
    found = among.filter(pk=identifier.canonical(release_id)).first()
    if found is None:
        raise Unknown(NONE_HERE)
    return found


def _reservation(one: Release, *, now: datetime) -> Entry:
    asked = release_question.read(one.question)
    return _entry(asked, approvers=one.approvers, now=now, release=one.id, purpose=one.text("purpose", "en"))


def _entry(
    asked: ReleaseQuestion, *, approvers: tuple[str, ...], now: datetime, release: str = "", purpose: str = ""
) -> Entry:
    return Entry(
        release=release,
        purpose=purpose,
        rho_micro=asked.plan.rho,
        delta=asked.delta,
        epsilon=asked.epsilon,
        lifetime=ledger.limits().lifetime,
        version=__version__,
        schema_hash=asked.schema_hash,
        cohort=asked.cohort,
        approvers=approvers,
        at=_moment(now),
    )


def _told(texts: Texts) -> dict[str, dict[str, str]]:
    """Each text in every language it must be in, and in others where it is."""
    said = {name: {code: texts.get(name, {}).get(code, "").strip() for code in LANGUAGES} for name in TEXTS}
    if not all(text for one in said.values() for text in one.values()):
        raise InvalidRecord("release", [PROBLEMS["release-texts"]])
    more = {name: {code: texts[name].get(code, "").strip() for code in MORE} for name in TEXTS}
    return {name: said[name] | {code: text for code, text in more[name].items() if text} for name in TEXTS}


def fault(error: PalermoError) -> str:
    """What was refused, without what stood in the data."""
    if isinstance(error, InvalidRecord):
        found = sorted({f"{problem.path} ({problem.rule})" for problem in error.problems})
        return f"{error.where}: {', '.join(found)}"
    return str(error)


def _state(one: Release, wanted: ReleaseState, rule: str) -> tuple[Problem, ...]:
    return () if one.state == wanted else (PROBLEMS[rule],)


def _insist(problems: tuple[Problem, ...], one: Release) -> None:
    if problems:
        raise WrongState(f"release {one.id}: " + " ".join(f"{one.wrong} {one.remedy}" for one in problems))


def _moment(now: datetime) -> str:
    return now.astimezone(UTC).isoformat(timespec="seconds")
