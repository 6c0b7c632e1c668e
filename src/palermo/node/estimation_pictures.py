"""Vega-Lite pictures of an estimation: methods on one axis, strata on another, and who overlaps with whom."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _

from palermo.node import chart
from palermo.node.chart import INK_SOFT, LINE

Spec = dict[str, Any]

MOST_SETS, MOST_NARROW = 24, 10
NARROW_ROOM = 160
"""What names of lists leave of a phone's width."""

_ACCENT, _BAND = "#0f6073", "#c9822b"


def ranges(
    rows: Iterable[Mapping[str, Any]],
    *,
    title: str,
    known: float | None = None,
    reported: tuple[float, float] | None = None,
    digits: str = ",.0f",
    narrow: bool = False,
) -> Spec:
    """Totals with intervals, one row a name, on one axis; rows have `name`, `total`, `low` and `high`.

    `known` draws where the people known already stand, `reported` the range that was signed. A narrow picture
    breaks the names and fits a phone.
    """
    answered = [{**row, "name": _name(row["name"], narrow)} for row in rows if row["total"] is not None]
    layers = [*_reported(reported), *_known(known), _spans(), _points()]
    whole: Spec = {
        "data": {"values": answered},
        "width": chart.WIDE,
        "height": {"step": 48 if narrow else 38},
        "encoding": {
            "y": {
                "field": "name",
                "type": "nominal",
                "sort": None,
                "axis": {"title": None, "grid": True, "ticks": False, "domain": False, **chart.BROKEN},
            }
        },
        "layer": [_axis(layer, title, digits, narrow=narrow) for layer in layers],
    }
    return chart.narrowed(whole) if narrow else whole


def _name(name: str, narrow: bool) -> str:
    """A name whose words keep their own order beside an axis that runs from left to right."""
    parts = chart.lines(name) if narrow else [name]
    return "\n".join(f"\u2067{part}\u2069" if get_language_bidi() else part for part in parts)


def _axis(layer: Spec, title: str, digits: str, *, narrow: bool) -> Spec:
    axis = {"title": title, "format": digits} | ({"tickCount": 3} if narrow else {})
    layer["encoding"]["x"] |= {"type": "quantitative", "axis": axis}
    return layer


def _spans() -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.low)"}],
        "mark": {"type": "rule", "strokeWidth": 5, "strokeCap": "round", "opacity": 0.45, "color": _ACCENT},
        "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}},
    }


def _points() -> Spec:
    return {
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1, "color": _ACCENT},
        "encoding": {"x": {"field": "total"}},
    }


def _known(known: float | None) -> list[Spec]:
    if known is None:
        return []
    data = {"values": [{"known": known, "says": _("Known already")}]}
    mark = {"color": INK_SOFT, "strokeDash": [4, 4], "type": "rule", "strokeWidth": 1.5}
    words = {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "y": -4, "fontSize": 12}
    return [
        {"data": data, "mark": mark, "encoding": {"x": {"field": "known"}, "y": None}},
        {
            "data": data,
            "mark": words | {"color": INK_SOFT},
            "encoding": {"x": {"field": "known"}, "text": {"field": "says"}, "y": None},
        },
    ]


def _reported(reported: tuple[float, float] | None) -> list[Spec]:
    if reported is None:
        return []
    values = [{"low": reported[0], "high": reported[1]}]
    band = {"type": "rect", "color": _BAND, "opacity": 0.16}
    return [
        {
            "data": {"values": values},
            "mark": band,
            "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}, "y": None},
        }
    ]


def sets(
    cells: Sequence[tuple[Sequence[str], int]],
    *,
    lists: Sequence[str],
    sizes: Mapping[str, int],
    narrow: bool = False,
) -> Spec:
    """How many people each combination of lists holds: bars above, the lists of each as joined dots below.

    A narrow picture has the largest alone, and no figures on its bars.
    """
    shown = sorted(cells, key=lambda cell: -cell[1])[: MOST_NARROW if narrow else MOST_SETS]
    people = [{"place": place, "people": number} for place, (_names, number) in enumerate(shown)]
    order = sorted(lists, key=lambda name: -sizes.get(name, 0))
    told = {name: "\n".join(chart.lines(name, longest=14)) if narrow else name for name in order}
    dots = [
        {"place": place, "list": told[name], "in": name in names}
        for place, (names, _number) in enumerate(shown)
        for name in order
    ]
    lines = [
        {"place": place, "first": told[held[0]], "last": told[held[-1]]}
        for place, (names, _number) in enumerate(shown)
        if len(held := [name for name in order if name in names]) > 1
    ]
    across = {"field": "place", "type": "ordinal", "axis": None}
    least, room = (14, NARROW_ROOM) if narrow else (20, chart.WIDE)
    width = {"step": max(least, room // max(len(shown), 1))}
    return {
        "vconcat": [
            {
                "data": {"values": people},
                "width": width,
                "height": 150,
                "layer": [_bars(across)] if narrow else [_bars(across), _counts(across)],
            },
            {
                "width": width,
                "height": {"step": 36 if narrow else 26},
                "layer": [_dots(dots, across, [*told.values()]), _lines(lines, across, [*told.values()])],
            },
        ],
        "spacing": 6,
    }


def _bars(across: Spec) -> Spec:
    people = {"field": "people", "type": "quantitative", "axis": {"title": _("People"), "tickCount": 4}}
    return {"mark": {"type": "bar", "color": _ACCENT}, "encoding": {"x": across, "y": people}}


def _counts(across: Spec) -> Spec:
    people = {"field": "people", "type": "quantitative"}
    return {
        "mark": {"type": "text", "dy": -7, "fontSize": 11},
        "encoding": {"x": across, "y": people, "text": {"field": "people", "format": ",.0f"}},
    }


def _down(order: Sequence[str], field: str = "list") -> Spec:
    axis = {"title": None, "domain": False, "ticks": False, "grid": False, **chart.BROKEN}
    return {"field": field, "type": "nominal", "scale": {"domain": list(order)}, "axis": axis}


def _dots(dots: Sequence[Mapping[str, Any]], across: Spec, order: Sequence[str]) -> Spec:
    colour = {"field": "in", "type": "nominal", "legend": None}
    return {
        "data": {"values": list(dots)},
        "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
        "encoding": {
            "x": across,
            "y": _down(order),
            "color": colour | {"scale": {"domain": [True, False], "range": [_ACCENT, LINE]}},
        },
    }


def _lines(lines: Sequence[Mapping[str, Any]], across: Spec, order: Sequence[str]) -> Spec:
    return {
        "data": {"values": list(lines)},
        "mark": {"type": "rule", "strokeWidth": 3, "color": _ACCENT},
        "encoding": {"x": across, "y": _down(order, "first"), "y2": {"field": "last"}},
    }
