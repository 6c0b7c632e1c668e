"""Overlap tables for the tests: made up, drawn at random, or read from the shared data where it is."""

import json
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from palermo.prevention import sheet
from palermo.prevention.overlap import Overlap

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "mse"


@cache
def shared(name):
    """A shared table, or the end of the test with the reason."""
    path = SHARED / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"no shared data at {path}")
    return sheet.read(path).whole


@cache
def reference():
    """The published and peers' answers by table; nothing where the shared data is absent."""
    path = SHARED / "reference_shared.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def answers(name, key):
    """One answer of one shared table, or the end of the test with the reason."""
    if name not in reference():
        pytest.skip(f"no shared data at {SHARED}")
    return reference()[name][key]


def tables_with(key):
    """The names of the shared tables that have this answer; one name that skips where there are none."""
    return [name for name, known in reference().items() if key in known] or ["absent"]


def a_table(rows, lists="ABC"):
    """A table from its rows: `{"AB": 3}` is three people in A and B and no other list."""
    counts = np.zeros(1 << len(lists), dtype=np.int64)
    for names, people in rows.items():
        counts[mask(names, lists)] = people
    return Overlap(lists=tuple(lists), counts=counts)


def mask(names, lists="ABCDEF"):
    return sum(1 << lists.index(name) for name in names)


def terms_of(model):
    """The bitmasks of a model in the papers' notation: `[12,3]` is the pair of the first two lists."""
    groups = model.strip("[]").split(",")
    return {sum(1 << int(digit) - 1 for digit in group) for group in groups if len(group) > 1}


def pairs_of(lists):
    return [1 << i | 1 << j for i, j in combinations(range(lists), 2)]


@st.composite
def sparse(draw, fewest=3, most=5):
    """A table where many cells are empty, yet every list has some people and none has all."""
    lists = draw(st.integers(fewest, most))
    single = st.integers(3, 60)
    several = st.sampled_from([0, 0, 0, 1, 2, 5, 9])
    counts = np.zeros(1 << lists, dtype=np.int64)
    for cell in range(1, 1 << lists):
        counts[cell] = draw(single if cell & (cell - 1) == 0 else several)
    return Overlap(lists=tuple("ABCDEF"[:lists]), counts=counts)
