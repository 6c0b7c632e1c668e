"""Persons as a release knows them: distinct rows of codes, and how many persons have each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Persons:
    """Distinct rows: `codes[i, j]` is the value of field j, 0 if not recorded; `weights[i]` persons have it.

    `sizes[j]` is how many codes field j has. Rows are in no order.
    """

    codes: NDArray[np.int16]
    weights: NDArray[np.int64]
    sizes: tuple[int, ...]
