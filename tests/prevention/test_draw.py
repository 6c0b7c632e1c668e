"""Draws: the published known answers of the cipher, the exact laws, a slow twin, and sameness everywhere."""

import math
from fractions import Fraction
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, chi2

from palermo.prevention import bootstrap, draw
from palermo.prevention.overlap import Overlap
from tests.prevention.tables import a_table, sparse

ALL = 0xFFFFFFFF
KEY = (20, 26)
FOUR = {"A": 400, "B": 300, "C": 25, "AB": 90, "AC": 4, "ABC": 1}

# Known answers of philox4x32-10 that its authors publish with the paper (Random123, kat_vectors).
KNOWN = [
    ((0, 0), (0, 0, 0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ALL, ALL), (ALL, ALL, ALL, ALL), (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0xA4093822, 0x299F31D0),
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize("key, counter, words", KNOWN, ids=["zeros", "ones", "digits of pi"])
def test_the_cipher_gives_the_published_answers(key, counter, words):
    assert draw.philox(key, counter) == words
    assert slow_philox(key, counter) == words


# -- the slow, obvious twin ------------------------------------------------------------------------------


def slow_philox(key, counter):
    """Salmon et al. 2011, section 3.3, in whole numbers without end."""
    (left, right), keys = ((counter[0], counter[1]), (counter[2], counter[3])), list(key)
    for _ in range(10):
        one, other = 0xD2511F53 * left[0], 0xCD9E8D57 * right[0]
        left, right = (
            (other // 2**32 ^ left[1] ^ keys[0], other % 2**32),
            (one // 2**32 ^ right[1] ^ keys[1], one % 2**32),
        )
        keys = [(keys[0] + 0x9E3779B9) % 2**32, (keys[1] + 0xBB67AE85) % 2**32]
    return (*left, *right)


def slow_uniforms(number, cell, attempt):
    words = slow_philox(KEY, (attempt, cell, number % 2**32, number // 2**32))
    bits = [words[0] // 64 * 2**26 + words[1] // 64, words[2] // 64 * 2**26 + words[3] // 64]
    return [float(Fraction(2 * one + 1, 2**53)) for one in bits]


def slow_binomial(number, cell, people, inside, outside):
    """The same two methods, with the probabilities of the mathematical library instead of our own."""
    if not people or not inside or not outside:
        return people if inside and not outside else 0
    if inside > outside:
        return people - slow_binomial(number, cell, people, outside, inside)
    share = inside / (inside + outside)
    if people * share < 10:
        first, _ = slow_uniforms(number, cell, 0)
        return int(
            np.searchsorted(np.cumsum(binom.pmf(np.arange(people + 1), people, share)), first, "right")
        )
    spread = math.sqrt(people * share * (1 - share))
    b = 1.15 + 2.53 * spread
    a = -0.0873 + 0.0248 * b + 0.01 * share
    top = (2.83 + 5.1 / b) * spread
    mode = math.floor((people + 1) * share)
    attempt = -1
    while True:
        attempt += 1
        u, v = slow_uniforms(number, cell, attempt)
        edge = 0.5 - abs(u - 0.5)
        count = math.floor((2 * a / edge + b) * (u - 0.5) + people * share + 0.5)
        if not 0 <= count <= people:
            continue
        if edge >= 0.07 and v <= 0.92 - 4.2 / b:
            return count
        likelihood = binom.logpmf(count, people, share) - binom.logpmf(mode, people, share)
        if math.log(v * top / (a / edge**2 + b)) <= likelihood:
            return count


def slow_row(number, people, weights):
    row, left = [], people
    for cell, weight in enumerate(weights):
        row.append(slow_binomial(number, cell, left, weight, sum(weights[cell + 1 :])))
        left -= row[-1]
    return row


# Where the twins' probabilities differ in their last digits a draw may differ once in about 1e12.
@given(st.lists(st.integers(0, 400), min_size=2, max_size=8).filter(sum), st.integers(0, 2**40))
@settings(max_examples=150, deadline=None)
def test_a_row_is_that_of_the_slow_twin(weights, number):
    source = draw.Source(key=KEY, people=sum(weights), weights=np.array(weights, dtype=float))

    assert source.rows([number]).tolist() == [slow_row(number, sum(weights), weights)]


@given(st.tuples(*[st.integers(0, ALL)] * 2), st.tuples(*[st.integers(0, ALL)] * 4))
@settings(deadline=None)
def test_the_cipher_is_that_of_whole_numbers_without_end(key, counter):
    assert draw.philox(key, counter) == slow_philox(key, counter)


@given(st.floats(1e-300, 1e300))
@settings(deadline=None, max_examples=1000)
def test_our_logarithm_is_the_logarithm(value):
    assert draw.logarithm(value) == pytest.approx(math.log(value), rel=1e-15, abs=4e-16)


@pytest.mark.parametrize("count", [*range(13), 50, 1000])
def test_what_stirling_leaves_out_is_left_in(count):
    formula = (count + 0.5) * math.log(count + 1) - (count + 1) + math.log(2 * math.pi) / 2

    assert draw.stirling(count) == pytest.approx(math.lgamma(count + 1) - formula, abs=1e-12 * (count + 1))


@given(st.floats(0.5, 1), st.integers(0, 5000))
@settings(deadline=None)
def test_a_power_is_a_power(value, times):
    assert draw.power(value, times) == pytest.approx(value**times, rel=1e-11, abs=1e-300)


def test_a_likelihood_is_the_law_over_its_mode():
    counts = np.arange(60, 140)

    found = [draw.likelihood(count, 400, 0.25) for count in counts.tolist()]

    expected = binom.logpmf(counts, 400, 0.25) - binom.logpmf(100, 400, 0.25)
    np.testing.assert_allclose(found, expected, atol=1e-10)


# -- the laws --------------------------------------------------------------------------------------------

LAWS = [
    pytest.param(9, 0.001, id="hardly anybody"),
    pytest.param(40, 0.1, id="inversion"),
    pytest.param(2000, 0.0049, id="inversion at its end"),
    pytest.param(2000, 0.0051, id="rejection at its start"),
    pytest.param(21, 0.5, id="an even split of few"),
    pytest.param(5000, 0.3, id="rejection"),
    pytest.param(60, 0.93, id="the others by inversion"),
    pytest.param(5000, 0.7, id="the others by rejection"),
    pytest.param(2_000_000, 0.4, id="millions"),
]


def drawn(people, share, *, number, inside=None):
    """Many draws of one binomial, each of a replicate of its own."""
    weights = np.array([share, 1 - share]) if inside is None else inside
    return draw.Source(key=KEY, people=people, weights=weights).rows(range(number))[:, 0]


def bins(people, share, *, most=200, least=20, number):
    """Edges between which about equally many draws are expected, the tails on their own."""
    levels = np.unique(np.r_[least / number, np.linspace(0, 1, most)[1:-1], 1 - least / number])
    return np.unique(binom.ppf(levels, people, share))


@pytest.mark.parametrize("people, share", LAWS)
def test_counts_follow_the_exact_law(people, share):
    number = 100_000
    edges = bins(people, share, number=number)
    chances = np.diff(np.r_[0.0, binom.cdf(edges, people, share), 1.0])

    found = np.bincount(np.searchsorted(edges, drawn(people, share, number=number)), minlength=edges.size + 1)

    used = chances * number > 5
    expected = chances[used] * number
    statistic = ((found[used] - expected) ** 2 / expected).sum()
    assert chi2.sf(statistic, max(used.sum() - 1, 1)) > 1e-4
    assert found[~used].sum() <= 10 + 3 * chances[~used].sum() * number


@pytest.mark.parametrize("people, share", LAWS)
def test_each_tail_is_as_heavy_as_it_should_be(people, share):
    number = 100_000
    counts = drawn(people, share, number=number)

    for level in (1e-3, 1e-2):
        low, high = binom.ppf(level, people, share), binom.isf(level, people, share)
        for share_found, chance in (
            ((counts <= low).mean(), binom.cdf(low, people, share)),
            ((counts > high).mean(), binom.sf(high, people, share)),
        ):
            assert share_found == pytest.approx(chance, abs=4.5 * math.sqrt(max(chance, 1e-5) / number))


@pytest.mark.parametrize("people, share", LAWS)
def test_moments_are_those_of_the_law(people, share):
    number = 100_000
    counts = drawn(people, share, number=number)

    mean, variance, skew, kurtosis = binom.stats(people, share, moments="mvsk")

    assert counts.mean() == pytest.approx(mean, abs=4.5 * math.sqrt(variance / number))
    deviation = math.sqrt((kurtosis + 2) / number)
    assert counts.var() == pytest.approx(variance, rel=4.5 * deviation)
    assert ((counts - mean) ** 3).mean() / variance**1.5 == pytest.approx(
        skew, abs=5 * math.sqrt(15 / number) * (1 + abs(kurtosis))
    )


def test_cells_vary_together_as_a_multinomial_does():
    weights = np.array([500.0, 20, 3, 0, 300, 177])

    rows = draw.Source(key=KEY, people=1000, weights=weights).rows(range(40_000))

    shares = weights / weights.sum()
    expected = 1000 * (np.diag(shares) - np.outer(shares, shares))
    scale = np.sqrt(np.outer(np.diag(expected), np.diag(expected)) / 40_000)
    assert (abs(np.cov(rows.T) - expected) <= 5 * scale).all()
    assert (rows.sum(axis=1) == 1000).all()
    assert (rows[:, 3] == 0).all()


def test_replicates_and_cells_are_not_correlated():
    rows = draw.Source(key=KEY, people=500, weights=np.ones(5)).rows(range(20_001))

    following = np.corrcoef(rows[:-1].T, rows[1:].T)[:5, 5:]

    assert abs(following).max() < 5 / math.sqrt(20_000)


# -- the same everywhere ---------------------------------------------------------------------------------


def test_the_first_replicates_are_these_on_every_machine():
    source = bootstrap.source(a_table(FOUR), seed=1)

    digest = sha256(source.rows(range(1000)).astype("<i8").tobytes()).hexdigest()

    assert source.rows([0, 1]).tolist() == FIRST
    assert digest == DIGEST


FIRST = [[22, 302, 400, 1, 95, 0], [26, 317, 367, 5, 104, 1]]
DIGEST = "3100fa7760354372de67a42b0f7ec554f8bc26c9589312f4ee91f44095eb7734"


def test_plain_python_draws_the_same_bits():
    """The compiled functions, run as the Python they are written in."""
    weights, slow = [400.0, 90.0, 25.0, 4.0, 1.0], []
    compiled = draw.Source(key=KEY, people=520, weights=np.array(weights)).rows(range(200))

    for number in range(200):
        row, left = [], 520
        for cell, weight in enumerate(weights):
            row.append(plain(number, cell, left, weight, sum(weights[cell + 1 :])))
            left -= row[-1]
        slow.append(row)

    assert compiled.tolist() == slow


def plain(number, cell, people, inside, outside):
    return draw.binomial.py_func(KEY, number, cell, people, inside, outside)


def test_any_split_of_the_numbers_draws_the_same_rows():
    source = bootstrap.source(a_table(FOUR), seed=3)

    parts = [source.rows(range(start, min(start + 7, 50))) for start in range(0, 50, 7)]

    np.testing.assert_array_equal(np.concatenate(parts), source.rows(range(50)))
    np.testing.assert_array_equal(source.rows([49, 7]), source.rows(range(50))[[49, 7]])


def test_replicates_past_the_first_four_thousand_million_are_others():
    source = bootstrap.source(a_table(FOUR), seed=3)

    assert (source.rows([5]) != source.rows([5 + 2**32])).any()


@given(sparse(), st.permutations("ZYXWV"))
@settings(deadline=None, max_examples=25)
def test_renaming_the_lists_changes_no_draw(table, names):
    renamed = Overlap(lists=tuple(names[: len(table.lists)]), counts=table.counts)
    once, again = (bootstrap.source(one, seed=1) for one in (table, renamed))

    if len(set(table.sizes.values())) == len(table.lists):
        assert once.key == again.key
        np.testing.assert_array_equal(once.rows(range(20)), again.rows(range(20)))


def test_the_key_names_the_table_and_the_seed():
    keys = {
        bootstrap.source(a_table(rows), seed=seed).key
        for rows in (FOUR, FOUR | {"A": 401})
        for seed in (1, 2)
    }

    assert len(keys) == 4
