"""One HTML page of estimates: the reading, every method on one axis with its table, and the overlaps.

The page holds its pictures as SVG and asks nothing of any network.
"""

from collections.abc import Sequence
from html import escape
from typing import Any

from palermo.prevention import picture
from palermo.prevention.estimate import Estimate
from palermo.prevention.overlap import Overlap


def page(table: Overlap, results: Sequence[Estimate], *, reading: dict[str, str]) -> str:
    """The whole page."""
    texts = "".join(f'<p lang="{language}">{escape(text)}</p>' for language, text in reading.items())
    answers = "".join(f"<h2>{escape(one.method)}</h2>{one._repr_html_()}" for one in results)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Estimate of the hidden number</title>'
        f"<style>{_STYLE}</style><h1>Estimate of the hidden number</h1>{texts}"
        f"{svg(picture.estimates(one.row() for one in results))}{_summary(results)}{answers}"
        f"<h2>Overlaps</h2>{svg(picture.overlaps(table))}{_cells(table)}</html>\n"
    )


def svg(spec: dict[str, Any]) -> str:
    """The Vega-Lite picture drawn."""
    import vl_convert

    return str(vl_convert.vegalite_to_svg(spec))


def _summary(results: Sequence[Estimate]) -> str:
    rows = "".join(map(_row, results))
    return f"<table><tr><th>method<th>total<th>low<th>high</tr>{rows}</table>"


def _row(one: Estimate) -> str:
    row = one.row()
    figures = "".join(f"<td>{_people(row[name])}</td>" for name in ("total", "low", "high"))
    return f"<tr><th>{escape(one.method)}</th>{figures}</tr>"


def _people(value: float | None) -> str:
    return "–" if value is None else f"{value:,.0f}"


def _cells(table: Overlap) -> str:
    rows = "".join(
        f"<tr><td>{escape(row['lists'])}</td><td>{row['people']:,}</td></tr>"
        for row in picture.overlaps(table)["data"]["values"]
    )
    return f"<table><tr><th>lists<th>people</tr>{rows}</table>"


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:50rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse}th,td{border-bottom:1px solid #ccc;padding:.3rem .8rem;text-align:left}"
    "svg{max-width:100%;height:auto}"
)
