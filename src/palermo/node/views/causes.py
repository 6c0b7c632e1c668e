"""Root-cause vulnerability: groups and intervals on a map and in a table, and what drives one State's.

There is no league table: States stand by name, and each in the group that its interval allows.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.appraisal import state
from palermo.appraisal.composite import causes
from palermo.appraisal.composite.building import Cell
from palermo.appraisal.composite.causes import Vulnerability
from palermo.appraisal.composite.ranks import Standing
from palermo.node import vulnerable, world
from palermo.node.chart import Figure
from palermo.node.forms import FilterForm
from palermo.node.table import (
    NOTHING_FITS,
    Code,
    Column,
    Empty,
    Link,
    Order,
    Table,
    Tag,
    csv_response,
    text,
    wants_csv,
)

GROUPS = {
    "low": gettext_lazy("Lowest quarter"),
    "lower": gettext_lazy("Lowest or third quarter"),
    "middle": gettext_lazy("Middle, or not clear"),
    "upper": gettext_lazy("Highest or second quarter"),
    "high": gettext_lazy("Highest quarter"),
}
SURE = {(1, 1): "high", (1, 2): "upper", (3, 4): "lower", (4, 4): "low"}
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
DRIVERS = (
    Column(name="indicator", label=gettext_lazy("Indicator"), heads_row=True),
    Column(name="dimension", label=gettext_lazy("Dimension")),
    Column(name="value", label=gettext_lazy("Figure"), numeric=True),
    Column(name="year", label=gettext_lazy("Year"), numeric=True, plain=True),
    Column(name="effect", label=gettext_lazy("Effect, points"), numeric=True),
    Column(name="source", label=gettext_lazy("Source")),
)
# The mark that keeps a sign before its number in a page from right to left.
LEFT_TO_RIGHT = "\u200e"
RAISES, LOWERS = "#a5512a", "#2b7183"
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
        choices=[("", gettext_lazy("All groups")), *reversed(GROUPS.items())],
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
        "map": _map(made),
        "states": _table(made, request),
        "draws": len(made.found.draws),
        "units": len(index.units),
        "width": round(spread.median_width),
        "pairs": round(100 * spread.stable_pairs),
        "imputed": text(round(100 * float(index.filled.mean()), 1)),
        "left_out": [_named(code) for code in index.left_out],
    }
    return render(request, "appraisal/causes_list.html", context)


def cause_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """What drives one State's vulnerability, each figure with its year and source."""
    known = state.state(code).code
    made = vulnerable.found()
    context: dict[str, Any] = {"state": _named(known), "code": known}
    if made is None:
        return render(request, "appraisal/causes_page.html", context | {"empty": NOTHING})
    if known not in made.index.units:
        return render(request, "appraisal/causes_page.html", context | {"empty": _too_few(made, known)})
    return render(request, "appraisal/causes_page.html", context | _told(made, known))


def group(standing: Standing) -> str:
    """The group that an interval allows: a sure one, two neighbours at an end, or the middle."""
    return SURE.get((standing.first, standing.last), "middle")


# -- the world ----------------------------------------------------------------------------------------------


def _map(made: Vulnerability) -> Figure:
    places = {name: place for place, name in enumerate(GROUPS)}
    groups = _groups(made)
    values = {code: float(places[name]) for code, name in groups.items()}
    high = sorted(_named(code) for code, name in groups.items() if name == "high")
    return Figure(
        id="causes-map",
        title=_("Root-cause vulnerability by group"),
        summary=_("%(count)s States are in the highest quarter in 90%% of the draws: %(names)s.")
        % {"count": len(high), "names": ", ".join(high) or "–"},
        spec=world.choropleth(
            values,
            legend=_("Vulnerability"),
            steps=(1, 2, 3, 4),
            classes=[str(name) for name in GROUPS.values()],
        ),
        table=_counted(groups),
        source=_sources(made),
        as_of=_as_of(made),
        disclaimer=world.DISCLAIMER,
    )


def _counted(groups: Mapping[str, str]) -> Table:
    """How many States each group holds."""
    rows = [
        {"group": label, "count": sum(held == name for held in groups.values())}
        for name, label in reversed(GROUPS.items())
    ]
    columns = (
        Column(name="group", label=_("Group"), heads_row=True),
        Column(name="count", label=_("States"), numeric=True),
    )
    return Table(id="causes-groups", caption=_("States in each group"), columns=columns, rows=rows)


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
    for code, name in _groups(made).items():
        low, high = made.found.interval(code)
        yield {
            "code": code,
            "key": name,
            "name": Link(_named(code), reverse("causes_page", args=[code])),
            "group": GROUPS[name],
            "interval": _interval(low, high),
            "imputed": _share(made, code),
        }


def _exported(made: Vulnerability) -> Iterator[dict[str, Any]]:
    for code, name in sorted(_groups(made).items()):
        low, high = made.found.interval(code)
        told = {"code": code, "name": _named(code), "group": GROUPS[name], "low": low, "high": high}
        yield told | {"imputed": round(made.index.imputed_share(code), 3)}


def _groups(made: Vulnerability) -> dict[str, str]:
    return {code: group(one) for code, one in zip(made.index.units, made.found.standings, strict=True)}


