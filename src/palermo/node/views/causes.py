"""Root-cause vulnerability: groups and intervals on a map and in a table, and what drives one State's.

There is no league table: States stand by name, and each in the group that its interval allows.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.appraisal import state
from palermo.appraisal.composite import causes
from palermo.appraisal.composite.causes import Vulnerability
from palermo.node import cause_figures, vulnerable
from palermo.node.forms import FilterForm
from palermo.node.table import (
    NOTHING_FITS,
    Column,
    Empty,
    Link,
    Order,
    Table,
    csv_response,
    text,
    wants_csv,
)

COLUMNS = (
    Column(name="name", label=gettext_lazy("State"), sortable=True, heads_row=True),
    Column(name="group", label=gettext_lazy("Group")),
    Column(name="interval", label=gettext_lazy("Place, in 90% of the draws")),
    Column(name="imputed", label=gettext_lazy("Figures filled in"), numeric=True),
)
EXPORT = (
    Column(name="code", label="code"),
    Column(name="name", label=gettext_lazy("State")),
    Column(name="group", label=gettext_lazy("Group")),
    Column(name="low", label=gettext_lazy("From place"), plain=True),
    Column(name="high", label=gettext_lazy("To place"), plain=True),
    Column(name="imputed", label=gettext_lazy("Figures filled in")),
)
NOTHING = Empty(
    title=gettext_lazy("No table of root causes is here yet."),
    hint=gettext_lazy(
        "Lay public tables such as root_cause_gapminder.csv.gz in the folder of the appraisal's tables, "
        "or one of your own called causes.csv. This page then shows every State with enough figures."
    ),
)


class CauseFilter(FilterForm):
    """Part of a State's name or code, and a group."""

    q = forms.CharField(label=gettext_lazy("Name or code"), required=False, max_length=60)
    group = forms.ChoiceField(
        label=gettext_lazy("Group"),
        required=False,
        choices=[("", gettext_lazy("All groups")), *reversed(cause_figures.GROUPS.items())],
    )


def cause_list(request: HttpRequest) -> HttpResponseBase:
    """The world in groups, and every State by name with its interval; `?format=csv` gives all of them."""
    made = vulnerable.found()
    if made is None:
        return render(request, "appraisal/causes_list.html", {"empty": NOTHING})
    if wants_csv(request):
        return csv_response(EXPORT, _exported(made), name="root-causes")
    spread, index = made.found.spread, made.index
    context = {
        "map": cause_figures.world_map(made),
        "states": _table(made, request),
        "draws": len(made.found.draws),
        "units": len(index.units),
        "width": round(spread.median_width),
        "pairs": round(100 * spread.stable_pairs),
        "decided": cause_figures.decided(made),
        "imputed": text(round(100 * float(index.filled.mean()), 1)),
        "left_out": [cause_figures.named(code) for code in index.left_out],
    }
    return render(request, "appraisal/causes_list.html", context)


def cause_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """What drives one State's vulnerability, each figure with its year and source."""
    known = state.state(code).code
    made = vulnerable.found()
    context: dict[str, Any] = {"state": cause_figures.named(known), "code": known}
    if made is None:
        return render(request, "appraisal/causes_page.html", context | {"empty": NOTHING})
    if known not in made.index.units:
        return render(request, "appraisal/causes_page.html", context | {"empty": _too_few(made, known)})
    return render(request, "appraisal/causes_page.html", context | _told(made, known))


# -- the world ----------------------------------------------------------------------------------------------


def _table(made: Vulnerability, request: HttpRequest) -> Table:
    asked = CauseFilter(request.GET)
    wanted = asked.cleaned_data if asked.is_valid() else {"q": "", "group": ""}
    order = Order.read(request.GET, COLUMNS, default="name")
    rows = [one for one in _rows(made) if _fits(one, wanted)]
    rows.sort(key=lambda one: str(one["name"].text), reverse=order.descending)
    return Table(
        id="causes",
        caption=_("States by name"),
        columns=COLUMNS,
        rows=rows,
        order=order,
        filter=asked,
        empty=NOTHING_FITS,
        csv=True,
    )


def _fits(row: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    words = f"{row['name'].text} {row['code']}".casefold()
    return wanted["q"].casefold() in words and wanted["group"] in ("", row["key"])


def _rows(made: Vulnerability) -> Iterator[dict[str, Any]]:
    for code, name in cause_figures.groups(made).items():
        low, high = made.found.interval(code)
        yield {
            "code": code,
            "key": name,
            "name": Link(cause_figures.named(code), reverse("causes_page", args=[code])),
            "group": cause_figures.GROUPS[name],
            "interval": cause_figures.interval(low, high),
            "imputed": cause_figures.share(made, code),
        }


def _exported(made: Vulnerability) -> Iterator[dict[str, Any]]:
    for code, name in sorted(cause_figures.groups(made).items()):
        low, high = made.found.interval(code)
        told = {
            "code": code,
            "name": cause_figures.named(code),
            "group": cause_figures.GROUPS[name],
            "low": low,
            "high": high,
        }
        yield told | {"imputed": round(made.index.imputed_share(code), 3)}


# -- one State -----------------------------------------------------------------------------------------------


def _told(made: Vulnerability, code: str) -> dict[str, Any]:
    low, high = made.found.interval(code)
    place = made.index.place(code)
    name, at = cause_figures.group(made.found.standings[place]), cause_figures.interval(low, high)
    return {
        "facts": (
            (_("Place among %(count)s States, 1 the most vulnerable") % {"count": len(made.index.units)}, at),
            (_("Group"), cause_figures.GROUPS[name]),
            (_("Figures filled in"), cause_figures.share(made, code)),
            (_("What moves its place most"), cause_figures.decided(made, code)),
        ),
        "drivers": cause_figures.drivers(made, code),
        "draws": len(made.found.draws),
    }


def _too_few(made: Vulnerability, code: str) -> Empty:
    held = sum(known == code for known, _ in made.causes.known)
    return Empty(
        title=_("Too few figures are known of this State."),
        hint=_("%(held)s of %(all)s indicators have a figure that is not too old; %(least)s are needed.")
        % {
            "held": held,
            "all": len(causes.indicators()),
            "least": made.index.steps.coverage.least,
        },
    )
