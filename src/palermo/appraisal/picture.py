"""The charts of a report as Vega-Lite specifications: every mark has its number written beside it."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from palermo.appraisal import words
from palermo.appraisal.words import Language, phrase_text

WIDTH = 560
MANY_YEARS = 11
INK = "#1b2733"
DEEP = "#14507a"
PALE = "#a9c7dd"
RULE = "#d5dce2"
ALARM = "#8c1d18"


class Mark(Protocol):
    """A named point with its bounds."""

    @property
    def name(self) -> Any: ...
    @property
    def low(self) -> int | float: ...
    @property
    def high(self) -> int | float: ...


class Named(Protocol):
    """A picture-maker: the marks and their names in one language, as a specification."""

    def __call__(
        self, marks: Sequence[Mark], names: Sequence[str], *, language: Language, font: str
    ) -> dict[str, Any]: ...


def victims(marks: Sequence[Mark], names: Sequence[str], *, language: Language, font: str) -> dict[str, Any]:
    """Bars by year, with gaps; a suppressed year is an outline from its low to its high end."""
    values = _values(marks, names, language)
    bar = {"type": "bar", "width": {"band": 0.62}}
    years = [str(year) for year in range(int(min(names)), int(max(names)) + 1)]
    crowded = len(years) > MANY_YEARS
    axis = {"title": None, "labelAngle": -90 if crowded else 0}
    x = {"field": "name", "type": "ordinal", "axis": axis, "scale": {"domain": years}}
    above = {"baseline": "bottom", "dy": -4}
    upright = {"angle": 270, "align": "left", "baseline": "middle", "dx": 5}
    y = {"type": "quantitative", "axis": {"title": None, "tickCount": 5, "domain": False, "ticks": False}}
    return _chart(
        values,
        [
            {"mark": {**bar, "color": DEEP}, "encoding": {"x": x, "y": {"field": "low", **y}}},
            {
                "transform": [{"filter": "datum.low < datum.high"}],
                "mark": {**bar, "color": PALE, "stroke": DEEP, "strokeDash": [3, 2]},
                "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}},
            },
            {
                "mark": {"type": "text", **(upright if crowded else above)},
                "encoding": {"x": x, "y": {"field": "high", **y}, "text": {"field": "label"}},
            },
        ],
        height=240,
        top=48 if crowded else 12,
        language=language,
        font=font,
    )


def profile(marks: Sequence[Mark], names: Sequence[str], *, language: Language, font: str) -> dict[str, Any]:
    """One line a pillar: a dark bar up to the low end, a pale one from there to the high end."""
    values = _values(marks, names, language)
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 240}}
    x = {"type": "quantitative", "scale": {"domain": [0, 100]}, "axis": {"title": None, "tickCount": 5}}
    bar = {"type": "bar", "height": {"band": 0.55}}
    return _chart(
        values,
        [
            {"mark": {**bar, "color": DEEP}, "encoding": {"y": y, "x": {"field": "low", **x}}},
            {
                "mark": {**bar, "color": PALE, "stroke": DEEP, "strokeDash": [3, 2]},
                "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"y": y, "x": {"value": "width"}, "text": {"field": "label"}},
            },
        ],
        height=150,
        language=language,
        font=font,
        width=WIDTH - 200,
        right=70,
    )


def timeline(marks: Sequence[Mark], names: Sequence[str], *, language: Language, font: str) -> dict[str, Any]:
    """A bar for each span of years; the last mark, whose ends meet, is the day itself and crosses all."""
    spans = _values(marks, names, language)
    now = spans.pop()
    years = sorted({math.floor(one["low"]) for one in spans} | {math.ceil(one["high"]) for one in spans})
    ends = [min(years[0], math.floor(now["low"])), max(years[-1], math.ceil(now["high"]))]
    step = 1 + (ends[1] - ends[0]) // MANY_YEARS
    ticks = list(range(ends[0], ends[1] + 1, step))
    axis = {"title": None, "format": "d", "values": ticks, "grid": True, "labelOverlap": False}
    y = {"field": "name", "type": "nominal", "sort": None, "axis": {"title": None, "labelLimit": 260}}
    x = {"type": "quantitative", "scale": {"domain": ends, "nice": False}, "axis": axis}
    day = [{"low": now["low"], "label": now["name"]}]
    return _chart(
        spans,
        [
            {
                "mark": {"type": "bar", "height": {"band": 0.5}, "color": DEEP},
                "encoding": {"y": y, "x": {"field": "low", **x}, "x2": {"field": "high"}},
            },
            {
                "data": {"values": day},
                "mark": {"type": "rule", "color": ALARM, "strokeWidth": 2, "strokeDash": [5, 3]},
                "encoding": {"x": {"field": "low", **x}},
            },
            {
                "data": {"values": day},
                "mark": {"type": "text", "baseline": "bottom", "dy": -3, "color": ALARM},
                "encoding": {"x": {"field": "low", **x}, "y": {"value": 0}, "text": {"field": "label"}},
            },
        ],
        height=max(70, 30 * len(spans)),
        top=22,
        language=language,
        font=font,
        width=WIDTH - 200,
        right=40,
    )


PICTURES: Mapping[str, Named] = {"victims": victims, "profile": profile, "timeline": timeline}


def _values(marks: Sequence[Mark], names: Sequence[str], language: Language) -> list[dict[str, Any]]:
    return [
        {"name": name, "low": mark.low, "high": mark.high, "label": _label(mark, language)}
        for mark, name in zip(marks, names, strict=True)
    ]


def _label(mark: Mark, language: Language) -> str:
    """The number beside a mark: digits and a dash in every language, since letters may lack beside digits."""
    return interval(mark.low, mark.high, Language.ENGLISH if language.right_to_left else language)


def interval(low: int | float, high: int | float, language: Language) -> str:
    """A number, or both ends of an interval: 29; 1–4."""
    if low == high:
        return words.number(low, language)
    ends = {"low": words.number(low, language), "high": words.number(high, language)}
    return phrase_text("interval").in_language(language).format(**ends)


def _chart(
    values: list[dict[str, Any]],
    layer: list[dict[str, Any]],
    *,
    height: int,
    language: Language,
    font: str,
    width: int = WIDTH,
    right: int = 10,
    top: int = 12,
) -> dict[str, Any]:
    thousands, decimal = ("\u202f", ",") if language is Language.FRENCH else (",", ".")
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": width,
        "height": height,
        "padding": {"left": 5, "top": top, "right": right, "bottom": 5},
        "background": None,
        "data": {"values": values},
        "layer": layer,
        "config": {
            "font": font,
            "view": {"stroke": None},
            "axis": {"labelFontSize": 13, "labelColor": INK, "gridColor": RULE, "domainColor": INK},
            "text": {"fontSize": 13, "fontWeight": "bold", "color": INK},
            "locale": {
                "number": {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}
            },
        },
    }
