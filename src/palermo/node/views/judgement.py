"""Assessing a State: its provisions, what is shown and missing, and one provision judged by two people."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.appraisal import state as states
from palermo.appraisal.assess import Appraisal
from palermo.appraisal.assessment import Assessment
from palermo.appraisal.candidate import candidates
from palermo.appraisal.provision import Provision, plan
from palermo.errors import InvalidRecord, Unknown
from palermo.node import appraised, judgement_shown
from palermo.node import judgement_words as words
from palermo.node.actions import judgement, session
from palermo.node.actor import Actor
from palermo.node.estimation_preview import told
from palermo.node.judgement_forms import AssessFilter, JudgementForm, ReplyForm, SendBackForm
from palermo.node.models import Judgement
from palermo.node.table import NOTHING_FITS, Code, Column, Link, Table

COLUMNS = (
    Column(name="id", label=gettext_lazy("Provision"), heads_row=True),
    Column(name="text", label=gettext_lazy("What it asks, in our own words")),
    Column(name="status", label=gettext_lazy("Status")),
    Column(name="evidence", label=gettext_lazy("Evidence"), numeric=True),
    Column(name="missing", label=gettext_lazy("What is missing")),
    Column(name="judgement", label=gettext_lazy("Judgement")),
)


def judge(request: HttpRequest) -> Actor:
    """Who asks, if judging is theirs; NotAllowed otherwise."""
    by = session.member_of(request).actor
    judgement.require(by, now=timezone.now())
    return by


def assess_list(request: HttpRequest, code: str) -> HttpResponse:
    """The provisions asked of a State: status, evidence, what is missing, and how far people have come."""
    judge(request)
    known = appraised.appraisal(code, today=timezone.localdate())
    asked = AssessFilter(request.GET)
    wanted = asked.cleaned_data if asked.is_valid() else {}
    newest = {
        one.provision: one for one in Judgement.objects.filter(state=known.state.code, cycle=known.cycle)
    }
    table = Table(
        id="provisions",
        caption=_("Provisions asked of the State"),
        columns=COLUMNS,
        rows=[
            _row(one, known, newest.get(one.id))
            for one in plan()
            if one.id in known.assessments and _fits(one, known.assessments[one.id], wanted)
        ],
        filter=asked,
        empty=NOTHING_FITS,
    )
    context = {"here": _("Assess"), "state": _named(known), "code": known.state.code, "provisions": table}
    return render(request, "appraisal/assess_list.html", context)


def _fits(one: Provision, assessed: Assessment, wanted: Mapping[str, Any]) -> bool:
    found = {"pillar": one.pillar, "status": assessed.status}
    return all(not wanted.get(name) or wanted[name] == value for name, value in found.items())


def _row(one: Provision, known: Appraisal, newest: Judgement | None) -> dict[str, Any]:
    assessed = known.assessments[one.id]
    reasons = dict.fromkeys(words.reason_name(it.reason) for it in assessed.obstacles)
    return {
        "id": Link(Code(one.id), reverse("provision_page", args=[known.state.code, one.id])),
        "text": one.text.in_language(words.language()),
        "status": words.status_tag(assessed.status),
        "evidence": len(assessed.evidence),
        "missing": ", ".join(reasons) or None,
        "judgement": words.step_tag(newest),
    }


def provision_page(request: HttpRequest, code: str, reference: str) -> HttpResponse:
    """One provision: what is known of it, and the step that is next, by whoever may take it."""
    by = judge(request)
    known = appraised.appraisal(code, today=timezone.localdate())
    one = _asked(known, reference)
    newest = Judgement.objects.filter(state=known.state.code, provision=one.id, cycle=known.cycle).last()
    form = _form(request, known, one, newest)
    if request.method == "POST":
        step = STEPS.get(request.POST.get("step", ""))
        if step and _taken(step, request, known, one, newest, form, by):
            return redirect("provision_page", code=known.state.code, reference=one.id)
    context = {
        "here": one.id,
        "state": _named(known),
        "code": known.state.code,
        "provision": known.cited(one),
        "form": form,
        "own": newest is not None and newest.assessor == by.name,
        **judgement_shown.context(known, one, newest),
    }
    return render(request, "appraisal/provision_page.html", context)


def _asked(known: Appraisal, reference: str) -> Provision:
    found = next((one for one in plan() if one.id == reference and one.id in known.assessments), None)
    if found is None:
        raise Unknown("No provision by that id is asked of a State. Go back to the list.")
    return found


def _form(request: HttpRequest, known: Appraisal, one: Provision, newest: Judgement | None) -> Any:
    """The form of the next step: send back or agree, answer or publish, else judge."""
    given = request.POST if request.method == "POST" and request.POST.get("step") not in BARE else None
    if newest and not newest.returned_at and not newest.published_at:
        return ReplyForm(given) if newest.reviewed_at else SendBackForm(given)
    return JudgementForm(given, evidence=candidates(known, one))


Step = Callable[[HttpRequest, Appraisal, Provision, Any, Any, Actor], str]
BARE = frozenset({"agree", "publish"})


def _taken(
    step: Step, request: HttpRequest, known: Appraisal, one: Provision, newest: Any, form: Any, by: Actor
) -> bool:
    """Whether the step was taken; if not, the form says why."""
    if form.is_bound and not form.is_valid():
        return False
    try:
        messages.success(request, step(request, known, one, newest, form, by))
    except InvalidRecord as error:
        for problem in error.problems:
            form.add_error(problem.path if problem.path in form.fields else None, told(problem))
        return False
    return True


def _judge(request: HttpRequest, known: Appraisal, one: Provision, newest: Any, form: Any, by: Actor) -> str:
    named = session.member_of(request).display_name
    judgement.assess(known.state.code, one.id, form.given, by=by, named=named, now=timezone.now())
    return _("Kept. Another person must agree before it is used.")


def _agree(request: HttpRequest, known: Appraisal, one: Provision, newest: Any, form: Any, by: Actor) -> str:
    named = session.member_of(request).display_name
    judgement.agree(_number(newest), by=by, named=named, now=timezone.now())
    return _("Agreed by two people. The State may answer before it is published.")


def _send_back(
    request: HttpRequest, known: Appraisal, one: Provision, newest: Any, form: Any, by: Actor
) -> str:
    judgement.send_back(_number(newest), reason=form.cleaned_data["reason"], by=by, now=timezone.now())
    return _("Sent back with your reason. The provision can be judged anew.")


def _reply(request: HttpRequest, known: Appraisal, one: Provision, newest: Any, form: Any, by: Actor) -> str:
    told_ = form.cleaned_data
    judgement.reply(_number(newest), text=told_["text"], speaker=told_["speaker"], by=by, now=timezone.now())
    return _("The State’s answer is kept, and will be printed with the judgement.")


def _publish(
    request: HttpRequest, known: Appraisal, one: Provision, newest: Any, form: Any, by: Actor
) -> str:
    judgement.publish(_number(newest), by=by, now=timezone.now())
    return _("Published. Every report of the State uses it from now on.")


STEPS: Mapping[str, Step] = {
    "judge": _judge,
    "agree": _agree,
    "send_back": _send_back,
    "reply": _reply,
    "publish": _publish,
}


def _number(newest: Judgement | None) -> int:
    return newest.pk if newest else 0


def _named(known: Appraisal) -> str:
    one = states.state(known.state.code)
    return one.name_ar if judgement_shown.arabic() else one.name.in_language(words.language())
