from math import sqrt, tanh

import numpy as np
import pytest

from palermo.prevention.release import membership
from palermo.prevention.release.share import Share
from tests.prevention.release.few import a_table
from tests.prevention.release.test_holdout import SIZES, copied, many


def test_the_bound_is_the_smaller_of_what_epsilon_and_rho_promise():
    assert membership.bound(epsilon=1.0, delta=0.0, rho=50_000_000) == pytest.approx(tanh(0.5))
    assert membership.bound(epsilon=4.0, delta=1e-6, rho=326_000) == pytest.approx(sqrt(0.163))
    assert membership.bound(epsilon=40.0, delta=0.1, rho=10**9) == 1.0
    assert membership.bound(epsilon=9.0, delta=0.0, rho=3_000_000) == pytest.approx(sqrt(1 - np.exp(-3)))


def test_a_release_that_copies_persons_gives_its_rarest_away():
    found = membership.tested(many(), copied, runs=40, among=100, seed=1, allowed=0.4)

    assert (found.called.value, found.miscalled.value) == (1.0, 0.0)
    assert found.broken
    assert found.persons == 101


def test_a_release_that_knows_nobody_gives_nobody_away():
    def by_chance(secret, seed):
        return np.random.default_rng(seed).integers(1, 5, size=(50, 3)).astype(np.int16)

    found = membership.tested(many(), by_chance, runs=100, among=100, seed=3, allowed=0.1)

    assert found.advantage.low < 0 < found.advantage.high
    assert not found.broken


def test_a_promise_is_broken_only_where_the_whole_interval_is_above_it():
    def found(hits):
        return membership.Membership(
            called=Share(hits=hits, of=50), miscalled=Share(hits=10, of=50), bound=0.3, persons=9
        )

    assert [found(hits).broken for hits in (25, 30, 45)] == [False, False, True]


def test_the_rarest_person_is_the_one_with_the_rarest_pairs():
    common = [(1, 1, 1)] * 10 + [(2, 1, 1)] * 10
    persons = a_table(*common, (3, 2, 4), (3, 0, 0))

    assert persons.codes[membership.rarest(persons)].tolist() == [3, 2, 4]


def test_others_are_drawn_without_the_person_and_no_more_than_there_are():
    persons = a_table((1, 1, 1), (1, 1, 1), (2, 1, 1), sizes=SIZES)
    place = persons.codes[:, 0].tolist().index(2)

    found = membership.drawn(persons, leave_out=place, many=99, seed=1)

    assert found[place] == 0
    assert found.sum() == 2


def test_the_attacker_counts_rows_that_are_the_targets_and_rows_in_its_cells():
    rows = np.array([(1, 2, 0), (1, 2, 3), (1, 0, 3), (2, 2, 3)], dtype=np.int16)

    found = membership.seen(rows, np.array([1, 2, 0], dtype=np.int16))

    assert found.tolist() == pytest.approx([1.0, sqrt(3) + sqrt(3), sqrt(2), 0.0])


def test_the_half_that_is_learned_from_is_not_tested_on():
    noise = np.random.default_rng(1).normal(size=(2, 40, 4))
    noise[1, :20, 0] += 100  # betrays the target in what is learned from, never in what is tested

    found = membership.called(noise[1], noise[0], persons=5, allowed=0.5)

    assert (found.called.of, found.miscalled.of) == (20, 20)
    assert found.advantage.low < 0.1
