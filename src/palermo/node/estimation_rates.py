"""Indicator 16.2.2 of an estimation in rounded figures: victims, found or not, per 100,000 people."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.node import estimation_pictures, estimation_words, joint, rounded
from palermo.node.chart import Figure
from palermo.node.estimation_figures import Source
from palermo.node.models import Estimation
from palermo.node.table import Column, Table, text
from palermo.prevention import dimension, sdg
from palermo.prevention.dimension import DIMENSIONS, TOTAL
from palermo.prevention.population import Population
from palermo.prevention.sdg import PER, Row, Sdg

# Values that no census counts people by: they have no rate of their own, and their people are in the totals.
UNCOUNTED = frozenset({"not_recorded", "unknown", "x"})
CODED = ("year", "sex", "age", "form")
STRATA = {"sex": "sex", "age": "age_band", "form": "form", "year": "year"}
EXPORT = (
    *(Column(name=name, label=name, plain=True) for name in ("indicator", *CODED)),
    *(Column(name=name, label=name) for name in ("sex_code", "age_code", "series")),
    *(
        Column(name=name, label=name, plain=True)
        for name in (
            "observed_rounded",
            "total",
            "low",
            "high",
            "level",
            "population",
            "per_100000",
            "per_100000_low",
            "per_100000_high",
        )
    ),
    *(
        Column(name=name, label=name)
        for name in ("method", "population_source", "population_date", "estimation")
    ),
)
COLUMNS = (
    Column(name="name", label=gettext_lazy("Group"), heads_row=True),
    Column(name="known", label=gettext_lazy("Known, rounded"), numeric=True),
    Column(name="total", label=gettext_lazy("People in all"), numeric=True),
    Column(name="span", label=gettext_lazy("Interval")),
    Column(name="people", label=gettext_lazy("Population"), numeric=True),
    Column(name="rate", label=gettext_lazy("Per 100,000"), numeric=True),
    Column(name="rates", label=gettext_lazy("Its interval")),
)


def table(one: Estimation, population: Population) -> Sdg | None:
    """The table of the answer's joint model; None where it has none. InvalidRecord where the population does
    not fit the groups of the estimation."""
    found = joint.read(one.answer)
    return None if found is None else sdg.table(found, population, apart=UNCOUNTED)


def figures(found: Sdg, one: Estimation, *, source: Source) -> Iterator[Figure]:
    """One figure for everyone and for each dimension; where years are told apart, a row is of one year."""
    everyone = [row for row in found.rows if not _parted(row)]
    for name in ("", *(name for name in CODED[1:] if name in found.columns)):
        rows = everyone if not name else [row for row in found.rows if _parted(row) == [name]]
        title = _("By %(what)s") % {"what": estimation_words.column(STRATA[name]).lower()} if name else ""
        yield _figure(name or "all", title or _("Everyone"), rows, one, source=source)


def _parted(row: Row) -> list[str]:
    """The dimensions, but for the year, by which a row is less than everyone."""
    return [name for name in CODED[1:] if getattr(row, name) != TOTAL]


def _figure(name: str, title: str, rows: list[Row], one: Estimation, *, source: Source) -> Figure:
    told = [_told(row, one) for row in rows]
    drawn = [
        {"name": row["name"], "total": row["rate_is"], "low": row["low"], "high": row["high"]} for row in told
    ]
    heading = _("Victims per 100,000 people")
    picture = partial(estimation_pictures.ranges, drawn, title=heading, digits=".3~g")
    return Figure(
        id=f"rate-{name}",
        title=title,
        summary=_("Victims, found or not, per 100,000 people of the same group, with the interval."),
        spec=picture(narrow=False) if len(drawn) > 1 else None,
        narrow=picture(narrow=True) if len(drawn) > 1 else None,
        table=Table(id=f"table-rate-{name}", caption=title, columns=COLUMNS, rows=told, tight=True),
        source=source.text,
        as_of=source.as_of,
    )


def _told(row: Row, one: Estimation) -> dict[str, Any]:
    found = _rounded(row, one)
    return {
        "name": _named(row),
        "known": found["observed_rounded"],
        "total": estimation_words.about(found["total"]),
        "span": estimation_words.span(found["low"], found["high"]),
        "people": row.population.people,
        "rate": _rate(found["per_100000"]),
        "rates": _rates(found["per_100000_low"], found["per_100000_high"]),
        "rate_is": found["per_100000"],
        "low": found["per_100000_low"],
        "high": found["per_100000_high"],
    }


def _named(row: Row) -> str:
    values = [
        estimation_words.value(STRATA[name], getattr(row, name))
        for name in CODED
        if getattr(row, name) != TOTAL
    ]
    return _(", ").join(values) or _("Everyone")


def _rate(rate: float | None) -> str:
    return text(rate)


def _rates(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return "–"
    return _("%(low)s to %(high)s") % {"low": text(low), "high": text(high)}


def lines(found: Sdg, one: Estimation) -> Iterator[dict[str, Any]]:
    """Every row for a file, in rounded figures, with the codes of the United Nations."""
    for row in found.rows:
        yield {
            "indicator": dimension.INDICATOR,
            **{name: getattr(row, name) for name in CODED},
            "sex_code": dimension.sex_code(row.sex),
            "age_code": dimension.age_code(row.age),
            "series": dimension.series(row.form),
            **_rounded(row, one),
            "level": row.interval.level if row.interval else None,
            "population": row.population.people,
            "method": found.whole.method,
            "population_source": row.population.source,
            "population_date": row.population.date,
            "estimation": one.pk,
        }


def _rounded(row: Row, one: Estimation) -> dict[str, Any]:
    """Counts in fives, totals in three figures, and rates of these: nothing gives an exact count back."""
    held = row.interval
    ends = {
        "total": row.total,
        "low": held.low if held else None,
        "high": held.high if held else None,
    }
    figures = {name: None if end is None else rounded.figure(end) for name, end in ends.items()}
    return {
        "observed_rounded": _known(row, one),
        **figures,
        **{_RATES[name]: _per(end, row.population.people) for name, end in figures.items()},
    }


_RATES = {"total": "per_100000", "low": "per_100000_low", "high": "per_100000_high"}


def _per(people: int | None, population: int) -> float | None:
    return None if people is None else float(f"{people / population * PER:.3g}")


def _known(row: Row, one: Estimation) -> int:
    """Who is known of the row's group, from the rounded table of each stratum."""
    strata = one.shown_table["strata"]
    return sum(stratum["observed"] for stratum in strata if _inside(stratum["stratum"], row))


def _inside(values: Mapping[str, str], row: Row) -> bool:
    wanted = {name: getattr(row, name) for name in CODED if getattr(row, name) != TOTAL}
    return all(DIMENSIONS[name].value(values.get(STRATA[name], "")) == code for name, code in wanted.items())


def groups(one: Estimation) -> list[dict[str, str]]:
    """The groups whose people the file must give: the years, sexes and ages of the estimation."""
    found = joint.read(one.answer)
    if found is None:
        return []
    columns = dimension.found(found.columns)
    places = {name: found.columns.index(column) for name, column in columns.items() if name != "form"}
    rows = {
        tuple(DIMENSIONS[name].value(stratum[place]) for name, place in places.items())
        for stratum in found.strata
    }
    return [dict(zip(places, row, strict=True)) for row in sorted(rows) if not UNCOUNTED & {*row}]
