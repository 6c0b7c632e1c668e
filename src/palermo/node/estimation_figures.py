"""An estimation's answer as figures and tables of a page: never a number without its interval and source.

Counts of people come rounded from `overlap.disclosed`; totals have three figures. No exact count is drawn.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.node import estimation_pictures, estimation_words
from palermo.node.chart import Figure
from palermo.node.estimation_words import about, span
from palermo.node.table import Column, Table, Tag

Document = Mapping[str, Any]

MOST_SHARED = 30
STANDINGS = (
    Column(name="name", label=gettext_lazy("Method"), heads_row=True),
    Column(name="total", label=gettext_lazy("People in all"), numeric=True),
    Column(name="span", label=gettext_lazy("Interval")),
    Column(name="kind", label=gettext_lazy("How it was made")),
    Column(name="state", label=gettext_lazy("State")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What stands under every picture: where the figures come from, and from when they are."""

    text: str
    as_of: dt.date


def answers(
    document: Document, *, known: float, source: Source, reported: tuple[float, float] | None = None
) -> Figure:
    """Every method on one axis, those that refuse in the table; what was signed as a band."""
    results = document["results"]
    rows = [estimate_row(one) for one in results]
    drawn = [_drawn(one) for one in results]
    wide, narrow = (
        estimation_pictures.ranges(
            drawn, title=_("People in all"), known=known, reported=reported, narrow=narrow
        )
        for narrow in (False, True)
    )
    some = any(one["estimable"] for one in results)
    table = Table(id="table-answers", caption=_("What each method says"), columns=STANDINGS, rows=rows)
    return Figure(
        id="answers",
        title=_("What each method says"),
        summary=_summary(results, reported),
        spec=wide if some else None,
        narrow=narrow if some else None,
        table=table,
        source=source.text,
        as_of=source.as_of,
    )


def _summary(results: Sequence[Document], reported: tuple[float, float] | None) -> str:
    told = _("A dot is a method's total, the bar its interval, the broken line the people known already.")
    if not any(one["estimable"] for one in results):
        told = _("No method gives a number for this table.")
    signed = _("The shaded range was signed.")
    return f"{told} {signed}" if reported else told


def _drawn(one: Document) -> dict[str, Any]:
    held = one["interval"] or {"low": None, "high": None}
    name = estimation_words.method(one["method"])
    return {"name": name, "total": one["total"], "low": held["low"], "high": held["high"]}


def estimate_row(one: Document) -> dict[str, Any]:
    """One answer or refusal as a row."""
    held = one["interval"]
    refused = not one["estimable"]
    return {
        "name": estimation_words.method(one["method"]),
        "total": about(one["total"]),
        "span": span(held["low"], held["high"]) if held else _("no interval"),
        "kind": _made(held) if held else None,
        "state": Tag(_("Refused"), "bad") if refused else _doubt(one),
    }


def _made(held: Document) -> str:
    share, kind = estimation_words.percent(held["level"]), estimation_words.kind(held["kind"])
    return _("%(share)s, %(kind)s") % {"share": share, "kind": kind}


def _doubt(one: Document) -> Tag:
    return Tag(_("With warnings"), "warn") if one["warnings"] else Tag(_("Answers"), "good")


def shared(shown: Document, *, source: Source) -> Figure:
    """How many people each combination of lists holds, rounded: a picture of sets, and the table."""
    cells = cells_of(shown)
    columns = (
        Column(name="lists", label=_("Lists"), heads_row=True),
        Column(name="people", label=_("People, rounded"), numeric=True),
    )
    rows = [
        {"lists": " + ".join(names), "people": number}
        for names, number in sorted(cells, key=lambda cell: -cell[1])
    ]
    wide, narrow = (
        estimation_pictures.sets(cells, lists=shown["lists"], sizes=shown["sizes"], narrow=narrow)
        for narrow in (False, True)
    )
    return Figure(
        id="overlap",
        title=_("Who is in which lists"),
        summary=_overlap_summary(cells),
        spec=wide if cells else None,
        narrow=narrow if cells else None,
        table=Table(
            id="table-overlap", caption=_("Who is in which lists"), columns=columns, rows=rows, tight=True
        ),
        source=source.text,
        as_of=source.as_of,
    )


def _overlap_summary(cells: Sequence[tuple[Sequence[str], int]]) -> str:
    together = sum(number for names, number in cells if len(names) > 1)
    everyone = sum(number for _names, number in cells)
    return _(
        "About %(together)s of %(everyone)s people are in two lists or more. Each bar holds the people of "
        "exactly the lists marked below it; every count is rounded to a multiple of five."
    ) % {"together": about(together), "everyone": about(everyone)}


def cells_of(shown: Document) -> list[tuple[Sequence[str], int]]:
    """The combinations of lists that hold someone, with their rounded people."""
    return [(cell["lists"], cell["people"]) for cell in shown["cells"]]


def pairs(shown: Document) -> Table:
    """How many people each two lists share, rounded; those that share nobody last."""
    rows = [
        {
            "first": pair["lists"][0],
            "second": pair["lists"][1],
            "people": pair["people"] if pair["people"] else Tag(_("nobody"), "warn"),
        }
        for pair in sorted(shown["pairs"], key=lambda pair: -pair["people"])
    ]
    columns = (
        Column(name="first", label=_("List"), heads_row=True),
        Column(name="second", label=_("and list")),
        Column(name="people", label=_("People they share, rounded"), numeric=True),
    )
    return Table(id="pairs", caption=_("What each two lists share"), columns=columns, rows=rows, tight=True)


