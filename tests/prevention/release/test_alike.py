import numpy as np
from hypothesis import given

from palermo.prevention.release.alike import alike, collapsed, totals
from tests.prevention.release.few import SIZES, a_table, expanded, some_rows


@given(some_rows())
def test_rows_have_one_number_exactly_where_they_are_alike(rows):
    found = alike(np.array(rows, dtype=np.int16), (0, 2))

    for one, first in zip(rows, found, strict=True):
        for other, second in zip(rows, found, strict=True):
            assert (first == second) == ((one[0], one[2]) == (other[0], other[2]))


def test_rows_of_more_combinations_than_a_number_holds_are_told_apart():
    rows = np.array([[32_000] * 6, [32_000] * 5 + [31_999], [32_000] * 6, [1] * 6], dtype=np.int16)

    assert alike(rows, range(6)).tolist() == [2, 1, 2, 0]


@given(some_rows())
def test_distinct_rows_keep_every_person(rows):
    table = a_table(*rows)

    assert expanded(table) == sorted(rows)
    assert len({tuple(row) for row in table.codes.tolist()}) == len(table.codes)


def test_rows_of_nobody_are_gone():
    table = collapsed(np.array([[1, 1, 1], [2, 1, 1]], dtype=np.int16), np.array([0, 3]), SIZES)

    assert expanded(table) == [(2, 1, 1)] * 3


def test_a_table_of_nobody_has_no_groups():
    nobody = np.zeros(0, dtype=np.int64)

    assert totals(nobody, nobody).tolist() == []
