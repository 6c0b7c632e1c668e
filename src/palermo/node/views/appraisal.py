"""The appraisal of a State as a page; made of published facts, so every member may read it."""

from operator import attrgetter

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control

from palermo.appraisal import page as report_page
from palermo.appraisal.state import State
from palermo.node import appraisal_parts, appraised
from palermo.node.actions import judgement, session
from palermo.node.forms import FilterForm
from palermo.node.table import NOTHING_FITS, Column, Link, Order, Table
from palermo.node.views import appraisal_report

COLUMNS = (
    Column(name="name", label=gettext_lazy("State"), sortable=True, heads_row=True),
    Column(name="code", label=gettext_lazy("Code"), sortable=True),
)


class StateFilter(FilterForm):
    """Part of a State's name or code."""

    q = forms.CharField(label=gettext_lazy("Name or code"), required=False, max_length=60)


def state_list(request: HttpRequest) -> HttpResponse:
    """Every State, by name: there is no ranking."""
    asked = StateFilter(request.GET)
    wanted = asked.cleaned_data["q"].casefold() if asked.is_valid() else ""
    order = Order.read(request.GET, COLUMNS, default="name")
    found = [one for one in appraised.states() if wanted in f"{_named(one)} {one.code}".casefold()]
    key = attrgetter("code") if order.name == "code" else _named
    rows = [
        {"name": Link(_named(one), reverse("appraisal_state", args=[one.code])), "code": one.code}
        for one in sorted(found, key=key, reverse=order.descending)
    ]
    table = Table(
        id="states",
        caption=_("States"),
        columns=COLUMNS,
        rows=rows,
        order=order,
        filter=asked,
        empty=NOTHING_FITS,
    )
    parts = appraisal_parts.parts(session.member_of(request).actor)
    return render(request, "appraisal/state_list.html", {"states": table, "parts": parts})


def state(request: HttpRequest, code: str) -> HttpResponse:
    """One State's report in the language of the page; what is not in Arabic is given in English."""
    report = appraised.report(code, today=timezone.localdate())
    language = appraisal_report.spoken()
    context = appraisal_report.shown(report, "appraisal_file", report.code) | {
        "state": report.subject.in_language(language),
        "code": report.code,
        "report_language": language.value,
        "judges": judgement.allowed(session.member_of(request).actor, now=timezone.now()),
    }
    return render(request, "appraisal/state_page.html", context)


@cache_control(max_age=3600)
def style(request: HttpRequest) -> HttpResponse:
    """The report's own few rules of style, from this site because no style may stand in a page."""
    return HttpResponse(report_page.style(), content_type="text/css; charset=utf-8")


def _named(one: State) -> str:
    return one.names.in_language(appraisal_report.spoken())
