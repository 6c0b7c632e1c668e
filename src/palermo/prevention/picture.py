"""Vega-Lite pictures of estimation: methods on one axis, the overlaps of a table, a stability curve.

Names stand above their bars, so that a picture can be as narrow as a telephone.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from palermo.prevention import words
from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import number, say

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_INK, _SOFT, _FAINT, _LINE = "#1f2933", "#4a5960", "#a3b0b5", "#e2e7e9"
_ACCENT, _OTHERS = "#0b5c8a", "#8a4b08"
_FONT = "system-ui, Noto Sans, Noto Sans Arabic, DejaVu Sans, sans-serif"
_SEPARATORS = {"en": (",", "."), "fr": ("\u202f", ","), "ar": (",", ".")}
_TURNED, _BACK = "\u2067", "\u2069"  # a text of Arabic reads from the right, wherever it stands
_TITLE = {"color": _INK, "fontSize": 15, "offset": 22}
_NARROW = 480
_WIDE_SPREAD = 20  # over this factor between the least and the largest an axis is logarithmic

Spec = dict[str, Any]


def estimates(
    rows: Iterable[Mapping[str, Any]],
    *,
    language: str = "en",
    observed: int | None = None,
    width: int = 640,
) -> Spec:
    """Totals and intervals of every method on one axis; a refusal has its row too, and no bar.

    Rows have `method`, `total`, `low` and `high`, None where there is none; `ours` is False for figures that
    others have published. `Estimate.row` gives one. `observed` people are known.
    """
    every = [{"ours": True, **row} for row in rows]
    lines = _lines(every, language)
    ends = [row[name] for row in every for name in ("total", "low", "high") if row[name] is not None]
    wide = bool(ends) and max(ends) > _WIDE_SPREAD * min(ends)
    known = [] if observed is None else _known(observed, language)
    title = say("picture-people-log" if wide else "picture-people").text(language)
    return {
        "$schema": _SCHEMA,
        "title": _turned(say("picture-estimates").text(language), language),
        "width": width,
        "height": {"step": 34} if width >= _NARROW else {"step": 54},
        "data": {"values": lines},
        "encoding": {"y": {"field": "place", "type": "ordinal", "axis": None, "scale": {"padding": 0}}},
        "layer": [_line(layer, title, wide, width) for layer in (*known, *_bars())] + _names(language, width),
        "config": _config(language),
    }


def overlaps(table: Overlap, *, language: str = "en", width: int = 520) -> Spec:
    """How many people each occupied combination of lists holds, the largest first."""
    cells = np.flatnonzero(table.counts).tolist()
    rows = [
        {
            "lists": " + ".join(table.model([cell])[0]),
            "people": int(table.counts[cell]),
            "told": number(int(table.counts[cell]), language),
        }
        for cell in sorted(cells, key=lambda cell: -table.counts[cell])
    ]
    people = {
        "field": "people",
        "type": "quantitative",
        "scale": {"type": "symlog"},
        "title": _turned(say("picture-number").text(language), language),
        "axis": {"values": [1, 10, 100, 1_000, 10_000, 100_000], "format": ",.0f"},
    }
    names = {"field": "lists", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 220}}
    return {
        "$schema": _SCHEMA,
        "title": _turned(say("picture-overlaps").text(language), language),
        "width": width,
        "data": {"values": rows},
        "encoding": {"x": people, "y": names},
        "layer": [
            {"mark": {"type": "bar", "color": _ACCENT}},
            {
                "mark": {"type": "text", "align": "left", "dx": 4, "color": _INK},
                "encoding": {"text": {"field": "told"}},
            },
        ],
        "config": _config(language),
    }


def stability(
    curve: Iterable[Mapping[str, Any]], *, over: str, language: str = "en", width: int = 520
) -> Spec:
    """How the interval moves as more models compete; rows have `over`, `low` and `high`."""
    rows = [dict(row) for row in curve if row.get("low") is not None]
    models = {
        "field": over,
        "type": "quantitative",
        "title": _turned(say("picture-models").text(language), language),
        "scale": {"type": "log"},
        "axis": {"values": [row[over] for row in rows], "format": ",.0f", "labelOverlap": True},
    }
    people = {
        "field": "low",
        "type": "quantitative",
        "title": _turned(say("picture-people").text(language), language),
        "scale": {"zero": False},
        "axis": {"format": ",.0f", "tickCount": 5},
    }
    ends = {"type": "line", "color": _ACCENT, "point": {"color": _ACCENT, "size": 40}}
    return {
        "$schema": _SCHEMA,
        "title": _turned(say("picture-stability").text(language), language),
        "width": width,
        "height": 180,
        "data": {"values": rows},
        "encoding": {"x": models},
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.25, "color": _ACCENT},
                "encoding": {"y": people, "y2": {"field": "high"}},
            },
            {"mark": ends, "encoding": {"y": people}},
            {"mark": ends, "encoding": {"y": {**people, "field": "high"}}},
        ],
        "config": _config(language),
    }


def _lines(every: Sequence[Mapping[str, Any]], language: str) -> list[Spec]:
    """One line a row, under a heading for each kind where there are figures of others too."""
    kinds = (("picture-ours", True), ("picture-published", False))
    both = len({row["ours"] for row in every}) > 1
    found: list[Spec] = []
    for heading, ours in kinds:
        rows = [row for row in every if row["ours"] is ours]
        if both:
            found.append({"heading": _turned(_HEADINGS[heading].text(language), language)})
        found += [{**row, **_labels(row, language)} for row in rows]
    return [{**row, "place": place} for place, row in enumerate(found)]


_HEADINGS = {"picture-ours": say("picture-ours"), "picture-published": say("picture-published")}


def _labels(row: Mapping[str, Any], language: str) -> Spec:
    name, told = words.title(row["method"], language), _told(row, language)
    return {"name": _turned(name, language), "told": _turned(told, language)}


def _told(row: Mapping[str, Any], language: str) -> str:
    """The total with its interval, either alone, or that there is none."""
    total, low, high = row["total"], row["low"], row["high"]
    if low is None or high is None:
        return say("refused").text(language) if total is None else number(total, language)
    span = words.span(low, high)
    return span.text(language) if total is None else say("total-span", total=total, span=span).text(language)


def _turned(text: str, language: str) -> str:
    return f"{_TURNED}{text}{_BACK}" if language == "ar" else text


def _line(layer: Spec, title: str, wide: bool, width: int) -> Spec:
    """The layer on the common axis."""
    scale = {"type": "log", "nice": True} if wide else {"zero": False, "nice": True}
    axis = {
        "format": ",.0f",
        "tickCount": max(3, width // 110),
        "labelOverlap": "greedy",
        "grid": True,
        "gridColor": _LINE,
    }
    across = {"type": "quantitative", "title": title, "scale": scale, "axis": axis}
    layer["encoding"]["x"] = {**across, **layer["encoding"]["x"]}
    return layer


def _bars() -> list[Spec]:
    """Intervals and ranges as bars, totals as dots; figures of others in another colour and shape."""
    colour = {
        "condition": {"test": "datum.ours", "value": _ACCENT},
        "value": _OTHERS,
    }
    return [
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 5, "opacity": 0.45, "strokeCap": "round", "yOffset": 8},
            "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}, "color": colour},
        },
        {
            "transform": [{"filter": "isValid(datum.total)"}],
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "yOffset": 8},
            "encoding": {
                "x": {"field": "total"},
                "color": colour,
                "shape": {"condition": {"test": "datum.ours", "value": "circle"}, "value": "diamond"},
            },
        },
    ]


def _names(language: str, width: int) -> list[Spec]:
    """The name and the numbers of each row above its bar: on one line, or on two where it is narrow."""
    start, end = (width, 0) if language == "ar" else (0, width)
    one_line = width >= _NARROW
    name_dy, told_dy = (-7, -7) if one_line else (-19, -4)
    left, right = ("right", "left") if language == "ar" else ("left", "right")
    return [
        _text("heading", at=start, align=left, dy=2, bold=True),
        _text("name", at=start, align=left, dy=name_dy, limit=width),
        _text("told", at=end if one_line else start, align=right if one_line else left, dy=told_dy),
    ]


def _text(field: str, *, at: int, align: str, dy: int, bold: bool = False, limit: int = 0) -> Spec:
    weight = "bold" if bold else "normal"
    mark = {"type": "text", "align": align, "dy": dy, "fontWeight": weight, "limit": limit, "color": _INK}
    return {
        "transform": [{"filter": f"isValid(datum.{field})"}],
        "mark": mark,
        "encoding": {"x": {"value": at}, "text": {"field": field}},
    }


def _known(observed: int, language: str) -> list[Spec]:
    """Where the people known already stand."""
    told = _turned(say("picture-known", observed=observed).text(language), language)
    data = {"values": [{"observed": observed, "told": told}]}
    rule = {"type": "rule", "strokeDash": [4, 4], "color": _FAINT}
    text = {"type": "text", "align": "left", "baseline": "bottom", "dy": -4, "color": _SOFT}
    return [
        {"data": data, "mark": rule, "encoding": {"x": {"field": "observed"}, "y": None}},
        {
            "data": data,
            "mark": text,
            "encoding": {"x": {"field": "observed"}, "y": {"value": 0}, "text": {"field": "told"}},
        },
    ]


def _config(language: str) -> Spec:
    thousands, decimal = _SEPARATORS[language]
    locale = {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}
    ink = {"labelColor": _INK, "titleColor": _SOFT, "labelFontSize": 12, "titleFontSize": 12}
    return {
        "locale": {"number": locale},
        "font": _FONT,
        "background": None,
        "view": {"stroke": None},
        "text": {"fontSize": 13, "font": _FONT},
        "title": {
            "anchor": "end" if language == "ar" else "start",
            "color": _INK,
            "fontSize": 15,
            "offset": 22,
        },
        "axis": {**ink, "titleFontWeight": "normal", "domainColor": _SOFT, "tickColor": _SOFT},
    }
