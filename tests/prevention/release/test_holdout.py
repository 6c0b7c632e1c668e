import numpy as np
import pytest

from palermo.prevention.release.holdout import alone, halves
from palermo.prevention.release.opening import opened
from tests.prevention.release.few import a_table

SIZES = (20, 20, 4)


def many(count=400):
    """Persons of whom most are alone in what they recorded; two are alike."""
    rows = [(1 + place % 20, 1 + place // 20, 1) for place in range(count)]
    return a_table(*rows, rows[0], sizes=SIZES)


def copied(secret, seed):
    """A release that keeps no promise: the persons themselves."""
    persons = opened(secret)
    return np.repeat(persons.codes, persons.weights, axis=0)


def test_a_release_that_copies_persons_shows_those_it_saw_and_no_others():
    persons = many()

    found = alone(persons, persons.codes[:100], copied, columns=range(3), trials=3, seed=1)

    assert (found.released.of, found.inside.value, found.outside.hits) == (399, 1.0, 0)
    assert found.inside.of + found.outside.of == 3 * 399
    assert found.excess.low > 0.9


def test_a_release_that_knows_nobody_shows_both_halves_alike():
    persons = many()
    chance = persons.codes[::3]

    found = alone(persons, chance, lambda _, seed: chance, columns=range(3), trials=5, seed=2)

    assert found.excess.low < 0 < found.excess.high
    assert found.released.value == pytest.approx(1 / 3, abs=0.01)


def test_rows_are_looked_for_in_the_chosen_columns_alone():
    persons = a_table((1, 1, 1), (2, 1, 2), (2, 1, 3), sizes=SIZES)

    found = alone(persons, persons.codes, copied, columns=(0,), trials=1, seed=1)

    assert (found.released.hits, found.released.of) == (1, 1)


def test_a_fair_lot_parts_each_persons_alike_and_never_the_same_way_twice():
    weights = np.full(50, 100)

    first, second = (halves(weights, seed=1, trial=trial) for trial in (0, 1))

    assert ((first >= 0) & (first <= weights)).all()
    assert first.sum() == pytest.approx(2_500, abs=150)
    assert (first != second).any()
    assert (first == halves(weights, seed=1, trial=0)).all()
