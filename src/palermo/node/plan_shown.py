"""What the pages of plans show: facts, actions, findings, the timeline, reports and versions."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from palermo.appraisal.plan import review, stored, timeline
from palermo.appraisal.plan.plan import Action, Plan
from palermo.node import case_words, chart, picture, plan_words, planned, statement_words
from palermo.node.models import NationalPlan
from palermo.node.table import Code, Column, Empty, Link, Table, Tag, text

DIGEST = re.compile(r"\(([0-9a-f]{10})\)$")


def standing(one: NationalPlan, *, today: date) -> Tag:
    """Whether the plan is in force on that day."""
    plan = stored.plan(one.document)
    if one.withdrawn_at:
        return Tag(_("Withdrawn"), "quiet")
    if plan.expired(today):
        return Tag(_("Expired"), "bad")
    return Tag(_("In force"), "good") if plan.in_force(today) else Tag(_("Not yet begun"), "quiet")


def facts(one: NationalPlan, plan: Plan) -> list[tuple[str, Any]]:
    found = plan.found
    rows: list[tuple[str, Any]] = [
        (_("State whose plan it is"), statement_words.state_name(plan.state)),
        (_("Plan id"), Code(plan.id)),
        (_("First day"), plan.starts_on),
        (_("Last day"), plan.ends_on),
        (_("Adopted on"), plan.adopted_on or _("not adopted: a draft")),
        (_("Follows plan"), Code(plan.follows) if plan.follows else None),
        (_("Published by"), found.source.publisher.en or None),
        (_("File"), Link(found.file, reverse("plan_file", args=[str(one.file)]))),
        (_("Known as of"), found.as_of),
        (_("Version"), f"{text(one.version)} · {date_format(one.changed_at, 'j F Y')} · {one.changed_by}"),
    ]
    return [(label, value) for label, value in rows if value is not None]


def actions(one: NationalPlan, plan: Plan, *, today: date) -> Table:
    """Every action: the figures of the timeline as rows."""
    columns = (
        Column(name="id", label=_("No.")),
        Column(name="title", label=_("Action"), heads_row=True),
        Column(name="pillar", label=_("Pillar")),
        Column(name="owner", label=_("Responsible")),
        Column(name="begins", label=_("Begins")),
        Column(name="ends", label=_("Due")),
        Column(name="standing", label=_("How it stands")),
        Column(name="milestones", label=_("Milestones reached")),
    )
    rows = [_row(one, bar) for bar in timeline.bars(plan, today=today)]
    empty = Empty(title=_("No action stands in this plan."), hint=_("Import it again with its actions."))
    return Table(id="actions", caption=_("Actions"), columns=columns, rows=rows, empty=empty, tight=True)


def _row(one: NationalPlan, bar: timeline.Bar) -> dict[str, Any]:
    action = bar.action
    reached = sum(step.done_on is not None for step in action.milestones)
    of = {"reached": text(reached), "all": text(len(action.milestones))}
    return {
        "id": Code(action.id),
        "title": Link(action.title, action_address(one, action)),
        "pillar": plan_words.PILLARS[action.pillar],
        "owner": action.owner or None,
        "begins": bar.begins,
        "ends": bar.ends,
        "standing": plan_words.standing(bar.standing),
        "milestones": _("%(reached)s of %(all)s") % of if action.milestones else None,
    }


def action_address(one: NationalPlan, action: Action) -> str:
    """The page of an action, by its place in the plan: ids hold any sign."""
    place = next(number for number, each in enumerate(one.document["actions"], 1) if each["id"] == action.id)
    return reverse("plan_action", args=[one.pk, place])


def findings(one: NationalPlan, plan: Plan, *, today: date, action: Action | None = None) -> Table:
    """What to look at, each with its evidence; of one action, or of the whole plan."""
    others = tuple(each for each in planned.plans_of(plan.state) if each.id != plan.id)
    found = [each for each in review.findings((plan, *others), today=today) if each.plan.id == plan.id]
    rows = [
        {
            "kind": plan_words.FINDINGS[each.kind],
            "action": Link(f"{each.action.id} {each.action.title}", action_address(one, each.action))
            if each.action
            else None,
            "said": plan_words.said(each),
            "evidence": Code(each.evidence_id),
        }
        for each in found
        if action is None or each.action == action
    ]
    columns = (
        Column(name="kind", label=_("Finding"), heads_row=True),
        *(() if action else (Column(name="action", label=_("Action")),)),
        Column(name="said", label=_("What was found")),
        Column(name="evidence", label=_("Evidence")),
    )
    empty = Empty(
        title=_("Nothing to look at."),
        hint=_("Nothing is overdue, unfunded, without an owner or an indicator, missed or silent."),
    )
    return Table(id="findings", caption=_("To look at"), columns=columns, rows=rows, empty=empty, tight=True)


def pictures(plan: Plan, *, today: date) -> dict[str, SafeString]:
    """The timeline for wide screens and for phones."""
    language = get_language() or "en"
    specs = {
        name: timeline.spec(plan, today=today, language=language, narrow=name == "narrow")
        for name in ("wide", "narrow")
    }
    return {name: picture.markup(chart.svg(spec), prefix=f"plan-{name}") for name, spec in specs.items()}


def alternative(plan: Plan, *, today: date) -> str:
    """The timeline in a sentence."""
    told: str = timeline.spec(plan, today=today, language=get_language() or "en")["description"]
    return told


def left(one: NationalPlan) -> Table | None:
    """What of the file is not in the plan."""
    french = case_words.language() == "fr"
    rows = [
        {"place": Code(each["place"]), "text": (french and each.get("text_fr")) or each["text"]}
        for each in one.left
    ]
    columns = (
        Column(name="place", label=_("Place")),
        Column(name="text", label=_("Text"), heads_row=True),
    )
    caption = _("What of the file is not in the plan")
    return Table(id="left", caption=caption, columns=columns, rows=rows, tight=True) if rows else None


def action_standing(plan: Plan, action: Action, *, today: date) -> Tag:
    """How one action stands on that day."""
    return plan_words.standing(timeline.standing(plan, action, today=today))


def action_facts(action: Action) -> list[tuple[str, Any]]:
    """Who, for what, with what money, until when."""
    rows = [
        (_("Goal"), action.goal or None),
        (_("Pillar"), plan_words.PILLARS[action.pillar]),
        (_("Provisions"), Code(", ".join(action.provisions)) if action.provisions else None),
        (_("Responsible"), action.owner or _("nobody named")),
        (_("Begins"), action.starts_on),
        (_("Due"), action.due_on),
        (_("Carried over from"), Code(action.carried_from) if action.carried_from else None),
    ]
    return [(label, value) for label, value in rows if value is not None]


def action_tables(action: Action) -> list[Table]:
    """Money, milestones and indicators, each where there is any."""
    made = (
        _table("budget", _("Budget"), _budget(action)),
        _table("milestones", _("Milestones"), _milestones(action)),
        _table("indicators", _("Indicators"), _indicators(action)),
    )
    return [one for one in made if one]


def _table(id: str, caption: str, rows: list[Mapping[str, Any]]) -> Table | None:
    """A table whose columns are the keys of its rows, the first of them heading each row."""
    if not rows:
        return None
    columns = tuple(
        Column(name=name, label=name, heads_row=not number) for number, name in enumerate(rows[0])
    )
    return Table(id=id, caption=caption, columns=columns, rows=rows, tight=True)


def _budget(action: Action) -> list[Mapping[str, Any]]:
    return [
        {
            _("Source of money"): line.source or _("not named"),
            _("Currency"): line.currency or None,
            _("Planned"): plan_words.amount(line.planned),
            _("Spent"): plan_words.amount(line.spent),
        }
        for line in action.budget
    ]


def _milestones(action: Action) -> list[Mapping[str, Any]]:
    return [
        {
            _("Milestone"): step.name,
            _("Due"): step.due_on,
            _("Reached"): step.done_on or _("not reached"),
        }
        for step in action.milestones
    ]


def _indicators(action: Action) -> list[Mapping[str, Any]]:
    return [
        {
            _("Indicator"): sign.name,
            _("Unit"): sign.unit or None,
            _("Baseline"): plan_words.amount(sign.baseline),
            _("Target"): plan_words.amount(sign.target),
            _("Last value"): plan_words.amount(sign.value),
        }
        for sign in action.indicators
    ]


def reports(action: Action) -> Table:
    """Reports of progress, the newest first, each with the document that shows it."""
    rows = [
        {
            "on": one.on,
            "progress": plan_words.PROGRESS[one.progress],
            "text": one.text or None,
            "document": _document(one.document),
        }
        for one in sorted(action.reports, key=lambda one: one.on, reverse=True)
    ]
    columns = (
        Column(name="on", label=_("Day"), heads_row=True),
        Column(name="progress", label=_("Progress")),
        Column(name="text", label=_("What was done")),
        Column(name="document", label=_("Document")),
    )
    empty = Empty(title=_("Nothing was reported yet."), hint=_("Report below how far the action has come."))
    return Table(id="reports", caption=_("Reports"), columns=columns, rows=rows, empty=empty, tight=True)


def _document(said: str) -> Any:
    """A document that was uploaded here as a link, any other by its name."""
    found = DIGEST.search(said)
    return Link(said, reverse("plan_file", args=[found[1]])) if found else said or None
