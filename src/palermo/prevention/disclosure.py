"""Counts that reveal no one: few people are shown as "<5", and no hidden cell comes back by subtraction.

Cells of 1 to 4 are hidden (primary). Where the sums of the linked tables would narrow such a cell, further
cells of 5 or more are hidden with it, chosen so that little moves (complementary suppression, as in Fischetti
and Salazar, Management Science 2001, with a distance in place of their exact search); where that is not
enough, a whole row or column of one table is withheld. Then an auditor that sees only what will be published
asks of every small cell whether each of 1, 2, 3 and 4 is still possible in whole numbers. If one is not,
nothing is published.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from palermo.errors import Disclosive
from palermo.prevention.linked import ALL, Key, Table, cells, relations
from palermo.prevention.witness import Counts, Reals, System, bounded, witness

THRESHOLD = 5
SMALL = range(1, THRESHOLD)
_FARTHEST_FIRST = (4, 1, 3, 2)
_COLUMN_TOTAL, _ROW_TOTAL = 3.0, 20.0


class Shown(StrEnum):
    """How a cell is published: as it is, as "<5", as hidden beside such a one, or withheld with its row."""

    EXACT = "exact"
    FEW = "few"
    HIDDEN = "hidden"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What is said of a count: it lies between `low` and `high` (None: no upper end is given)."""

    shown: Shown
    low: int
    high: int | None

    def __str__(self) -> str:
        words = {Shown.EXACT: f"{self.low}", Shown.FEW: f"<{THRESHOLD}", Shown.HIDDEN: f"{THRESHOLD}+"}
        return words.get(self.shown, "withheld")


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """Protected linked tables; `cells` by table, row and column, with `ALL` for totals."""

    rows: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    cells: Mapping[Key, Cell]

    def cell(self, table: str, row: str = ALL, column: str = ALL) -> Cell:
        """One cell; `row` or `column` left out is the total over them."""
        return self.cells[(ALL if column == ALL else table), row, column]


def protect(tables: Sequence[Table], totals: Mapping[str, int]) -> Release:
    """The tables with the row totals they share, protected together; Disclosive if that cannot be done."""
    linked, rows = tuple(tables), tuple(totals)
    counts = cells(linked, totals)
    plan = _Plan(linked, rows, counts)
    plan.secure_all()
    shown = {key: _cell(count, plan.shown[key]) for key, count in counts.items()}
    release = Release(rows=rows, columns={table.name: table.columns for table in linked}, cells=shown)
    audit(linked, release, small=[key for key, count in counts.items() if count in SMALL])
    return release


def audit(tables: Sequence[Table], release: Release, *, small: Sequence[Key]) -> None:
    """Disclosive unless every cell of `small` could still be each of 1, 2, 3 and 4, from `release` alone.

    Of `tables` only names and columns are used, never a count.
    """
    top = _ceiling(cell.low for cell in release.cells.values())
    ranges = {key: (cell.low, top if cell.high is None else cell.high) for key, cell in release.cells.items()}
    system = System.of(tuple(ranges), relations(tuple(tables), release.rows))
    search = _Search(system, *bounded(system, ranges))
    places = [number for number, key in enumerate(system.keys) if key in set(small)]
    for value in _FARTHEST_FIRST:
        search.together(places, value)
        for place in places:
            if not search.possible(place, value):
                raise Disclosive(
                    "figures: a cell of fewer than five people could be narrowed down. Nothing is published. "
                    "Merge categories or years, and ask again."
                )


@dataclass(slots=True)
class _Search:
    """Which values cells can have between the bounds; each table found answers for all its cells."""

    system: System
    low: Reals
    high: Reals
    seen: set[tuple[int, int]] = field(default_factory=set)

    def keep(self, counts: Counts) -> None:
        self.seen.update((int(place), int(counts[place])) for place in np.flatnonzero(self.low < self.high))

    def possible(self, place: int, value: int) -> bool:
        if (place, value) in self.seen:
            return True
        low, high = self.low.copy(), self.high.copy()
        low[place] = high[place] = value
        found = witness(self.system, low=low, high=high)
        if found is not None:
            self.keep(found)
            self.seen.add((place, value))
        return found is not None

    def together(self, places: Sequence[int], value: int) -> None:
        """Look for few tables in which many of `places` have `value` at once."""
        left = [place for place in places if (place, value) not in self.seen]
        while left:
            near, weights = np.zeros(len(self.low)), np.zeros(len(self.low))
            near[left], weights[left] = value, 1.0
            found = witness(self.system, low=self.low, high=self.high, near=near, weights=weights)
            if found is not None:
                self.keep(found)
            rest = [place for place in left if (place, value) not in self.seen]
            left = rest if len(rest) < len(left) else []


