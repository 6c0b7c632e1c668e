"""The fit: its gaps and moves against a slow twin, its places against a dictionary, and its results."""

from dataclasses import replace
from hashlib import sha256
from itertools import combinations

import numpy as np
import pytest
from benchmarks.releases import made_up as made_up_of_kinds
from hypothesis import given, settings
from hypothesis import strategies as some

from palermo.prevention.release import anneal, candidates, fit, measure
from palermo.prevention.release.cells import Cells
from palermo.prevention.release.plan import Plan
from palermo.prevention.release.tables import Measured, Query, Table
from tests.prevention.release.people import made_up, persons

SIZES = (3, 1, 4, 2)
DENSE = [fit.DENSE, 24, 0]


def counted(rows, cells):
    """How many rows stand in each cell, by looking at every row."""
    return np.array(
        [
            sum(all(row[c] == v for c, v in zip(columns, values, strict=True)) for row in rows)
            for columns, values in zip(cells.columns.tolist(), cells.values.tolist(), strict=True)
        ],
        dtype=np.int64,
    )


def exact(rows, sizes, *, ways=3, sigmas=(3.0, 5.0, 8.0), most=10**6):
    """Measurements of rows with no noise, though deviations are stated."""
    tables = []
    for sigma in sigmas[: min(ways, len(sizes))]:
        cells, _ = candidates.candidates(sizes, tables, most=most)
        bar = 1.0 if cells.ways == 1 else sigma / 2
        tables.append(Table(cells=cells, noisy=counted(rows, cells), sigma=sigma, bar=bar))
    query = Query(name="persons", squared=1, sigma=1.0, rho=1)
    return Measured(
        sizes=tuple(sizes),
        people=len(rows),
        caps=(len(sizes),) * len(tables),
        tables=tuple(tables),
        queries=(query,),
    )


def price(rows, measured, goal):
    """The objective in sixteenths, from nothing but rows and noisy counts."""
    asked, total = {}, 0.0
    for table, weight in zip(measured.tables, goal.weights, strict=False):
        for columns, values, noisy, sure in zip(
            table.cells.columns.tolist(), table.cells.values.tolist(), table.noisy, table.sure, strict=True
        ):
            doubt = (
                0 if sure or table.cells.ways == 1 else round(fit.VETO * table.sigma**2 / 2 * anneal.GRAIN)
            )
            asked[tuple(zip(columns, values, strict=True))] = (noisy * anneal.GRAIN - doubt, int(weight))
    standing = {}
    for row in rows:
        held = [(column, int(value)) for column, value in enumerate(row) if value]
        for way in range(1, len(measured.tables) + 1):
            for cell in combinations(held, way):
                standing[cell] = standing.get(cell, 0) + 1
    for cell, (wanted, weight) in asked.items():
        total += weight * (standing.get(cell, 0) * anneal.GRAIN - wanted) ** 2 / anneal.GRAIN
    return total + goal.penalty * sum(count for cell, count in standing.items() if cell not in asked)


@settings(max_examples=40)
@given(some.integers(0, 10**6), some.sampled_from(DENSE), some.data())
def test_a_move_changes_the_objective_as_the_slow_twin_says(seed, dense, data):
    measured = exact(made_up(30, SIZES, seed=seed), SIZES)
    goal = fit.aim(measured, dense=dense)
    rows = np.array(made_up(30, SIZES, seed=seed + 1), dtype=np.int16)
    gaps = goal.gaps.copy()
    anneal.stand(rows, goal.here, gaps)
    row, column = data.draw(some.integers(0, 29)), data.draw(some.integers(0, 3))
    new, old = data.draw(some.integers(1, SIZES[column])), int(rows[row, column])
    others = np.array([c for c in range(4) if c != column and rows[row, c]] + [0] * 4)
    count = int(sum(rows[row, c] != 0 for c in range(4) if c != column))
    told = (rows, goal.here, gaps, goal.weights, goal.penalty, row, column)

    change = anneal._change(*told, new, others, count, 1) if new != old else 0
    change += anneal._change(*told, old, others, count, -1) if old and new != old else 0

    moved = rows.copy()
    moved[row, column] = new
    assert change == pytest.approx(price(moved, measured, goal) - price(rows, measured, goal))


