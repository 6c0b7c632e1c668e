"""An index as a page that stands alone and as CSV: units by name, never a league table."""

import csv
import io
from html import escape

from palermo.appraisal.composite import markup
from palermo.appraisal.composite.building import Index
from palermo.appraisal.composite.uncertainty import Uncertainty

STYLE = (
    "body{font:16px/1.5 Noto Sans,Segoe UI,Helvetica,Arial,sans-serif;margin:2rem auto;max-width:60rem;"
    "padding:0 1rem;color:#17262d}table{border-collapse:collapse;width:100%}caption{text-align:left;"
    "padding-bottom:.5rem}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #d3d9db}"
)


def document(found: Uncertainty) -> str:
    """A page that stands alone: no script, no request."""
    index = found.index
    title = escape(index.hierarchy.name(index.hierarchy.top))
    done = "".join(f"<li>{escape(one.indicator)}: {escape(str(one))}</li>" for one in index.treatments)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{found._repr_html_()}"
        f"<h2>Outliers treated</h2><ul>{done or '<li>none</li>'}</ul>"
        f"<h2>Cells</h2>{_cells(index)}</main></body></html>\n"
    )


def as_csv(found: Uncertainty) -> str:
    """A row a unit: scores, interval, quarters, and each cell with its year and whether it was filled in."""
    index, out = found.index, io.StringIO()
    ids = index.hierarchy.ids
    head = ["unit", "name", *index.scores, "rank_low_90", "rank_high_90", "quarter_first", "quarter_last"]
    cells = [name for id in ids for name in (id, f"{id}.year", f"{id}.imputed")]
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*head, "imputed_share", *cells])
    for place in index.by_name():
        unit = index.units[place]
        low, high = found.interval(unit)
        quarters = found.standings[place]
        scores = [float(values[place]) for values in index.scores.values()]
        told = (
            value
            for one in index.cells(unit)
            for value in ("" if one.used is None else one.used, one.year or "", int(one.filled))
        )
        name = index.table.names[place]
        said = [_plain(unit), _plain(name), *scores, low, high, quarters.first, quarters.last]
        writer.writerow([*said, index.imputed_share(unit), *told])
    return out.getvalue()


def _cells(index: Index) -> str:
    """Every number that was used, with its year; one that was filled in is marked."""
    head = ["", *(index.hierarchy.name(id) for id in index.hierarchy.ids)]
    lines = (
        [
            index.table.names[place],
            *(
                _cell(index.treated[place, at], index.years[place, at], filled=bool(index.filled[place, at]))
                for at in range(len(index.hierarchy.ids))
            ),
        ]
        for place in index.by_name()
    )
    return markup.table(head, lines, caption="As used, with the source year; * imputed.")


def _cell(value: float, year: int, *, filled: bool) -> str:
    told = f"{value:.4g}"
    return f"{told} *" if filled else f"{told} ({year})" if year else told


def _plain(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
