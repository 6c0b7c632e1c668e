"""An index to look at: scores by name, never a league table; with draws, the interval beside each."""

import csv
import io
from collections.abc import Iterable, Sequence
from html import escape

from palermo.appraisal.composite.building import Index
from palermo.appraisal.composite.uncertainty import Uncertainty

STYLE = (
    "body{font:16px/1.5 Noto Sans,Segoe UI,Helvetica,Arial,sans-serif;margin:2rem auto;max-width:60rem;"
    "padding:0 1rem;color:#17262d}table{border-collapse:collapse;width:100%}caption{text-align:left;"
    "padding-bottom:.5rem}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #d3d9db}"
)


def of_index(index: Index) -> str:
    """Scores of the index and its groups, by name, with the share of cells that were filled in."""
    groups = index.hierarchy.ascending[::-1]
    head = ["", *(index.hierarchy.name(one) for one in groups), "Imputed"]
    lines = (
        [
            index.table.names[place],
            *(_score(index.scores[one][place]) for one in groups),
            f"{index.filled[place].mean():.0%}",
        ]
        for place in by_name(index)
    )
    note = "Ranks come with their interval, from uncertainty()."
    return _table(head, lines, caption=f"{index.hierarchy.name(index.hierarchy.top)}. {note}")


def of_uncertainty(found: Uncertainty) -> str:
    """The interval of each unit's rank, by name, and what the draws say of the whole."""
    return _table(["", "Score", "Rank, 90%", "Quarter", "Imputed"], rows(found), caption=summary(found))


def rows(found: Uncertainty) -> list[tuple[str, ...]]:
    """Name, score, interval, quarters and imputed share of each unit, by name."""
    index = found.index
    return [
        (
            index.table.names[place],
            _score(index.total[place]),
            f"{found.spread.low[place]}–{found.spread.high[place]}",
            _quarters(found.standings[place].first, found.standings[place].last),
            f"{index.filled[place].mean():.0%}",
        )
        for place in by_name(index)
    ]


def summary(found: Uncertainty) -> str:
    """How far the ranks can be trusted, in a sentence."""
    units, spread = len(found.index.units), found.spread
    return (
        f"{len(found.draws):,} draws, seed {found.seed}: half of the {units} units span "
        f"{spread.median_width:.0f} places or more; {spread.stable_pairs:.0%} of pairs keep their order in "
        f"95% of draws; the mean shift is {spread.mean_shift:.1f} places; "
        f"{found.index.filled.mean():.1%} of cells are imputed."
    )


def document(found: Uncertainty) -> str:
    """A page that stands alone: no script, no request."""
    index = found.index
    title = escape(index.hierarchy.name(index.hierarchy.top))
    done = "".join(f"<li>{escape(one.indicator)}: {escape(str(one))}</li>" for one in index.treatments)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{of_uncertainty(found)}"
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
    for place in by_name(index):
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


def by_name(index: Index) -> list[int]:
    """The places of the units, in the order of their names."""
    return sorted(range(len(index.units)), key=lambda place: index.table.names[place])


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
        for place in by_name(index)
    )
    return _table(head, lines, caption="As used, with the source year; * imputed.")


def _cell(value: float, year: int, *, filled: bool) -> str:
    told = f"{value:.4g}"
    return f"{told} *" if filled else f"{told} ({year})" if year else told


def _plain(text: str) -> str:
    """A name that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _quarters(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _score(value: float) -> str:
    return f"{value:.1f}"


def _table(head: Sequence[str], lines: Iterable[Sequence[str]], *, caption: str) -> str:
    """A plain table; everything that came from a file is escaped."""
    first = "".join(f'<th scope="col">{escape(cell)}</th>' if cell else "<td></td>" for cell in head)
    body = (
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in lines
    )
    told = f"<caption>{escape(caption)}</caption>"
    return f"<table>{told}<thead><tr>{first}</tr></thead><tbody>{''.join(body)}</tbody></table>"
