"""The rules that give a provision its status: one for treaties, one for statistics, chosen by a table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from palermo.appraisal import assessment, obstacle, words
from palermo.appraisal.assessment import LADDER, Assessment, Status
from palermo.appraisal.evidence import counted, distinct
from palermo.appraisal.observation import UNKNOWN, Observation, yearly
from palermo.appraisal.obstacle import Obstacle, Reason
from palermo.appraisal.provision import Provision, instruments
from palermo.appraisal.publication import Publication
from palermo.appraisal.register import Register
from palermo.appraisal.treaty import Standing
from palermo.appraisal.words import Phrase, Text, say

YEARS_UNTIL_OLD = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One provision asked of one State on one day."""

    state: str
    provision: Provision
    settings: Mapping[str, Any]
    register: Register
    today: date
    cycle: str

    def answer(self, status: Status, **rest: Any) -> Assessment:
        return Assessment(
            state=self.state, provision=self.provision.id, cycle=self.cycle, status=status, **rest
        )

    def obstacle(self, reason: Reason, **rest: Any) -> Obstacle:
        return obstacle.raised(reason, provision=self.provision.id, **rest)


def settings(provision: str) -> Mapping[str, Any] | None:
    """The row of the rule table for a provision; None where no rule assesses it."""
    row: Mapping[str, Any] | None = words.table("rules.toml").get(provision)
    return row


def assessed(question: Question) -> Assessment:
    """The answer of the rule that the table names."""
    return RULES[question.settings["rule"]](question)


def old(known_on: date, today: date) -> bool:
    """Whether more than two years lie between; the anniversary itself is not yet old."""
    return (known_on.year + YEARS_UNTIL_OLD, known_on.month, known_on.day) < (
        today.year,
        today.month,
        today.day,
    )


def treaties(question: Question) -> Assessment:
    """Party to how many of the listed treaties; known gaps and unknowns are told apart."""
    standings = [question.register.standing(question.state, one) for one in question.settings["treaties"]]
    joined = [one for one in standings if one.party]
    proof = distinct(item for one in joined for item in one.evidence)
    complete = len(joined) == len(standings) and not question.settings["asks_application"]
    wanted = Status.DONE if complete else Status.PARTLY if joined else Status.NO_EVIDENCE
    status = _lower(wanted, assessment.highest(proof))
    return question.answer(
        status,
        at_most=_higher(status, _treaties_at_most(standings, question.today)),
        evidence=distinct(item for one in standings for item in one.evidence),
        reasons=_treaty_reasons(question, joined=joined, standings=standings),
        obstacles=_treaty_obstacles(question, standings),
    )


def _treaties_at_most(standings: Sequence[Standing], today: date) -> Status:
    """A treaty is a known gap only while its register is fresh; an old "not a party" may have changed."""
    gaps = [one for one in standings if one.party is False and one.known_on and not old(one.known_on, today)]
    if not gaps:
        return Status.DONE
    return Status.PARTLY if len(gaps) < len(standings) else Status.NO_EVIDENCE


def _treaty_reasons(
    question: Question, *, joined: Sequence[Standing], standings: Sequence[Standing]
) -> tuple[Phrase, ...]:
    party = say(
        "reason.treaties",
        joined=counted(len(joined), opens="treaties"),
        listed=counted(len(standings), opens="treaties"),
    )
    return (party, say("reason.application")) if question.settings["asks_application"] else (party,)


def _treaty_obstacles(question: Question, standings: Sequence[Standing]) -> tuple[Obstacle, ...]:
    groups = {
        Reason.NOT_PARTY: [one for one in standings if one.party is False and not one.signed_only],
        Reason.SIGNED_ONLY: [one for one in standings if one.signed_only],
        Reason.NO_REGISTER: [one for one in standings if one.party is None],
        Reason.OLD_DATA: [one for one in standings if one.known_on and old(one.known_on, question.today)],
    }
    found = [_about_treaties(question, reason, group) for reason, group in groups.items() if group]
    return (*found, *(_conflict(question, one) for one in standings if one.conflicting))


def _about_treaties(question: Question, reason: Reason, standings: Sequence[Standing]) -> Obstacle:
    names = _names(standings)
    dates = [one.known_on for one in standings if one.known_on]
    pick = min if reason is Reason.OLD_DATA else max
    return question.obstacle(
        reason,
        about=tuple(one.treaty for one in standings),
        evidence=distinct(item for one in standings for item in one.evidence),
        treaties=names,
        what=names,
        known_on=pick(dates, default=question.today),
    )


