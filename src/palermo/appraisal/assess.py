"""The appraisal of one State: every provision of the Plan with its status, and what they rest on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from palermo.appraisal import condition, people, profile, provision, rule
from palermo.appraisal import cycle as calendar
from palermo.appraisal.assessment import Assessment, Status
from palermo.appraisal.condition.weighing import Weighing
from palermo.appraisal.dossier import EMPTY, Dossier
from palermo.appraisal.evidence import Evidence, distinct
from palermo.appraisal.library import library
from palermo.appraisal.observation import Observation, yearly
from palermo.appraisal.obstacle import Obstacle
from palermo.appraisal.plan.plan import Plan
from palermo.appraisal.profile import Share
from palermo.appraisal.provision import Provision
from palermo.appraisal.question import Question, settings
from palermo.appraisal.reference_check import NONE, Checks, checked
from palermo.appraisal.register import Register, TableRead
from palermo.appraisal.reply import Reply
from palermo.appraisal.state import State
from palermo.appraisal.statement.claim import Claim
from palermo.appraisal.treaty import Standing
from palermo.appraisal.treaty_check import TreatyCheck, treaty_checks

VICTIMS = ("detected_victims", "VC_HTF_DETV")


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """What is known of one State on one day. `assessments` leaves out what is asked of the United Nations.

    `known` is what the register could tell on that day.
    """

    state: State
    today: date
    cycle: str
    assessments: Mapping[str, Assessment]
    standings: tuple[Standing, ...]
    observations: tuple[Observation, ...]
    tables: tuple[TableRead, ...]
    left_out: tuple[TableRead, ...]
    treaty_checks: tuple[TreatyCheck, ...] = ()
    dossier: Dossier = EMPTY
    known: Register = field(default_factory=Register, repr=False)
    checks: Checks = field(default_factory=dict)

    def cited(self, asked: Provision) -> Provision:
        """The provision as it may be cited: with what people checked of its reference up to the day."""
        return checked(asked, self.checks)

    def library(self) -> Mapping[str, Evidence]:
        """All evidence of the State that a judgement may name, by id."""
        code = self.state.code
        return library(code, register=self.known, dossier=self.dossier, standings=self.standings)

    @property
    def shares(self) -> tuple[Share, ...]:
        return profile.shares(self.assessments.values())

    @property
    def obstacles(self) -> tuple[Obstacle, ...]:
        return tuple(one for assessed in self.assessments.values() for one in assessed.obstacles)

    def series(self, *names: str) -> tuple[Observation, ...]:
        """The observations of these series."""
        return tuple(one for one in self.observations if one.series in names)

    @property
    def victims(self) -> Mapping[int, tuple[Observation, ...]]:
        """Detected victims by year, the newest source of each year first."""
        return yearly(self.series(*VICTIMS))

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What was said in documents of the State, whatever people made of it, in the order of reading."""
        return tuple(sorted(self.dossier.claims, key=_as_read))

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Its plans by their documents, and those that its statements only name, by their first day."""
        return tuple(sorted(self.dossier.plans_named, key=lambda one: (one.starts_on or date.min, one.id)))

    @property
    def replies(self) -> Mapping[str, Reply]:
        """What the State answered to judgements of this cycle, by provision."""
        return {
            one.provision: one.reply
            for one in self.dossier.judgements
            if one.cycle == self.cycle and one.reply
        }

    def standing(self, treaty: str) -> Standing:
        return next(one for one in self.standings if one.treaty == treaty)

    def counts(self) -> Mapping[Status, int]:
        """How many scored provisions have each status."""
        statuses = [one.status for one in self.assessments.values()]
        return {status: statuses.count(status) for status in Status}


def state(
    one: State, *, register: Register, today: date, dossier: Dossier = EMPTY, checks: Checks = NONE
) -> Appraisal:
    """Appraise one State with what could be known on that day."""
    known = register.known_on(today)
    held = dossier.known(of=one.code, on=today)
    standings = tuple(known.standing(one.code, treaty) for treaty in _tracked())
    evidence = library(one.code, register=known, dossier=held, standings=standings) if held.judgements else {}
    question = partial(
        Question,
        state=one.code,
        register=known,
        dossier=held,
        library=evidence,
        today=today,
        cycle=cycle(today),
    )
    return Appraisal(
        state=one,
        today=today,
        cycle=cycle(today),
        assessments={
            item.id: assessed(question(provision=item, settings=settings(item.id) or {}))
            for item in provision.plan()
            if item.scored
        },
        standings=standings,
        observations=tuple(sorted(known.series(one.code), key=_order)),
        tables=register.tables,
        left_out=_left_out(register, known),
        treaty_checks=treaty_checks(sorted(held.told, key=_as_read), register=known, today=today),
        dossier=held,
        known=known,
        checks={name: one for name, one in sorted(checks.items()) if one.on <= today},
    )


def assessed(question: Question) -> Assessment:
    """Rules first, then what the State says of itself, then what two people made of it; obstacles last."""
    ruled = people.lifted(question, rule.assessed(question))
    final = people.judged(question, ruled)
    obstacles = tuple(condition.fired(Weighing(question=question, ruled=ruled, final=final)))
    weighed = distinct([*final.evidence, *(item for one in obstacles for item in one.evidence)])
    return replace(final, evidence=weighed, obstacles=obstacles)


def states(given: Iterable[State], *, register: Register, today: date) -> tuple[Appraisal, ...]:
    """Appraise several States, each by itself, in alphabetical order of their codes: there is no ranking."""
    return tuple(
        state(one, register=register, today=today) for one in sorted(given, key=lambda one: one.code)
    )


def cycle(today: date) -> str:
    """The id of the appraisal cycle that a day falls in."""
    return calendar.cycle(today).id


def _as_read(one: Claim) -> tuple[date, str, int, int]:
    return (one.evidence.found.as_of, one.document.id, one.passage.start, one.passage.end)


def _order(one: Observation) -> tuple[str, int, str, str, str, str]:
    """One order for the same figures, whatever the order of the rows they came from."""
    return (one.series, one.period, one.sex, one.age, one.form, one.evidence_id)


def _tracked() -> list[str]:
    """The treaties of the framework, in its order."""
    return [one.id for one in provision.instruments().values() if one.kind == "treaty"]


def _left_out(register: Register, known: Register) -> tuple[TableRead, ...]:
    """Tables that speak only of days after the day of the appraisal."""
    kept = {one.found.file for one in known.actions} | {one.found.file for one in known.observations}
    return tuple(one for one in register.tables if one.used and one.file not in kept)