def sizes(shown: Document) -> Table:
    """How many people each list knows, rounded."""
    rows = [
        {"list": name, "people": people}
        for name, people in sorted(shown["sizes"].items(), key=lambda one: -one[1])
    ]
    columns = (
        Column(name="list", label=_("List"), heads_row=True),
        Column(name="people", label=_("People it knows, rounded"), numeric=True),
    )
    return Table(id="sizes", caption=_("What each list knows"), columns=columns, rows=rows, tight=True)


def margins(document: Document, *, source: Source) -> list[Figure]:
    """For each column of strata, totals of its values from one model of all strata: they add up."""
    return [_margin(column, rows, source) for column, rows in document.get("margins", {}).items()]


def _margin(column: str, rows: Iterable[Document], source: Source) -> Figure:
    drawn = [
        _drawn({"method": "", **one}) | {"name": estimation_words.value(column, one["value"])} for one in rows
    ]
    columns = (
        Column(name="name", label=estimation_words.column(column), heads_row=True),
        Column(name="total", label=_("People in all"), numeric=True),
        Column(name="span", label=_("Interval")),
    )
    table = Table(
        id=f"table-by-{column.replace('_', '-')}",
        caption=estimation_words.column(column),
        columns=columns,
        rows=[_told(one) for one in drawn],
    )
    return Figure(
        id=f"by-{column.replace('_', '-')}",
        title=_("By %(what)s") % {"what": estimation_words.column(column).lower()},
        summary=_("From one model of all groups together: in every draw the groups add up to the whole."),
        spec=estimation_pictures.ranges(drawn, title=_("People in all")),
        narrow=estimation_pictures.ranges(drawn, title=_("People in all"), narrow=True),
        table=table,
        source=source.text,
        as_of=source.as_of,
    )


def _told(one: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": one["name"], "total": about(one["total"]), "span": span(one["low"], one["high"])}


def strata(document: Document) -> Table | None:
    """What each method says of each stratum apart: total with interval, or refused."""
    found = document.get("strata") or []
    if not found:
        return None
    names = list(dict.fromkeys(one["method"] for stratum in found for one in stratum["results"]))
    columns = (
        Column(name="stratum", label=_("Group"), heads_row=True),
        *(Column(name=name, label=estimation_words.method(name)) for name in names),
    )
    rows = [
        {"stratum": stratum_name(one["stratum"])}
        | {answer["method"]: _in_brief(answer) for answer in one["results"]}
        for one in found
    ]
    return Table(id="strata", caption=_("Each group apart"), columns=columns, rows=rows, tight=True)


def stratum_name(values: Mapping[str, str]) -> str:
    """The values of a stratum in words."""
    return _(", ").join(estimation_words.value(column, code) for column, code in values.items())


def _in_brief(one: Document) -> Any:
    if not one["estimable"]:
        return Tag(_("Refused"), "bad")
    held = one["interval"]
    if not held:
        return _("about %(total)s, no interval") % {"total": about(one["total"])}
    return _("%(total)s (%(span)s)") % {
        "total": about(one["total"]),
        "span": span(held["low"], held["high"]),
    }


def bounds(document: Document) -> Table | None:
    """Chao's lower bound, and Chapman's estimate of each two lists: no model of all lists is behind them."""
    checks = document.get("checks") or {}
    rows = list(_bounds(checks))
    columns = (
        Column(name="name", label=_("Check"), heads_row=True),
        Column(name="total", label=_("People in all"), numeric=True),
        Column(name="span", label=_("Interval")),
    )
    caption = _("Bounds and pairs of lists")
    return Table(id="bounds", caption=caption, columns=columns, rows=rows, tight=True) if rows else None


def _bounds(checks: Document) -> Iterator[dict[str, Any]]:
    if chao := checks.get("chao"):
        yield _bound(_("Lower bound (Chao)"), chao)
    for pair in checks.get("chapman", ())[:MOST_SHARED]:
        yield _bound(
            _("%(first)s and %(second)s alone") % dict(zip(("first", "second"), pair["lists"], strict=True)),
            pair,
        )


def _bound(name: str, one: Document) -> dict[str, Any]:
    held = one["interval"]
    return {"name": name, "total": about(one["total"]), "span": span(held["low"], held["high"])}


def tried(document: Document) -> list[Table] | None:
    """For each method that could be tried, the total without each list, and each list hidden to be found
    again; None where nobody asked for it."""
    every = (document.get("checks") or {}).get("trials", ())
    return [_trial(one) for one in every if _says(one)] if every else None


def _says(one: Document) -> bool:
    return any(found["total"] is not None for found in (*one["without"], *one["hidden"]))


def _trial(one: Document) -> Table:
    hidden = {found["list"]: found for found in one["hidden"]}
    rows = [_tried(left_out, hidden[left_out["list"]]) for left_out in one["without"]]
    columns = (
        Column(name="list", label=_("List"), heads_row=True),
        Column(name="without", label=_("People in all, without this list")),
        Column(name="truth", label=_("People on this list"), numeric=True),
        Column(name="found", label=_("What the other lists say of them")),
        Column(name="covered", label=_("Held by the interval")),
    )
    caption = _("%(method)s tried on what is known") % {"method": estimation_words.method(one["method"])}
    return Table(id=f"trial-{one['method']}", caption=caption, columns=columns, rows=rows, tight=True)


def _tried(left_out: Document, hidden: Document) -> dict[str, Any]:
    return {
        "list": left_out["list"],
        "without": _in_brief(_answered(left_out)),
        "truth": about(hidden["truth"]),
        "found": _in_brief(_answered(hidden)),
        "covered": _covered(hidden["covered"]),
    }


def _answered(found: Document) -> dict[str, Any]:
    return {"estimable": found["total"] is not None, "total": found["total"], "interval": found["interval"]}


def _covered(verdict: bool | None) -> Tag | None:
    if verdict is None:
        return None
    return Tag(_("yes"), "good") if verdict else Tag(_("no"), "bad")