def _conflict(question: Question, standing: Standing) -> Obstacle:
    return question.obstacle(
        Reason.CONFLICT,
        about=(standing.treaty,),
        evidence=standing.evidence,
        what=_names([standing]),
        known_on=standing.known_on,
        loser_on=standing.conflicting[0].as_of,
    )


def _names(standings: Sequence[Standing]) -> tuple[Text, ...]:
    return tuple(instruments()[one.treaty].short for one in standings)


def statistics(question: Question) -> Assessment:
    """Detected victims reported, how recently and how finely; their full extent needs an estimate as well."""
    names = (question.settings["series"], *question.settings["same_as"])
    observed = question.register.series(question.state, *names)
    years = yearly(observed)
    if not years:
        return _no_statistics(question, names)
    newest = years[max(years)]
    of_year = [one for one in observed if one.period == newest[0].period]
    extent = question.register.series(question.state, question.settings["extent"])
    parts = {by: _broken_down(of_year, by) for by in question.settings["breakdowns"]}
    missing = tuple(by for by, found in parts.items() if not found)
    stale = old(date(newest[0].period, 12, 31), question.today)
    told = [found[0] for found in parts.values() if found]
    published = question.register.published(question.state)
    weighed = [one.evidence for one in (*newest, *told, *extent)]
    proof = distinct([*weighed, *(one.evidence for one in published)])
    wanted = Status.PARTLY if missing or stale or not extent else Status.DONE
    status = _lower(wanted, assessment.highest(proof))
    return question.answer(
        status,
        at_most=_higher(status, Status.PARTLY if missing and not stale else Status.DONE),
        evidence=proof,
        reasons=(
            *_statistic_reasons(newest[0], missing=missing, extent=extent, question=question),
            *_published_reasons(published),
        ),
        obstacles=_statistic_obstacles(question, newest, missing=missing, stale=stale),
    )


def _no_statistics(question: Question, names: Sequence[str]) -> Assessment:
    """A data set that was published proves that data is collected, though its totals were not read."""
    published = question.register.published(question.state)
    absent = question.register.absences(question.state, *names)
    proof = distinct([*absent, *(one.evidence for one in published)])
    wanted = Status.PARTLY if published else Status.NO_EVIDENCE
    return question.answer(
        _lower(wanted, assessment.highest(proof)),
        at_most=Status.DONE,
        evidence=proof,
        reasons=(say("reason.no_statistics"), *_published_reasons(published)),
        obstacles=(question.obstacle(Reason.NO_DATA, about=(names[0],), evidence=absent),),
    )


def _published_reasons(published: Sequence[Publication]) -> tuple[Phrase, ...]:
    return (say("reason.published", titles=tuple(one.title for one in published)),) if published else ()


def _broken_down(observed: Sequence[Observation], by: str) -> list[Observation]:
    """The figures that tell all victims of the year apart by one thing; parts of a part do not."""
    return [one for one in observed if one.told_by == (by,) and getattr(one, by) != UNKNOWN]


def _statistic_reasons(
    newest: Observation, *, missing: Sequence[str], extent: Sequence[Observation], question: Question
) -> tuple[Phrase, ...]:
    present = tuple(say(f"by.{by}") for by in question.settings["breakdowns"] if by not in missing)
    reported = say("reason.statistics", value=newest.figure, year=str(newest.period))
    broken = (say("reason.breakdowns", which=present),) if present else ()
    return (reported, *broken) if extent else (reported, *broken, say("reason.extent"))


def _statistic_obstacles(
    question: Question, newest: Sequence[Observation], *, missing: Sequence[str], stale: bool
) -> tuple[Obstacle, ...]:
    first = newest[0]
    others = [one for one in newest[1:] if not one.bounds.meets(first.bounds)]
    facts = {
        "about": (first.series,),
        "what": (say(f"series.{first.series}"),),
        "year": str(first.period),
        "missing": tuple(say(f"by.{by}") for by in missing),
        "known_on": date(first.period, 12, 31) if stale else first.found.as_of,
        "loser_on": others[0].found.as_of if others else first.found.as_of,
        "evidence": distinct(one.evidence for one in newest),
    }
    fired = {Reason.OLD_DATA: stale, Reason.NO_BREAKDOWN: bool(missing), Reason.CONFLICT: bool(others)}
    return tuple(question.obstacle(reason, **facts) for reason, fires in fired.items() if fires)


def _lower(one: Status, other: Status) -> Status:
    return min(one, other, key=LADDER.index)


def _higher(one: Status, other: Status) -> Status:
    return max(one, other, key=LADDER.index)


RULES: Mapping[str, Callable[[Question], Assessment]] = {"treaties": treaties, "statistics": statistics}
