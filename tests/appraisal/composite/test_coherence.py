"""Whether the parts of a group go together."""

import math

import numpy as np
import pytest

from palermo.appraisal import composite
from palermo.appraisal.composite import coherence
from palermo.appraisal.composite.hierarchy import flat
from tests.appraisal.composite.made import a_table, an_index


def test_parts_that_say_the_same_go_together_and_one_that_says_the_contrary_is_doubtful():
    table = a_table({"a": [1, 2, 3, 4, 5], "b": [2, 4, 6, 8, 10], "c": [5, 4, 3, 2, 1]})
    found = {one.id: one for one in coherence.coherence(composite.index(table, flat(["a", "b", "c"])))}

    assert found["a"].correlation == pytest.approx(1)
    assert found["c"].correlation == pytest.approx(-1)
    assert [id for id, one in found.items() if one.doubtful] == ["c"]


def test_every_node_below_the_index_has_its_fit():
    made = an_index()

    assert [(one.id, one.parent) for one in coherence.coherence(made)] == [
        ("a", "one"),
        ("b", "one"),
        ("c", "two"),
        ("one", "top"),
        ("two", "top"),
    ]


def test_alpha_by_hand():
    same = composite.index(a_table({"a": [1, 2, 3], "b": [2, 4, 6]}), flat(["a", "b"]))
    apart = composite.index(a_table({"a": [1, 2, 3, 4], "b": [2, 1, 4, 3]}), flat(["a", "b"]))
    scaled = apart.normalised
    parts, whole = np.var(scaled, axis=0, ddof=1).sum(), np.var(scaled.sum(axis=1), ddof=1)

    assert coherence.alpha(same, "index") == pytest.approx(1)
    assert coherence.alpha(apart, "index") == pytest.approx(2 * (1 - parts / whole))
    assert math.isnan(coherence.alpha(an_index(), "two"))


def test_what_has_no_spread_has_no_fit_and_is_doubtful():
    table = a_table({"a": [1, 2, 3], "b": [3, 2, 1]})
    found = coherence.coherence(composite.index(table, flat(["a", "b"])))

    assert all(math.isnan(one.correlation) and one.doubtful for one in found)
