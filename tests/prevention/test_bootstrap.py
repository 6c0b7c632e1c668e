"""Bootstrap intervals: against a loop in plain Python, and where they cannot be had."""

import threading
import time
from functools import partial
from math import nan
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.prevention import bootstrap
from palermo.prevention.bootstrap import Spread
from tests.prevention.tables import a_table, sparse

FOUR = {"A": 40, "B": 30, "C": 25, "AB": 9, "AC": 4}


def a_spread(totals, *, total=10.0, lowered=(9.0, 10.0, 12.0), people=(3, 2, 5)):
    return Spread(
        total=total, totals=np.array(totals, float), lowered=np.array(lowered), people=np.array(people)
    )


def product(cells, rows):
    """An estimator that needs no model: everyone twice over, less those in cell 1."""
    return 2.0 * rows.sum(axis=1) - rows[:, list(cells).index(1)]


figures = st.floats(1, 100, allow_nan=False)


@given(st.lists(figures, min_size=3, max_size=8, unique=True), st.data())
def test_acceleration_is_that_of_each_person_taken_away_one_by_one(lowered, data):
    people = data.draw(st.lists(st.integers(1, 5), min_size=len(lowered), max_size=len(lowered)))
    each = [one for one, times in zip(lowered, people, strict=True) for _ in range(times)]
    away = [sum(each) / len(each) - one for one in each]
    cubes, squares = sum(d**3 for d in away), sum(d**2 for d in away)

    found = a_spread([10.0], lowered=tuple(lowered), people=tuple(people)).acceleration

    assert found == pytest.approx(cubes / (6 * squares**1.5), rel=1e-6, abs=1e-9)


@given(st.floats(0.05, 0.95), st.floats(-0.1, 0.1))
def test_the_levels_follow_the_formula_of_the_paper(below, acceleration):
    normal = NormalDist()
    shift = normal.inv_cdf(below)

    low, high = bootstrap.bca_levels((0.025, 0.975), below=below, acceleration=acceleration)

    z = shift + normal.inv_cdf(0.025)
    assert low == pytest.approx(normal.cdf(shift + z / (1 - acceleration * z)))
    assert low < high


def test_without_bias_or_acceleration_the_levels_are_those_asked():
    found = bootstrap.bca_levels((0.025, 0.975), below=0.5, acceleration=0.0)

    assert found == pytest.approx((0.025, 0.975))


def test_failed_replicates_are_counted_and_left_out():
    spread = a_spread([8.0, nan, 9.0, 11.0, 12.0, nan])

    interval, warnings = spread.interval(0.5)

    assert spread.failed == 2
    assert interval.kind == "bca"
    assert 8.0 <= interval.low < interval.high <= 12.0
    assert warnings == ()


@pytest.mark.parametrize(
    "spread, kind, said",
    [
        (a_spread([11.0, 12.0, 13.0]), "percentile", "one side"),
        (a_spread([8.0, 12.0], lowered=(9.0, 9.0, 9.0)), "percentile", "does not vary"),
        (a_spread([8.0, 12.0], lowered=(9.0, nan, 9.0)), "percentile", "jackknife failed"),
        (a_spread([8.0, 12.0], lowered=(1.0, 9.0), people=(1, 99)), "bca", "is large"),
    ],
    ids=["all above", "no variance", "failed jackknife", "large acceleration"],
)
def test_a_doubtful_interval_says_why(spread, kind, said):
    interval, (warning, *_) = spread.interval(0.95)

    assert interval.kind == kind
    assert said in str(warning)


def test_without_any_replicate_that_succeeds_there_is_no_interval():
    interval, (warning,) = a_spread([nan, nan]).interval(0.95)

    assert interval is None
    assert "No replicate" in str(warning)


def test_every_draw_has_as_many_people_and_fills_no_empty_cell():
    table = a_table(FOUR)

    rows = bootstrap.draws(table, range(50), seed=3)

    assert rows.shape == (50, 5)
    assert set(rows.sum(axis=1)) == {table.observed}


