"""What a provision is shown to be: given by one person, agreed by another, answered by the State, published.

The audit says who did what to which provision of which State, and never what was written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from palermo.appraisal import assessment, cycle, provision, state
from palermo.appraisal.assess import Appraisal
from palermo.appraisal.assessment import Status
from palermo.appraisal.condition import chosen_by_people
from palermo.appraisal.evidence import Evidence, Grade
from palermo.errors import InvalidRecord, Problem, Unknown, WrongState
from palermo.node import appraised, judged, permission
from palermo.node.actions import audit, refusal
from palermo.node.actor import Actor
from palermo.node.models import Judgement
from palermo.protection.access import Decision

STATISTICS, JUDGE = "statistics", "judge"
GRADES = (Grade.REGISTER, Grade.STATISTIC, Grade.INDEPENDENT)
STATUSES = tuple(one for one in Status if one is not Status.NOT_ASSESSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """A document that the assessor adds to the evidence: what it is, where it stands, its day and grade."""

    title: str
    place: str
    as_of: date
    grade: Grade

    def stored(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "place": self.place,
            "as_of": self.as_of.isoformat(),
            "grade": str(self.grade),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an assessor gives: the status, why, by which evidence, and what stands in the way."""

    status: Status
    reason: str
    evidence_ids: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    brought: tuple[Brought, ...] = ()


def require(by: Actor, *, now: datetime) -> None:
    """NotAllowed unless giving and agreeing to judgements is theirs."""
    permission.insist_but_second(_asked(by, now=now), where="judgement")


def allowed(by: Actor, *, now: datetime) -> bool:
    """Whether giving and agreeing to judgements is theirs."""
    asked = _asked(by, now=now)
    return bool(asked) or asked.awaits_second


def assess(code: str, asked: str, given: Given, *, by: Actor, named: str, now: datetime) -> Judgement:
    """Give a provision its status in the present cycle; another person's agreement makes it stand.

    InvalidRecord where the evidence does not carry the status, WrongState where one is on its way already.
    """
    one = _provision(asked)
    known = state.state(code).code
    today = timezone.localdate(now)
    with refusal.recorded(
        "judgement.assess", by=by, object=f"provision:{known}-{one.id}", purpose=STATISTICS, now=now
    ):
        require(by, now=now)
        if problems := against_giving(given, appraised.appraisal(known, today=today)):
            raise InvalidRecord(f"judgement {known} {one.id}", problems)
        if Judgement.objects.open().filter(state=known, provision=one.id).exists():
            raise WrongState(f"judgement {known} {one.id}: one is on its way. Agree, or send it back first.")
        made = Judgement.objects.create(
            state=known,
            provision=one.id,
            cycle=cycle.cycle(today).id,
            status=given.status.value,
            reason=given.reason.strip(),
            codes=list(given.codes),
            evidence_ids=list(given.evidence_ids),
            brought=[it.stored() for it in given.brought],
            assessor=by.name,
            assessor_named=named,
            assessed_at=now,
        )
        _note("assess", made, by=by, now=now)
    return made


def agree(number: int, *, by: Actor, named: str, now: datetime) -> Judgement:
    """The second person's agreement; NotAllowed for the assessor, whatever their roles."""
    with _step("agree", number, by=by, now=now) as one:
        _insist(against_agreeing(one), one)
        permission.insist(_asked(by, now=now, assessor=one.assessor), where=f"judgement {one.pk}")
        one.reviewer, one.reviewer_named, one.reviewed_at = by.name, named, now
        one.save()
    return one


def send_back(number: int, *, reason: str, by: Actor, now: datetime) -> Judgement:
    """Say why a judgement is not agreed to; the provision can be judged anew."""
    with _step("send_back", number, by=by, now=now) as one:
        _insist(against_agreeing(one), one)
        _insist_said(reason, one, "reason")
        one.returned_by, one.returned_at, one.returned_reason = by.name, now, reason.strip()
        one.save()
    return one


def reply(number: int, *, text: str, speaker: str, by: Actor, now: datetime) -> Judgement:
    """Record what the State answers, in its own words, before the judgement is published."""
    with _step("reply", number, by=by, now=now) as one:
        _insist(against_publishing(one), one)
        _insist_said(text, one, "text")
        _insist_said(speaker, one, "speaker")
        one.reply, one.reply_by, one.reply_recorded_by, one.reply_at = (
            text.strip(),
            speaker.strip(),
            by.name,
            now,
        )
        one.save()
    return one


def publish(number: int, *, by: Actor, now: datetime) -> Judgement:
    """From then on every report of the State uses the judgement, with the State's reply beside it."""
    with _step("publish", number, by=by, now=now) as one:
        _insist(against_publishing(one), one)
        one.published_by, one.published_at = by.name, now
        one.save()
    return one


def against_giving(given: Given, known: Appraisal) -> tuple[Problem, ...]:
    """Why this cannot be given; empty means go."""
    library = known.library()
    found = [library[name] for name in given.evidence_ids if name in library]
    proof: tuple[Evidence, ...] = (*found, *(judged.document(one.stored()) for one in given.brought))
    reasons = {str(one) for one in chosen_by_people()}
    wrong = {
        _NO_REASON: not given.reason.strip(),
        _NO_SUCH_EVIDENCE: len(found) < len(given.evidence_ids),
        _NO_SUCH_CODE: not set(given.codes) <= reasons,
        _OTHER_GRADE: any(one.grade not in GRADES for one in given.brought),
        _LATER: any(one.as_of > known.today for one in given.brought),
        _UNBORNE: given.status not in STATUSES
        or bool(assessment.faults(status=given.status, at_most=given.status, evidence=proof)),
    }
    return tuple(problem for problem, is_so in wrong.items() if is_so)


