"""Estimating how many victims nobody has found: asked, carried out, signed by two people, withdrawn.

The audit says who asked, signed and withdrew, and never how many.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from palermo import __version__
from palermo.errors import InvalidRecord, PalermoError, Problem, Unknown, WrongState
from palermo.node import joint, overlap, permission, person_key, question, rounded, tenancy
from palermo.node.actions import audit, refusal
from palermo.node.actor import Actor
from palermo.node.keyfile import current
from palermo.node.models import Agency, Estimation, EstimationQuerySet, EstimationState
from palermo.node.overlap import Found
from palermo.node.question import Question
from palermo.prevention.answer import Answer, answer, steps
from palermo.prevention.sheet import Sheet
from palermo.protection.access import Decision
from palermo.standards import identifier

STATISTICS = "statistics"
ASK, SIGN = "estimate", "sign_estimate"
RANGE = "range"
NONE_HERE = "No estimation by that reference here. Check it, or ask for a new one."
WIDEST = 10  # times the highest answer that a range may reach
OPEN = (EstimationState.WAITING, EstimationState.RUNNING)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is reported of an answer: a range, the method it is from (or `range`), a total if one is given."""

    low: int
    high: int
    total: int | None = None
    method: str = RANGE


def ask(asked: Question, *, title: str, by: Actor, now: datetime) -> Estimation:
    """A new estimation that waits to be carried out (`jobs.put`); InvalidRecord for an unknown agency."""
    with refusal.recorded("estimation.ask", by=by, object=f"agency:{by.agency}", purpose=STATISTICS, now=now):
        permission.require(by, ASK, purpose=STATISTICS, now=now)
        _insist_known(asked)
        made = Estimation.objects.create(
            id=identifier.make(secrets.token_bytes),
            title=title.strip(),
            agency_id=by.agency,
            question=asked.document(),
            seed=asked.seed,
            asked_by=by.name,
            asked_at=now,
        )
        _note("ask", made, by=by, now=now)
    return made


def preview(asked: Question, *, by: Actor, now: datetime) -> Found:
    """Who is in which lists, before anything is asked of methods; pages show `rounded.table` of it alone."""
    with refusal.recorded(
        "estimation.preview", by=by, object=f"agency:{by.agency}", purpose=STATISTICS, now=now
    ):
        permission.require(by, ASK, purpose=STATISTICS, now=now)
        _insist_known(asked)
        audit.record(
            action="estimation.preview",
            actor=by.name,
            agency=by.agency,
            object=f"agency:{by.agency}",
            purpose=STATISTICS,
            at=now,
        )
    return overlap.found(asked, now=now)


def visible(by: Actor, *, now: datetime) -> EstimationQuerySet:
    """The estimations that `by` may see: all of the node for who may ask for one, else none."""
    allowed = permission.ask(by, ASK, purpose=STATISTICS, now=now)
    return Estimation.objects.all() if allowed else Estimation.objects.none()


def known(estimation_id: str, *, by: Actor, now: datetime) -> Estimation:
    """The estimation if `by` may see it; Unknown, the same for one that is not here, otherwise."""
    found = visible(by, now=now).filter(pk=identifier.canonical(estimation_id)).first()
    if found is None:
        raise Unknown(NONE_HERE)
    return found


def sign(estimation_id: str, *, report: Report, statement: str, by: Actor, now: datetime) -> Estimation:
    """Say which range of the answer is reported, and why; another person's signature makes it count.

    WrongState unless the answer is there and unsigned; InvalidRecord when the report does not fit the answer.
    """
    known(estimation_id, by=by, now=now)
    with _step("sign", estimation_id, by=by, now=now) as one:
        permission.insist_but_second(_signing(one, by=by, now=now), where=f"estimation {one.id}")
        _insist(against_signing(one), one)
        if problems := against_report(one, report, statement=statement):
            raise InvalidRecord(f"estimation {one.id}", problems)
        one.report_low, one.report_high, one.report_total = report.low, report.high, report.total
        one.report_method, one.statement = report.method, statement.strip()
        one.signed_by, one.signed_at = by.name, now
        one.save()
    return one