def test_draws_have_the_means_of_the_table():
    table = a_table(FOUR)
    _, people = bootstrap.occupied(table)

    mean = bootstrap.draws(table, range(4000), seed=3).mean(axis=0)

    assert mean == pytest.approx(people, abs=5 * (people.max() / 4000) ** 0.5)


def test_a_replicate_is_known_by_its_number_and_seed():
    table = a_table(FOUR)

    assert (bootstrap.draws(table, [7], seed=3) == bootstrap.draws(table, range(9), seed=3)[7]).all()
    assert (bootstrap.draws(table, [7], seed=3) != bootstrap.draws(table, [7], seed=4)).any()


@given(sparse(), st.randoms())
def test_occupied_cells_are_the_same_people_whatever_the_order_of_lists(table, random):
    lists = list(table.lists)
    random.shuffle(lists)

    cells, people = bootstrap.occupied(table.reordered(lists))

    assert (table.reordered(lists).counts[cells] == people).all()
    assert people.sum() == table.observed


@pytest.mark.parametrize("threads, batch", [(1, 5), (2, 20), (3, 1)])
def test_threads_and_batches_change_nothing(threads, batch):
    table = a_table(FOUR)
    once = bootstrap.spread(table, product, replicates=20)

    split = bootstrap.spread(table, product, replicates=20, threads=threads, batch=batch)

    assert split.totals.tolist() == once.totals.tolist()
    assert once.lowered.tolist() == split.lowered.tolist()


def test_the_jackknife_takes_one_person_from_each_occupied_cell():
    table = a_table(FOUR)
    cells, _ = bootstrap.occupied(table)

    spread = bootstrap.spread(table, product, replicates=0)

    assert spread.total == 2 * 108 - 40
    assert spread.lowered.tolist() == [175.0 if cell == 1 else 174.0 for cell in cells]


@given(st.integers(0, 3000), st.integers(1, 100), st.integers(1, 8))
def test_parts_hold_each_number_once_and_none_is_larger_than_a_batch(number, batch, threads):
    parts = list(bootstrap.batches(number, batch=batch, threads=threads))

    assert [one for part in parts for one in part] == list(range(number))
    assert all(1 <= len(part) <= batch for part in parts)


def test_with_several_threads_the_last_parts_are_small():
    parts = [len(part) for part in bootstrap.batches(1000, batch=64, threads=2)]

    assert parts[:3] == [64, 64, 64]
    assert max(parts[-3:]) <= 8
    assert len(parts) < 40


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_jobs_answer_in_their_order_whoever_does_them(threads):
    jobs = [partial(pow, number, 2) for number in range(30)]

    assert bootstrap.together(jobs, threads=threads) == [number**2 for number in range(30)]


@pytest.mark.parametrize("threads", [1, 3])
def test_a_job_that_fails_is_not_passed_over(threads):
    with pytest.raises(ZeroDivisionError):
        bootstrap.together([partial(divmod, 1, by) for by in (2, 1, 0, 3)], threads=threads)


def test_an_interrupt_lets_no_thread_begin_another_job():
    begun = []

    def job(number):
        begun.append(number)
        if threading.current_thread() is threading.main_thread():
            raise KeyboardInterrupt
        time.sleep(0.01)

    with pytest.raises(KeyboardInterrupt):
        bootstrap.together([partial(job, number) for number in range(200)], threads=3)

    assert len(begun) < 20


@pytest.mark.parametrize("replicates, level, few", [(39, 0.95, True), (40, 0.95, False), (1000, 0.999, True)])
def test_replicates_too_few_for_the_ends_of_an_interval_are_warned_of(replicates, level, few):
    _, warnings = a_spread(np.linspace(5, 15, replicates)).interval(level)

    assert any("too few for the ends" in str(warning) for warning in warnings) is few
