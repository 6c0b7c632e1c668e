"""The overlap table: what it refuses, and its algebra."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import InvalidRecord
from palermo.prevention import overlap
from palermo.prevention.overlap import Overlap
from tests.prevention.tables import a_table, sparse


@pytest.mark.parametrize(
    "lists, counts, rule",
    [
        (("A",), [0, 4], "one-list"),
        (tuple(f"L{i}" for i in range(21)), [0], "many-lists"),
        (("A", "A"), [0, 1, 1, 1], "list-names"),
        (("A", ""), [0, 1, 1, 1], "list-names"),
        (("A", "B"), [0, 1, 1], "cells"),
        (("A", "B"), [0, 1, -1, 1], "negative-count"),
        (("A", "B"), [0, 1, 0.5, 1], "fractional-count"),
        (("A", "B"), [3, 1, 1, 1], "no-list"),
    ],
)
def test_what_is_no_table_is_refused_by_the_name_of_the_fault(lists, counts, rule):
    with pytest.raises(InvalidRecord) as refusal:
        Overlap(lists=lists, counts=np.array(counts))

    assert [problem.rule for problem in refusal.value.problems] == [rule]


def test_every_fault_of_the_counts_is_named_at_once():
    with pytest.raises(InvalidRecord) as refusal:
        Overlap(lists=("A", "B"), counts=np.array([1, -2, 0.5, 1]))

    rules = [problem.rule for problem in refusal.value.problems]
    assert rules == ["negative-count", "fractional-count", "no-list"]


def test_a_list_that_is_empty_or_holds_everyone_is_a_fault_of_the_table():
    assert [fault.rule for fault in a_table({"A": 3, "B": 2}).faults()] == ["empty-list"]
    assert [fault.rule for fault in a_table({"AB": 3, "AC": 2, "A": 1}).faults()] == ["whole-list"]
    assert a_table({"A": 3, "B": 2, "C": 1}).faults() == ()


def test_lists_of_the_same_people_are_found():
    assert a_table({"A": 3, "BC": 2}).doubles() == {"C": "B"}
    assert a_table({"A": 3, "BC": 2, "C": 1}).doubles() == {}


def test_the_counts_cannot_be_changed():
    with pytest.raises(ValueError, match="read-only"):
        a_table({"A": 3}).counts[1] = 4


@given(sparse())
def test_margins_count_the_people_in_all_lists_of_a_set(table):
    cells = np.arange(table.counts.size)

    expected = [table.counts[cells & t == t].sum() for t in cells]

    assert table.margins.tolist() == expected


def test_sizes_and_pairs_are_named():
    table = a_table({"A": 3, "AB": 2, "ABC": 1})

    assert table.sizes == {"A": 6, "B": 3, "C": 1}
    assert table.pairs == {("A", "B"): 3, ("A", "C"): 1, ("B", "C"): 1}


def test_a_projection_forgets_who_is_in_no_list_left():
    table = a_table({"A": 3, "AB": 2, "ABC": 1, "C": 7})

    assert table.project(["A", "B"]) == a_table({"A": 3, "AB": 3}, lists="AB")


def test_merged_lists_hold_whoever_one_of_them_held():
    table = a_table({"A": 3, "AB": 2, "BC": 1, "C": 7})

    merged = table.merge({"A": ["A", "B"]})

    assert merged == a_table({"A": 5, "AC": 1, "C": 7}, lists="AC")
    assert merged.observed == table.observed


@given(sparse(), st.randoms())
def test_order_of_the_lists_changes_neither_the_table_nor_its_hash(table, random):
    lists = list(table.lists)
    random.shuffle(lists)

    other = table.reordered(lists)

    assert other == table
    assert hash(other) == hash(table)
    assert other.reordered(table.lists).counts.tolist() == table.counts.tolist()


def test_other_counts_or_names_make_another_table():
    assert a_table({"A": 3, "B": 1}) != a_table({"A": 3, "B": 2})
    assert a_table({"A": 3, "B": 1}, lists="AB") != a_table({"X": 3, "Y": 1}, lists="XY")
    assert a_table({"A": 3}) != "a table"


@pytest.mark.parametrize(
    "act",
    [
        lambda table: table.reordered(["A", "B"]),
        lambda table: table.project(["A", "D"]),
        lambda table: table.merge({"X": ["A", "D"]}),
    ],
    ids=["reordered", "project", "merge"],
)
def test_a_list_that_is_not_there_is_refused_by_name(act):
    with pytest.raises(InvalidRecord, match="A, B, C"):
        act(a_table({"A": 3}))


def test_tables_of_people_apart_add_up_whatever_the_order_of_their_lists():
    first, second = a_table({"A": 3, "AB": 1}), a_table({"A": 1, "C": 2}).reordered("CBA")

    assert first + second == a_table({"A": 4, "AB": 1, "C": 2})


def test_records_and_linked_cases_give_the_same_table():
    table = a_table({"A": 2, "AC": 1})

    assert overlap.from_records("ABC", [["A"], ["C", "A", "A"], ["A"]]) == table
    cases = [("A", "p1"), ("A", "p2"), ("C", "p2"), ("A", "p3"), ("A", "p3")]
    assert overlap.from_links(cases, lists="ABC") == table
    assert overlap.from_links(cases).lists == ("A", "C")


def test_a_model_is_written_with_names_and_read_back():
    table = a_table({"A": 3})

    assert table.model([0b011, 0b111]) == (("A", "B"), ("A", "B", "C"))
    assert table.terms([("A", "B"), ("C", "B")]) == (0b011, 0b110)
