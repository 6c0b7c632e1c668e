"""National figures: people by year, form, sex, age band and region, protected against subtraction."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.node import national, permission
from palermo.node.actions import session
from palermo.node.chart import Figure
from palermo.node.table import Column, Empty, Table, csv_response, text
from palermo.prevention.disclosure import Cell, Release, Shown
from palermo.prevention.figures import NOT_RECORDED
from palermo.prevention.linked import ALL

TITLES = {
    "form": gettext_lazy("By form of exploitation"),
    "sex": gettext_lazy("By sex"),
    "age_band": gettext_lazy("By age band"),
    "citizenship_region": gettext_lazy("By region of citizenship"),
}
EXPORT = (
    Column(name="dimension", label=gettext_lazy("Dimension"), heads_row=True),
    Column(name="year", label=gettext_lazy("Year"), plain=True),
    Column(name="code", label=gettext_lazy("Code")),
    Column(name="shown", label=gettext_lazy("People")),
    Column(name="low", label=gettext_lazy("Low"), plain=True),
    Column(name="high", label=gettext_lazy("High"), plain=True),
)


def page(request: HttpRequest) -> HttpResponseBase:
    """Four linked tables and their pictures; `?format=csv` gives every cell with its bounds."""
    now = timezone.now()
    permission.require(
        session.member_of(request).actor, "aggregate", tier="T1", purpose="statistics", now=now
    )
    release = national.release()
    if request.GET.get("format") == "csv" and release:
        return csv_response(EXPORT, _cells(release), name="national-figures")
    figures = [_figure(release, name, as_of=now.date()) for name in national.DIMENSIONS] if release else []
    return render(request, "prevention/figures_page.html", {"figures": figures, "empty": _nothing()})


def _nothing() -> Empty:
    return Empty(
        title=_("There are no cases to count yet."),
        hint=_("Figures appear here as soon as an agency has stored or imported cases."),
    )


def _figure(release: Release, name: str, *, as_of: Any) -> Figure:
    columns = release.columns[name]
    return Figure(
        id=f"by-{name.replace('_', '-')}",
        title=TITLES[name],
        summary=_summary(release, name),
        spec=_bars(release, name),
        table=Table(
            id=f"table-{name.replace('_', '-')}",
            caption=TITLES[name],
            columns=(
                Column(name="year", label=_("Year"), heads_row=True, plain=True),
                *(
                    Column(name=f"c{place}", label=_name(name, code), numeric=True)
                    for place, code in enumerate(columns)
                ),
                Column(name="total", label=_("All"), numeric=True),
            ),
            rows=[_row(release, name, year) for year in sorted(release.rows)],
            total=_row(release, name, ALL) | {"year": _("All years")},
        ),
        source=_("Cases on this node; a person known to several agencies counts once in each"),
        as_of=as_of,
    )


def _row(release: Release, name: str, year: str) -> dict[str, Any]:
    codes = enumerate(release.columns[name])
    cells = {f"c{place}": shown(release.cell(name, year, code)) for place, code in codes}
    return {"year": _year(year), **cells, "total": shown(release.cell(name, year))}


def shown(cell: Cell) -> int | str:
    """The cell as it may be printed: a number, or what is said in its place."""
    return cell.low if cell.shown is Shown.EXACT else _REPLACED[cell.shown](cell)


_REPLACED: Mapping[Shown, Any] = {
    Shown.FEW: str,
    Shown.HIDDEN: lambda cell: _("%(low)s or more") % {"low": cell.low},
    Shown.WITHHELD: lambda cell: _("withheld"),
}


def _summary(release: Release, name: str) -> str:
    totals = [(release.cell(name, ALL, code), code) for code in release.columns[name]]
    exact = [(cell.low, code) for cell, code in totals if cell.shown is Shown.EXACT]
    if not exact:
        return _("Every count is too small to be shown.")
    most, code = max(exact)
    return _("Most often: %(label)s, %(count)s people over all years.") % {
        "label": _name(name, code),
        "count": text(most),
    }


def _bars(release: Release, name: str) -> dict[str, Any]:
    values = [
        {"label": _name(name, code), "low": cell.low, "high": _end(cell), "shown": text(shown(cell))}
        for code in release.columns[name]
        for cell in (release.cell(name, ALL, code),)
    ]
    order = {"field": "label", "type": "nominal", "sort": None, "axis": {"title": None}}
    return {
        "data": {"values": values},
        "width": 480,
        "height": {"step": 30},
        "layer": [
            {
                "mark": {"type": "bar", "height": 18},
                "encoding": {
                    "y": order,
                    "x": {"field": "high", "type": "quantitative", "axis": {"title": _("People, all years")}},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {
                    "y": order,
                    "x": {"field": "high", "type": "quantitative"},
                    "text": {"field": "shown"},
                },
            },
        ],
    }


def _end(cell: Cell) -> int:
    """Where a bar ends: at the count, or at the most that is said of it; no bar where that is hidden."""
    return {Shown.EXACT: cell.low, Shown.FEW: cell.high or cell.low}.get(cell.shown, 0)


def _name(dimension: str, code: str) -> str:
    if code == NOT_RECORDED:
        return _("Not recorded")
    return national.label(dimension, code, get_language() or "en")


def _year(year: str) -> str:
    return _("Not recorded") if year == NOT_RECORDED else year


def _cells(release: Release) -> Iterator[dict[str, Any]]:
    for (dimension, year, code), cell in release.cells.items():
        yield {
            "dimension": dimension,
            "year": year,
            "code": code,
            "shown": str(cell),
            "low": cell.low,
            "high": "" if cell.high is None else cell.high,
        }
