"""National plans: the list, taking one in, a plan over time with its findings, an action and its reports."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.appraisal.plan import stored, template
from palermo.appraisal.plan.plan import Action, Plan
from palermo.appraisal.words import Language
from palermo.errors import InvalidRecord, Unknown
from palermo.node import permission, plan_shown, statement_words
from palermo.node.actions import plan, session
from palermo.node.actor import Actor
from palermo.node.estimation_preview import told
from palermo.node.models import NationalPlan, PlanFile
from palermo.node.plan_forms import MappingForm, PlanFileForm, PlanFilter, ReportForm
from palermo.node.table import Code, Column, Empty, Link, Table

SHOWN = 300
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    Column(name="title", label=gettext_lazy("Plan"), heads_row=True),
    Column(name="state", label=gettext_lazy("State whose plan it is")),
    Column(name="years", label=gettext_lazy("Years")),
    Column(name="standing", label=gettext_lazy("How it stands")),
    Column(name="actions", label=gettext_lazy("Actions"), numeric=True),
)


def keeper(request: HttpRequest) -> Actor:
    """Who asks, if keeping plans is theirs; NotAllowed otherwise."""
    by = session.member_of(request).actor
    permission.require(by, plan.KEEP, purpose=plan.STATISTICS, now=timezone.now())
    return by


def plan_list(request: HttpRequest) -> HttpResponse:
    """Every plan of the node, and the form to take one in."""
    by = keeper(request)
    form = PlanFileForm(*_sent(request))
    if form.is_valid() and (made := _added(request, form, by)):
        page = "plan_page" if isinstance(made, NationalPlan) else "plan_map"
        return redirect(page, str(made))
    asked = PlanFilter(request.GET)
    wanted = asked.cleaned_data["q"].casefold().strip() if asked.is_valid() else ""
    every = plan.visible(by, now=timezone.now())
    rows = [row for one in every[:SHOWN] if wanted in (row := _row(one))["state"].casefold()]
    table = Table(
        id="plans",
        caption=_("National plans"),
        columns=COLUMNS,
        rows=rows,
        filter=asked if every.exists() else None,
        empty=Empty(
            title=_("No plan is kept here."),
            hint=_("Take one in below: the spreadsheet template, or the plan as it was published."),
        ),
    )
    context = {"here": _("National plans"), "plans": table, "form": form}
    return render(request, "appraisal/plan_list.html", context)


def _sent(request: HttpRequest) -> tuple[Any, ...]:
    """What a form was sent; nothing where the page is only opened."""
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _added(request: HttpRequest, form: PlanFileForm, by: Actor) -> NationalPlan | PlanFile | None:
    """The plan, or the file that waits for its mapping; None, with every fault in the form, otherwise."""
    try:
        made = plan.add(form.attached, by=by, now=timezone.now())
    except InvalidRecord as error:
        for problem in error.problems:
            form.add_error("file", f"{problem.path}: {told(problem)}")
        return None
    if isinstance(made, NationalPlan):
        messages.success(request, _("The plan is kept. Its findings stand below."))
    return made


def _row(one: NationalPlan) -> dict[str, Any]:
    held = stored.plan(one.document)
    return {
        "title": Link(held.title, reverse("plan_page", args=[one.pk])),
        "state": statement_words.state_name(held.state),
        "years": Code(held.years),
        "standing": plan_shown.standing(one, today=timezone.localdate()),
        "actions": len(held.actions),
    }


def plan_template(request: HttpRequest, language: str) -> HttpResponse:
    """The empty spreadsheet, in English or French."""
    keeper(request)
    if language not in ("en", "fr"):
        raise Unknown("The template is in English (en) and French (fr).")
    response = HttpResponse(template.write(Language(language)), content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="plan-{language}.xlsx"'
    return response


def plan_map(request: HttpRequest, reference: str) -> HttpResponse:
    """What the parts of a written plan are: proposed, then confirmed or changed by a person."""
    by = keeper(request)
    held = plan.file(reference, by=by, now=timezone.now())
    form = MappingForm(request.POST or None, outline=plan.outlined(held))
    if request.method == "POST" and form.is_valid():
        try:
            made = plan.confirm(reference, form.chosen, by=by, now=timezone.now())
        except InvalidRecord as error:
            form.add_problems(error.problems)
        else:
            messages.success(
                request, _("The plan is kept. What was not used is listed at the end of its page.")
            )
            return redirect("plan_page", made.pk)
    context = {"here": _("What the parts of the document are"), "file": held, "form": form}
    return render(request, "appraisal/plan_map.html", context)


def plan_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One plan over time, its actions, and what to look at."""
    by = keeper(request)
    one = plan.known(reference, by=by, now=timezone.now())
    held, today = stored.plan(one.document), timezone.localdate()
    context = {
        "here": held.title,
        "plan": one,
        "standing": plan_shown.standing(one, today=today),
        "facts": plan_shown.facts(one, held),
        "findings": plan_shown.findings(one, held, today=today),
        "actions": plan_shown.actions(one, held, today=today),
        "left": plan_shown.left(one),
        "alternative": plan_shown.alternative(held, today=today),
        "versions": _versions(one),
        "language": "fr" if get_language() == "fr" else "en",
    }
    if held.actions:
        context |= plan_shown.pictures(held, today=today)
    return render(request, "appraisal/plan_page.html", context)


