"""What is known of the statistic that a provision asks for: its newest year, its parts, its estimate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from palermo.appraisal.observation import UNKNOWN, Observation, yearly
from palermo.appraisal.publication import Publication
from palermo.appraisal.question import Question, old


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistic:
    """`newest` are the totals of the newest year, the newest source first; empty where no total was read.

    `parts` are the figures of that year told apart by each breakdown that the provision asks for.
    """

    newest: tuple[Observation, ...]
    parts: Mapping[str, tuple[Observation, ...]]
    extent: tuple[Observation, ...]
    published: tuple[Publication, ...]
    stale: bool

    @property
    def missing(self) -> tuple[str, ...]:
        """The breakdowns that the newest source of the year does not give."""
        return tuple(by for by, found in self.parts.items() if not found)

    @property
    def differing(self) -> tuple[Observation, ...]:
        """Totals of other sources that cannot be the same number as the newest."""
        return tuple(one for one in self.newest[1:] if not one.bounds.meets(self.newest[0].bounds))


def statistic(question: Question) -> Statistic:
    """The statistic that the rule of the provision names, for the State of the question."""
    observed = question.register.series(question.state, *names(question))
    years = yearly(observed)
    newest = years[max(years)] if years else ()
    of_year = [one for one in observed if newest and one.period == newest[0].period]
    return Statistic(
        newest=newest,
        parts={by: _told_by(of_year, by) for by in question.settings["breakdowns"]},
        extent=question.register.series(question.state, question.settings["extent"]),
        published=question.register.published(question.state),
        stale=bool(newest) and old(date(newest[0].period, 12, 31), question.today),
    )


def names(question: Question) -> tuple[str, ...]:
    """The series that count as the statistic."""
    return (question.settings["series"], *question.settings["same_as"])


def _told_by(observed: Sequence[Observation], by: str) -> tuple[Observation, ...]:
    """The figures that tell all victims of the year apart by one thing; parts of a part do not."""
    return tuple(one for one in observed if one.told_by == (by,) and getattr(one, by) != UNKNOWN)
