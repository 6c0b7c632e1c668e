"""A State that does not exist: agencies, members of every role and made-up cases, for trying the node out."""

import secrets
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, islice
from operator import attrgetter

from django.db import transaction

from palermo.appraisal import specimen as appraised
from palermo.appraisal.plan import template
from palermo.appraisal.specimen import plans as specimen_plans
from palermo.appraisal.statement.claim import Actor as Acting
from palermo.appraisal.statement.claim import Kind
from palermo.appraisal.statement.reading import Reading
from palermo.appraisal.words import Language
from palermo.node import tenancy
from palermo.node.actions import agency, audit, case, estimation, member, plan, statement
from palermo.node.actions.case import Incoming
from palermo.node.actor import Actor
from palermo.node.models import Agency, Case, Estimation, Standing, StandingKind, Statement, StatementPassage
from palermo.node.question import Question
from palermo.protection.access import Role
from palermo.standards import record as records
from palermo.standards import specimen
from palermo.standards.specimen import Specimen

MAKER = Actor(name="demo", agency="operations", roles=frozenset({Role.ADMINISTRATOR}))
BATCH = 250

# Agencies without cases of their own: those that decide, supervise, count and run.
OFFICES = (
    ("identification-authority", "National Identification Authority", "CentralGovernmentOrganisation"),
    ("prosecution-service", "Prosecution Service", "LegalService"),
    ("guardianship-office", "Guardianship Office", "CentralGovernmentOrganisation"),
    ("rapporteur", "National Rapporteur", "CentralGovernmentOrganisation"),
    ("operations", "Node operations", "CentralGovernmentOrganisation"),
)

# Who works on cases in a small agency also meets people first, and so records and imports cases.
ALSO = {Role.CASE_WORKER: (Role.FIRST_RESPONDER,), Role.SUPERVISOR: (Role.FIRST_RESPONDER,)}

# The lists of the estimation that two analysts have signed.
LISTS = {
    "Police and border": ("national-police", "border-service"),
    "Shelter": ("coast-shelter",),
    "Women's centre": ("harbour-women",),
    "Labour inspectorate": ("labour-inspectorate",),
    "Helpline": ("freedom-line",),
}
# One person in so many came to agencies without the number of the national referral mechanism.
WITHOUT_NUMBER = 25

# What two analysts have confirmed of the made-up statements: the words, the provision, the kind of claim.
CONFIRMED = (
    ("adopted a National Action Plan", "GPA-P04", Kind.DONE),
    ("made every form of trafficking an offence", "GPA-J01", Kind.DONE),
    ("national referral mechanism", "GPA-R04", Kind.DONE),
    ("training the officers", "GPA-P12", Kind.UNDER_WAY),
    ("un numéro d’appel gratuit", "GPA-P07", Kind.DONE),
)
WEATHER = ("harvest of this year", "Le temps a été clément")

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Someone who can sign in to the demonstration, with the password that is printed."""

    name: str
    shown: str
    agency: str
    role: Role
    password: str


PEOPLE = (
    ("first-responder", "Ines (border officer on first contact)", "border-service", Role.FIRST_RESPONDER),
    ("case-worker", "Amal (case worker)", "coast-shelter", Role.CASE_WORKER),
    ("supervisor", "Bruno (supervisor)", "coast-shelter", Role.SUPERVISOR),
    ("authority", "Chanda (competent authority)", "identification-authority", Role.COMPETENT_AUTHORITY),
    ("provider", "Dilnoza (legal aid)", "legal-aid", Role.SERVICE_PROVIDER),
    ("guardian", "Elio (guardian)", "guardianship-office", Role.GUARDIAN),
    ("prosecutor", "Farah (prosecutor)", "prosecution-service", Role.PROSECUTOR),
    ("border-officer", "Goran (border officer after hand-over)", "border-service", Role.BORDER_OFFICER),
    ("survivor", "Noor (survivor)", "coast-shelter", Role.SURVIVOR),
    ("analyst", "Hana (rapporteur's analyst)", "rapporteur", Role.ANALYST),
    ("second-analyst", "Kwame (second signature)", "rapporteur", Role.ANALYST),
    ("data-protection", "Ivo (data-protection officer)", "coast-shelter", Role.DATA_PROTECTION_OFFICER),
    ("administrator", "Jun (administrator)", "operations", Role.ADMINISTRATOR),
)


def build(*, records_wanted: int, seed: int, today: date, progress: Progress) -> tuple[Account, ...]:
    """Fill an empty node; the same seed gives the same cases, and new passwords every time."""
    now = datetime.combine(today, time(12), tzinfo=UTC)
    _open_agencies(now)
    accounts = tuple(_add(*person, now=now) for person in PEOPLE)
    _store(specimen.specimens(records_wanted, seed=seed), now=now, progress=progress)
    _give_standings(now)
    _estimate(now)
    _state(now)
    _plan(now, today=today)
    return accounts


def _open_agencies(now: datetime) -> None:
    for made_up in specimen.agencies():
        agency.open(code=made_up.code, name=made_up.name, kind=made_up.kind, country="XA", by=MAKER, now=now)
    for code, name, kind in OFFICES:
        agency.open(code=code, name=name, kind=kind, country="XA", by=MAKER, now=now)


def _add(name: str, shown: str, code: str, role: Role, *, now: datetime) -> Account:
    password = "-".join(secrets.token_hex(2) for _ in range(4))
    added = member.add(
        name=name,
        display_name=shown,
        agency=Agency.objects.get(pk=code),
        roles=[role, *ALSO.get(role, ())],
        by=MAKER,
        now=now,
    )
    member.set_password(added, password, by=MAKER, now=now)
    return Account(name=name, shown=shown, agency=code, role=role, password=password)


def _store(made: Iterator[Specimen], *, now: datetime, progress: Progress) -> None:
    """Cases by agency, in batches, each stored at the moment it was opened."""
    by_agency = sorted(made, key=lambda one: (one.agency.code, one.document["case"]["opened_at"]))
    done = 0
    for code, own in groupby(by_agency, key=attrgetter("agency.code")):
        while batch := list(islice(own, BATCH)):
            _store_batch(code, batch, now=now)
            done += len(batch)
            progress(done)


def _store_batch(code: str, batch: Sequence[Specimen], *, now: datetime) -> None:
    worker = Actor(name=_worker_of(code), agency=code, roles=frozenset({Role.CASE_WORKER}))
    incoming = [Incoming(record=_read(one), at=min(now, _opened(one))) for one in batch]
    with tenancy.acting_for(code):
        case.insert(incoming, agency=code, by=worker, now=now)
        audit.record(action="demo.store", actor=MAKER.name, agency=code, detail={"cases": len(batch)}, at=now)


def _opened(one: Specimen) -> datetime:
    opened = date.fromisoformat(one.document["case"]["opened_at"])
    return datetime.combine(opened, time(9), tzinfo=UTC)


def _read(one: Specimen) -> records.Record:
    """The made-up record, with the number that the State's agencies share for most people."""
    number = {"linkage": {"person_key": f"XA-NRM-{one.person:06}"}}
    linked = one.document | (number if one.person % WITHOUT_NUMBER else {})
    return records.read(linked, where=f"made-up person {one.person}")


