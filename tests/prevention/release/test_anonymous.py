from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import Disclosive, InvalidRecord, Unknown
from palermo.prevention.release import anonymous, intake, schema_text
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.suppression import suppressed
from tests.prevention.release import made_up
from tests.prevention.release.few import a_table, expanded, some_rows


def slow(rows, k, columns):
    """The search of `suppressed` row by row: every rare row loses the cell that most support losing."""
    rows = list(rows)
    while True:
        seen = Counter(_part(row, columns) for row in rows)
        rare = [row for row in set(rows) if seen[_part(row, columns)] < k]
        if not rare:
            return sorted(rows)
        losing = {row: _wishes(row, rows, rare, columns) for row in rare if any(_part(row, columns))}
        if not losing:
            return sorted(row for row in rows if row not in rare)
        rows = [_without(row, losing[row]) if row in losing else row for row in rows]


def _part(row, columns):
    return tuple(row[column] for column in columns)


def _without(row, column):
    return tuple(0 if place == column else value for place, value in enumerate(row))


def _wishes(row, rows, rare, columns):
    """The column whose blanking leaves the row alike with most, if other rare rows lose a cell too."""
    wishes = {}
    for column in (one for one in columns if row[one]):
        goal = _part(_without(row, column), columns)
        as_is = sum(_part(other, columns) == goal for other in rows)
        others = sum(
            _part(_without(other, place), columns) == goal
            for other in rows
            if other in rare
            for place in columns
            if other[place]
        )
        wishes[column] = as_is + others + 0.5 / (1 + sum(other[column] == row[column] for other in rows))
    return max(wishes, key=lambda column: (wishes[column], -column))


@given(some_rows(most=30), st.integers(3, 6), st.sampled_from([(0, 1, 2), (0, 2), (1,)]))
def test_cells_are_blanked_as_row_by_row(rows, k, columns):
    assert expanded(suppressed(a_table(*rows), k=k, columns=columns)) == slow(rows, k, columns)


@given(some_rows(least=6, most=60), st.integers(3, 6))
def test_no_row_and_no_combination_of_fewer_than_k_remains(rows, k):
    found = anonymous.made(Secret(a_table(*rows)), k=k)

    left = [tuple(row) for row in found.rows().tolist()]
    for ways in (1, 2, 3):
        for columns in combinations(range(3), ways):
            seen = Counter(_part(row, columns) for row in left)
            assert all(count >= k for values, count in seen.items())
    assert len(rows) - len(left) == found.rows_lost


@given(some_rows(least=6), st.integers(3, 6))
def test_counts_are_those_of_the_rows_rounded_down(rows, k):
    found = anonymous.made(Secret(a_table(*rows)), k=k, ways=2)

    left = found.rows().tolist()
    wanted = Counter(
        (columns, _part(row, columns))
        for row in left
        for ways in (1, 2)
        for columns in combinations(range(3), ways)
        if all(_part(row, columns))
    )
    assert {(one.fields, one.values): one.count for one in found.counts()} == {
        cell: count // k * k for cell, count in wanted.items()
    }


@given(some_rows(least=6), st.integers(3, 6))
def test_what_is_lost_is_what_is_missing(rows, k):
    found = anonymous.made(Secret(a_table(*rows)), k=k, chosen=(0, 1))

    left = found.rows()
    for place, lost in enumerate(found.lost):
        assert lost.recorded == sum(row[place] > 0 for row in rows)
        assert lost.recorded - lost.cells == int((left[:, place] > 0).sum())
    assert found.whole.cells == sum(lost.cells for lost in found.lost)


def test_columns_that_are_not_chosen_stay_as_they_were():
    rows = [(1, 1, value) for value in (1, 2, 3, 4)]

    found = anonymous.made(Secret(a_table(*rows)), k=3, chosen=(1, 0))

    assert found.chosen == (0, 1)
    assert found.rows().tolist() == [list(row) for row in rows]
    assert found.whole.share == 0.0


def test_a_table_that_has_k_of_each_loses_nothing():
    found = anonymous.made(Secret(a_table(*[(1, 1, 1)] * 11, *[(2, 2, 2)] * 12)))

    assert (found.whole.cells, found.rows_lost, found.k) == (0, 0, 11)


def test_rows_with_nothing_left_in_common_are_left_out():
    found = anonymous.made(Secret(a_table(*[(1, 1, 1)] * 11, (2, 0, 0))))

    assert found.rows_lost == 1
    assert (found.lost[0].cells, found.lost[0].recorded) == (1, 12)


def test_the_files_say_that_they_are_not_for_publication_in_every_language():
    schema = schema_text.read(made_up.a_schema_text())
    secret = intake.of_rows(made_up.COLUMNS, made_up.rows(800), schema)

    files = anonymous.written(anonymous.made(secret, k=5, ways=2), schema)

    label = files["NOT-FOR-PUBLICATION.txt"]
    assert "Do not publish it" in label
    assert "Ne le publiez pas" in label
    assert "لا تنشره" in label
    assert anonymous.Anonymous.releasable is False
    rows = files["rows.csv"].splitlines()
    assert rows[0] == ",".join(made_up.COLUMNS)
    assert min(Counter(rows[1:]).values()) >= 5
    columns, _, count = files["counts.csv"].splitlines()[1].split(",")
    assert (columns, int(count) % 5) == ("year", 0)


def test_columns_are_chosen_by_name_a_split_one_with_all_its_codes():
    schema = schema_text.read(made_up.a_schema_text())

    found = anonymous.chosen(schema, ["sex", "form"])

    assert {schema.fields[place].column for place in found} == {"sex", "form"}
    assert len(found) == 5


def test_an_unknown_column_is_refused_with_those_there_are():
    with pytest.raises(Unknown, match=r"no column name\. Use some of: year"):
        anonymous.chosen(schema_text.read(made_up.a_schema_text()), ["name"])


def test_no_column_is_refused():
    with pytest.raises(InvalidRecord, match="No column is chosen"):
        anonymous.chosen(schema_text.read(made_up.a_schema_text()), [])


@pytest.mark.parametrize("k", [-1, 1, 2])
def test_a_group_too_small_to_hide_in_is_refused(k):
    with pytest.raises(Disclosive, match="hides nobody"):
        anonymous.made(Secret(a_table(*[(1, 1, 1)] * 9)), k=k)


def test_a_table_of_fewer_than_k_is_refused():
    with pytest.raises(Disclosive, match="fewer than 11 persons"):
        anonymous.made(Secret(a_table(*[(1, 1, 1)] * 10)))


@pytest.mark.parametrize("wrong", [{"chosen": ()}, {"chosen": (3,)}, {"chosen": (-1,)}, {"ways": 0}])
def test_fields_and_ways_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match=r"Fields are numbered|Ask for 1"):
        anonymous.made(Secret(a_table(*[(1, 1, 1)] * 20)), **wrong)


def test_as_many_rows_as_a_real_table_has_stay_under_k_nowhere():
    chance = np.random.default_rng(1)
    rows = np.minimum(chance.geometric(0.4, size=(20_000, 12)), 6) * (chance.random((20_000, 12)) < 0.6)

    found = anonymous.made(Secret(a_table(*rows.tolist(), sizes=(6,) * 12)))

    assert found.kept.weights.min() >= 11
    assert 0 < found.whole.share < 1