def countersign(estimation_id: str, *, by: Actor, now: datetime) -> Estimation:
    """The second person's signature: from then on the estimation counts, and nothing of it changes."""
    known(estimation_id, by=by, now=now)
    with _step("countersign", estimation_id, by=by, now=now) as one:
        permission.insist_but_second(_signing(one, by=by, now=now), where=f"estimation {one.id}")
        _insist(against_countersigning(one), one)
        permission.insist(_signing(one, by=by, now=now), where=f"estimation {one.id}")
        one.second_by, one.second_at = by.name, now
        one.save()
    return one


def withdraw(estimation_id: str, *, reason: str, by: Actor, now: datetime) -> Estimation:
    """Say that a signed estimation counts no more, and why; it stays to be read."""
    known(estimation_id, by=by, now=now)
    with _step("withdraw", estimation_id, by=by, now=now) as one:
        permission.insist_but_second(_signing(one, by=by, now=now), where=f"estimation {one.id}")
        _insist(against_withdrawing(one), one)
        if not reason.strip():
            raise InvalidRecord(f"estimation {one.id}", [_NO_REASON])
        one.withdrawn_by, one.withdrawn_at, one.withdrawn_reason = by.name, now, reason.strip()
        one.save()
    return one


def against_signing(one: Estimation) -> tuple[Problem, ...]:
    """Why it cannot be signed now; empty means go."""
    if one.state != EstimationState.DONE:
        return (_NO_ANSWER,)
    return (_SIGNED,) if one.signed_at else ()


def against_countersigning(one: Estimation) -> tuple[Problem, ...]:
    """Why a second person cannot sign now; empty means go. Who that person is, the access matrix asks."""
    if not one.signed_at:
        return (_NOT_SIGNED,)
    if one.withdrawn_at:
        return (_WITHDRAWN,)
    return (_SIGNED_BY_TWO,) if one.second_at else ()


def against_withdrawing(one: Estimation) -> tuple[Problem, ...]:
    """Why it cannot be withdrawn now; empty means go."""
    if not one.signed_at:
        return (_NOT_SIGNED,)
    return (_WITHDRAWN,) if one.withdrawn_at else ()


def against_report(one: Estimation, report: Report, *, statement: str) -> tuple[Problem, ...]:
    """Why this report does not fit the answer: its order, its figures, its method, its words, its range."""
    answered = [found["method"] for found in one.shown_answer["results"] if found["estimable"]]
    ends = (report.low, report.low if report.total is None else report.total, report.high)
    found = {
        _DISORDER: not 0 < ends[0] <= ends[1] <= ends[2],
        _TOO_EXACT: any(rounded.figure(end) != end for end in ends),
        _OTHER_METHOD: report.method not in answered and not (report.method == RANGE and answered),
        _NO_STATEMENT: not statement.strip(),
    }
    problems = tuple(problem for problem, holds in found.items() if holds)
    return problems or ((_BESIDE,) if _beside(one, report) else ())


def spread(one: Estimation, *, method: str = RANGE) -> tuple[int, int] | None:
    """From where to where a method's interval goes, or all of them; a total stands where there is none."""
    results = one.shown_answer["results"]
    found = [result for result in results if result["estimable"] and method in {RANGE, result["method"]}]
    ends = [
        (held["low"], held["high"]) if (held := result["interval"]) else (result["total"], result["total"])
        for result in found
    ]
    return (min(low for low, _high in ends), max(high for _low, high in ends)) if ends else None


def _beside(one: Estimation, report: Report) -> bool:
    """Whether the range passes the answer by: below who is known, beside the spread, or far wider than it."""
    lowest, highest = spread(one, method=report.method) or (report.low, report.high)
    known = rounded.figure(one.shown_answer["table"]["observed"])
    met = max(known, lowest) <= report.high and known <= report.low <= highest
    return not met or report.high > WIDEST * highest


