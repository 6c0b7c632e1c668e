"""Releases as figures of a page: what a budget buys before it is spent, and counts with their intervals."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from palermo.node import case_words, chart, release_terms
from palermo.node.chart import Figure
from palermo.node.table import Column, Table, text
from palermo.prevention.release import block as blocks
from palermo.prevention.release.block import Block
from palermo.prevention.release.card import Card
from palermo.prevention.release.figure import Figure as Count
from palermo.prevention.release.plan import Prediction

Bought = Mapping[float, Sequence[Prediction]]
Spec = dict[str, Any]

COLOURS = ["#0f6073", "#c9822b", "#5c3b78"]
LONGEST = 30
"""Values of a column that a page shows; all are in the dashboard and in the file."""


def buys(bought: Bought, *, as_of: dt.date, chosen: float | None = None) -> Figure:
    """The noise of a count by epsilon, one line for each number of columns; `chosen` is marked."""
    return Figure(
        id="buys",
        title=_("What epsilon buys"),
        summary=_(
            "How far a count may stand from the truth, 19 times of 20. More epsilon means less noise and "
            "less protection; each column more means more noise. Nothing was counted to draw this."
        ),
        spec=_lines(bought, chosen),
        narrow=chart.narrowed(_lines(bought, chosen)),
        table=_noise_table(bought),
        source=_("Computed from the lists of codes; no case was read"),
        as_of=as_of,
    )


def _noise_table(bought: Bought) -> Table:
    found = {epsilon: {one.ways: one for one in plan} for epsilon, plan in bought.items()}
    most = max((ways for plan in found.values() for ways in plan), default=0)
    columns = (
        Column(name="epsilon", label=_("Epsilon"), heads_row=True),
        *(
            Column(name=f"w{ways}", label=release_terms.ways(ways), numeric=True)
            for ways in range(1, most + 1)
        ),
    )
    rows = [
        {"epsilon": release_terms.epsilon(epsilon)}
        | {f"w{ways}": release_terms.margin(one) for ways, one in plan.items()}
        for epsilon, plan in found.items()
    ]
    return Table(id="table-buys", caption=_("What epsilon buys"), columns=columns, rows=rows, tight=True)


def _lines(bought: Bought, chosen: float | None) -> Spec:
    values = [
        {"epsilon": epsilon, "noise": release_terms.noise(one), "ways": release_terms.ways(one.ways)}
        for epsilon, plan in bought.items()
        for one in plan
    ]
    order = list(dict.fromkeys(one["ways"] for one in values))
    log = {"type": "log", "nice": False}
    ticks = [epsilon for epsilon in (0.1, 0.25, 0.5, 1, 2, 4, 8, 12) if min(bought) <= epsilon <= max(bought)]
    across = {"type": "quantitative", "scale": log, "axis": {"title": _("Epsilon"), "values": ticks}}
    up = {
        "field": "noise",
        "type": "quantitative",
        "scale": {"type": "log"},
        "axis": {"title": _("People more or fewer"), "format": "~s"},
    }
    colour = {
        "field": "ways",
        "type": "nominal",
        "scale": {"domain": order, "range": COLOURS[: len(order)]},
        "legend": {"title": None, "orient": "top", "columns": 1},
    }
    layers: list[Spec] = [
        {
            "mark": {"type": "line", "point": {"filled": True, "size": 50}},
            "encoding": {"x": across | {"field": "epsilon"}, "y": up, "color": colour},
        }
    ]
    if chosen is not None:
        rule = {"type": "rule", "strokeDash": [4, 4], "color": "#4a5960"}
        at = {"values": [{"chosen": chosen}]}
        layers.append({"data": at, "mark": rule, "encoding": {"x": across | {"field": "chosen"}}})
    return {"data": {"values": values}, "width": chart.WIDE, "height": 260, "layer": layers}


def counts(card: Card, found: Sequence[Count], *, as_of: dt.date | str) -> list[Figure]:
    """The published counts of one column each, with their intervals; the page's first figures."""
    ones = {one.facts[0]: one for one in found if one.ways == 1}
    shown = enumerate(blocks.blocks(card, case_words.language()))
    return [
        figure
        for place, block in shown
        if (figure := _block(place, block, ones, source=card["publisher"], as_of=as_of))
    ]


