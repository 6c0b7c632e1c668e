"""Releases: what they hold, what they leave out, and intervals that hold the truth."""

from math import log

import numpy as np
import pytest

from palermo.prevention.release import budget, fit, made, measure, spread
from palermo.prevention.release.made import Effort
from palermo.prevention.release.plan import Plan
from tests.prevention.release.people import made_up, persons
from tests.prevention.release.test_fit import counted, exact

SIZES = (5, 3, 4, 2, 6, 3)
QUICK = Effort(fits=2, moves=60)


@pytest.fixture(scope="module")
def rows():
    return made_up(6_000, SIZES)


@pytest.fixture(scope="module")
def release(rows):
    return made.make(persons(rows, SIZES), a_plan(), seed=1)


def a_plan(sizes=SIZES, *, epsilon=4.0, people=6_000):
    return Plan(sizes=sizes, epsilon=epsilon, delta=1 / (people * log(people)))


def truth(rows, cells):
    table = np.array(rows)
    return np.array(
        [int((table[:, list(one.columns)] == np.array(one.values)).all(axis=1).sum()) for one in cells]
    )


def test_a_release_charges_what_was_planned(release):
    assert release.rho_micro == release.plan.rho
    assert release.epsilon <= 4.0
    assert release.delta == release.plan.delta
    assert release.unit == "person"
    assert release.cap == release.caps[-1]
    assert [query.name for query in release.queries] == ["persons", "recorded", "ones", "pairs", "triples"]


def test_more_persons_than_the_bound_get_a_smaller_delta_and_spend_less(rows):
    bound = 100
    plan = Plan(sizes=SIZES, epsilon=4.0, delta=budget.delta(bound), persons=bound)

    found = made.make(persons(rows, SIZES), plan, seed=1, effort=QUICK)

    assert found.delta <= budget.delta(6_000) < plan.delta
    assert found.rho_micro == found.plan.rho < plan.rho
    assert 3.99 < found.epsilon <= 4.0


def test_rows_are_as_many_as_persons_were_counted(release):
    assert release.rows.shape == (release.people, len(SIZES))
    assert abs(release.people - 6_000) < 6 * release.deviation


def test_counts_are_near_and_their_intervals_hold_the_truth(rows, release):
    for ways in (1, 2, 3):
        cells = [one for one in release.counts if len(one.columns) == ways]
        real, told = truth(rows, cells), np.array([one.count for one in cells])
        low, high = np.array([one.low for one in cells]), np.array([one.high for one in cells])

        assert np.abs(told - real).mean() < release.queries[ways + 1].sigma
        assert ((low <= real) & (real <= high)).mean() > 0.9
        assert ((low <= told) & (told <= high)).all()
        assert (low >= 0).all()


def test_nothing_under_the_reporting_limit_is_published(release):
    sigmas = [query.sigma for query in release.queries[2:]]

    assert all(one.count >= release.limits[len(one.columns) - 1] for one in release.counts)
    for limit, part, sigma in zip(release.limits, made.LIMITS, sigmas, strict=True):
        assert limit >= part * sigma


def test_no_published_count_is_smaller_than_half_its_interval(release):
    known = {(one.ways, one.start): one.high - one.low for one in release.errors}
    starts = {way: sorted(start for ways, start in known if ways == way) for way in (1, 2, 3)}

    for one in release.counts:
        way = len(one.columns)
        begin = max(start for start in starts[way] if start <= one.count)
        assert one.count >= known[way, begin] / 2


def test_no_cell_is_published_twice(release):
    assert len({(one.columns, one.values) for one in release.counts}) == len(release.counts)


def test_fewer_than_a_thousand_persons_get_counts_and_no_rows():
    release = made.make(persons(made_up(300, SIZES), SIZES), a_plan(people=1_000), seed=1, effort=QUICK)

    assert release.rows is None
    assert release.counts


def test_counts_alone_have_no_rows(rows):
    release = made.make(persons(rows, SIZES), a_plan(), seed=1, rows=False)

    assert release.rows is None
    assert release.effort == made.COUNTS


def test_an_empty_table_is_released_like_any_other():
    release = made.make(persons([], SIZES), a_plan(people=1_000), seed=1, effort=QUICK)

    assert release.rows is None
    assert release.rho_micro == release.plan.rho


def test_a_release_can_be_made_again_from_what_was_measured(rows):
    plan = a_plan()
    measured = measure.measured(persons(rows, SIZES), plan)

    one, other = (made.of(measured, plan, seed=3, effort=QUICK) for _ in range(2))

    assert np.array_equal(one.rows, other.rows)
    assert one.counts == other.counts
    assert one.errors == other.errors


def test_errors_are_told_by_ways_and_size_without_gaps(release):
    for ways in (1, 2, 3):
        known = [bucket for bucket in release.errors if bucket.ways == ways]

        assert known[0].start == release.limits[ways - 1]
        assert known[-1].end is None
        assert [one.end for one in known[:-1]] == [one.start for one in known[1:]]
        assert all(one.cells >= spread.POOL for one in known) or len(known) == 1
        assert all(one.error <= one.sd + 1e-9 for one in known)


def test_few_cells_trust_the_noise_as_well():
    measured = exact(made_up(400, (2,)), (2,))

    [bucket] = spread.buckets(measured, _fits(measured), limits=[1], seed=1, effort=20)

    assert bucket.sd >= measured.tables[0].sigma
    assert bucket.low <= -1.96 * measured.tables[0].sigma


def test_public_noise_has_its_deviation():
    drawn = spread._normal(20_000, 9.0, 1, 2)

    assert drawn.std() == pytest.approx(9.0, rel=0.03)
    assert abs(drawn.mean()) < 0.3


def test_the_mean_of_fits_is_their_mean():
    measured = exact(made_up(300, SIZES), SIZES)
    fits = _fits(measured)

    for way, mean in enumerate(fit.means(fits)):
        both = [counted(one.rows.tolist(), measured.tables[way].cells) for one in fits]
        assert np.array_equal(mean, (both[0] + both[1]) / 2)


def _fits(measured):
    return fit.fitted(measured, seed=1, fits=2, effort=20)