def carry_out(one: Estimation, *, clock: Clock) -> Estimation:
    """Answer the question; cut off at any moment it can be carried out again, and a done one stays as it is.

    What the table or a method refuses marks it failed, and says why.
    """
    asked = question.read(one.question)
    one = _begun(one, now=clock())
    if one.state != EstimationState.RUNNING:
        return one
    try:
        found = overlap.found(asked, now=clock())
        if problems := overlap.against(found):
            raise InvalidRecord("overlap table", problems)
        said = answer(found.sheet, ended=_Progress(one, found.sheet, asked, clock), **asked.options)
    except PalermoError as error:
        return _ended(one, now=clock(), state=EstimationState.FAILED, fault=str(error))
    return _ended(one, now=clock(), state=EstimationState.DONE, **_told(found, said))


def _told(found: Found, said: Answer) -> dict[str, object]:
    ring = current()
    return {
        "progress": 1.0,
        "table_hash": person_key.mark(ring, "table", found.sheet.whole.hash),
        "answer": rounded.finite({**said.document(), **joint.document(said)}),
        "shown_table": rounded.table(found),
        "shown_answer": rounded.answer(said, found.shown),
        "cases": found.cases,
        "unkeyed": found.unkeyed,
        "version": __version__,
    }


class _Progress:
    """Keeps the share of methods that have answered, for whoever waits."""

    def __init__(self, one: Estimation, sheet: Sheet, asked: Question, clock: Clock) -> None:
        self.steps = max(steps(sheet, names=asked.methods, trials=asked.trials), 1)
        self.one, self.clock, self.done = one, clock, 0

    def __call__(self, name: str) -> None:
        self.done += 1
        running = Estimation.objects.filter(pk=self.one.pk, state=EstimationState.RUNNING)
        running.update(progress=min(self.done / self.steps, 1.0), moved_at=self.clock())


def _begun(one: Estimation, *, now: datetime) -> Estimation:
    """Running from now on, if it was not ended meanwhile."""
    by = Actor(name=one.asked_by, agency=one.agency_id, roles=frozenset())
    with tenancy.acting_as(by):
        one = Estimation.objects.select_for_update().get(pk=one.pk)
        if one.state in OPEN:
            one.state, one.moved_at, one.progress = EstimationState.RUNNING, now, 0
            one.save()
            _note("begin", one, by=by, now=now)
    return one


def _ended(one: Estimation, *, now: datetime, **told: object) -> Estimation:
    """Keep the outcome, unless another worker was first."""
    by = Actor(name=one.asked_by, agency=one.agency_id, roles=frozenset())
    with tenancy.acting_as(by):
        one = Estimation.objects.select_for_update().get(pk=one.pk)
        if one.state == EstimationState.RUNNING:
            for name, value in told.items():
                setattr(one, name, value)
            one.moved_at = one.finished_at = now
            one.save()
            _note(str(one.state), one, by=by, now=now)
    return one


@contextmanager
def _step(step: str, estimation_id: str, *, by: Actor, now: datetime) -> Iterator[Estimation]:
    """One transaction that holds the row and records the step, or its refusal."""
    name = identifier.canonical(estimation_id)
    with refusal.recorded(
        f"estimation.{step}", by=by, object=f"estimation:{name}", purpose=STATISTICS, now=now
    ):
        one = Estimation.objects.select_for_update().get(pk=name)
        yield one
        _note(step, one, by=by, now=now)


def _note(step: str, one: Estimation, *, by: Actor, now: datetime) -> None:
    audit.record(
        action=f"estimation.{step}",
        actor=by.name,
        agency=by.agency,
        object=f"estimation:{one.id}",
        purpose=STATISTICS,
        at=now,
    )


def _signing(one: Estimation, *, by: Actor, now: datetime) -> Decision:
    signed = frozenset({one.signed_by} - {""})
    return permission.ask(by, SIGN, purpose=STATISTICS, now=now, approvals=signed)


def _insist(problems: tuple[Problem, ...], one: Estimation) -> None:
    if problems:
        raise WrongState(f"estimation {one.id}: " + " ".join(f"{one.wrong} {one.remedy}" for one in problems))


