"""The appraisal of one State: every provision of the Plan with its status, and what they rest on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from palermo.appraisal import profile, provision, rule, words
from palermo.appraisal.assessment import Assessment, Status
from palermo.appraisal.dossier import EMPTY, Dossier
from palermo.appraisal.observation import Observation, yearly
from palermo.appraisal.obstacle import Obstacle
from palermo.appraisal.profile import Share
from palermo.appraisal.register import Register, TableRead
from palermo.appraisal.state import State
from palermo.appraisal.treaty import Standing
from palermo.errors import Unknown

VICTIMS = ("detected_victims", "VC_HTF_DETV")


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraisal:
    """What is known of one State on one day. `assessments` leaves out what is asked of the United Nations."""

    state: State
    today: date
    cycle: str
    assessments: Mapping[str, Assessment]
    standings: tuple[Standing, ...]
    observations: tuple[Observation, ...]
    tables: tuple[TableRead, ...]
    left_out: tuple[TableRead, ...]
    dossier: Dossier = EMPTY

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

    def standing(self, treaty: str) -> Standing:
        return next(one for one in self.standings if one.treaty == treaty)

    def counts(self) -> Mapping[Status, int]:
        """How many scored provisions have each status."""
        statuses = [one.status for one in self.assessments.values()]
        return {status: statuses.count(status) for status in Status}


def state(one: State, *, register: Register, today: date, dossier: Dossier = EMPTY) -> Appraisal:
    """Appraise one State with what could be known on that day."""
    known = register.known_on(today)
    asked = [item for item in provision.plan() if item.scored]
    return Appraisal(
        state=one,
        today=today,
        cycle=cycle(today),
        assessments={item.id: _assessment(item, one, known, today) for item in asked},
        standings=tuple(known.standing(one.code, treaty) for treaty in _tracked()),
        observations=tuple(sorted(known.series(one.code), key=_order)),
        tables=register.tables,
        left_out=_left_out(register, known),
        dossier=dossier,
    )


def states(given: Iterable[State], *, register: Register, today: date) -> tuple[Appraisal, ...]:
    """Appraise several States, each by itself, in alphabetical order of their codes: there is no ranking."""
    return tuple(
        state(one, register=register, today=today) for one in sorted(given, key=lambda one: one.code)
    )


def cycle(today: date) -> str:
    """The appraisal cycle that a day falls in."""
    for row in words.table("cycles.toml")["cycle"]:
        if row["starts_on"] <= today <= row["ends_on"]:
            return str(row["id"])
    raise Unknown(f"No cycle of the Plan holds {today}. Add it to framework/cycles.toml.")


def _assessment(item: provision.Provision, one: State, known: Register, today: date) -> Assessment:
    settings = rule.settings(item.id)
    if settings is None:
        return Assessment(
            state=one.code,
            provision=item.id,
            cycle=cycle(today),
            status=Status.NOT_ASSESSED,
            at_most=Status.DONE,
        )
    question = rule.Question(
        state=one.code, provision=item, settings=settings, register=known, today=today, cycle=cycle(today)
    )
    return rule.assessed(question)


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
