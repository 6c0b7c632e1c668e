"""Stepwise choice: against its exhaustive twin, the peers, and itself under every split."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from palermo.prevention import bootstrap, sheet, stepwise
from palermo.prevention.existence import Code
from palermo.prevention.overlap import Overlap
from tests.prevention import peer_draws, twins
from tests.prevention.tables import SHARED, a_table, answers, shared, sparse, tables_with, terms_of

THREE = {"A": 40, "B": 30, "C": 25, "AB": 9, "AC": 4, "BC": 5, "ABC": 2}


@settings(deadline=None, max_examples=60)
@given(sparse(most=4))
def test_the_choice_is_that_of_asking_every_candidate(table):
    expected = twins.stepwise(table.counts, threshold=0.05)

    if expected is None:
        assert np.isnan(stepwise.totals(*cells_of(table), lists=len(table.lists)))
    else:
        assert set(stepwise.chosen(table, threshold=0.05)) == set(expected)


def test_of_two_alike_pairs_the_first_in_list_order_is_taken():
    table = a_table({"A": 22, "B": 22, "C": 3, "ABC": 5})

    assert stepwise.chosen(table, threshold=0.05) == (0b101,)


def cells_of(table):
    where = np.flatnonzero(table.counts)
    return where, table.counts[where][None]


@settings(deadline=None)
@given(st.integers(0, 500), st.floats(0.01, 500))
def test_the_tail_is_that_of_the_poisson_law(count, mean):
    expected = min(poisson.cdf(count, mean), poisson.sf(count - 1, mean))

    assert stepwise.tail(count, mean, 2.0) == pytest.approx(expected, rel=1e-9, abs=1e-300) or expected > 0.49


@settings(deadline=None)
@given(st.integers(0, 500), st.floats(0.01, 500))
def test_a_tail_that_passes_the_best_is_given_up(count, mean):
    expected = min(poisson.cdf(count, mean), poisson.sf(count - 1, mean))

    assert (stepwise.tail(count, mean, 0.02) < 0.02) == (expected < 0.02)


@pytest.mark.parametrize("name", tables_with("mse_r_stepwise_p0.02"))
def test_model_total_and_acceleration_are_the_peers(name):
    known, again = answers(name, "mse_r_stepwise_p0.02"), answers(name, "second_implementation_boot1000")

    found = stepwise.estimate(shared(name), replicates=0)

    assert found.total == pytest.approx(known["estimate"], rel=1e-6)
    assert set(shared(name).terms(found.model)) == terms_of(known["model"])
    assert found.acceleration == pytest.approx(again["ahat"], abs=1e-5)


def test_the_peers_replicates_are_those_that_were_counted_when_their_answers_were_made():
    drawn = peer_draws.multinomials(np.array([1000, 2000, 500, 170, 2000]), number=200, seed=1234)

    assert drawn.sum(axis=0).tolist() == [200281, 399857, 100304, 34025, 399533]


@pytest.mark.parametrize("name", tables_with("second_implementation_boot1000"))
def test_on_the_same_replicates_the_limits_are_those_of_the_second_implementation(name):
    known, table = answers(name, "second_implementation_boot1000"), shared(name)
    lines = (SHARED / f"{name}.csv").read_text().split()[1:]
    where = np.array([int(line.replace(",", "")[: len(table.lists)][::-1], 2) for line in lines])
    people = table.counts[where]
    rows = peer_draws.multinomials(people, number=1000, seed=1234)
    lowered = people - np.eye(people.size, dtype=np.int64)

    spread = bootstrap.Spread(
        total=stepwise.estimate(table, replicates=0).total,
        totals=stepwise.totals(where, rows, lists=len(table.lists)),
        lowered=stepwise.totals(where, lowered, lists=len(table.lists)),
        people=people,
    )
    interval, _ = spread.interval(0.95)

    # Where replicates have the very total of the table, rounding decided there how many lie below it.
    ties = (abs(spread.totals / spread.total - 1) < 1e-6).any()
    assert interval.low == pytest.approx(known["bca"]["0.025"], rel=1e-3 if ties else 1e-6)
    assert interval.high == pytest.approx(known["bca"]["0.975"], rel=1e-3 if ties else 1e-6)


@settings(deadline=None, max_examples=10)
@given(sparse(), st.randoms())
def test_threads_batches_names_and_order_change_no_interval(table, random):
    renamed = list("ZYXWVU"[: len(table.lists)])
    random.shuffle(renamed)
    other = Overlap(lists=tuple(renamed), counts=table.counts)
    other = other.reordered(sorted(renamed))

    once = stepwise.estimate(table, replicates=60)
    split = stepwise.estimate(table, replicates=60, threads=2, batch=9)
    again = stepwise.estimate(other, replicates=60)

    assert split == once
    assert again.estimable == once.estimable
    distinct = len(set(table.sizes.values())) == len(table.lists)
    if once.interval and distinct and again.total == pytest.approx(once.total):
        assert again.interval.low == pytest.approx(once.interval.low)
        assert again.interval.high == pytest.approx(once.interval.high)


def test_a_row_for_a_cell_that_nobody_is_in_changes_nothing():
    text = "A,B,C,count\n1,0,0,40\n0,1,0,30\n0,0,1,25\n1,1,0,9\n0,1,1,5\n"

    short, long = (sheet.parse(lines.splitlines()).whole for lines in (text, text + "1,1,1,0\n1,0,1,0\n"))

    assert stepwise.estimate(long, replicates=50) == stepwise.estimate(short, replicates=50)


def test_a_table_whose_main_effects_cannot_be_estimated_is_refused_with_its_code():
    found = stepwise.estimate(a_table({"A": 40, "B": 30, "C": 20}))

    assert not found.estimable
    assert found.code == 1
    assert found.total is None
    assert found.warnings


def test_the_estimate_says_how_it_was_made():
    found = stepwise.estimate(a_table(THREE), replicates=20, seed=5)

    assert found.method == "stepwise"
    assert found.seed == 5
    assert found.replicates == 20
    assert set(found.versions) == {"palermo", "numpy", "numba"}
    assert found.details == {"threshold": 0.02}
    assert found.total == pytest.approx(found.hidden + found.observed)


def test_no_replicate_gives_no_interval():
    assert stepwise.estimate(a_table(THREE), replicates=0).interval is None


def test_a_larger_threshold_adds_no_fewer_pairs():
    table = a_table(THREE)

    assert set(stepwise.chosen(table, threshold=0.0)) <= set(stepwise.chosen(table, threshold=0.5))
    assert stepwise.chosen(table, threshold=0.0) == ()


def test_answers_of_the_referee_find_room_for_more():
    answers = np.array([[0, 1], [0, -1]], dtype=np.int8)

    answers = stepwise._answered(stepwise._answered(answers, 1, Code.NEITHER), 0, Code.OK)

    assert answers.tolist() == [[0, 1, 0, -1], [0, 3, -1, -1]]