def _insist_known(asked: Question) -> None:
    unknown = sorted(set(asked.agencies) - set(Agency.objects.values_list("code", flat=True)))
    if unknown:
        raise InvalidRecord("question", [_unknown_agency(code) for code in unknown])


def _unknown_agency(code: str) -> Problem:
    return _problem(
        "question-agency",
        "lists",
        (f"There is no agency {code!r} here.", "Choose one of this node."),
        (f"Aucun organisme « {code} » ici.", "Choisissez-en un de ce nœud."),
    )


def _problem(rule: str, path: str, english: tuple[str, str], french: tuple[str, str]) -> Problem:
    (wrong, remedy), (wrong_fr, remedy_fr) = english, french
    return Problem(rule=rule, path=path, wrong=wrong, remedy=remedy, wrong_fr=wrong_fr, remedy_fr=remedy_fr)


_NO_ANSWER = _problem(
    "estimation-no-answer",
    "state",
    ("There is no answer to sign.", "Wait until it is done, or ask anew."),
    ("Il n'y a pas de réponse à signer.", "Attendez qu'elle soit prête, ou posez une nouvelle question."),
)
_SIGNED = _problem(
    "estimation-signed",
    "signed_at",
    ("It was signed already.", "Withdraw it and ask anew to report something else."),
    ("Elle est déjà signée.", "Retirez-la et posez une nouvelle question pour publier autre chose."),
)
_NOT_SIGNED = _problem(
    "estimation-not-signed",
    "signed_at",
    ("Nobody has signed it.", "Sign it first."),
    ("Personne ne l'a signée.", "Signez-la d'abord."),
)
_SIGNED_BY_TWO = _problem(
    "estimation-signed-by-two",
    "second_at",
    ("Two people have signed it already.", "Nothing is left to do."),
    ("Deux personnes l'ont déjà signée.", "Il ne reste rien à faire."),
)
_WITHDRAWN = _problem(
    "estimation-withdrawn",
    "withdrawn_at",
    ("It was withdrawn.", "Ask anew."),
    ("Elle a été retirée.", "Posez une nouvelle question."),
)
_NO_REASON = _problem(
    "estimation-no-reason",
    "reason",
    ("No reason is given.", "Say why it counts no more."),
    ("Aucun motif n'est donné.", "Dites pourquoi elle ne vaut plus."),
)
_DISORDER = _problem(
    "report-order",
    "report",
    ("The range does not go up.", "Give the lower end, then a total inside, then the upper end."),
    (
        "L'intervalle ne va pas en montant.",
        "Donnez la borne basse, un total compris entre elles, puis la haute.",
    ),
)
_TOO_EXACT = _problem(
    "report-exact",
    "report",
    (
        "A figure is more exact than an estimate may be.",
        "Use three figures, and multiples of five below 1,000.",
    ),
    (
        "Un chiffre est plus exact qu'une estimation ne peut l'être.",
        "Gardez trois chiffres, et des multiples de cinq au-dessous de 1 000.",
    ),
)
_BESIDE = _problem(
    "report-beside",
    "report",
    (
        "The range is not one that the answer supports.",
        "Begin at the people known or above, and hold a part of the interval that is shown.",
    ),
    (
        "L'intervalle n'est pas de ceux que la réponse étaie.",
        "Commencez aux personnes connues ou plus haut, et gardez une part de l'intervalle affiché.",
    ),
)
_OTHER_METHOD = _problem(
    "report-method",
    "method",
    ("That method has no answer here.", f"Choose one that answered, or {RANGE!r}."),
    ("Cette méthode n'a pas de réponse ici.", f"Choisissez-en une qui a répondu, ou « {RANGE} »."),
)
_NO_STATEMENT = _problem(
    "report-statement",
    "statement",
    ("Nothing is said of what it rests on.", "Say in a sentence or two why this is what you report."),
    ("Rien n'est dit de ce qui la fonde.", "Dites en une ou deux phrases pourquoi vous publiez cela."),
)
