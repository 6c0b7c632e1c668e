"""The chapter on national plans: whether one is in force, what is overdue, and the years they span."""

from collections.abc import Iterable
from datetime import date

from palermo.appraisal.assess import Appraisal
from palermo.appraisal.chapter.cell import column, refs
from palermo.appraisal.evidence import Evidence, counted, distinct
from palermo.appraisal.plan.plan import Action, Plan, Progress
from palermo.appraisal.plan.review import Finding, Kind, findings
from palermo.appraisal.report import (
    Block,
    Chart,
    Lines,
    Paragraph,
    Point,
    Quote,
    Row,
    Section,
    Table,
    Tag,
    Value,
)
from palermo.appraisal.words import Phrase, Text, say

DAYS_IN_YEAR = 366
PROGRESS_TONES = {
    Progress.NOT_BEGUN: "grey",
    Progress.UNDER_WAY: "blue",
    Progress.DONE: "green",
    Progress.DROPPED: "red",
}


def plans(appraisal: Appraisal) -> Section:
    found = known(appraisal)
    title = say("plans.title")
    if not found:
        return Section(id="plans", title=title, blocks=(Paragraph(text=say("plans.none")),))
    to_see = findings(appraisal.plans, today=appraisal.today)
    blocks: tuple[Block, ...] = (
        Paragraph(text=say("plans.text")),
        *_expired(to_see),
        _plan_table(found, appraisal.today),
        *_chart(found, appraisal.today),
        *_finding_table(to_see),
        *(_actions(one) for one in found if one.actions),
    )
    return Section(id="plans", title=title, blocks=blocks)


def known(appraisal: Appraisal) -> tuple[Plan, ...]:
    """Each plan once, however many passages name it; those with actions before those only named."""
    return tuple({one.id: one for one in reversed(appraisal.plans)}.values())[::-1]


def cited(appraisal: Appraisal) -> tuple[Evidence, ...]:
    """What the chapter opens to."""
    to_see = findings(appraisal.plans, today=appraisal.today)
    actions = [plan.evidence_of(one) for plan in known(appraisal) for one in plan.actions]
    whole = [one.evidence for one in known(appraisal)]
    return distinct([*whole, *actions, *(one.evidence for one in to_see)])


def current(appraisal: Appraisal) -> tuple[Plan, ...]:
    """The plans that are in force on the day."""
    return tuple(one for one in known(appraisal) if one.in_force(appraisal.today))


def expired(appraisal: Appraisal) -> tuple[Finding, ...]:
    return tuple(one for one in findings(appraisal.plans, today=appraisal.today) if one.kind is Kind.EXPIRED)


def _expired(to_see: Iterable[Finding]) -> tuple[Paragraph, ...]:
    return tuple(Paragraph(text=one.text, inset=True) for one in to_see if one.kind is Kind.EXPIRED)


def _plan_table(found: Iterable[Plan], today: date) -> Table:
    return Table(
        caption=say("plans.caption"),
        columns=(
            column("plan", width=5),
            column("from", width=2),
            column("until", width=2),
            column("plan_standing", width=2),
            column("evidence", width=2),
        ),
        rows=tuple(_plan_row(one, today) for one in found),
    )


def _plan_row(one: Plan, today: date) -> Row:
    actions = say("plans.actions.count", count=counted(len(one.actions), opens="plans"))
    dash = say("dash")
    return Row(
        cells=(
            Lines(items=(named(one), actions if one.actions else say("plans.named"))),
            one.starts_on or dash,
            one.ends_on or dash,
            _standing(one, today),
            refs([one.evidence]),
        )
    )


def named(one: Plan) -> Text:
    return Text(en=one.title, fr=one.title)


def _standing(one: Plan, today: date) -> Tag:
    name = "expired" if one.expired(today) else "in_force" if one.in_force(today) else "not_begun"
    tone = {"expired": "red", "in_force": "green", "not_begun": "grey"}[name]
    return Tag(label=say(f"plan.{name}"), tone=tone)


def _chart(found: Iterable[Plan], today: date) -> tuple[Chart, ...]:
    """Bars over the years; the last point is the day itself, where its two ends meet."""
    bars = [point for plan in found for point in _points(plan)]
    if not bars:
        return ()
    now = _year(today)
    points = (*bars, Point(name=say("plans.today"), low=now, high=now))
    return (Chart(picture="timeline", caption=say("plans.chart"), alt=say("plans.alt"), points=points),)


def _points(plan: Plan) -> Iterable[Point]:
    if plan.starts_on and plan.ends_on:
        yield Point(name=plan.title, low=_year(plan.starts_on), high=_year(plan.ends_on))
    for one in plan.actions:
        begin, end = one.starts_on or plan.starts_on, one.due_on or plan.ends_on
        if begin and end and begin < end:
            yield Point(name=f"{one.id} {one.title}", low=_year(begin), high=_year(end))


def _year(day: date) -> float:
    """A day as a year with its fraction."""
    return round(day.year + (day.timetuple().tm_yday - 1) / DAYS_IN_YEAR, 3)


def _finding_table(to_see: Iterable[Finding]) -> tuple[Table, ...]:
    rows = tuple(
        Row(
            cells=(
                Tag(
                    label=say(f"plan.finding.{one.kind}"),
                    tone="red" if one.kind is Kind.EXPIRED else "yellow",
                ),
                one.text,
                refs([one.evidence]),
            )
        )
        for one in to_see
    )
    columns = (column("finding", width=2), column("says", width=7), column("evidence", width=2))
    return (Table(caption=say("plans.findings"), columns=columns, rows=rows),) if rows else ()


def _actions(plan: Plan) -> Table:
    return Table(
        caption=say("plans.actions", title=named(plan)),
        columns=(
            column("action", width=5),
            column("owner", width=3),
            column("from", width=2),
            column("due", width=2),
            column("progress", width=2),
            column("evidence", width=1),
        ),
        rows=tuple(_action_row(plan, one) for one in plan.actions),
    )


def _action_row(plan: Plan, one: Action) -> Row:
    dash: Phrase = say("dash")
    progress = Tag(label=say(f"plan.progress.{one.progress}"), tone=PROGRESS_TONES[one.progress])
    owner: Value = Quote(text=one.owner, language="") if one.owner else dash
    return Row(
        cells=(
            Lines(items=(one.id, one.title)),
            owner,
            one.starts_on or dash,
            one.due_on or dash,
            progress,
            refs([plan.evidence_of(one)]),
        )
    )
