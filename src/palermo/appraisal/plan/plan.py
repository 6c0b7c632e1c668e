"""A national plan of action as values: plan, actions, budget lines, milestones, indicators, progress."""

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from palermo.appraisal import evidence
from palermo.appraisal.evidence import Evidence, Found, Grade
from palermo.appraisal.observation import Bounds
from palermo.appraisal.provision import Pillar
from palermo.appraisal.words import Text, say


class Progress(StrEnum):
    """How far an action is reported to have come."""

    NOT_BEGUN = "not begun"
    UNDER_WAY = "under way"
    DONE = "done"
    DROPPED = "dropped"


ENDED = frozenset({Progress.DONE, Progress.DROPPED})


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLine:
    """Money set aside for an action; `spent` is None where nothing was reported."""

    source: str
    currency: str
    planned: Bounds | None
    spent: Bounds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """A step with the day by which it is due and the day on which it was reached."""

    name: str
    due_on: date
    done_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """What would show that an action works: from a baseline to a target, and the value last reported."""

    name: str
    unit: str
    baseline: Bounds | None = None
    target: Bounds | None = None
    value: Bounds | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report of progress on an action, with the document that shows it."""

    on: date
    progress: Progress
    text: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing that the plan sets out to do. `owner` is empty where nobody was named.

    `carried_from` is the id of the same action in the plan before; `line` is where it stands in its file.
    `goal` is what the plan calls the aim it belongs to.
    """

    id: str
    pillar: Pillar
    title: str
    owner: str = ""
    provisions: tuple[str, ...] = ()
    starts_on: date | None = None
    due_on: date | None = None
    budget: tuple[BudgetLine, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    reports: tuple[Report, ...] = ()
    carried_from: str = ""
    goal: str = ""
    line: int = field(default=0, compare=False)

    @property
    def progress(self) -> Progress:
        """What the newest report says."""
        newest = max(self.reports, key=lambda one: one.on, default=None)
        return newest.progress if newest else Progress.NOT_BEGUN

    @property
    def open(self) -> bool:
        """Whether it is still to be done: neither done nor dropped."""
        return self.progress not in ENDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One national plan. A plan that a statement only names has years and no actions."""

    id: str
    state: str
    title: str
    starts_on: date | None
    ends_on: date | None
    found: Found
    adopted_on: date | None = None
    actions: tuple[Action, ...] = ()
    follows: str = ""

    def expired(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.ends_on is not None and self.ends_on < today

    def in_force(self, today: date) -> bool:
        """Whether it has begun and not ended; a plan without a first day began when it was known."""
        return not self.expired(today) and (self.starts_on or self.found.as_of) <= today

    @property
    def evidence(self) -> Evidence:
        """What a report cites."""
        return Evidence(
            id=evidence.identity(self.found.source.id, self.found.as_of, self.state, "plan", self.id),
            says=say("evidence.plan", title=_both(self.title), years=self.years),
            found=self.found,
        )

    def evidence_of(self, action: Action) -> Evidence:
        """What a report cites of one action: its line in the plan, and no more than the State's own word.

        That a plan was adopted is an official text; how far its actions have come the State tells of itself.
        """
        told = replace(self.found.source, id=f"{self.found.source.id}-actions", grade=self._told)
        found = replace(self.found, source=told, line=action.line)
        names = {"title": _both(self.title), "action": _both(f"{action.id} {action.title}")}
        return Evidence(
            id=evidence.identity(found.source.id, found.as_of, self.state, "plan", self.id, action.id),
            says=say("evidence.plan.action", **names),
            found=found,
        )

    @property
    def _told(self) -> Grade:
        return max(self.found.source.grade, Grade.CLAIM)

    @property
    def years(self) -> str:
        """The years from the first to the last, as 2021-2025."""
        ends = [str(one.year) if one else "?" for one in (self.starts_on, self.ends_on)]
        return "–".join(ends)


def _both(said: str) -> Text:
    """Words of a plan: they stand as they were written, whatever the language of the report."""
    return Text(en=said, fr=said)