@settings(max_examples=20)
@given(some.integers(0, 10**6), some.sampled_from(DENSE))
def test_the_gaps_after_a_walk_are_those_of_its_rows(seed, dense):
    measured = exact(made_up(60, SIZES, seed=seed), SIZES)
    goal = fit.aim(measured, dense=dense)
    rows = fit.independent(measured, (seed, 7))
    gaps, again = goal.gaps.copy(), goal.gaps.copy()
    anneal.stand(rows, goal.here, gaps)
    before = price(rows, measured, goal)

    anneal.walk(rows, goal.here, gaps, goal.weights, goal.penalty, 0, fit.hurdles(), (seed, 1), 0, 2_000)

    anneal.stand(rows, goal.here, again)
    assert np.array_equal(gaps, again)
    assert price(rows, measured, goal) <= before
    assert rows.min() >= 0
    assert (rows.max(axis=0) <= SIZES).all()


def test_blocks_and_hash_tables_make_the_same_rows(monkeypatch):
    measured = exact(made_up(80, SIZES), SIZES)
    whole = fit.fitted(measured, seed=5)[0].rows
    aim = fit.aim

    monkeypatch.setattr(fit, "aim", lambda measured: aim(measured, dense=0))

    assert np.array_equal(fit.fitted(measured, seed=5)[0].rows, whole)


@given(some.sampled_from(DENSE), some.lists(some.integers(1, 4), min_size=3, max_size=6))
def test_every_cell_has_a_place_of_its_own(dense, sizes):
    cells = [candidates.ones(tuple(sizes)), _all(sizes, 2), _all(sizes, 3)]
    here = fit.place.places(tuple(sizes), cells, dense=dense)

    found = np.concatenate([here.of(one) for one in cells])

    assert len(np.unique(found)) == len(found)
    assert found.min() >= 0
    assert found.max() < here.nobody


def test_cells_that_nobody_asked_share_the_last_place():
    some_cells = _all(SIZES, 3).chosen(np.array([0, 5]))
    here = fit.place.places(SIZES, [candidates.ones(SIZES), some_cells], dense=0)

    assert here.of(_all(SIZES, 3).chosen(np.array([1, 2]))).tolist() == [here.nobody] * 2


def _all(sizes, ways):
    found = [
        (columns, values)
        for columns in combinations(range(len(sizes)), ways)
        for values in np.ndindex(*(sizes[column] for column in columns))
    ]
    columns, values = zip(*found, strict=True)
    return Cells(
        columns=np.array(columns, dtype=np.int16), values=np.array(values, dtype=np.int16) + np.int16(1)
    )


def test_rows_come_near_counts_without_noise():
    rows = made_up(2_000, (4, 3, 5, 2, 3))
    measured = exact(rows, (4, 3, 5, 2, 3))

    found = fit.fitted(measured, seed=1)[0]

    for table, counts in zip(measured.tables, found.counts, strict=True):
        assert np.abs(counts - table.noisy).mean() < 1.5
        assert np.array_equal(counts, counted(found.rows.tolist(), table.cells))


def test_the_veto_keeps_rows_out_of_doubtful_cells(monkeypatch):
    sizes = (4, 3, 5, 2, 3)
    measured = exact(made_up(2_000, sizes), sizes, sigmas=(20.0, 30.0, 40.0))
    doubtful = ~measured.tables[2].sure

    kept = fit.fitted(measured, seed=1)[0].counts[2][doubtful].sum()
    monkeypatch.setattr(fit, "VETO", 0.0)

    assert kept < 0.5 * fit.fitted(measured, seed=1)[0].counts[2][doubtful].sum()


