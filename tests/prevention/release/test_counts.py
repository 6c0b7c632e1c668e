"""Counts of persons by cells: those of a slow twin, and no person moves more of them than the cap allows."""

import ast
from collections import Counter
from importlib.resources import files
from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.prevention.release import counts
from palermo.prevention.release.cells import Cells
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.opening import opened
from palermo.prevention.release.persons import Persons

WRAP = 1 << 64


def a_table(rows, sizes):
    """Persons of some rows, each as often as it stands there."""
    weights = Counter(map(tuple, rows))
    codes = np.array(list(weights), dtype=np.int16).reshape(-1, len(sizes))
    return Secret(Persons(codes=codes, weights=np.array(list(weights.values()), dtype=np.int64), sizes=sizes))


def all_cells(sizes, ways):
    """Every cell of so many columns."""
    found = [
        (columns, values)
        for columns in combinations(range(len(sizes)), ways)
        for values in np.ndindex(*(sizes[column] for column in columns))
    ]
    return Cells(
        columns=np.array([columns for columns, _ in found], dtype=np.int16).reshape(-1, ways),
        values=np.array([values for _, values in found], dtype=np.int16).reshape(-1, ways) + np.int16(1),
    )


def mixed(value):
    """The finaliser of splitmix64, in whole numbers of any size."""
    value %= WRAP
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9 % WRAP
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB % WRAP
    return value ^ (value >> 31)


def kept(row, cap):
    """The row with at most `cap` fields recorded: those of the smallest marks, read as signed numbers."""
    step, name = 0x9E3779B97F4A7C15, 0x70616C65726D6F31 + (1 << 63)
    for value in row:
        name = mixed(name + step + int(value))
    marks = {place: mixed(name + (place + 1) * step) for place, value in enumerate(row) if value}
    signed = {place: mark - WRAP if mark >> 63 else mark for place, mark in marks.items()}
    staying = sorted(signed, key=lambda place: (signed[place], place))[:cap]
    return tuple(value if place in staying else 0 for place, value in enumerate(row))


def twin(rows, cells, cap):
    """The counts of cells, told one person at a time."""
    met = Counter()
    for row in rows:
        held = [(place, int(value)) for place, value in enumerate(kept(row, cap)) if value]
        met.update(combinations(held, cells.ways))
    pairs = zip(cells.columns.tolist(), cells.values.tolist(), strict=True)
    return [met[tuple(zip(columns, values, strict=True))] for columns, values in pairs]


def counted(secret, sizes, cap, ways):
    ask = counts.pairs if ways == 2 else counts.triples
    return opened(ask(secret, all_cells(sizes, ways), cap)).tolist()


@some.composite
def tables(draw):
    sizes = tuple(draw(some.lists(some.integers(1, 4), min_size=3, max_size=6)))
    row = some.tuples(*(some.integers(0, size) for size in sizes))
    return draw(some.lists(row, min_size=1, max_size=25)), sizes, draw(some.integers(2, len(sizes)))


@given(tables(), some.sampled_from([2, 3]))
def test_counts_of_pairs_and_triples_are_those_of_a_slow_twin(table, ways):
    rows, sizes, cap = table

    assert counted(a_table(rows, sizes), sizes, cap, ways) == twin(rows, all_cells(sizes, ways), cap)


@given(tables())
def test_single_values_persons_and_fields_are_counted_without_a_cap(table):
    rows, sizes, _ = table
    secret = a_table(rows, sizes)

    ones = [
        sum(row[place] == value + 1 for row in rows)
        for place, size in enumerate(sizes)
        for value in range(size)
    ]
    fields = Counter(sum(map(bool, row)) for row in rows)
    assert opened(counts.ones(secret)).tolist() == ones
    assert opened(counts.persons(secret)).tolist() == [len(rows)]
    assert opened(counts.recorded(secret)).tolist() == [fields[one] for one in range(len(sizes) + 1)]


@given(tables(), some.sampled_from([2, 3]), some.data())
def test_a_person_who_leaves_changes_no_more_cells_than_the_cap_allows(table, ways, data):
    rows, sizes, cap = table
    gone = data.draw(some.integers(0, len(rows) - 1))
    others = rows[:gone] + rows[gone + 1 :]

    change = np.array(counted(a_table(rows, sizes), sizes, cap, ways)) - np.array(
        counted(a_table(others, sizes), sizes, cap, ways)
    )

    assert set(change.tolist()) <= {0, 1}
    assert (change**2).sum() <= comb(cap, ways)


@given(tables())
def test_a_row_loses_the_same_fields_whoever_else_is_there(table):
    rows, _, cap = table
    codes = np.array(rows, dtype=np.int16)

    together = counts.capped(codes, cap)

    for row, one in zip(codes, together, strict=True):
        assert counts.capped(row[None, :], cap)[0].tolist() == one.tolist() == list(kept(row, cap))
        assert (one != 0).sum() == min(cap, (row != 0).sum())


@pytest.mark.parametrize("ways", [2, 3])
def test_cells_of_too_many_for_counters_are_looked_up(monkeypatch, ways):
    sizes, cap = (4, 3, 5, 2), 3
    rows = [tuple((3 * i * (j + 1) + i // 7) % (size + 1) for j, size in enumerate(sizes)) for i in range(90)]
    secret, asked = a_table(rows, sizes), all_cells(sizes, ways).chosen(np.arange(0, 40, 3))
    monkeypatch.setattr(counts, "BLOCK", 0)

    found = opened((counts.pairs if ways == 2 else counts.triples)(secret, asked, cap)).tolist()

    assert found == twin(rows, asked, cap)


def test_no_cells_have_no_counts():
    secret = a_table([(1, 1, 1)], (1, 1, 1))

    assert opened(counts.pairs(secret, all_cells((1, 1, 1), 2).chosen(np.arange(0)), 3)).tolist() == []


def test_cells_of_another_number_of_values_are_refused():
    with pytest.raises(ValueError, match="Cells of 3 values"):
        counts.pairs(a_table([(1, 1, 1)], (1, 1, 1)), all_cells((1, 1, 1), 3), 3)


def test_a_digest_tells_counts_apart_and_is_secret_itself():
    one, other = a_table([(1, 1), (1, 0)], (1, 1)), a_table([(1, 1), (0, 1)], (1, 1))

    def named(table):
        return opened(counts.digest(counts.ones(table), counts.persons(table)))

    assert named(one) == named(a_table([(1, 0), (1, 1)], (1, 1)))
    assert named(one) != named(other)
    assert str(counts.digest(counts.ones(one))) == "Secret()"


@pytest.mark.parametrize("module", ["counts", "intake", "grouping", "engine", "persons", "case_table"])
def test_no_chance_is_near_persons(module):
    source = files("palermo.prevention.release").joinpath(f"{module}.py").read_text("utf-8")

    names = {ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}
    assert not [name for name in names if "random" in name]
