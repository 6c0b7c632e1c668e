"""An index in a notebook: scores by name, never a league table; with draws, the intervals beside them."""

from collections.abc import Iterable, Sequence
from html import escape

from palermo.appraisal.composite.building import Index
from palermo.appraisal.composite.uncertainty import Uncertainty


def of_index(index: Index) -> str:
    """Scores of the index and its groups, by name, with the share of cells that were filled in."""
    groups = index.hierarchy.ascending[::-1]
    head = ["", *(index.hierarchy.name(one) for one in groups), "Imputed"]
    rows = (
        [
            index.table.names[place],
            *(_score(index.scores[one][place]) for one in groups),
            f"{index.filled[place].mean():.0%}",
        ]
        for place in _by_name(index)
    )
    note = "Ranks come with their interval, from uncertainty()."
    return _table(head, rows, caption=f"{index.hierarchy.name(index.hierarchy.top)}. {note}")


def of_uncertainty(found: Uncertainty) -> str:
    """The interval of each unit's rank, by name, and what the draws say of the whole."""
    index = found.index
    rows = (
        [
            index.table.names[place],
            _score(index.total[place]),
            f"{found.spread.low[place]}–{found.spread.high[place]}",
            _quarters(found.standings[place].first, found.standings[place].last),
            f"{index.filled[place].mean():.0%}",
        ]
        for place in _by_name(index)
    )
    caption = (
        f"{len(found.draws):,} draws: half of the units span {found.spread.median_width:.0f} places or more "
        f"of {len(index.units)}; {found.spread.stable_pairs:.0%} of pairs keep their order in 95% of draws."
    )
    return _table(["", "Score", "Rank, 90%", "Quarter", "Imputed"], rows, caption=caption)


def _by_name(index: Index) -> list[int]:
    return sorted(range(len(index.units)), key=lambda place: index.table.names[place])


def _quarters(first: int, last: int) -> str:
    return str(first) if first == last else f"{first} to {last}"


def _score(value: float) -> str:
    return f"{value:.1f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]], *, caption: str) -> str:
    """A plain table; everything that came from a file is escaped."""
    first = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = (
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in rows
    )
    caption = f"<caption>{escape(caption)}</caption>"
    return f"<table>{caption}<thead><tr>{first}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