@pytest.mark.parametrize(
    ("caps", "part"),
    [((4,), 1.0), ((30, 30), 1.0), ((11, 11, 11), 1.0), ((27, 27, 27), 45 / 325), ((60, 60, 60), 45 / 1711)],
)
def test_the_veto_of_a_cell_is_less_where_a_row_stands_in_many(caps, part):
    measured = exact(made_up(30, SIZES), SIZES)

    thinned = fit._thinned(replace(measured, caps=caps, tables=measured.tables[: len(caps)]))

    assert thinned == pytest.approx(part)


def test_wide_rows_forget_fewer_values_where_the_veto_is_thinned(monkeypatch):
    sizes = (8, 2, 30, 6, 1, 1, 1, 5, 1, 1, 12, 1, 4, 1, 1, 3, 1, 1, 1, 1) * 2
    rows = made_up_of_kinds.rows(3_000, sizes, often=0.6, flagged=0.2)
    plan = Plan(sizes=sizes, epsilon=4.0, delta=1e-5)
    measured = measure.measured(persons([tuple(row) for row in rows.tolist()], sizes), plan)
    truth = np.concatenate([np.bincount(rows[:, c], minlength=sizes[c] + 1)[1:] for c in range(len(sizes))])

    thinned = fit.fitted(measured, seed=1, effort=150)[0]
    monkeypatch.setattr(fit, "CROWD", 10**6)
    whole = fit.fitted(measured, seed=1, effort=150)[0]

    assert abs((thinned.counts[0] - truth).mean()) < 0.6 * abs((whole.counts[0] - truth).mean())
    assert np.abs(thinned.counts[0] - truth).mean() < np.abs(whole.counts[0] - truth).mean()


def test_the_same_seed_is_the_same_rows_on_every_machine():
    measured = exact([(i % 4, i % 2, i * i % 5, i // 3 % 3) for i in range(300)], SIZES)

    rows = fit.fitted(measured, seed=42, effort=50)[0].rows

    assert sha256(rows.astype("<i2").tobytes()).hexdigest()[:16] == "247476469296b2b4"
    assert sha256(fit.hurdles().astype("<i8").tobytes()).hexdigest()[:16] == "5e16e6ed51b0383d"


def test_fits_differ_by_their_number_and_not_by_how_many_there_are():
    measured = exact(made_up(300, SIZES), SIZES)

    one, other = fit.fitted(measured, seed=1, fits=2, effort=20)

    assert not np.array_equal(one.rows, other.rows)
    assert np.array_equal(one.rows, fit.fitted(measured, seed=1, effort=20)[0].rows)


def test_a_search_that_stands_still_ends():
    measured = exact([(1, 1, 1, 1)] * 50, SIZES)

    found = fit.fitted(measured, seed=1, effort=20_000)[0]

    assert found.tried < 50 * 20_000 * fit.FINE / measured.tables[-1].sigma


@pytest.mark.parametrize(
    ("rows", "sizes", "ways"),
    [
        ([], (3, 2), 3),
        ([(1,), (2,), (0,)] * 20, (3,), 3),
        ([(1, 0, 2), (2, 0, 1)] * 20, (2, 4, 2), 3),
        ([(2, 2, 2)] * 30, (2, 2, 2), 3),
        ([(1, 1, 1), (2, 1, 1)] * 30, (2, 2, 2), 1),
        ([(1, 1, 1), (2, 1, 1)] * 30, (2, 2, 2), 2),
        ([(0, 0)] * 9, (2, 2), 3),
    ],
    ids=["nobody", "one column", "a column never recorded", "all recorded", "one way", "two ways", "blank"],
)
def test_odd_tables_are_fitted(rows, sizes, ways):
    measured = exact(rows, sizes, ways=ways)

    found = fit.fitted(measured, seed=1)[0]

    assert found.rows.shape == (len(rows), len(sizes))
    assert np.abs(found.counts[0] - measured.tables[0].noisy).sum() <= 4


def test_noisy_totals_over_the_people_are_scaled_down():
    measured = exact([(1,), (2,)] * 10, (2,))
    table = replace(measured.tables[0], noisy=np.array([30, 10]))

    rows = fit.independent(replace(measured, tables=(table,)), (1, 2))

    assert np.bincount(rows[:, 0]).tolist() == [0, 15, 5]