# -- one State ----------------------------------------------------------------------------------------------


def _told(made: Vulnerability, code: str) -> dict[str, Any]:
    low, high = made.found.interval(code)
    place = made.index.place(code)
    name, at = group(made.found.standings[place]), _interval(low, high)
    return {
        "facts": (
            (_("Place among %(count)s States, 1 the most vulnerable") % {"count": len(made.index.units)}, at),
            (_("Group"), GROUPS[name]),
            (_("Figures filled in"), _share(made, code)),
        ),
        "drivers": _drivers(made, code),
        "draws": len(made.found.draws),
    }


def _drivers(made: Vulnerability, code: str) -> Figure:
    cells = sorted(made.index.cells(code), key=lambda one: -one.effect)
    return Figure(
        id="causes-drivers",
        title=_("What raises and what lowers its vulnerability"),
        summary=_driven(cells),
        spec=_bars(cells),
        table=Table(
            id="drivers",
            caption=_("Indicators, the one that raises it most first"),
            columns=DRIVERS,
            rows=[_driver(made, code, one) for one in cells],
        ),
        source=_sources(made),
        as_of=_as_of(made),
    )


def _driven(cells: list[Cell]) -> str:
    up = [_short(one.indicator) for one in cells if one.effect >= 0.05][:3]
    down = [_short(one.indicator) for one in reversed(cells) if one.effect <= -0.05][:3]
    said = [
        _("Most raised by: %(names)s.") % {"names": "; ".join(up)} if up else "",
        _("Most lowered by: %(names)s.") % {"names": "; ".join(down)} if down else "",
    ]
    return " ".join(one for one in said if one) or _("No figure stands far from the middle of all States.")


def _driver(made: Vulnerability, code: str, one: Cell) -> dict[str, Any]:
    known = made.causes.known.get((code, one.indicator))
    dimension = causes.indicators()[one.indicator]["dimension"]
    return {
        "indicator": _indicator(one.indicator),
        "dimension": _word(causes.dimensions()[dimension]),
        "value": _figure(known.value) if known else Tag(_("Filled in"), "warn"),
        "year": known.year if known else None,
        "effect": Code(f"{LEFT_TO_RIGHT}{_signed(one.effect)}"),
        "source": _publisher(known.file) if known else _("From the nearest States"),
    }


def _bars(cells: list[Cell]) -> dict[str, Any]:
    values = [
        {
            "label": _short(one.indicator),
            "effect": round(one.effect, 2),
            "shown": _signed(one.effect),
            "way": RAISES if one.effect > 0 else LOWERS,
            "align": one.effect > 0,
        }
        for one in cells
    ]
    y = {"field": "label", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 320}}
    reach = max(1.0, *(abs(one.effect) for one in cells)) * 1.3
    x = {
        "field": "effect",
        "type": "quantitative",
        "scale": {"domain": [-reach, reach]},
        "axis": {"title": _("Points above or below where the middle value of all States would put it")},
    }
    return {
        "data": {"values": values},
        "width": 340,
        "height": {"step": 30},
        "layer": [
            {
                "mark": {"type": "bar", "height": 16},
                "encoding": {"y": y, "x": x, "color": {"field": "way", "type": "nominal", "scale": None}},
            },
            {
                "transform": [{"filter": "datum.align"}],
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"y": y, "x": x, "text": {"field": "shown"}},
            },
            {
                "transform": [{"filter": "!datum.align"}],
                "mark": {"type": "text", "align": "right", "dx": -6},
                "encoding": {"y": y, "x": x, "text": {"field": "shown"}},
            },
        ],
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


# -- words --------------------------------------------------------------------------------------------------


def _named(code: str) -> str:
    one = state.state(code)
    return {"ar": one.name_ar, "fr": one.name.fr}.get(get_language() or "en", one.name.en)


def _indicator(id: str) -> str:
    return _word(causes.indicators()[id])


def _short(id: str) -> str:
    """The name of an indicator without its unit."""
    return re.split(r"[,،] ", _indicator(id))[0]


def _word(entry: Mapping[str, Any]) -> str:
    """A name of the framework in the page's language."""
    return str(entry.get((get_language() or "en")[:2], entry["en"]))


def _publisher(file: str) -> str:
    name, _day = causes.publisher(file)
    return name.fr if get_language() == "fr" else name.en


def _sources(made: Vulnerability) -> str:
    return "; ".join(_publisher(one.file) for one in made.causes.tables)


def _as_of(made: Vulnerability) -> Any:
    return min(causes.publisher(one.file)[1] for one in made.causes.tables)


def _interval(low: int, high: int) -> str:
    if low == high:
        return text(low)
    return _("%(low)s to %(high)s") % {"low": text(low), "high": text(high)}


def _share(made: Vulnerability, code: str) -> str:
    return _("%(share)s%%") % {"share": text(round(100 * made.index.imputed_share(code)))}


def _figure(value: float) -> int | float:
    return round(value) if abs(value) >= 1000 else round(value, 3 if abs(value) < 1 else 1)


def _signed(effect: float) -> str:
    shown = text(abs(round(effect, 1)))
    sign = "+" if effect >= 0.05 else "\u2212" if effect <= -0.05 else ""
    return f"{sign}{shown}"
