"""How far one treaty reaches, as pictures with their tables: by year, by regional group, and who waits."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _

from palermo.appraisal.universal import Universal, Waiting, Year
from palermo.node import treaty_words
from palermo.node.chart import Figure
from palermo.node.table import Column, Empty, Link, Table, text

Spec = Mapping[str, Any]
OPENS = "#states"
FEW = 8


def figures(one: Universal) -> list[Figure]:
    """The pictures that there is anything to draw for."""
    return [_years(one), _regions(one)] if one.steps else [_regions(one)]


def _years(one: Universal) -> Figure:
    last = one.years[-1]
    summary = ngettext(
        "%(count)s party with a known date in %(year)s.",
        "%(count)s parties with a known date in %(year)s.",
        last.parties,
    )
    undated = ngettext(
        "%(count)s party joined on a day that no source gives: it is not in this picture.",
        "%(count)s parties joined on days that no source gives: they are not in this picture.",
        len(one.undated),
    )
    return Figure(
        id="by-year",
        title=_("Parties by year"),
        summary=summary % {"count": text(last.parties), "year": last.year},
        disclaimer=undated % {"count": text(len(one.undated))} if one.undated else "",
        spec=_line(one.years),
        table=Table(
            id="years",
            caption=_("Parties by year"),
            columns=(
                Column(name="year", label=_("Year"), heads_row=True, plain=True),
                Column(name="joined", label=_("Joined"), numeric=True),
                Column(name="left", label=_("Left the treaty"), numeric=True),
                Column(name="parties", label=_("Parties at its end"), numeric=True),
            ),
            rows=[_year(year) for year in one.years],
            tight=True,
        ),
        source=sources(one),
        as_of=one.known_on or "",
    )


def _year(year: Year) -> dict[str, Any]:
    return {
        "year": year.year,
        "joined": _opened(len(year.joined), f"?joined={year.year}"),
        "left": _opened(len(year.left), f"?left={year.year}"),
        "parties": year.parties,
    }


def _opened(number: int, query: str) -> Any:
    """A number that leads to the States it counts."""
    return Link(number, f"{query}{OPENS}") if number else 0


def _line(years: Sequence[Year]) -> Spec:
    return {
        "data": {"values": [{"year": one.year, "parties": one.parties} for one in years]},
        "width": 560,
        "height": 220,
        "mark": {"type": "line", "interpolate": "step-after", "point": len(years) == 1},
        "encoding": {
            "x": {
                "field": "year",
                "type": "quantitative",
                "scale": {"zero": False, "nice": False},
                "axis": {"title": _("Year"), "format": "d", "grid": False, **_apart(years)},
            },
            "y": {
                "field": "parties",
                "type": "quantitative",
                "axis": {"title": _("Parties"), **_whole(max(one.parties for one in years))},
            },
        },
    }


def _regions(one: Universal) -> Figure:
    return Figure(
        id="by-region",
        title=_("Parties by regional group"),
        summary=_("%(parties)s of %(states)s States are parties.")
        % {"parties": text(len(one.parties)), "states": text(len(one.states))},
        spec=_bars(one),
        table=Table(
            id="regions",
            caption=_("Parties by regional group"),
            columns=(
                Column(name="region", label=_("Regional group"), heads_row=True),
                Column(name="parties", label=_("Parties"), numeric=True),
                Column(name="states", label=_("States"), numeric=True),
                Column(name="waiting", label=_("Signed and waiting"), numeric=True),
            ),
            rows=[
                {
                    "region": treaty_words.REGIONS[region.id],
                    "parties": _opened(len(region.parties), f"?region={region.id}&standing=party"),
                    "states": _opened(len(region.states), f"?region={region.id}"),
                    "waiting": _opened(len(region.waiting), f"?region={region.id}&standing=waiting"),
                }
                for region in one.regions
            ],
            total={
                "region": _("All"),
                "parties": _opened(len(one.parties), "?standing=party"),
                "states": len(one.states),
                "waiting": _opened(len(one.waiting), "?standing=waiting"),
            },
        ),
        source=sources(one),
        as_of=one.known_on or "",
    )


def _bars(one: Universal) -> Spec:
    values = [
        {
            "label": _isolated(str(treaty_words.REGIONS[region.id])),
            "parties": len(region.parties),
            "states": len(region.states),
            "shown": f"{text(len(region.parties))} / {text(len(region.states))}",
        }
        for region in one.regions
    ]
    order = {"field": "label", "type": "nominal", "sort": None, "axis": {"title": None}}
    most = max((len(region.states) for region in one.regions), default=0)
    along = {"type": "quantitative", "axis": {"title": _("States"), **_whole(most)}}
    return {
        "data": {"values": values},
        "width": 420,
        "height": {"step": 34},
        "encoding": {"y": order},
        "layer": [
            {
                "mark": {"type": "bar", "height": 20, "color": "#d5e6e8"},
                "encoding": {"x": {"field": "states", **along}},
            },
            {"mark": {"type": "bar", "height": 20}, "encoding": {"x": {"field": "parties", **along}}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"x": {"field": "states", **along}, "text": {"field": "shown"}},
            },
        ],
    }


def _whole(most: int) -> Spec:
    """The ticks of an axis that counts: whole numbers only."""
    return {"format": "d", **({"values": list(range(most + 1))} if most <= FEW else {})}


def _apart(years: Sequence[Year]) -> Spec:
    """The ticks of an axis of few years: each year once."""
    return {"values": [one.year for one in years]} if len(years) <= FEW else {}


def _isolated(name: str) -> str:
    """A name whose words keep their own order beside an axis that runs from left to right."""
    return f"\u2067{name}\u2069" if get_language_bidi() else name


def waiting(one: Universal) -> Table:
    """Those that signed and wait, the longest first."""
    return Table(
        id="waiting",
        caption=_("Signed and not yet parties"),
        columns=(
            Column(name="state", label=_("Member State"), heads_row=True),
            Column(name="signed_on", label=_("Signed on")),
            Column(name="years", label=_("Years of waiting"), numeric=True),
            Column(name="known_on", label=_("Not known after")),
        ),
        rows=[_waits(one, waits) for waits in one.waiting],
        empty=Empty(
            title=_("Nobody who signed is known to wait."),
            hint=_("Every signatory that the register knows is a party."),
        ),
    )


def _waits(one: Universal, waits: Waiting) -> dict[str, Any]:
    name = treaty_words.named(one.states[waits.state])
    return {
        "state": Link(name, reverse("appraisal_state", args=[waits.state])),
        "signed_on": waits.signed_on,
        "years": waits.years,
        "known_on": waits.known_on,
    }


def sources(one: Universal) -> str:
    """Who says so: the publishers of every source that decides, each once."""
    return "; ".join(dict.fromkeys(_publishers(one))) or _("no source")


def _publishers(one: Universal) -> Iterator[str]:
    for standing in one.standings.values():
        if standing.verdict:
            yield treaty_words.said(standing.verdict.action.found.source.publisher)
