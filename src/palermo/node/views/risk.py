"""Risk reports: the list, the report on one release, its signature, the comparison with the real table."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from palermo.errors import Unknown
from palermo.node import jobs, permission, release_files, release_forms, release_terms, risk_shown
from palermo.node.actions import risk, session
from palermo.node.actor import Actor
from palermo.node.models import Release, RiskState
from palermo.node.step import Step
from palermo.node.table import Column, Empty, Link, Table

SHOWN = 200
COLUMNS = (
    Column(name="title", label=gettext_lazy("Release"), heads_row=True),
    Column(name="report", label=gettext_lazy("Risk report")),
    Column(name="release", label=gettext_lazy("State")),
    Column(name="epsilon", label=gettext_lazy("Epsilon"), numeric=True),
    Column(name="made", label=gettext_lazy("Made")),
    Column(name="read", label=gettext_lazy("Signed by")),
)
STANDINGS: Mapping[str, Q] = {
    "unread": Q(risk_report__state=RiskState.DONE, risk_report__read_at=None, withdrawn_at=None),
    "signed": Q(risk_report__read_at__isnull=False),
    "none": Q(risk_report=None) | Q(risk_report__state=RiskState.FAILED),
}


def reader(request: HttpRequest) -> Actor:
    """Who asks, if risk reports are theirs to read; NotAllowed otherwise."""
    by = session.member_of(request).actor
    permission.insist(risk.allowed(by, now=timezone.now()), where=f"agency {by.agency}")
    return by


def risk_list(request: HttpRequest) -> HttpResponse:
    """Every release that was made, the newest first, with how far its report is."""
    by = reader(request)
    every = risk.visible(by, now=timezone.now())
    asked = release_forms.RiskFilter(request.GET)
    table = Table(
        id="reports",
        caption=_("Risk reports"),
        columns=COLUMNS,
        rows=[_row(one) for one in _narrowed(every, asked).select_related("risk_report")[:SHOWN]],
        filter=asked if every.exists() else None,
        empty=Empty(
            title=_("No release has been made yet."),
            hint=_("When one is made, what was tried to find a person in it will stand here to be read."),
        ),
    )
    return render(request, "prevention/risk_list.html", {"here": _("Risk reports"), "reports": table})


def _narrowed(found: QuerySet[Release], asked: release_forms.RiskFilter) -> QuerySet[Release]:
    return found.filter(STANDINGS.get(asked.cleaned_data["standing"], Q()) if asked.is_valid() else Q())


def _row(one: Release) -> dict[str, Any]:
    kept = getattr(one, "risk_report", None)
    return {
        "title": Link(release_terms.text_of(one, "title"), reverse("risk_page", args=[one.pk])),
        "report": risk_shown.state(kept),
        "release": release_terms.state(one).text,
        "epsilon": release_terms.epsilon(one.epsilon),
        "made": one.finished_at and one.finished_at.date(),
        "read": kept and kept.read_by,
    }


def risk_page(request: HttpRequest, reference: str) -> HttpResponse:
    """The report on one release, or how far it is."""
    by, now = reader(request), timezone.now()
    context = risk_shown.context(risk.known(reference, by=by, now=now), by=by, now=now)
    return render(request, "prevention/running.html" if "moving" in context else PAGE, context)


PAGE = "prevention/risk_page.html"


def risk_progress(request: HttpRequest, reference: str) -> HttpResponse:
    """The moving part of the page of a report in the making; once it has ended, the whole page is asked."""
    by = reader(request)
    kept = risk.of(risk.known(reference, by=by, now=timezone.now()))
    if kept is None or kept.state in {RiskState.DONE, RiskState.FAILED}:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "prevention/progress.html", risk_shown.progress(kept))


@require_POST
def risk_ask(request: HttpRequest, reference: str) -> HttpResponse:
    """Let the report be worked out in the background."""
    by = reader(request)
    jobs.put_risk(risk.ask(reference, by=by, now=timezone.now()))
    return redirect("risk_page", reference=reference)


@require_POST
def risk_sign(request: HttpRequest, reference: str) -> HttpResponse:
    """The officer's word."""
    by = reader(request)
    risk.sign(reference, by=by, now=timezone.now())
    messages.success(request, _("You have signed that you read the report."))
    return redirect("risk_page", reference=reference)


def risk_file(request: HttpRequest, reference: str, name: str) -> HttpResponse:
    """The report as a page of its own, or for other programs."""
    by = reader(request)
    one = risk.known(reference, by=by, now=timezone.now())
    kept = risk.of(one)
    if kept is None or kept.state != RiskState.DONE or name not in risk_shown.FILES:
        raise Unknown("No report by that name. Choose one from the page of the risk report.")
    language = risk_shown.FILES[name]
    with translation.override(language or "en"):
        content = risk_shown.written(one, kept, language).encode()
    if not language:
        kept_as = {"Content-Disposition": f'attachment; filename="{one.pk}-{name}"'}
        return HttpResponse(content, content_type="application/json", headers=kept_as)
    response = HttpResponse(content, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = release_files.policy(content.decode())
    return response


def risk_compare(request: HttpRequest, reference: str) -> HttpResponse:
    """What a comparison with the real table is; and, once it is asked for by name, the comparison."""
    by, now = reader(request), timezone.now()
    one = risk.known(reference, by=by, now=now)
    asked = request.method == "POST"
    tables = risk_shown.compared(risk.compare(reference, by=by, now=now), one) if asked else []
    step = Step(
        text=_("The audit will say that you asked, and when."),
        label=_("Ask the real table"),
        url=reverse("risk_compare", args=[one.pk]),
    )
    context = {
        "here": _("Comparison with the real table"),
        "title": release_terms.text_of(one, "title"),
        "release": one,
        "compared": True,
        "warnings": [
            _(
                "This is a query of the real records. No privacy budget covers it: do not publish it, do not "
                "quote its numbers, and do not choose by it what to publish. The audit keeps who asked."
            )
        ],
        "steps": [] if asked else [step],
        "tables": tables,
    }
    return render(request, "prevention/risk_compare.html", context)
