"""Every indicator on one scale and in one direction, so that they can be averaged."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from palermo.appraisal.composite.cells import Values
from palermo.appraisal.composite.fault import fault
from palermo.appraisal.composite.hierarchy import Hierarchy, Indicator
from palermo.appraisal.composite.ranks import competition


@dataclass(frozen=True, slots=True, kw_only=True)
class Normalise:
    """A rule of `RULES` and its scale: `low` and `high` are the ends; for z the mean and deviation."""

    rule: str = "min-max"
    low: float = 0.0
    high: float = 100.0

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise fault("normalisation", f"{self.rule!r} is no rule.", f"Use one of {', '.join(RULES)}.")
        if self.rule != "z" and self.low >= self.high:
            raise fault(
                "normalisation", f"from {self.low} to {self.high} is no scale.", "Put the low end first."
            )
        if self.rule == "z" and self.high <= 0:
            raise fault("normalisation", f"{self.high} is no standard deviation.", "Give one above zero.")

    def __call__(self, values: Values, hierarchy: Hierarchy) -> Values:
        """The values on the rule's scale, high meaning a high index; gaps stay gaps."""
        scaled = np.full_like(values, np.nan)
        for place, one in enumerate(hierarchy.indicators):
            have = ~np.isnan(values[:, place])
            if np.ptp(values[have, place]) == 0:
                wrong = "has the same number for every unit, so it tells none from another."
                raise fault(f"indicator {one.id}", wrong, "Take it out of the hierarchy.")
            scaled[have, place] = RULES[self.rule](self, values[have, place] * one.direction, one)
        return scaled


def _spread(rule: Normalise, part: Values) -> Values:
    """From 0 to 1 onto the rule's scale."""
    return rule.low + part * (rule.high - rule.low)


def _min_max(rule: Normalise, values: Values, one: Indicator) -> Values:
    return _spread(rule, (values - values.min()) / np.ptp(values))


def _z(rule: Normalise, values: Values, one: Indicator) -> Values:
    scaled: Values = rule.low + rule.high * (values - values.mean()) / values.std(ddof=1)
    return scaled


def _rank(rule: Normalise, values: Values, one: Indicator) -> Values:
    """The lowest value at the low end, the highest at the high end, equal ones halfway over their places."""
    below, above = competition(-values) - 1, competition(values) - 1
    place = (below + (len(values) - 1 - above)) / 2
    return _spread(rule, place / (len(values) - 1))


def _goalposts(rule: Normalise, values: Values, one: Indicator) -> Values:
    """From the indicator's own worst to its best value, what lies beyond set on the end."""
    if one.goalposts is None or one.goalposts[0] == one.goalposts[1]:
        raise fault(f"indicator {one.id}", "has no two goalposts.", "Give the worst and the best value.")
    worst, best = (post * one.direction for post in one.goalposts)
    return _spread(rule, np.clip((values - worst) / (best - worst), 0, 1))


def _to_best(rule: Normalise, values: Values, one: Indicator) -> Values:
    """One less the distance to the best, over the range (COINr's distance to the maximum)."""
    return _spread(rule, 1 - (values.max() - values) / np.ptp(values))


RULES: Mapping[str, Callable[[Normalise, Values, Indicator], Values]] = {
    "min-max": _min_max,
    "z": _z,
    "rank": _rank,
    "goalposts": _goalposts,
    "distance": _to_best,
}
