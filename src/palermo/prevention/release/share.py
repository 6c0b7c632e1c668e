"""Shares and differences of shares with 95 % intervals, by formulas that hold for few cases too."""

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A number and its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """`hits` cases of `of`; with no case at all the share is 0 and its interval says nothing."""

    hits: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.of:
            raise ValueError(f"{self.hits} of {self.of} is no share.")

    @property
    def value(self) -> float:
        """The share."""
        return self.hits / self.of if self.of else 0.0

    @property
    def span(self) -> Span:
        """The share with its interval (Wilson, J. Am. Stat. Assoc. 22, 1927)."""
        if not self.of:
            return Span(value=0.0, low=0.0, high=1.0)
        share, square = self.value, Z * Z / self.of
        middle = (share + square / 2) / (1 + square)
        half = Z * sqrt(share * (1 - share) / self.of + square / (4 * self.of)) / (1 + square)
        low = 0.0 if self.hits == 0 else middle - half
        high = 1.0 if self.hits == self.of else middle + half
        return Span(value=share, low=low, high=high)


def difference(first: Share, second: Share) -> Span:
    """How much larger the first share is than the second, of other cases (Newcombe, Stat. Med. 17, 1998)."""
    one, other = first.span, second.span
    value = one.value - other.value
    below = sqrt((one.value - one.low) ** 2 + (other.high - other.value) ** 2)
    above = sqrt((one.high - one.value) ** 2 + (other.value - other.low) ** 2)
    return Span(value=value, low=value - below, high=value + above)


def gain(*, won: int, lost: int, of: int) -> Span:
    """How much larger a share became, of the same cases: `won` changed to a hit, `lost` from one.

    Half a case is added to each of four outcomes for the interval (Agresti and Min, Stat. Med. 24, 2005).
    """
    if not of:
        return Span(value=0.0, low=-1.0, high=1.0)
    middle = (won - lost) / (of + 2)
    half = Z * sqrt(max(won + lost + 1 - (won - lost) ** 2 / (of + 2), 0.0)) / (of + 2)
    value = (won - lost) / of
    return Span(
        value=value, low=max(min(middle - half, value), -1.0), high=min(max(middle + half, value), 1.0)
    )
