"""Estimation of the hidden number: the list, the question, what its table looks like, and the answer."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from palermo.node import (
    estimation_answer,
    estimation_forms,
    estimation_preview,
    estimation_words,
    jobs,
    keepers,
    permission,
)
from palermo.node.actions import estimation, session
from palermo.node.actor import Actor
from palermo.node.estimation_forms import QuestionForm, StateFilter
from palermo.node.models import Estimation, EstimationState
from palermo.node.question import read
from palermo.node.table import Column, Empty, Link, Table

SHOWN = 200
HEAVY = ("answer", "shown_answer", "shown_table")
COLUMNS = (
    Column(name="title", label=gettext_lazy("Estimation"), heads_row=True),
    Column(name="period", label=gettext_lazy("Years")),
    Column(name="state", label=gettext_lazy("State")),
    Column(name="range", label=gettext_lazy("Range that was signed")),
    Column(name="signatures", label=gettext_lazy("Signatures")),
    Column(name="asked_at", label=gettext_lazy("Asked")),
)
STANDINGS: Mapping[str, Q] = {
    "none": Q(signed_at=None, withdrawn_at=None),
    "once": Q(signed_at__isnull=False, second_at=None, withdrawn_at=None),
    "twice": Q(second_at__isnull=False, withdrawn_at=None),
    "withdrawn": Q(withdrawn_at__isnull=False),
}


def analyst(request: HttpRequest) -> Actor:
    """Who asks, if estimating is theirs; NotAllowed otherwise."""
    by = session.member_of(request).actor
    permission.require(by, estimation.ASK, purpose=estimation.STATISTICS, now=timezone.now())
    return by


def estimation_list(request: HttpRequest) -> HttpResponse:
    """Every estimation of the node, the newest first."""
    by = analyst(request)
    asked = StateFilter(request.GET)
    every = estimation.visible(by, now=timezone.now())
    found = _narrowed(every, asked).defer(*HEAVY)[:SHOWN]
    table = Table(
        id="estimations",
        caption=_("Estimations"),
        columns=COLUMNS,
        rows=[_row(one) for one in found],
        filter=asked if every.exists() else None,
        empty=Empty(
            title=_("Nobody has asked for an estimation yet."),
            hint=_(
                "It needs three lists at least: agencies that keep cases of the same people, each in its own "
                "way. From how they overlap, methods say how many people are in none of them."
            ),
            action=_("Ask for an estimation"),
            url=reverse("estimation_new"),
        ),
    )
    context = {"estimations": table, "some": every.exists()}
    return render(request, "prevention/estimation_list.html", context)


def _narrowed(found: QuerySet[Estimation], asked: StateFilter) -> QuerySet[Estimation]:
    if not asked.is_valid():
        return found
    wanted = STANDINGS.get(asked.cleaned_data["standing"], Q())
    return found.filter(wanted, title__icontains=asked.cleaned_data["q"])


def _row(one: Estimation) -> dict[str, Any]:
    asked = read(one.question)
    return {
        "title": Link(one.title, reverse("estimation_page", args=[one.pk])),
        "period": estimation_words.period(asked.since, asked.until),
        "state": estimation_words.state(one.state),
        "range": estimation_words.span(one.report_low, one.report_high),
        "signatures": estimation_words.signatures(one),
        "asked_at": one.asked_at.date(),
    }


def estimation_new(request: HttpRequest) -> HttpResponse:
    """The question; `?grouping=agency` proposes a list for each agency, and an address of the preview fills
    it in again."""
    analyst(request)
    return _asking(request, _question(request.GET))


def _question(given: QueryDict) -> QuestionForm | None:
    """The form over the agencies that keep cases, bound where the address holds a question; None without."""
    known = keepers.keepers()
    if not known:
        return None
    grouped = estimation_forms.by_agency if given.get("grouping") == "agency" else estimation_forms.by_kind
    data = given if "title" in given else None
    return QuestionForm(data, keepers=known, lists=grouped(known))


def _asking(request: HttpRequest, form: QuestionForm | None) -> HttpResponse:
    each = request.GET.get("grouping") == "agency"
    context = {
        "here": _("Ask for an estimation"),
        "form": form,
        "grouping": "agency" if each else "kind",
        "other_grouping": "grouping=kind" if each else "grouping=agency",
        "empty": Empty(
            title=_("There are no cases to make lists of yet."),
            hint=_(
                "Lists are made of the cases of the node's agencies. Come back when they have stored some."
            ),
        ),
    }
    return render(request, "prevention/estimation_new.html", context)


def estimation_look(request: HttpRequest) -> HttpResponse:
    """What the table of a question looks like, before anything is computed; everything in it is rounded."""
    by = analyst(request)
    form = _question(request.GET)
    if form is None or not form.is_valid():
        return _asking(request, form)
    asked = form.question()
    context = estimation_preview.context(asked, by=by, now=timezone.now())
    query = request.GET.urlencode()
    context |= {
        "here": _("What the table looks like"),
        "title": form.cleaned_data["title"],
        "change": f"{reverse('estimation_new')}?{query}",
        "asked": [(name, value) for name, values in request.GET.lists() for value in values],
    }
    return render(request, "prevention/estimation_preview.html", context)


@require_POST
def estimation_start(request: HttpRequest) -> HttpResponse:
    """Ask, and let the answer be made in the background."""
    by = analyst(request)
    form = _question(request.POST)
    if form is None or not form.is_valid():
        return _asking(request, form)
    made = estimation.ask(form.question(), title=form.cleaned_data["title"], by=by, now=timezone.now())
    jobs.put(made)
    return redirect("estimation_page", reference=made.pk)


def estimation_page(request: HttpRequest, reference: str) -> HttpResponse:
    """One estimation: how far it is, what it says, or why there is no answer."""
    by = analyst(request)
    one = estimation.known(reference, by=by, now=timezone.now())
    context = {
        "here": one.title,
        "estimation": one,
        "state": estimation_words.state(one.state),
        "signatures": estimation_words.signatures(one),
        "facts": estimation_answer.facts(one),
    }
    shown = {EstimationState.DONE: _answered, EstimationState.FAILED: _failed}
    return shown.get(EstimationState(one.state), _running)(request, one, by, context)


def _answered(request: HttpRequest, one: Estimation, by: Actor, context: dict[str, Any]) -> HttpResponse:
    told = estimation_answer.context(one, by=by, now=timezone.now())
    return render(request, "prevention/estimation_page.html", context | told)


def _failed(request: HttpRequest, one: Estimation, by: Actor, context: dict[str, Any]) -> HttpResponse:
    again = estimation_forms.query(one.title, read(one.question))
    context |= {"failure": one.fault, "again": f"{reverse('estimation_new')}?{again}"}
    return render(request, "prevention/estimation_failed.html", context)


def _running(request: HttpRequest, one: Estimation, by: Actor, context: dict[str, Any]) -> HttpResponse:
    context |= {
        "layout": "prevention/estimation_layout.html",
        "heading": "prevention/estimation_head.html",
        "moving": reverse("estimation_progress", args=[one.pk]),
    }
    return render(request, "prevention/running.html", context | _progress(one))


def _progress(one: Estimation) -> dict[str, Any]:
    waits = one.state == EstimationState.WAITING
    standing = _("It waits for its turn.") if waits else _("The methods are at work.")
    return {"share": min(99, round(100 * one.progress)), "standing": standing}


def estimation_progress(request: HttpRequest, reference: str) -> HttpResponse:
    """The moving part of the page of a running estimation; when it has ended, the whole page is asked for."""
    by = analyst(request)
    one = estimation.known(reference, by=by, now=timezone.now())
    if one.state in {EstimationState.DONE, EstimationState.FAILED}:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "prevention/progress.html", _progress(one))