def _versions(one: NationalPlan) -> Table | None:
    rows = [
        {"number": each.number, "at": each.at, "by": Code(each.by)}
        for each in one.versions.order_by("-number")
    ]
    columns = (
        Column(name="number", label=_("Version"), heads_row=True, plain=True),
        Column(name="at", label=_("Since")),
        Column(name="by", label=_("By")),
    )
    caption = _("Versions before this one")
    return Table(id="versions", caption=caption, columns=columns, rows=rows, tight=True) if rows else None


def plan_action(request: HttpRequest, reference: str, number: int) -> HttpResponse:
    """One action with its money, milestones, indicators and reports, and the form for another report."""
    by = keeper(request)
    one = plan.known(reference, by=by, now=timezone.now())
    held = stored.plan(one.document)
    action = _action(held, number)
    form = ReportForm(*_sent(request))
    if form.is_valid() and _reported(form, one, action, by):
        messages.success(request, _("The report is kept."))
        return redirect("plan_action", one.pk, number)
    today = timezone.localdate()
    context = {
        "here": f"{action.id} {action.title}",
        "plan": one,
        "title": held.title,
        "standing": plan_shown.action_standing(held, action, today=today),
        "facts": plan_shown.action_facts(action),
        "tables": plan_shown.action_tables(action),
        "findings": plan_shown.findings(one, held, today=today, action=action),
        "reports": plan_shown.reports(action),
        "form": None if one.withdrawn_at else form,
    }
    return render(request, "appraisal/plan_action.html", context)


def _action(held: Plan, number: int) -> Action:
    if not 1 <= number <= len(held.actions):
        raise Unknown("No action by that number in this plan. Go back to the plan.")
    return held.actions[number - 1]


def _reported(form: ReportForm, one: NationalPlan, action: Action, by: Actor) -> bool:
    try:
        plan.report(one.pk, action.id, form.report, attached=form.attached, by=by, now=timezone.now())
    except InvalidRecord as error:
        for problem in error.problems:
            form.add_error("on" if problem.path == "on" else "document", told(problem))
        return False
    return True


def plan_file(request: HttpRequest, reference: str) -> HttpResponse:
    """A file as it was given; it is never shown in the browser."""
    by = keeper(request)
    held = plan.file(reference, by=by, now=timezone.now())
    response = HttpResponse(bytes(held.content), content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="plan-{held}"'
    return response
