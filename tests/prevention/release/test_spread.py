"""How far counts lie from the truth: pools, stretched errors, limits, and how often intervals hold."""

import numpy as np
import pytest
from benchmarks.releases import made_up as made_up_of_kinds
from hypothesis import given, settings
from hypothesis import strategies as some

from palermo.prevention.release import fit, made, measure, spread
from palermo.prevention.release.made import Effort
from palermo.prevention.release.plan import Plan
from palermo.prevention.release.spread import Bucket, Side
from tests.prevention.release.people import made_up, persons
from tests.prevention.release.test_fit import exact
from tests.prevention.release.test_made import truth

SIZES = (5, 12, 2, 6, 4, 1, 1, 1)
COUNTS = some.lists(some.integers(5, 60), min_size=1, max_size=900)


def held(release, rows):
    """Whether each published interval holds the real count."""
    real = truth(rows, release.counts)
    low, high = (np.array([getattr(one, side) for one in release.counts]) for side in ("low", "high"))
    return (low <= real) & (real <= high)


@pytest.mark.parametrize("rows_too", [True, False], ids=["with rows", "counts alone"])
@pytest.mark.parametrize("epsilon", [1.0, 4.0, 12.0])
def test_nineteen_in_twenty_intervals_hold_the_truth(epsilon, rows_too):
    rows = made_up(4_000, SIZES, seed=7, recorded=0.6)
    plan = Plan(sizes=SIZES, epsilon=epsilon, delta=1e-5)

    release = made.make(persons(rows, SIZES), plan, seed=1, rows=rows_too)

    assert len(release.counts) > 100
    assert held(release, rows).mean() >= 0.88, "runs lie at 0.96 +- 0.015"


def test_intervals_of_a_fit_that_was_cut_short_hold_the_truth_too(monkeypatch):
    """The bootstrap alone does not know how wrong such a fit is: what mends it is the stretch."""
    sizes = (6, 10, 8, 3, 5, 4)
    rows = [tuple(row) for row in made_up_of_kinds.rows(8_000, sizes, often=0.97, seed=3).tolist()]
    plan = Plan(sizes=sizes, epsilon=12.0, delta=1e-5)
    measured = measure.measured(persons(rows, sizes), plan)
    asked = {"seed": 1, "rows": False, "effort": Effort(fits=2, moves=2)}

    mended = made.of(measured, plan, **asked)
    monkeypatch.setattr(spread, "_stretched", lambda errors, excess: errors)
    alone = made.of(measured, plan, **asked)

    assert held(mended, rows).mean() >= 0.93
    assert held(alone, rows).mean() < held(mended, rows).mean() - 0.01


@given(COUNTS, some.integers(1, 30))
def test_buckets_begin_at_the_limit_and_hold_enough_cells(counts, limit):
    published = np.array([count for count in counts if count >= limit], dtype=float)

    starts = spread._starts(published, limit)

    sizes = [
        ((published >= a) & (published < b)).sum() for a, b in zip(starts, [*starts[1:], 1e9], strict=True)
    ]
    assert starts[0] == limit
    assert sum(sizes) == len(published)
    assert len(starts) == 1 or min(sizes) >= spread.POOL


@given(some.lists(some.floats(-50, 50), min_size=1, max_size=50), some.floats(0, 1_000))
def test_stretched_errors_have_the_mean_square_that_was_wanted(errors, excess):
    wide = spread._stretched(np.array(errors), excess)

    square = sum(error * error for error in errors) / len(errors)
    if square > 1e-9:
        assert np.mean(wide**2) == pytest.approx(square + excess)


def test_nothing_is_stretched_where_cells_are_few_or_fit_as_well_as_drawn_ones():
    same = np.random.Generator(np.random.Philox(1)).chisquare(1, 500)

    assert spread._excess(same[:10], same) == (0.0, 0.0)
    assert spread._excess(same, same)[0] == 0.0
    excess, error = spread._excess(same + 3.0, same)
    assert excess == pytest.approx(3.0)
    assert 0 < error < 0.3


