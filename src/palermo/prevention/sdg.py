"""Indicator 16.2.2: victims per 100,000 population by sex, age group and form of exploitation, found or not.

Rows come from one joint model of all strata. A replicate is one draw of all of them, so the rows of a
dimension sum to its total in every replicate, and intervals of totals are those of the sums. Numbers are kept
to a 2^20th of a person: then they add up without a rounding error, in whatever order.
"""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from itertools import product
from typing import Any

import numpy as np

from palermo.errors import InvalidRecord
from palermo.prevention import dimension
from palermo.prevention.cells import Flags, Reals
from palermo.prevention.covariates import Stratified
from palermo.prevention.dimension import DIMENSIONS, TOTAL, YEAR
from palermo.prevention.estimate import Estimate, Interval
from palermo.prevention.fault import Fault, fault
from palermo.prevention.population import Denominator, Population
from palermo.prevention.saying import say
from palermo.standards.table import safe

PER = 100_000
GRAIN = 2.0**20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One group: who is known, who is estimated in all, and both per 100,000 of its population.

    `year`, `sex`, `age` and `form` are values, `_T` for a total. A form has no population of its own: its
    denominator is that of its year, sex and age. `replicates` are the totals of the joint model's replicates.
    """

    year: str
    sex: str
    age: str
    form: str
    observed: int
    total: float | None
    interval: Interval | None
    population: Denominator
    replicates: Reals = field(repr=False)

    @property
    def rate(self) -> float | None:
        """All victims, found or not, per 100,000."""
        return None if self.total is None else self._per(self.total)

    @property
    def rate_interval(self) -> Interval | None:
        """The interval of the rate; the population is taken as known."""
        one = self.interval
        return one and Interval(
            level=one.level, kind=one.kind, low=self._per(one.low), high=self._per(one.high)
        )

    def document(self) -> dict[str, Any]:
        """The row as the command writes it."""
        return {
            "indicator": dimension.INDICATOR,
            **{name: getattr(self, name) for name in DIMENSIONS},
            "codes": {"SEX": dimension.sex_code(self.sex), "AGE": dimension.age_code(self.age)},
            "series": dimension.series(self.form),
            "observed": self.observed,
            "total": self.total,
            "interval": asdict(self.interval) if self.interval else None,
            "population": asdict(self.population),
            "per_100000": {
                "observed": self._per(self.observed),
                "total": self.rate,
                "interval": asdict(self.rate_interval) if self.rate_interval else None,
            },
        }

    def _per(self, people: float) -> float:
        return people / self.population.people * PER


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sdg:
    """The table of indicator 16.2.2; `columns` are the strata its dimensions were read from.

    Where the joint model is refused, rows have no total and `whole` says why. `problems` are rows that
    cannot be right: more victims than people.
    """

    whole: Estimate
    columns: Mapping[str, str]
    rows: tuple[Row, ...]
    problems: tuple[Fault, ...] = ()

    def document(self) -> dict[str, Any]:
        """The table as JSON."""
        return {
            "indicator": dimension.INDICATOR,
            "columns": dict(self.columns),
            "estimate": self.whole.document(),
            "rows": [row.document() for row in self.rows],
            "problems": [str(problem) for problem in self.problems],
        }

    def csv(self) -> str:
        """The table as CSV, one line a row."""
        lines = [_flat(row, self.whole.method) for row in self.rows]
        text = io.StringIO()
        writer = csv.DictWriter(text, fieldnames=list(lines[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
        return text.getvalue()

    def plot(self) -> dict[str, Any]:
        """A Vega-Lite picture of the smallest groups: rates with their intervals, and what is known."""
        named = [name for name in DIMENSIONS if name in self.columns and name != "form"]
        smallest = [row for row in self.rows if TOTAL not in {getattr(row, name) for name in self.columns}]
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "title": {"text": "Victims per 100,000 population", "subtitle": _REFUSED if self._silent else ""},
            "width": 520,
            "data": {"values": [_dot(row, named) for row in smallest]},
            "encoding": {
                "y": {"field": "group", "type": "nominal", "title": None, "sort": None},
                "yOffset": {"field": "form"},
                "color": {"field": "form", "type": "nominal", "title": "form"},
            },
            "layer": _LAYERS,
        }

    @property
    def _silent(self) -> bool:
        return not self.whole.estimable


def table(
    stratified: Stratified,
    population: Population,
    *,
    named: Mapping[str, str] | None = None,
    apart: Collection[str] = (),
) -> Sdg:
    """The table of a joint answer; `named` gives the column of a dimension that has another name.

    Columns that are no dimension are summed over. Every group without a population is named at once, but
    for groups of a value in `apart`, such as a sex that was not recorded: they have no row of their own,
    and their people are in the totals.
    """
    columns = dimension.found(stratified.columns, named)
    values = _values(stratified, columns)
    known = {YEAR.name: list(population.years), **values}
    choices = [_choices(name, known.get(name)) for name in DIMENSIONS]
    groups = [dict(zip(DIMENSIONS, one, strict=True)) for one in product(*choices)]
    people = [population.of(group) for group in groups]
    if missing := list(_missing(groups, people, population, columns, apart)):
        raise InvalidRecord("population", missing)
    totals, replicates = _whole_grains(np.array(stratified.totals)), _whole_grains(stratified.replicates)
    rows = tuple(
        _row(
            stratified, group, _inside(group, values, len(totals)), one, totals=totals, replicates=replicates
        )
        for group, one in zip(groups, people, strict=True)
        if one is not None
    )
    return Sdg(
        whole=stratified.whole, columns=columns, rows=rows, problems=tuple(map(_crowded, filter(_over, rows)))
    )


def _values(stratified: Stratified, columns: Mapping[str, str]) -> dict[str, list[str]]:
    """The value of each stratum in each dimension."""
    places = {name: stratified.columns.index(column) for name, column in columns.items()}
    return {
        name: [DIMENSIONS[name].value(stratum[place]) for stratum in stratified.strata]
        for name, place in places.items()
    }


def _choices(name: str, values: list[str] | None) -> list[str]:
    """The total and each value; years are not summed, for a rate is of one year."""
    each = list(dict.fromkeys(values or ()))
    return each if name == YEAR.name and each else [TOTAL, *each]


def _inside(group: Mapping[str, str], values: Mapping[str, list[str]], strata: int) -> Flags:
    """The strata that the group is made of."""
    flags = np.ones(strata, dtype=np.bool_)
    for name, column in values.items():
        if group[name] != TOTAL:
            flags &= np.array(column) == group[name]
    return flags


def _row(
    stratified: Stratified,
    group: Mapping[str, str],
    inside: Flags,
    population: Denominator,
    *,
    totals: Reals,
    replicates: Reals,
) -> Row:
    sums = replicates[:, inside].sum(axis=1)
    known = stratified.whole.estimable
    return Row(
        **group,
        observed=int(np.array(stratified.observed)[inside].sum()),
        total=float(totals[inside].sum()) if known else None,
        interval=_interval(sums, stratified) if known else None,
        population=population,
        replicates=sums,
    )


def _interval(sums: Reals, stratified: Stratified) -> Interval | None:
    reached = sums[~np.isnan(sums)]
    if not reached.size:
        return None
    tails = [(1 - stratified.level) / 2, (1 + stratified.level) / 2]
    low, high = np.quantile(reached, tails, method="median_unbiased")
    return Interval(level=stratified.level, kind=stratified.kind, low=float(low), high=float(high))


def _whole_grains(people: Reals) -> Reals:
    return np.asarray(np.round(people * GRAIN) / GRAIN)


def _missing(
    groups: list[dict[str, str]],
    people: list[Denominator | None],
    population: Population,
    columns: Mapping[str, str],
    apart: Collection[str],
) -> Iterator[Fault]:
    """Dimensions that the population is not divided by, and groups it does not have."""
    lacking = [name for name in columns if name != "form" and name not in population.columns]
    for name in lacking:
        yield fault("undivided", say("at-dimension", name=name), name=name)
    if YEAR.name not in columns and len(population.years) > 1:
        yield fault("several-years", say("at-dimension", name=YEAR.name))
    for group, one in zip(groups, people, strict=True):
        if one is None and group["form"] == TOTAL and not {*group.values()} & {*apart}:
            yield fault("missing-group", say("at-group", name=_words(group)))


def _over(row: Row) -> bool:
    return max(row.observed, row.total or 0.0) > row.population.people


def _crowded(row: Row) -> Fault:
    values = {name: getattr(row, name) for name in DIMENSIONS}
    return fault("more-than-people", say("at-group", name=_words(values)))


def _words(group: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in group.items() if value != TOTAL) or TOTAL


def _flat(row: Row, method: str) -> dict[str, Any]:
    """The row in one line."""
    told = row.document()
    words = {name: safe(told[name]) for name in DIMENSIONS}
    low, high = _ends(row.interval)
    rate_low, rate_high = _ends(row.rate_interval)
    return {
        "indicator": told["indicator"],
        **words,
        "sex_code": told["codes"]["SEX"],
        "age_code": told["codes"]["AGE"],
        **{name: told[name] for name in ("series", "observed", "total")},
        "low": low,
        "high": high,
        "level": row.interval.level if row.interval else None,
        "population": row.population.people,
        "observed_per_100000": told["per_100000"]["observed"],
        "per_100000": row.rate,
        "per_100000_low": rate_low,
        "per_100000_high": rate_high,
        "method": method,
        "population_source": safe(row.population.source),
        "population_date": safe(row.population.date),
    }


def _ends(interval: Interval | None) -> tuple[float | None, float | None]:
    return (interval.low, interval.high) if interval else (None, None)


def _dot(row: Row, named: list[str]) -> dict[str, Any]:
    low, high = _ends(row.rate_interval)
    observed = row.observed / row.population.people * PER
    group = " · ".join(getattr(row, name) for name in named) or "all"
    return {"group": group, "form": row.form, "rate": row.rate, "low": low, "high": high, "known": observed}


_REFUSED = "Refused: only those who are known are shown."
_RATE = {"type": "quantitative", "title": "per 100,000"}
_LAYERS = [
    {
        "transform": [{"filter": "isValid(datum.low)"}],
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {"x": {"field": "low", **_RATE}, "x2": {"field": "high"}},
    },
    {
        "transform": [{"filter": "isValid(datum.rate)"}],
        "mark": {"type": "point", "filled": True, "size": 70},
        "encoding": {"x": {"field": "rate", **_RATE}},
    },
    {"mark": {"type": "tick", "thickness": 2}, "encoding": {"x": {"field": "known", **_RATE}}},
]
