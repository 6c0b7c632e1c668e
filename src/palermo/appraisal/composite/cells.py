"""The table of an index: a number or a gap for each unit and indicator, with the year of each number."""

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from palermo.appraisal.composite import barred
from palermo.appraisal.composite.fault import fault
from palermo.appraisal.composite.hierarchy import Hierarchy

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
Whole = NDArray[np.int64]
Kind = TypeVar("Kind", bound=np.generic)
NO_YEAR = 0


def frozen(array: NDArray[Kind]) -> NDArray[Kind]:
    """A copy that nobody can write to."""
    kept = np.array(array)
    kept.setflags(write=False)
    return kept


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Units down, columns across; a gap is NaN in `values`, an unknown year 0 in `years`.

    `labels` are groupings of the units, such as the region of each.
    """

    units: tuple[str, ...]
    columns: tuple[str, ...]
    values: Values
    years: Whole
    names: tuple[str, ...]
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in self.columns:
            if why := barred.reason(name):
                raise fault(f"column {name}", f"{why}.", "Leave it out; show it beside the index.")
        for kind, names in (("unit", self.units), ("column", self.columns)):
            if twice := sorted(name for name, times in Counter(names).items() if times > 1):
                raise fault(f"{kind} {twice[0]}", "stands twice.", "Keep one of the two.")
        if len(self.units) < 2:
            raise fault("table", f"has {len(self.units)} unit.", "An index compares: give two or more.")
        if np.isinf(self.values).any():
            raise fault("table", "holds an infinite number.", "Leave the cell empty where none is known.")
        object.__setattr__(self, "values", frozen(self.values))
        object.__setattr__(self, "years", frozen(self.years))

    @classmethod
    def of(
        cls,
        units: Sequence[str],
        columns: Mapping[str, Sequence[float | None]],
        *,
        years: Mapping[str, Sequence[int | None]] | None = None,
        names: Sequence[str] | None = None,
        labels: Mapping[str, Sequence[str]] | None = None,
    ) -> "Table":
        """A table from columns of numbers, None for a gap; a NaN is refused, because nobody meant it."""
        known = years or {}
        nothing: Sequence[int | None] = [None] * len(units)
        return cls(
            units=tuple(units),
            columns=tuple(columns),
            values=np.array([_numbers(name, cells, len(units)) for name, cells in columns.items()]).T,
            years=np.array([[year or NO_YEAR for year in known.get(name, nothing)] for name in columns]).T,
            names=tuple(names or units),
            labels={name: tuple(given) for name, given in (labels or {}).items()},
        )

    def column(self, name: str) -> Values:
        return self.values[:, self._place(name)]

    def of_hierarchy(self, hierarchy: Hierarchy) -> tuple[Values, Whole]:
        """Values and years of the hierarchy's indicators, in its order."""
        places = [self._place(name) for name in hierarchy.ids]
        return self.values[:, places], self.years[:, places]

    def kept(self, chosen: Mask) -> "Table":
        """The chosen units alone."""
        pick = np.flatnonzero(chosen)
        return Table(
            units=tuple(self.units[place] for place in pick),
            columns=self.columns,
            values=self.values[pick],
            years=self.years[pick],
            names=tuple(self.names[place] for place in pick),
            labels={name: tuple(given[place] for place in pick) for name, given in self.labels.items()},
        )

    @property
    def sha256(self) -> str:
        """A digest of everything that the index is made from."""
        said = "\x1f".join((*self.units, "\x1e", *self.columns)).encode()
        return hashlib.sha256(said + self.values.tobytes() + self.years.tobytes()).hexdigest()

    def _place(self, name: str) -> int:
        if name not in self.columns:
            raise fault(f"column {name}", "is not in the table.", f"It has {', '.join(self.columns)}.")
        return self.columns.index(name)


def _numbers(name: str, cells: Sequence[float | None], units: int) -> list[float]:
    if len(cells) != units:
        wrong = f"has {len(cells)} cells for {units} units."
        raise fault(f"column {name}", wrong, "Give one for each unit, None for a gap.")
    if any(cell is not None and not math.isfinite(cell) for cell in cells):
        raise fault(f"column {name}", "holds NaN or infinity.", "Give None where no number is known.")
    return [math.nan if cell is None else float(cell) for cell in cells]