def test_only_published_cells_are_pooled():
    """Cells of nobody, which nobody publishes, would make every interval too narrow."""
    table = exact(made_up(400, (2, 3)), (2, 3)).tables[1]
    counts = np.array([0.0] * 4 + [7.0, 9.0])

    side = spread._side(table, counts, 5)
    [bucket] = spread._pooled(table, 5, np.array([2, 3]), side, side)

    assert side.cells.tolist() == [4, 5]
    assert (bucket.cells, bucket.start, bucket.end) == (2, 5, None)
    assert bucket.error == pytest.approx(5.5)


def test_a_table_of_which_nothing_is_published_trusts_the_noise():
    table = exact(made_up(400, (2, 3)), (2, 3)).tables[1]
    nothing = Side(cells=np.array([], dtype=np.intp), counts=np.array([]), squares=np.array([]))

    [bucket] = spread._pooled(table, 5, np.array([], dtype=np.int64), nothing, nothing)

    assert (bucket.cells, bucket.sd) == (0, table.sigma)


def a_bucket(start, end, half, *, ways=1):
    return Bucket(
        ways=ways, start=start, end=end, cells=200, error=half / 2, sd=half / 2, low=-half, high=half
    )


@settings(max_examples=60)
@given(some.lists(some.floats(0.5, 300), min_size=1, max_size=5), some.integers(1, 80))
def test_the_limit_is_the_least_count_that_is_half_its_interval(halves, limit):
    starts = [10 * place + limit for place in range(len(halves))]
    ends = [*starts[1:], None]
    known = [a_bucket(*one) for one in zip(starts, ends, halves, strict=True)]

    (least,), above = spread.limited(known, [limit])

    def enough(count):
        [half] = [h for s, e, h in zip(starts, ends, halves, strict=True) if s <= count < (e or 1e9)]
        return count >= half

    assert least == next(count for count in range(limit, 2_000) if enough(count))
    assert above[0].start == least
    assert [one.end for one in above[:-1]] == [one.start for one in above[1:]]
    assert above[-1].end is None


def test_limits_are_found_by_way():
    known = [a_bucket(4, None, 9.0), a_bucket(6, 20, 30.0, ways=2), a_bucket(20, None, 5.0, ways=2)]

    limits, above = spread.limited(known, [4, 6])

    assert limits == (9, 20)
    assert [(one.ways, one.start) for one in above] == [(1, 9), (2, 20)]


def test_rows_that_fits_do_not_agree_on_move_on():
    sizes = (4, 3, 5, 2, 3)
    measured = exact(made_up(2_000, sizes), sizes, sigmas=(20.0, 30.0, 40.0))
    fits = fit.fitted(measured, seed=1, fits=3, effort=60)
    unsure = [
        mean < fit.AGREED * table.sigma for mean, table in zip(fit.means(fits), measured.tables, strict=True)
    ]

    rows = fit.agreed(measured, fits, seed=1)

    def standing(table):
        at = [fit.place.places(measured.sizes, [one.cells for one in measured.tables], dense=fit.DENSE)]
        gaps = np.zeros(at[0].nobody + 1, dtype=np.int32)
        fit.anneal.stand(table, at[0], gaps)
        return sum(gaps[at[0].of(measured.tables[way].cells)[unsure[way]]].sum() for way in (1, 2))

    assert standing(rows) < 0.7 * standing(fits[0].rows)
    assert np.array_equal(rows, fit.agreed(measured, fits, seed=1))
    assert not np.array_equal(rows, fits[0].rows)
    before = [np.bincount(fits[0].rows[:, column], minlength=6) for column in range(5)]
    after = [np.bincount(rows[:, column], minlength=6) for column in range(5)]
    assert np.abs(np.array(before) - np.array(after)).mean() < 10
