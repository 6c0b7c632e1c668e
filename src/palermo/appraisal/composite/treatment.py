"""Outliers treated, so that one extreme value does not set the scale for all (JRC steps; COINr's Treat).

An indicator passes when |skewness| < 2 or kurtosis < 3.5, both as a spreadsheet computes them. One that does
not is winsorised: the highest value (the lowest, where the skew is negative) becomes the next one, until it
passes or `points` values have been moved. If it still fails, the original is transformed instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from palermo.appraisal.composite.cells import Values
from palermo.appraisal.composite.fault import fault

THEN = ("log", "box-cox", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Treat:
    """`points` 0 winsorises none; `then` follows where that did not help: log, box-cox or nothing."""

    points: int = 5
    skewness: float = 2.0
    kurtosis: float = 3.5
    then: str = "log"
    power: float = 0.5

    def __post_init__(self) -> None:
        if self.then not in THEN:
            raise fault("treatment", f"{self.then!r} is no transformation.", "Use log, box-cox or nothing.")
        if self.points < 0:
            raise fault("treatment", f"{self.points} points cannot be moved.", "Give 0 or more.")

    def passes(self, values: Values) -> bool:
        """Whether one column without gaps needs no treatment."""
        if np.ptp(values) == 0:
            return True
        return abs(skewness(values)) < self.skewness or kurtosis(values) < self.kurtosis


@dataclass(frozen=True, slots=True, kw_only=True)
class Treatment:
    """What became of one indicator: how many points were moved at either end, or which transformation."""

    indicator: str
    low: int = 0
    high: int = 0
    transformed: str = ""

    def __str__(self) -> str:
        if self.transformed:
            return self.transformed
        return f"winsorised {self.low + self.high} points" if self.low + self.high else "none"


def treated(values: Values, ids: Sequence[str], rule: Treat) -> tuple[Values, tuple[Treatment, ...]]:
    """The treated table and what was done to each indicator; gaps stay gaps."""
    kept, done = values.copy(), []
    for place, id in enumerate(ids):
        have = ~np.isnan(values[:, place])
        kept[have, place], what = _column(values[have, place], id, rule)
        done.append(what)
    return kept, tuple(done)


def _column(values: Values, id: str, rule: Treat) -> tuple[Values, Treatment]:
    if len(values) < 4:
        wrong = f"has {len(values)} numbers; skewness and kurtosis need 4."
        raise fault(f"indicator {id}", wrong, "Build the index without treatment.")
    if rule.passes(values):
        return values, Treatment(indicator=id)
    moved, low, high = winsorised(values, rule)
    if rule.passes(moved) or not rule.then:
        return moved, Treatment(indicator=id, low=low, high=high)
    return _transformed(values, rule), Treatment(indicator=id, transformed=rule.then)


def winsorised(values: Values, rule: Treat) -> tuple[Values, int, int]:
    """The column with its outliers moved in, and how many now share the lowest and the highest place."""
    moved = values.copy()
    low = high = 0
    while not rule.passes(moved) and low + high < rule.points:
        if skewness(moved) >= 0:
            ends = moved == moved.max()
            moved[ends] = moved[~ends].max()
            high = int(ends.sum())
        else:
            ends = moved == moved.min()
            moved[ends] = moved[~ends].min()
            low = int(ends.sum())
    return moved, low, high


def _transformed(values: Values, rule: Treat) -> Values:
    from_lowest = values - values.min()
    if rule.then == "log":
        moved: Values = np.log(from_lowest + 0.01 * np.ptp(values))
        return moved
    raised: Values = (
        ((from_lowest + 1) ** rule.power - 1) / rule.power if rule.power else np.log1p(from_lowest)
    )
    return raised


def skewness(values: Values) -> float:
    """Sample skewness, adjusted for the number of values (type 2; at least three)."""
    n, gap = len(values), values - values.mean()
    plain = np.sqrt(n) * (gap**3).sum() / (gap**2).sum() ** 1.5
    return float(plain * np.sqrt(n * (n - 1)) / (n - 2))


def kurtosis(values: Values) -> float:
    """Sample excess kurtosis, adjusted for the number of values (type 2; at least four)."""
    n, gap = len(values), values - values.mean()
    plain = n * (gap**4).sum() / (gap**2).sum() ** 2
    return float(((n + 1) * (plain - 3) + 6) * (n - 1) / ((n - 2) * (n - 3)))
