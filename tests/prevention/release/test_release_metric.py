from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from benchmarks.releases import metric
from hypothesis import given

from tests.prevention.release.few import SIZES, some_rows


def cells(rows, ways):
    return Counter(
        (columns, tuple(row[one] for one in columns))
        for row in rows
        for columns in combinations(range(3), ways)
        if all(row[one] for one in columns)
    )


@given(some_rows(), some_rows())
def test_error_loss_and_invention_are_those_of_the_cells_one_by_one(real, released):
    found = metric.of_rows(*(np.array(rows, dtype=np.int16) for rows in (real, released)), SIZES)

    for ways, figures in enumerate(found, start=1):
        true, given_ = cells(real, ways), cells(released, ways)
        either = set(true) | set(given_)
        error = sum(abs(true[cell] - given_[cell]) for cell in either) / max(len(either), 1)
        assert figures["error"] == pytest.approx(error)
        assert figures["lost"] == pytest.approx(100 * len(set(true) - set(given_)) / max(len(true), 1))
        assert figures["invented"] == pytest.approx(100 * len(set(given_) - set(true)) / max(len(given_), 1))
        rare = [abs(true[cell] - given_[cell]) / true[cell] for cell in true if true[cell] < 10]
        assert figures["relative"][0] == pytest.approx(np.mean(rare) if rare else None)


def test_a_table_released_as_it_is_has_no_error():
    rows = np.array([[1, 1, 1], [2, 0, 4]], dtype=np.int16)

    assert [figures["error"] + figures["apart"] for figures in metric.of_rows(rows, rows, SIZES)] == [0, 0, 0]


def test_a_table_of_counts_is_read_as_tools_write_it(tmp_path):
    (tmp_path / "counts.csv").write_text("columns,values,count\nc0|c2,3|4,7\nc1,2,5\n")

    found = metric.read(tmp_path / "counts.csv", SIZES)

    assert found[0, 2].reshape(4, 5)[3, 4] == 7
    assert found[1,][2] == 5


def test_an_interval_holds_the_real_count_or_it_does_not(tmp_path):
    rows = np.array([[1, 1, 1], [1, 0, 4]], dtype=np.int16)
    (tmp_path / "counts.csv").write_text(
        "columns,values,count,low,high\nc0,1,3,2,5\nc1,1,3,2,5\nc0|c2,1|4,1,0,1\n"
    )

    assert metric.held(tmp_path / "counts.csv", rows, SIZES) == [50.0, 100.0, None]