class _Plan:
    """What is hidden so far. Hiding more only makes more tables possible, so what was secured stays so."""

    def __init__(self, tables: tuple[Table, ...], rows: tuple[str, ...], counts: Mapping[Key, int]) -> None:
        self.tables, self.rows, self.counts = {table.name: table for table in tables}, rows, counts
        self.shown = {key: Shown.FEW if count in SMALL else Shown.EXACT for key, count in counts.items()}
        self.top = _ceiling(counts.values())
        self.system = System.of(tuple(counts), relations(tables, rows))
        self.true = np.array([counts[key] for key in self.system.keys], dtype=float)
        self.weights = np.array([self._weight(key) for key in self.system.keys])
        self.seen: set[tuple[int, int]] = set()

    def secure_all(self) -> None:
        """Hide until each small cell can have each small value."""
        places = [place for place, key in enumerate(self.system.keys) if self.counts[key] in SMALL]
        for value in _FARTHEST_FIRST:
            search = _Search(self.system, *self._bounds(), seen=self.seen)
            search.together(places, value)
            for place in places:
                if (place, value) not in self.seen:
                    self._secure(place, value)

    def _secure(self, place: int, value: int) -> None:
        """Hide what lets this cell have this value, the least harmful step first."""
        before = dict(self.shown)
        for withheld, dearest in self._steps(self.system.keys[place]):
            self.shown = before | dict.fromkeys(withheld, Shown.WITHHELD)
            if self._moved(place, value, dearest):
                return
        raise Disclosive(
            "figures: too few people to publish these tables without revealing one of them. "
            "Merge categories or years, and ask again."
        )

    def _steps(self, key: Key) -> Iterator[tuple[tuple[Key, ...], float]]:
        """What to withhold, and how dear a cell may then be hidden: the totals of rows are the dearest.

        The cell's row or column in its table (the column's total last), both, and at last the table; a row
        total is in no table.
        """
        yield (), _COLUMN_TOTAL
        name, row, column = key
        if name != ALL:
            across = tuple((name, row, other) for other in self.tables[name].columns)
            inner = tuple((name, other, column) for other in self.rows)
            down = (*inner, (name, ALL, column))
            yield from ((group, _COLUMN_TOTAL) for group in (across, inner, down, across + down))
            yield across + down, _ROW_TOTAL
            yield tuple(other for other in self.shown if other[0] == name), _COLUMN_TOTAL
        yield (), _ROW_TOTAL

    def _moved(self, place: int, value: int, dearest: float) -> bool:
        """Find the nearest table in which the cell has the value, and hide every cell that it moves."""
        low, high = self._bounds()
        exact = low == high
        free = exact & (self.true >= THRESHOLD) & (self.weights <= dearest)
        low[free], high[free] = THRESHOLD, self.top
        low[place] = high[place] = value
        found = witness(
            self.system, low=low, high=high, near=self.true, weights=np.where(exact, self.weights, 0.0)
        )
        if found is None:
            return False
        for moved in np.flatnonzero(exact & (found != self.true)):
            self.shown[self.system.keys[moved]] = Shown.HIDDEN
        self.seen.update((int(at), int(found[at])) for at in np.flatnonzero(self._hidden()))
        return True

    def _bounds(self) -> tuple[Reals, Reals]:
        ranges = {
            Shown.FEW: (1, THRESHOLD - 1),
            Shown.HIDDEN: (THRESHOLD, self.top),
            Shown.WITHHELD: (0, self.top),
        }
        return bounded(
            self.system,
            {key: ranges.get(shown, (self.counts[key],) * 2) for key, shown in self.shown.items()},
        )

    def _hidden(self) -> list[bool]:
        return [self.shown[key] is not Shown.EXACT for key in self.system.keys]

    def _weight(self, key: Key) -> float:
        if key[0] == ALL:
            return _ROW_TOTAL
        return _COLUMN_TOTAL if key[1] == ALL else 1.0 + float(np.log1p(self.counts[key])) / 10


def _cell(count: int, shown: Shown) -> Cell:
    ends: Mapping[Shown, tuple[int, int | None]] = {
        Shown.EXACT: (count, count),
        Shown.FEW: (1, THRESHOLD - 1),
        Shown.HIDDEN: (THRESHOLD, None),
        Shown.WITHHELD: (0, None),
    }
    low, high = ends[shown]
    return Cell(shown=shown, low=low, high=high)


def _ceiling(values: Iterable[int]) -> int:
    """More than any count can be, and small enough for the solver's arithmetic."""
    return 10 * max(values, default=0) + 1_000
