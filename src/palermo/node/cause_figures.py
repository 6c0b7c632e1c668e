"""Pictures and words of root-cause vulnerability: the map in groups, and what drives one State's."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.appraisal import state
from palermo.appraisal.composite import causes
from palermo.appraisal.composite.building import Cell
from palermo.appraisal.composite.causes import Vulnerability
from palermo.appraisal.composite.ranks import Standing
from palermo.node import world
from palermo.node.chart import Figure
from palermo.node.table import Code, Column, Table, Tag, text

GROUPS = {
    "low": gettext_lazy("Lowest quarter"),
    "lower": gettext_lazy("Lowest or third quarter"),
    "middle": gettext_lazy("Middle, or not clear"),
    "upper": gettext_lazy("Highest or second quarter"),
    "high": gettext_lazy("Highest quarter"),
}
SURE = {(1, 1): "high", (1, 2): "upper", (3, 4): "lower", (4, 4): "low"}
CHOICES = {
    "impute": gettext_lazy("how gaps are filled"),
    "normalise": gettext_lazy("which scale is used"),
    "aggregate": gettext_lazy("which mean is used"),
    "leave_out": gettext_lazy("which indicator is left out"),
}
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


def group(standing: Standing) -> str:
    """The group that an interval allows: a sure one, two neighbours at an end, or the middle."""
    return SURE.get((standing.first, standing.last), "middle")


def decided(made: Vulnerability, code: str | None = None) -> str:
    """Which single choice moves a State's place most, or the places of all."""
    shares = {name: share for name, share in made.found.moved_by(code).items() if name != "rest"}
    if not shares:
        return _("No choice moves it.")
    most = max(shares, key=lambda name: shares[name])
    return _("%(choice)s (%(share)s%% of the movement)") % {
        "choice": CHOICES[most],
        "share": text(round(100 * shares[most])),
    }


def groups(made: Vulnerability) -> dict[str, str]:
    return {code: group(one) for code, one in zip(made.index.units, made.found.standings, strict=True)}


def world_map(made: Vulnerability) -> Figure:
    places = {name: place for place, name in enumerate(GROUPS)}
    held = groups(made)
    values = {code: float(places[name]) for code, name in held.items()}
    high = sorted(named(code) for code, name in held.items() if name == "high")
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
        table=_counted(held),
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


def drivers(made: Vulnerability, code: str) -> Figure:
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
        "effect": Code(f"{LEFT_TO_RIGHT}{signed(one.effect)}"),
        "source": _publisher(known.file) if known else _("From the nearest States"),
    }


def _bars(cells: list[Cell]) -> dict[str, Any]:
    values = [
        {
            "label": _short(one.indicator),
            "effect": round(one.effect, 2),
            "shown": signed(one.effect),
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


# -- words --------------------------------------------------------------------------------------------------


def named(code: str) -> str:
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


def interval(low: int, high: int) -> str:
    if low == high:
        return text(low)
    return _("%(low)s to %(high)s") % {"low": text(low), "high": text(high)}


def share(made: Vulnerability, code: str) -> str:
    return _("%(share)s%%") % {"share": text(round(100 * made.index.imputed_share(code)))}


def _figure(value: float) -> int | float:
    return round(value) if abs(value) >= 1000 else round(value, 3 if abs(value) < 1 else 1)


def signed(effect: float) -> str:
    shown = text(abs(round(effect, 1)))
    sign = "+" if effect >= 0.05 else "\u2212" if effect <= -0.05 else ""
    return f"{sign}{shown}"