def against_agreeing(one: Judgement) -> tuple[Problem, ...]:
    """Why it can neither be agreed to nor sent back; empty means go."""
    return (_SETTLED,) if one.reviewed_at or one.returned_at else ()


def against_publishing(one: Judgement) -> tuple[Problem, ...]:
    """Why it can neither be answered nor published; empty means go."""
    if one.published_at:
        return (_PUBLISHED,)
    return () if one.reviewed_at else (_NOT_AGREED,)


def _provision(asked: str) -> provision.Provision:
    one = provision.provision(asked)
    if one not in provision.plan() or not one.scored:
        raise Unknown(f"{one.id} is not judged for a State: it is no provision of the Plan asked of one.")
    return one


def _asked(by: Actor, *, now: datetime, assessor: str = "") -> Decision:
    return permission.ask(by, JUDGE, purpose=STATISTICS, now=now, approvals=frozenset({assessor} - {""}))


@contextmanager
def _step(step: str, number: int, *, by: Actor, now: datetime) -> Iterator[Judgement]:
    """One transaction that holds the row and records the step, or its refusal."""
    with refusal.recorded(
        f"judgement.{step}", by=by, object=f"judgement:{number}", purpose=STATISTICS, now=now
    ):
        require(by, now=now)
        one = Judgement.objects.select_for_update().filter(pk=number).first()
        if one is None:
            raise Unknown("No judgement by that number here. Go back to the provision.")
        yield one
        _note(step, one, by=by, now=now)


def _note(step: str, one: Judgement, *, by: Actor, now: datetime) -> None:
    audit.record(
        action=f"judgement.{step}",
        actor=by.name,
        agency=by.agency,
        object=f"judgement:{one.pk}",
        purpose=STATISTICS,
        detail={"state": one.state, "provision": one.provision, "status": one.status},
        at=now,
    )


def _insist(problems: tuple[Problem, ...], one: Judgement) -> None:
    if problems:
        raise WrongState(f"judgement {one.pk}: " + " ".join(f"{it.wrong} {it.remedy}" for it in problems))


def _insist_said(text: str, one: Judgement, path: str) -> None:
    if not text.strip():
        raise InvalidRecord(f"judgement {one.pk}", [_nothing_said(path)])


def _problem(rule: str, path: str, english: tuple[str, str], french: tuple[str, str]) -> Problem:
    (wrong, remedy), (wrong_fr, remedy_fr) = english, french
    return Problem(rule=rule, path=path, wrong=wrong, remedy=remedy, wrong_fr=wrong_fr, remedy_fr=remedy_fr)


def _nothing_said(path: str) -> Problem:
    return _problem(
        "judgement-nothing-said",
        path,
        ("Nothing is said here.", "Write a sentence or two."),
        ("Rien n’est dit ici.", "Écrivez une ou deux phrases."),
    )


_NO_REASON = _nothing_said("reason")
_NO_SUCH_EVIDENCE = _problem(
    "judgement-evidence",
    "evidence",
    ("Some of this evidence is not known of the State any more.", "Open the page again and tick it anew."),
    (
        "Certaines de ces preuves ne sont plus connues pour cet État.",
        "Rouvrez la page et cochez-les de nouveau.",
    ),
)
_NO_SUCH_CODE = _problem(
    "judgement-code",
    "codes",
    ("A reason is none that people may name.", "Choose from the list."),
    ("Un motif n’est pas de ceux que l’on peut indiquer.", "Choisissez dans la liste."),
)
_OTHER_GRADE = _problem(
    "judgement-grade",
    "grade",
    ("A document has grade A, B or D.", "Choose one of the three."),
    ("Un document est de degré A, B ou D.", "Choisissez l’un des trois."),
)
_LATER = _problem(
    "judgement-later",
    "as_of",
    ("The document is of a later day.", "Give the day up to which it speaks."),
    ("Le document est postérieur à ce jour.", "Indiquez le jour jusqu’auquel il renseigne."),
)
_CARRIES = (
    "“Partly” and “done” need proof stronger than the State’s own words, “claimed” a statement that two "
    "people confirmed, “not applicable” any evidence. Tick it, or name the document."
)
_CARRIES_FR = (
    "« En partie » et « fait » exigent une preuve plus solide que la parole de l’État, « déclaré » une "
    "déclaration confirmée par deux personnes, « sans objet » une preuve. Cochez-la, ou citez le document."
)
_UNBORNE = _problem(
    "judgement-unborne",
    "status",
    ("The evidence does not carry this status.", _CARRIES),
    ("Les preuves ne justifient pas ce statut.", _CARRIES_FR),
)
_SETTLED = _problem(
    "judgement-settled",
    "reviewed_at",
    ("It was agreed to or sent back already.", "Judge the provision anew to change it."),
    ("Elle est déjà approuvée ou renvoyée.", "Évaluez de nouveau la disposition pour la modifier."),
)
_NOT_AGREED = _problem(
    "judgement-not-agreed",
    "reviewed_at",
    ("Nobody has agreed to it.", "Ask another person first."),
    ("Personne ne l’a approuvée.", "Demandez d’abord à une autre personne."),
)
_PUBLISHED = _problem(
    "judgement-published",
    "published_at",
    ("It is published.", "Judge the provision anew to change it."),
    ("Elle est publiée.", "Évaluez de nouveau la disposition pour la modifier."),
)
