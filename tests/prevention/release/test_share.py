import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.prevention.release.share import Share, Z, difference, gain


def wilson(hits, of):
    """The slow twin: the shares whose own standard error the share found lies 1.96 of away, by halving."""

    def far(truth):
        return abs(hits / of - truth) >= Z * (truth * (1 - truth) / of) ** 0.5

    return _edge(far, 0.0, hits / of), _edge(far, 1.0, hits / of)


def _edge(far, outside, inside):
    for _ in range(60):
        middle = (outside + inside) / 2
        outside, inside = (middle, inside) if far(middle) else (outside, middle)
    return inside


@given(st.integers(1, 400), st.data())
def test_the_interval_of_a_share_is_where_the_score_test_does_not_reject(of, data):
    hits = data.draw(st.integers(0, of))
    found = Share(hits=hits, of=of).span

    assert (found.low, found.high) == pytest.approx(wilson(hits, of), abs=1e-9)


def test_a_share_of_nothing_may_be_anything():
    assert Share(hits=0, of=0).span.high == 1.0


def test_more_hits_than_cases_are_no_share():
    with pytest.raises(ValueError, match="3 of 2"):
        Share(hits=3, of=2)


def test_the_difference_is_as_published():
    """Newcombe's first example, 56/70 less 48/80, method 10."""
    found = difference(Share(hits=56, of=70), Share(hits=48, of=80))

    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_the_gain_is_as_published_by_its_formula():
    """Half a case added to each of four outcomes: 20 won, 5 lost, of 100."""
    found = gain(won=20, lost=5, of=100)

    half = Z * (26 - 15**2 / 102) ** 0.5 / 102
    assert (found.value, found.low, found.high) == pytest.approx((0.15, 15 / 102 - half, 15 / 102 + half))


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_a_gain_lies_in_its_interval_and_its_loss_is_the_mirror_of_it(won, lost, same):
    one, other = (gain(won=a, lost=b, of=won + lost + same) for a, b in ((won, lost), (lost, won)))

    assert -1 <= one.low <= one.value <= one.high <= 1
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))
