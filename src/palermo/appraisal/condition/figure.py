"""Conditions on figures: missing, old, not broken down, or told otherwise by another source."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from palermo.appraisal.condition.weighing import Condition, Firing, Weighing
from palermo.appraisal.evidence import distinct
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.statistic import Statistic, names, statistic
from palermo.appraisal.words import say

LAW = "criminalisation_level"


def no_figure(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """No table gives a total of the statistic."""
    question = weighing.question
    if not statistic(question).newest:
        series = names(question)
        absent = question.register.absences(question.state, *series)
        yield Firing(about=series[:1], evidence=absent, values={})


def figure_old(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """The newest year of the statistic ended more than two years ago."""
    found = statistic(weighing.question)
    if found.stale:
        yield _on_newest(found, known_on=date(found.newest[0].period, 12, 31))


def figures_differ(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """Two sources give totals of one year that cannot be the same number."""
    found = statistic(weighing.question)
    if found.newest and found.differing:
        newest, other = found.newest[0].found.as_of, found.differing[0].found.as_of
        yield _on_newest(found, known_on=newest, loser_on=other)


def not_broken_down(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """A breakdown that the Plan asks for is missing from the newest year."""
    found = statistic(weighing.question)
    if found.newest and found.missing:
        missing = tuple(say(f"by.{by}") for by in found.missing)
        yield _on_newest(found, year=str(found.newest[0].period), missing=missing)


def _on_newest(found: Statistic, **values: Any) -> Firing:
    first = found.newest[0]
    return Firing(
        about=(first.series,),
        evidence=distinct(one.evidence for one in found.newest),
        values={"what": (say(f"series.{first.series}"),), **values},
    )


def not_a_crime(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """A dated source gives criminalisation level 0: no form of trafficking is a crime."""
    yield from _law(weighing, level=0)


def part_a_crime(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """A dated source gives criminalisation level 1: some forms of trafficking are crimes."""
    yield from _law(weighing, level=1)


def _law(weighing: Weighing, *, level: int) -> Iterator[Firing]:
    question = weighing.question
    levels = question.register.series(question.state, LAW)
    if levels and levels[-1].bounds.low == levels[-1].bounds.high == level:
        values = {"known_on": date(levels[-1].period, 12, 31)}
        yield Firing(about=(LAW,), evidence=(levels[-1].evidence,), values=values)


CONDITIONS: dict[str, Condition] = {
    "no_figure": no_figure,
    "figure_old": figure_old,
    "figures_differ": figures_differ,
    "not_broken_down": not_broken_down,
    "not_a_crime": not_a_crime,
    "part_a_crime": part_a_crime,
}
