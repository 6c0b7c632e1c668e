"""The page that shows every part of the kit; served only while the node runs in debug mode."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from palermo.node import world
from palermo.node.chart import Figure
from palermo.node.forms import Choice, DayField, FilterForm, PartialDateField
from palermo.node.table import (
    Code,
    Column,
    Empty,
    Link,
    Order,
    Pages,
    Table,
    Tag,
    csv_response,
    wants_csv,
)

COLUMNS = (
    Column(name="case", label=_("Case"), sortable=True, heads_row=True),
    Column(name="opened", label=_("Opened"), sortable=True),
    Column(name="form", label=_("Form of exploitation")),
    Column(name="people", label=_("People"), numeric=True, sortable=True),
    Column(name="state", label=_("Situation")),
)
STATES = (
    Tag(_("Open"), "good"),
    Tag(_("Waiting"), "warn"),
    Tag(_("Overdue"), "bad"),
    Tag(_("Closed"), "quiet"),
)
YEARS = {2021: 1284, 2022: 1531, 2023: 1190, 2024: 1402, 2025: 1677}
COUNTRIES = {"PAK": 26539, "KAZ": 29, "FRA": 2110, "BRA": 1060, "MLT": 31, "SGP": 44, "NGA": 980, "PHL": 4200}


class SampleForm(forms.Form):
    """One field of every kind."""

    name = forms.CharField(label=_("Name of the agency"), help_text=_("As it stands on its letters."))
    opened_on = DayField(label=_("Day it was founded"), help_text=_("For example, 27 3 2021."))
    began = PartialDateField(
        label=_("Began work"), required=False, help_text=_("Leave empty what is not known.")
    )
    kind = forms.ChoiceField(
        label=_("Kind of agency"),
        widget=forms.RadioSelect,
        choices=[
            ("police", Choice(_("Police"), _("Border police and labour inspection too."))),
            ("shelter", _("Shelter")),
        ],
    )
    services = forms.MultipleChoiceField(
        label=_("What it offers"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("housing", _("Housing")), ("legal", _("Legal help")), ("health", _("Health care"))],
    )
    region = forms.ChoiceField(label=_("Region"), choices=[("", _("Choose one")), ("n", _("North"))])
    places = forms.IntegerField(label=_("Places"), min_value=0)
    notes = forms.CharField(label=_("Notes"), widget=forms.Textarea({"rows": 3}), required=False)
    file = forms.FileField(label=_("List of services"), required=False)
    agrees = forms.BooleanField(label=_("The agency has agreed to be listed"))


class SampleFilter(FilterForm):
    """What stands above the sample table."""

    words = forms.CharField(
        label=_("Case"), required=False, widget=forms.TextInput({"class": "govuk-input--width-10"})
    )
    state = forms.ChoiceField(
        label=_("Situation"),
        required=False,
        choices=[("", _("All")), ("open", _("Open")), ("closed", _("Closed"))],
    )


def page(request: HttpRequest) -> HttpResponseBase:
    """Every part of the kit on one page."""
    table = _table(request)
    if wants_csv(request):
        return csv_response(COLUMNS, table.rows, name="kit")
    if request.method == "GET":
        messages.success(request, _("The list was imported: 48 cases."))
    form = SampleForm(request.POST or None, initial={"opened_on": dt.date(2021, 3, 27), "began": "2019-05"})
    return _drawn(request, form=form, table=table)


def _drawn(request: HttpRequest, **shown: Any) -> HttpResponse:
    empty = Empty(
        title=_("No cases yet."),
        hint=_("Import a list of cases, or open one by hand. Nothing leaves this node."),
        action=_("Import cases"),
        url="/kit",
    )
    facts = [
        (_("Case"), Code("XA-2026-0017"), Link(_("Change"), "/kit")),
        (_("Opened"), dt.date(2026, 3, 5)),
        (_("Situation"), STATES[0]),
    ]
    return render(request, "kit/page.html", shown | {"empty": empty, "facts": facts, "figures": _figures()})


def _table(request: HttpRequest) -> Table:
    rows = [
        {
            "case": Link(f"XA-2026-{number:04}", "/kit"),
            "opened": dt.date(2026, 1 + number, 3 * number),
            "form": (_("Forced labour"), _("Sexual exploitation"))[number % 2],
            "people": 1234 * number % 97,
            "state": STATES[number % 4],
        }
        for number in range(1, 7)
    ]
    return Table(
        id="cases",
        caption=_("Cases"),
        columns=COLUMNS,
        rows=[] if request.GET.get("words") else rows,
        total={"case": _("All"), "people": 412},
        order=Order.read(request.GET, COLUMNS, default="-opened"),
        pages=Pages.numbered(4, 9),
        filter=SampleFilter(request.GET),
        csv=True,
    )


def _figures() -> list[Figure]:
    years = [{"year": str(year), "people": people} for year, people in YEARS.items()]
    bars = {
        "width": 620,
        "height": 240,
        "data": {"values": years},
        "mark": "bar",
        "encoding": {
            "x": {"field": "year", "type": "ordinal", "title": str(_("Year")), "axis": {"labelAngle": 0}},
            "y": {"field": "people", "type": "quantitative", "title": str(_("People"))},
        },
    }
    steps = (50, 500, 2000, 10000)
    return [
        _figure("by-year", _("People by year"), bars, _("Year"), YEARS),
        _figure(
            "by-country",
            _("People by country"),
            world.choropleth(COUNTRIES, legend=_("People"), steps=steps),
            _("Country"),
            COUNTRIES,
            disclaimer=world.DISCLAIMER,
        ),
    ]


def _figure(
    name: str, title: Any, spec: dict[str, Any], head: Any, counts: Any, *, disclaimer: Any = ""
) -> Figure:
    columns = (
        Column(name="what", label=head, heads_row=True, plain=True),
        Column(name="people", label=_("People"), numeric=True),
    )
    rows = [{"what": what, "people": people} for what, people in counts.items()]
    return Figure(
        id=name,
        title=title,
        summary=_("These figures are made up; the sentence here says what the picture shows."),
        table=Table(id=f"{name}-table", caption=title, columns=columns, rows=rows, tight=True),
        source=_("made-up data"),
        as_of=dt.date(2026, 10, 31),
        spec=spec,
        disclaimer=disclaimer,
    )
