"""The shared tables of multiple systems estimation and their reference answers, where they are there."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from palermo.prevention.overlap import Overlap

SHARED = Path(__file__).parents[3] / "shared" / "data" / "mse"


def shared(name: str) -> Overlap:
    """A shared table; the test is skipped where it is absent."""
    rows = list(csv.reader(_file(f"{name}.csv").read_text().splitlines()))
    lists = tuple(rows[0][:-1])
    counts = np.zeros(1 << len(lists), dtype=np.int64)
    for *cell, count in rows[1:]:
        counts[sum(int(inside) << bit for bit, inside in enumerate(cell))] += int(count)
    return Overlap(lists=lists, counts=counts)


def reference(name: str) -> dict:
    """What the R peers answered for a shared table."""
    return json.loads(_file("reference_shared.json").read_text())[name]


def a_table(*counts: int) -> Overlap:
    """The table with these counts for the cells 1, 2, 3 ... of lists A, B, C ..."""
    lists = tuple("ABCDEFGH"[: len(counts).bit_length()])
    return Overlap(lists=lists, counts=np.array([0, *counts]))


@st.composite
def sparse_tables(draw, *, lists: tuple[int, int] = (3, 4)) -> Overlap:
    """Tables of a few lists, many of whose overlaps are empty."""
    width = draw(st.integers(*lists))
    cell = st.one_of(st.just(0), st.integers(0, 9), st.integers(1, 300))
    counts = np.array([0, *(draw(cell) for _ in range((1 << width) - 1))])
    for one in range(width):
        counts[1 << one] = max(counts[1 << one], 5)
    return Overlap(lists=tuple("ABCDEF"[:width]), counts=counts)


def _file(name: str) -> Path:
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{name} is not on this machine (looked beside the checkout, under shared/data/mse)")
    return path