def _worker_of(code: str) -> str:
    """The demonstration's people recorded their agency's cases; elsewhere someone without an account."""
    return next((name for name, _, own, _ in PEOPLE if own == code), f"{code}-desk")


def _give_standings(now: datetime) -> None:
    """Some cases of the shelter are before the authority, a guardian, a prosecutor, the survivor herself."""
    soon = now - timedelta(days=1)
    with tenancy.acting_for("coast-shelter"):
        own = list(Case.objects.of("coast-shelter").order_by("-created_at", "id")[:40])
    children = [one for one in own if one.age_band in specimen.CHILD_BANDS]
    given = (
        (StandingKind.DECISION_BODY, "identification-authority", own[:25]),
        (StandingKind.GUARDIAN, "guardian", children[:6]),
        (StandingKind.MANDATE, "prosecutor", own[5:9]),
        (StandingKind.PERSON, "survivor", [one for one in own if one not in children][:1]),
    )
    with transaction.atomic():
        Standing.objects.bulk_create(
            Standing(case=one, kind=kind, holder=holder, granted_by=MAKER.name, granted_at=soon)
            for kind, holder, cases in given
            for one in cases
        )
        audit.record(action="demo.standings", actor=MAKER.name, detail={"given": len(given)}, at=now)


def _estimate(now: datetime) -> None:
    """One estimation from question to second signature; too few cases leave it without an answer."""
    first, second = _analysts()
    asked = Question(lists=LISTS, methods=("stepwise", "graphs"), replicates=200)
    one = estimation.ask(asked, title="Whole State, all years", by=first, now=now)
    one = estimation.carry_out(one, clock=lambda: now)
    if (report := _report(one)) is None:
        return
    said = "Both methods agree on the order of magnitude; the range holds both intervals."
    estimation.sign(one.id, report=report, statement=said, by=first, now=now)
    estimation.countersign(one.id, by=second, now=now)


def _state(now: datetime) -> None:
    """Statements of made-up States: two analysts have confirmed some passages, the rest is to be read."""
    first, second = _analysts()
    for name, content in appraised.statements():
        about = statement.About(speaks_for=name[:2])
        one, _new = statement.add(content, name=name, about=about, by=first, now=now)
        statement.propose(one, clock=lambda: now)
    for words, provision, kind in CONFIRMED:
        for by in (first, second):
            said = Reading(by=by.name, actor=Acting.STATE, kind=kind, provisions=(provision,))
            statement.read(_passage(words).pk, said, by=by, now=now)
    for words in WEATHER:
        none = Reading(by=first.name, actor=Acting.OTHER, kind=Kind.DESCRIBED, because="off topic")
        statement.read(_passage(words).pk, none, by=first, now=now)


def _plan(now: datetime, *, today: date) -> None:
    """Two national plans of a made-up State: one expired, one in force."""
    first, _second = _analysts()
    for one in specimen_plans.plans(today):
        content = template.write(Language.ENGLISH, plan=one)
        plan.add(plan.Attached(name=one.found.file, content=content), by=first, now=now)


def _passage(words: str) -> StatementPassage:
    """The passage of a made-up statement that holds these words."""
    one = Statement.objects.get(text__contains=words)
    at = one.text.index(words)
    return one.passages.get(start__lte=at, end__gt=at)


def _analysts() -> tuple[Actor, Actor]:
    first, second = (
        Actor(name=name, agency="rapporteur", roles=frozenset({Role.ANALYST}))
        for name in ("analyst", "second-analyst")
    )
    return first, second


def _report(one: Estimation) -> estimation.Report | None:
    """From the lowest to the highest end of any interval."""
    intervals = [found["interval"] for found in one.shown_answer.get("results", ()) if found["interval"]]
    if not intervals:
        return None
    ends = [(found["low"], found["high"]) for found in intervals]
    return estimation.Report(low=min(low for low, _high in ends), high=max(high for _low, high in ends))