def _block(
    place: int, block: Block, ones: Mapping[blocks.Fact, Count], *, source: str, as_of: dt.date | str
) -> Figure | None:
    rows = list(_rows(block, ones))
    if not rows:
        return None
    columns = (
        Column(name="name", label=_("Value"), heads_row=True),
        Column(name="total", label=_("People"), numeric=True),
        Column(name="span", label=_("Interval")),
    )
    table = Table(
        id=f"table-counts-{place}",
        caption=block.title,
        columns=columns,
        rows=[
            {"name": one["name"], "total": one["total"], "span": release_terms.span(one["low"], one["high"])}
            for one in rows
        ],
        tight=True,
    )
    return Figure(
        id=f"counts-{place}",
        title=block.title,
        summary=_summary(block, rows),
        spec=_bars(rows),
        narrow=chart.narrowed(_bars(rows, narrow=True)),
        table=table,
        source=source or _("This release"),
        as_of=as_of,
    )


def _rows(block: Block, ones: Mapping[blocks.Fact, Count]) -> Iterator[dict[str, Any]]:
    """What can be told from none: the interval of the rest begins at 0."""
    found = [(label, ones[fact]) for fact, label in block.labels.items() if fact in ones and ones[fact].low]
    if block.ranked:
        found.sort(key=lambda one: -one[1].count)
    for label, one in found[:LONGEST]:
        yield {"name": release_terms.named(label), "total": one.count, "low": one.low, "high": one.high}


def _bars(rows: Sequence[Mapping[str, Any]], *, narrow: bool = False) -> Spec:
    """A bar for each count, a line for its interval."""
    told = [{**row, "name": "\n".join(chart.lines(row["name"]))} for row in rows] if narrow else list(rows)
    down = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "ticks": False, "domain": False, "labelPadding": 10, **chart.BROKEN},
    }
    few = {"tickCount": 3} if narrow else {}
    across = {"type": "quantitative", "axis": {"title": _("People"), "format": ",.0f", **few}}
    return {
        "data": {"values": told},
        "width": chart.WIDE,
        "height": {"step": 44 if narrow else 30},
        "layer": [
            {
                "mark": {"type": "bar", "height": 16, "color": "#9cc5cc"},
                "encoding": {"y": down, "x": across | {"field": "total"}},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2.5, "color": "#123f4d"},
                "encoding": {"y": down, "x": across | {"field": "low"}, "x2": {"field": "high"}},
            },
        ],
    }


def _summary(block: Block, rows: Sequence[Mapping[str, Any]]) -> str:
    most = max(rows, key=lambda one: one["total"])
    told = _("Most often: %(label)s, about %(count)s people.") % {
        "label": most["name"],
        "count": text(most["total"]),
    }
    parts = [told]
    if block.several:
        parts.append(_("One person may have several of these."))
    if len(block.labels) > len(rows):
        parts.append(_("What is not shown here is too small to be told from none, or stands in the files."))
    return " ".join(parts)


def errors(card: Card) -> Table | None:
    """The mean error of published counts by their size, found under the same budget."""
    rows = [
        {
            "ways": release_terms.ways(one["ways"]),
            "size": release_terms.size(one["from"], one["to"]),
            "cells": one["cells"],
            "error": release_terms.more_or_less(round(one["error"], 1)),
        }
        for one in card["errors"]
    ]
    columns = (
        Column(name="ways", label=_("Count of"), heads_row=True),
        Column(name="size", label=_("People in the count")),
        Column(name="cells", label=_("Counts of that size"), numeric=True),
        Column(name="error", label=_("Usual error"), numeric=True),
    )
    caption = _("How wrong the counts are")
    return Table(id="errors", caption=caption, columns=columns, rows=rows, tight=True) if rows else None
