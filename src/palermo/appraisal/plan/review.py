"""What to look at in national plans on a day: each finding with the words that say it and its evidence.

A plan whose State has a later one that has begun is history and is not reviewed: what it left undone is found
where it was carried to.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from palermo.appraisal.evidence import Evidence
from palermo.appraisal.plan.plan import Action, BudgetLine, Plan
from palermo.appraisal.words import Phrase, Text, say


class Kind(StrEnum):
    """What can be found; the words for each stand in framework/words.toml under `finding`."""

    EXPIRED = "expired"
    OVERDUE = "overdue"
    MISSED = "missed"
    UNFUNDED = "unfunded"
    OWNERLESS = "ownerless"
    UNMEASURED = "unmeasured"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing found in a plan, or in one action of it, with the words that say so."""

    kind: Kind
    plan: Plan
    action: Action | None
    text: Phrase

    @property
    def evidence(self) -> Evidence:
        """The plan, or the action's line in it."""
        return self.plan.evidence_of(self.action) if self.action else self.plan.evidence

    @property
    def evidence_id(self) -> str:
        return self.evidence.id


def findings(plans: Iterable[Plan], *, today: date) -> tuple[Finding, ...]:
    """Everything to look at in these plans on that day: by kind, then in the order of plans and actions.

    A plan that several sources name is reviewed once, as the first of them gives it.
    """
    known = tuple({(one.state, one.id): one for one in reversed(tuple(plans))}.values())[::-1]
    found = [
        one
        for plan in known
        if not superseded(plan, by=known, today=today)
        for one in _in_plan(plan, today=today)
    ]
    order = list(Kind)
    return tuple(sorted(found, key=lambda one: order.index(one.kind)))


def superseded(plan: Plan, *, by: Iterable[Plan], today: date) -> bool:
    """Whether its State has a plan that has begun and ends later, or that says it follows this one.

    A plan without actions, which somebody only named, gives way to one of the same years that has them.
    """
    return any(_supersedes(other, plan, today=today) for other in by)


def _supersedes(other: Plan, plan: Plan, *, today: date) -> bool:
    if other.state != plan.state or other.id == plan.id or not _begun(other, today):
        return False
    same = other.years == plan.years and bool(other.actions) > bool(plan.actions)
    return same or other.follows == plan.id or _last(other) > _last(plan)


def _begun(plan: Plan, today: date) -> bool:
    return (plan.starts_on or plan.found.as_of) <= today


def _last(plan: Plan) -> date:
    return plan.ends_on or date.max


def _in_plan(plan: Plan, *, today: date) -> Iterator[Finding]:
    if plan.ends_on and plan.expired(today):
        text = say("finding.expired", title=Text(en=plan.title, fr=plan.title), on=plan.ends_on)
        yield Finding(kind=Kind.EXPIRED, plan=plan, action=None, text=text)
    for action in plan.actions:
        if action.open:
            for kind, rule in RULES.items():
                texts = rule(plan, action, today)
                yield from (Finding(kind=kind, plan=plan, action=action, text=text) for text in texts)


def _overdue(plan: Plan, action: Action, today: date) -> Iterator[Phrase]:
    """An action without a day of its own is due by the plan's last."""
    due = action.due_on or plan.ends_on
    if due and due < today:
        yield say("finding.overdue", action=_named(action), on=due)


def _missed(plan: Plan, action: Action, today: date) -> Iterator[Phrase]:
    for one in action.milestones:
        if one.done_on is None and one.due_on < today:
            name = Text(en=one.name, fr=one.name)
            yield say("finding.missed", action=_named(action), milestone=name, on=one.due_on)


def _unfunded(plan: Plan, action: Action, today: date) -> Iterator[Phrase]:
    if not any(map(_funds, action.budget)):
        yield say("finding.unfunded", action=_named(action))


def _funds(line: BudgetLine) -> bool:
    """Money whose amount nobody gave is money; nothing set aside is none."""
    return line.planned is None or line.planned.high > 0


def _ownerless(plan: Plan, action: Action, today: date) -> Iterator[Phrase]:
    if not action.owner.strip():
        yield say("finding.ownerless", action=_named(action))


def _unmeasured(plan: Plan, action: Action, today: date) -> Iterator[Phrase]:
    if not action.indicators:
        yield say("finding.unmeasured", action=_named(action))


def _silent(plan: Plan, action: Action, today: date) -> Iterator[Phrase]:
    """No report for a year, counted from the newest, or from the day on which the action was to begin."""
    told = max((one.on for one in action.reports), default=None)
    begun = action.starts_on or plan.starts_on or plan.found.as_of
    if _year_after(told or begun) < today:
        key = "finding.silent" if told else "finding.never"
        yield say(key, action=_named(action), on=told or begun)


def _year_after(day: date) -> date:
    """The same day a year on; 28 February for 29 February."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


def _named(action: Action) -> Text:
    name = f"{action.id} {action.title}".strip()
    return Text(en=name, fr=name)


RULES: Mapping[Kind, Callable[[Plan, Action, date], Iterator[Phrase]]] = {
    Kind.OVERDUE: _overdue,
    Kind.MISSED: _missed,
    Kind.UNFUNDED: _unfunded,
    Kind.OWNERLESS: _ownerless,
    Kind.UNMEASURED: _unmeasured,
    Kind.SILENT: _silent,
}
