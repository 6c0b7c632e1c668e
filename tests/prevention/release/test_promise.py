"""The promise, exactly and before noise: no person changes the answers by more than the budget allows.

Whatever was answered before, the sum over all cells asked of (change / sigma)^2 is at most 2 rho.
"""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.prevention.release import budget, measure, noise
from palermo.prevention.release.plan import Plan
from tests.prevention.release.people import Told, persons

SIZES = (2, 3, 1, 2, 4)
ROWS = some.lists(some.tuples(*(some.integers(0, size) for size in SIZES)), min_size=1, max_size=40)
FULL = tuple(1 for _ in SIZES)


def spent(with_person, without, *, epsilon, ways=3, bound=None, monkeypatch):
    """Twice the rho that one person's going uses of what is charged, as exact fractions."""
    plan = Plan(sizes=SIZES, epsilon=epsilon, delta=1e-5, ways=ways, persons=bound)
    first = Told()
    monkeypatch.setattr(noise, "noised", first)
    measured = measure.measured(persons(with_person, SIZES), plan)
    second = Told(first.answers)
    monkeypatch.setattr(noise, "noised", second)
    measure.measured(persons(without, SIZES), plan)
    monkeypatch.undo()
    change = sum(
        Fraction(int(((one - other) ** 2).sum())) / Fraction(noise.sigma(squared, rho)) ** 2
        for (one, squared, rho), (other, _, _) in zip(first.asked, second.asked, strict=True)
    )
    charged = plan.of_people(measured.people).rho
    assert measured.rho == sum(rho for _, _, rho in first.asked) == charged <= plan.rho
    return change, 2 * Fraction(charged, budget.MICRO)


@given(
    ROWS,
    some.data(),
    some.sampled_from([0.5, 4.0, 1000.0]),
    some.integers(1, 3),
    some.sampled_from([None, 1, 20]),
)
def test_no_person_changes_the_answers_by_more_than_the_budget(rows, data, epsilon, ways, bound):
    gone = data.draw(some.integers(0, len(rows) - 1))
    with pytest.MonkeyPatch.context() as patch:
        change, allowed = spent(
            rows,
            rows[:gone] + rows[gone + 1 :],
            epsilon=epsilon,
            ways=ways,
            bound=bound,
            monkeypatch=patch,
        )

    assert change <= allowed


@pytest.mark.parametrize(
    "rows",
    [
        [FULL],
        [FULL] * 300,
        [FULL, *[(0, 0, 0, 0, 0)] * 500],
        [FULL, *[(1, 0, 0, 0, 0)] * 5_000],
        [(0, 0, 0, 0, 0)],
    ],
    ids=["one person", "all equal", "one full among blanks", "one full under a cap", "nothing recorded"],
)
def test_the_worst_tables_keep_the_promise(rows, monkeypatch):
    change, allowed = spent(rows, rows[1:], epsilon=4.0, monkeypatch=monkeypatch)

    assert change <= allowed


def test_a_full_row_uses_nearly_all_of_the_budget(monkeypatch):
    rows = [FULL] * 5_000

    change, allowed = spent(rows, rows[1:], epsilon=4.0, monkeypatch=monkeypatch)

    assert 0.99 * allowed < change
