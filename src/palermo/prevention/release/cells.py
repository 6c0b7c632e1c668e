"""Cells of a table: each a combination of recorded values, one of each of its columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Cells:
    """Combinations of as many values as `columns` is wide: row i asks values[i, j] of columns[i, j].

    Columns ascend within a row; rows are in the order of columns, then of values, none twice. Values start at
    1: 0 is "not recorded", which is no cell.
    """

    columns: NDArray[np.int16]
    values: NDArray[np.int16]

    def __post_init__(self) -> None:
        if self.columns.shape != self.values.shape or self.columns.ndim != 2:
            raise ValueError(f"Cells need a value a column: {self.values.shape}, {self.columns.shape}")

    def __len__(self) -> int:
        return len(self.columns)

    @property
    def ways(self) -> int:
        """How many columns each cell combines."""
        return int(self.columns.shape[1])

    def chosen(self, which: NDArray[np.bool_] | NDArray[np.intp]) -> "Cells":
        """Some of the cells, in their order."""
        return Cells(columns=self.columns[which], values=self.values[which])
