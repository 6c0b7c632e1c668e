"""Tables and answers as pages may show them: counts in multiples of five, estimates in three figures.

Counts are rounded where they are counted (`draw`); a sum is made of rounded counts and gives nothing back.
See docs/explanation/small-counts.md.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from palermo.node.draw import STEP
from palermo.node.overlap import Found
from palermo.prevention import checks
from palermo.prevention.answer import Answer
from palermo.prevention.estimate import Estimate, Interval
from palermo.prevention.overlap import Overlap
from palermo.prevention.reading import reading
from palermo.prevention.saying import Saying
from palermo.prevention.sheet import Sheet
from palermo.prevention.trial import Trial


def figure(value: float) -> int:
    """An estimate as it is shown: three figures, and below 1,000 a multiple of five."""
    return round(float(f"{value:.3g}")) if value >= 1000 else STEP * round(value / STEP)


def table(found: Found) -> dict[str, Any]:
    """The table as JSON: `lists`, `cells` (lists and people), `sizes`, `pairs`, `observed`, its strata."""
    shown = found.shown
    return {
        **_cells(shown.whole),
        "sizes": shown.whole.sizes,
        "pairs": [{"lists": list(pair), "people": people} for pair, people in shown.whole.pairs.items()],
        "columns": list(shown.columns),
        "strata": [
            {"stratum": dict(zip(shown.columns, values, strict=True)), **_cells(one)}
            for values, one in shown.strata.items()
        ],
        "cases": found.shown_cases,
        "unkeyed": found.shown_unkeyed,
        "agencies": list(found.agencies),
    }


def _cells(one: Overlap) -> dict[str, Any]:
    held = np.flatnonzero(one.counts).tolist()
    names = {cell: [name for bit, name in enumerate(one.lists) if cell >> bit & 1] for cell in held}
    return {
        "lists": list(one.lists),
        "observed": one.observed,
        "cells": [{"lists": names[cell], "people": int(one.counts[cell])} for cell in held],
    }


def answer(said: Answer, shown: Sheet) -> dict[str, Any]:
    """The answer's document with totals in three figures; checks are made anew from the rounded table."""
    whole = tuple(_estimate(one, shown.whole) for one in said.whole)
    quiet = replace(
        said,
        sheet=shown,
        whole=whole,
        strata={
            values: tuple(_estimate(one, shown.strata[values]) for one in found)
            for values, found in said.strata.items()
        },
        stratified=None,
        checks=checks.check(shown.whole, level=said.checks.chao.interval.level),
        trials=tuple(_trial(one, shown.whole) for one in said.trials),
        reading=reading(whole, observed=shown.whole.observed, lists=len(shown.whole.lists)),
    )
    return finite({**quiet.document(), "margins": _margins(said, shown)})


def finite(value: Any) -> Any:
    """JSON without the numbers that JSON has no word for: what is not a number is null."""
    if isinstance(value, Mapping):
        return {str(key): finite(held) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [finite(held) for held in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _estimate(one: Estimate, shown: Overlap) -> Estimate:
    total = None if one.total is None else figure(one.total)
    return replace(
        one,
        table="",
        observed=shown.observed,
        total=total,
        hidden=None if total is None else max(total - shown.observed, 0),
        interval=_interval(one.interval),
        aic=None,
        bic=None,
        acceleration=None,
        details={},
        warnings=tuple(map(_said, one.warnings)),
    )


def _interval(one: Interval | None) -> Interval | None:
    return one and replace(one, low=figure(one.low), high=figure(one.high))


def _said(one: Saying) -> Saying:
    """The same said in rounded numbers of people; shares, ratios and limits below a hundred stay."""
    return Saying(one.rule, {name: _told(value) for name, value in one.values.items()})


def _told(value: object) -> object:
    if isinstance(value, Saying):
        return _said(value)
    if isinstance(value, tuple):
        return tuple(map(_told, value))
    return figure(value) if isinstance(value, int | float) and value >= 100 else value


def _trial(one: Trial, shown: Overlap) -> Trial:
    return replace(
        one,
        without={name: _estimate(found, shown) for name, found in one.without.items()},
        hidden=tuple(
            replace(
                found,
                truth=shown.sizes[found.name],
                seen=checks.within(shown, found.name).observed,
                answer=found.answer and _estimate(found.answer, shown),
            )
            for found in one.hidden
        ),
    )


def _margins(said: Answer, shown: Sheet) -> dict[str, list[dict[str, Any]]]:
    return {
        column: [_margin(row, shown, place) for row in rows]
        for place, (column, rows) in enumerate(said.margins().items())
    }


def _margin(row: Mapping[str, Any], shown: Sheet, place: int) -> dict[str, Any]:
    held = row["interval"]
    return {
        "value": row["value"],
        "observed": sum(
            one.observed for values, one in shown.strata.items() if values[place] == row["value"]
        ),
        "total": figure(row["total"]),
        "interval": held and {**held, "low": figure(held["low"]), "high": figure(held["high"])},
    }
