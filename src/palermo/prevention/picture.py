"""Vega-Lite pictures of estimation: methods on one axis, the overlaps of a table, a stability curve."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from palermo.prevention.overlap import Overlap

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
_INK, _ACCENT = "#1f2933", "#0b5c8a"

Spec = dict[str, Any]


def estimates(rows: Iterable[Mapping[str, Any]]) -> Spec:
    """Totals of every method that answers, with intervals, on one axis; refusals are named in the subtitle.

    Rows have `method`, `total`, `low` and `high`, None where there is none; `ours` is False for figures that
    others have published. `Estimate.row` gives one.
    """
    every = list(rows)
    told = [row for row in every if row["total"] is not None or row["low"] is not None]
    refusals = [row["method"] for row in every if row not in told]
    return {
        "$schema": _SCHEMA,
        "title": {"text": "People in all, by method", "subtitle": _refusals(refusals)},
        "width": 520,
        "data": {"values": [{"ours": True, **row} for row in told]},
        "encoding": {"y": {"field": "method", "type": "nominal", "title": None, "sort": None}},
        "layer": [_ranges(), _points()],
    }


def overlaps(table: Overlap) -> Spec:
    """How many people each occupied combination of lists holds, the largest first."""
    cells = np.flatnonzero(table.counts).tolist()
    rows = [
        {"lists": " + ".join(table.model([cell])[0]), "people": int(table.counts[cell])}
        for cell in sorted(cells, key=lambda cell: -table.counts[cell])
    ]
    return {
        "$schema": _SCHEMA,
        "title": "People by the lists they are in",
        "width": 520,
        "data": {"values": rows},
        "mark": {"type": "bar", "color": _ACCENT},
        "encoding": {
            "x": {"field": "people", "type": "quantitative", "scale": {"type": "symlog"}, "title": "people"},
            "y": {"field": "lists", "type": "nominal", "sort": None, "title": None},
        },
    }


def stability(curve: Iterable[Mapping[str, float]], *, over: str) -> Spec:
    """How the interval moves as `over` grows; rows have `over`, `low` and `high`."""
    return {
        "$schema": _SCHEMA,
        "title": f"Interval against {over}",
        "width": 520,
        "data": {"values": [dict(row) for row in curve]},
        "mark": {"type": "area", "opacity": 0.4, "color": _ACCENT, "line": True},
        "encoding": {
            "x": {"field": over, "type": "quantitative"},
            "y": {"field": "low", "type": "quantitative", "title": "people", "scale": {"zero": False}},
            "y2": {"field": "high"},
        },
    }


def _refusals(methods: Sequence[str]) -> str:
    return f"Refused: {', '.join(methods)}" if methods else ""


def _ranges() -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.low)"}],
        "mark": {"type": "rule", "strokeWidth": 2, "color": _INK},
        "encoding": {"x": {"field": "low", **_PEOPLE}, "x2": {"field": "high"}},
    }


def _points() -> Spec:
    return {
        "transform": [{"filter": "isValid(datum.total)"}],
        "mark": {"type": "point", "filled": True, "size": 80},
        "encoding": {
            "x": {"field": "total", **_PEOPLE},
            "color": {
                "field": "ours",
                "type": "nominal",
                "scale": {"domain": [True, False], "range": [_ACCENT, _INK]},
                "legend": None,
            },
        },
    }


_PEOPLE = {"type": "quantitative", "title": "people", "scale": {"zero": False}, "axis": {"format": ",.0f"}}
