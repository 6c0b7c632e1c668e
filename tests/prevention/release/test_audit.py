"""The audit passes the code as it is, and flags it with each of four faults put in.

The ordinary size is 250 runs a side at epsilon 6. The nightly size, 4 000 runs a side at epsilon 3, takes ten
minutes and runs where PALERMO_NIGHTLY is set.
"""

import os
from math import comb

import pytest

from palermo.prevention.release import counts, measure, noise
from palermo.prevention.release.plan import Plan
from tests.prevention.release import audit

NIGHTLY = pytest.mark.skipif(
    not os.environ.get("PALERMO_NIGHTLY"), reason="the nightly audit runs where PALERMO_NIGHTLY is set"
)
RUNS = [
    pytest.param((250, 6.0), id="ordinary"),
    pytest.param((4_000, 3.0), id="nightly", marks=[pytest.mark.slow, NIGHTLY]),
]


def forgotten_table(monkeypatch):
    """The sensitivity of the triples is left out."""
    monkeypatch.setattr(measure, "comb", lambda cap, ways: 1 if ways == 3 else comb(cap, ways))


def spent_three_times(monkeypatch):
    """Each query gets noise for three times its part."""
    whole = noise.noised
    monkeypatch.setattr(
        noise, "noised", lambda counts, *, squared, rho: whole(counts, squared=squared, rho=3 * rho)
    )


def one_for_three(monkeypatch):
    """Persons are kept to three times the fields that are paid for."""
    pairs, triples = counts.pairs, counts.triples
    monkeypatch.setattr(Plan, "cap", lambda plan, recorded, ones: 2)
    monkeypatch.setattr(measure, "comb", lambda cap, ways: max(comb(cap, ways), 1))
    monkeypatch.setattr(counts, "pairs", lambda secret, cells, cap: pairs(secret, cells, 3 * cap))
    monkeypatch.setattr(counts, "triples", lambda secret, cells, cap: triples(secret, cells, 3 * cap))


@pytest.mark.parametrize("size", RUNS)
def test_the_code_tells_no_more_than_was_paid_for(size):
    apart, allowed, error = audit.gap(size[0], epsilon=size[1])

    assert apart <= allowed + audit.MARGIN * error
    assert apart >= allowed * 0.9 - audit.MARGIN * error, "The audit has no power: it should see most of rho."


@pytest.mark.parametrize("fault", [forgotten_table, spent_three_times, one_for_three])
@pytest.mark.parametrize("size", RUNS)
def test_a_fault_is_flagged(fault, size, monkeypatch):
    fault(monkeypatch)

    assert audit.flagged(size[0], epsilon=size[1])


@pytest.mark.parametrize("size", RUNS)
def test_one_person_in_two_rows_is_flagged(size):
    assert audit.flagged(size[0], epsilon=size[1], twice=True)
