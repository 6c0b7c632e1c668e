from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.prevention.release.exposure import exposed
from palermo.prevention.release.persons import Persons
from tests.prevention.release.few import a_table, some_rows


def slow(rows, known, sensitive):
    """The groups one by one."""
    groups = {}
    for row in rows:
        groups.setdefault(tuple(row[place] for place in known), []).append(row[sensitive])
    whole, people = Counter(row[sensitive] for row in rows), len(rows)
    kinds = [len({value for value in group if value}) for group in groups.values()]
    apart = [
        sum(abs(Counter(group)[value] / len(group) - whole[value] / people) for value in whole) / 2
        for group in groups.values()
    ]
    sizes = [len(group) for group in groups.values()]
    told = [sum(value > 0 for value in group) for group in groups.values()]
    return {
        "groups": len(groups),
        "smallest": min(sizes),
        "alone": sum(size == 1 for size in sizes),
        "few": sum(size for size in sizes if size < 3),
        "fewest": min((kind for kind in kinds if kind), default=0),
        "told": sum(count for count, kind in zip(told, kinds, strict=True) if kind == 1),
        "distance": max(apart),
        "typical": sum(one * size for one, size in zip(apart, sizes, strict=True)) / people,
    }


@given(some_rows(), st.sampled_from([(0,), (0, 1), (1,)]))
def test_k_l_and_t_are_those_of_the_groups_one_by_one(rows, known):
    found = exposed(a_table(*rows), known=known, sensitive=(2,), least=3)

    wanted = slow(rows, known, 2)
    for name in ("groups", "smallest", "alone", "few"):
        assert getattr(found, name) == wanted[name], name
    for name in ("fewest", "told", "distance", "typical"):
        assert getattr(found.sensitive[0], name) == pytest.approx(wanted[name]), name


def test_a_group_in_which_all_recorded_the_same_tells_it():
    found = exposed(
        a_table((1, 1, 4), (1, 1, 4), (1, 1, 0), (2, 1, 1), (2, 1, 2)), known=(0,), sensitive=(2,)
    )

    assert (found.sensitive[0].fewest, found.sensitive[0].told) == (1, 2)
    assert (found.smallest, found.few) == (2, 5)


def test_of_a_column_of_one_code_a_group_is_told_where_all_have_it_or_nobody():
    persons = Persons(
        codes=np.array([(1, 1), (1, 0), (2, 0)], dtype=np.int16), weights=np.array([30, 10, 60]), sizes=(2, 1)
    )

    (found,) = exposed(persons, known=(0,), sensitive=(1,)).sensitive

    assert (found.fewest, found.told) == (1, 60)
    assert found.distance == pytest.approx(0.45)
