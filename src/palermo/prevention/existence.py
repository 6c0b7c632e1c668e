"""Whether a log-linear model can be estimated from a table at all.

After the cells that a zero margin deletes are gone, the maximum likelihood estimate exists if and only if
some table with the same margins has every remaining cell positive (Fienberg and Rinaldo, Annals of Statistics
2012), which a linear program decides; and it is identifiable if and only if the terms have full rank on those
cells. Codes as in Chan, Silverman and Vincent (JASA 2021).
"""

from enum import IntEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.overlap import Counts
from palermo.prevention.saying import say

_POSITIVE = 1e-7


class Code(IntEnum):
    """0 the model can be estimated; 1 no estimate exists, 2 it is not identifiable, 3 both."""

    OK = 0
    NOT_EXISTING = 1
    NOT_IDENTIFIABLE = 2
    NEITHER = 3


WHY = {
    Code.NOT_EXISTING: say("not-existing"),
    Code.NOT_IDENTIFIABLE: say("not-identifiable"),
    Code.NEITHER: say("neither"),
}


def code(counts: Counts, terms: tuple[int, ...]) -> Code:
    """Existence and identifiability of main effects and `terms` (bitmasks) on the counts by cell.

    The verdict on being estimable depends only on which cells are zero, so it is remembered by that.
    """
    return _verdict(np.asarray(counts > 0).tobytes(), tuple(sorted(terms)))


@lru_cache(maxsize=1 << 16)
def _verdict(occupied: bytes, terms: tuple[int, ...]) -> Code:
    counts = np.frombuffer(occupied, dtype=np.bool_).astype(np.float64)
    cells, design = _retained(counts, terms)
    missing = not _positive(design, design @ counts[cells])
    unclear = int(np.linalg.matrix_rank(design)) < len(design)
    return Code(missing + 2 * unclear)


def _retained(counts: NDArray[np.float64], terms: tuple[int, ...]) -> tuple[Counts, NDArray[np.float64]]:
    """The cells no zero margin deletes, and which terms (rows) each of them (columns) contains."""
    lists = counts.size.bit_length() - 1
    cells = np.arange(1, counts.size)
    finite = []
    for term in [0, *(1 << i for i in range(lists)), *terms]:
        within = cells & term == term
        if counts[cells[within]].sum() > 0:
            finite.append(term)
        else:
            cells = cells[~within]
    masks = np.array(finite)[:, None]
    return cells, ((cells & masks) == masks).astype(np.float64)


def _positive(design: NDArray[np.float64], margins: NDArray[np.float64]) -> bool:
    """Does a table with these margins exist that is positive in every cell? (largest smallest cell > 0)"""
    from scipy.optimize import linprog

    cells = design.shape[1]
    scaled = margins / margins[0] * cells
    answer = linprog(
        np.r_[np.zeros(cells), -1.0],
        A_eq=np.c_[design, design.sum(axis=1)],
        b_eq=scaled,
        bounds=[(0, None)] * cells + [(None, None)],
        method="highs",
    )
    return bool(answer.status == 0 and -answer.fun > _POSITIVE)
