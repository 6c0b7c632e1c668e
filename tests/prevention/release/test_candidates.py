"""Candidates: all that a slow twin finds, no more than the limit, and those of the highest counts."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.prevention.release import candidates
from palermo.prevention.release.cells import Cells
from palermo.prevention.release.tables import Table

SIZES = (3, 2, 4, 1)


def a_table(cells, noisy, bar=1.0):
    return Table(cells=cells, noisy=np.asarray(noisy, dtype=np.int64), sigma=1.0, bar=bar)


def known(table):
    """The sure cells of a table as sets of (column, value)."""
    return {
        tuple(zip(columns, values, strict=True))
        for columns, values, sure in zip(
            table.cells.columns.tolist(), table.cells.values.tolist(), table.sure, strict=True
        )
        if sure
    }


@given(some.data())
def test_candidates_are_all_whose_parts_are_sure(data):
    noisy = some.integers(-3, 9)
    first_cells = candidates.ones(SIZES)
    first = a_table(first_cells, data.draw(some.lists(noisy, min_size=10, max_size=10)))
    pairs, _ = candidates.candidates(SIZES, [first], most=10**6)
    second = a_table(pairs, data.draw(some.lists(noisy, min_size=len(pairs), max_size=len(pairs))), bar=4.0)

    triples, beyond = candidates.candidates(SIZES, [first, second], most=10**6)

    ones, twos = sorted(cell[0] for cell in known(first)), known(second)
    assert known(a_table(pairs, [1] * len(pairs))) == {
        pair for pair in combinations(ones, 2) if pair[0][0] != pair[1][0]
    }
    assert known(a_table(triples, [1] * len(triples))) == {
        triple for triple in combinations(ones, 3) if all(pair in twos for pair in combinations(triple, 2))
    }
    assert beyond == 0


def test_a_limit_keeps_the_highest_counts_and_says_what_it_left_out():
    first = a_table(candidates.ones((3, 3)), [50, 40, 1, 60, 2, 1])

    pairs, beyond = candidates.candidates((3, 3), [first], most=2)

    assert known(a_table(pairs, [1] * len(pairs))) == {((0, 1), (1, 1)), ((0, 2), (1, 1))}
    assert len(pairs) + beyond == 9


def test_cells_need_a_value_a_column():
    with pytest.raises(ValueError, match="value a column"):
        Cells(columns=np.zeros((2, 2), np.int16), values=np.zeros((2, 1), np.int16))
