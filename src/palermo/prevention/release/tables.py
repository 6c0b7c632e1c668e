"""What noise let out: noisy counts by number of columns, and how noisy they are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.release.cells import Cells

Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Table:
    """Noisy counts of cells of equally many columns; those with less than `bar` persons are doubtful."""

    cells: Cells
    noisy: Integers
    sigma: float
    bar: float

    @property
    def sure(self) -> NDArray[np.bool_]:
        """Which cells are not doubtful."""
        return self.noisy >= max(self.bar, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What one query was: its squared sensitivity, the deviation of its noise, the micro-rho it cost."""

    name: str
    squared: int
    sigma: float
    rho: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """All that noise let out of a table of persons: how many `people`, the caps, a table for each way.

    `queries` are all that was charged; `left_out` says by ways how many candidate cells the limit cut off.
    """

    sizes: tuple[int, ...]
    people: int
    caps: tuple[int, ...]
    tables: tuple[Table, ...]
    queries: tuple[Query, ...]
    left_out: tuple[int, ...] = ()

    @property
    def rho(self) -> int:
        """The micro-rho charged."""
        return sum(query.rho for query in self.queries)

    @property
    def deviation(self) -> float:
        """The standard deviation of the number of people."""
        return next(query.sigma for query in self.queries if query.name == "persons")
