"""Means of means up the tree: arithmetic, geometric or harmonic, one rule for all levels or one for each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from palermo.appraisal.composite.cells import Values
from palermo.appraisal.composite.fault import fault
from palermo.appraisal.composite.hierarchy import Hierarchy

Turn = Callable[[Values], Values]


def _same(values: Values) -> Values:
    return values


def _inverse(values: Values) -> Values:
    turned: Values = 1 / values
    return turned


RULES: Mapping[str, tuple[Turn, Turn]] = {
    "arithmetic": (_same, _same),
    "geometric": (np.log, np.exp),
    "harmonic": (_inverse, _inverse),
}
POSITIVE = frozenset({"geometric", "harmonic"})


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Rules from the bottom up: one for all levels, or one for each.

    A group with less than the share `enough` of its parts (by number) is a gap; with more, the weights of the
    present ones count.
    """

    rules: tuple[str, ...] = ("arithmetic",)
    enough: float = 0.0

    def __post_init__(self) -> None:
        for rule in self.rules:
            if rule not in RULES:
                raise fault("aggregation", f"{rule!r} is no mean.", f"Use one of {', '.join(RULES)}.")
        if not self.rules:
            raise fault("aggregation", "names no mean.", f"Use one of {', '.join(RULES)}.")

    def rule(self, hierarchy: Hierarchy, group: str) -> str:
        """The mean that makes this group."""
        levels = hierarchy.level(hierarchy.top) - 1
        if len(self.rules) not in (1, levels):
            wrong = f"names {len(self.rules)} means for {levels} levels."
            raise fault("aggregation", wrong, "Give one for all, or one for each level.")
        return self.rules[0] if len(self.rules) == 1 else self.rules[hierarchy.level(group) - 2]


def scores(
    values: Values, hierarchy: Hierarchy, *, rule: Aggregate, weights: Mapping[str, float | Values]
) -> dict[str, Values]:
    """The score of every group, by id; weights that are arrays give one row of scores for each draw."""
    found: dict[str, Values] = {id: values[:, place] for place, id in enumerate(hierarchy.ids)}
    for group in hierarchy.ascending:
        parts = hierarchy.children(group)
        named = rule.rule(hierarchy, group)
        shares = np.stack(np.broadcast_arrays(*(np.asarray(weights[id], float) for id in parts)), axis=-1)
        stacked = np.stack(np.broadcast_arrays(*(found[id] for id in parts)), axis=-1)
        found[group] = mean(named, stacked, shares, where=f"group {group}", enough=rule.enough)
    return {group: found[group] for group in hierarchy.ascending}


def mean(rule: str, values: Values, weights: Values, *, where: str = "mean", enough: float = 0.0) -> Values:
    """The weighted mean over the last axis.

    Values are (units, parts) or (draws, units, parts), weights (parts) or (draws, parts). A gap, or a weight
    of zero, is left out; where nothing is left the mean is a gap.
    """
    present = ~np.isnan(values)
    if rule in POSITIVE and np.any(values[present] <= 0):
        wrong = f"holds scores of zero or less, of which there is no {rule} mean."
        raise fault(where, wrong, "Normalise to a scale above zero, such as 1 to 100.")
    forward, back = RULES[rule]
    turned = forward(values) if present.all() else np.where(present, forward(np.where(present, values, 1)), 0)
    total = _weighed(turned, weights)
    weight = _weighed(present.astype(float), weights) if not present.all() else _sums(weights, total)
    found = back(np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0))
    return np.where(present.mean(axis=-1) < enough, np.nan, found) if enough else found


def _weighed(values: Values, weights: Values) -> Values:
    """Sums of values by weights, for each draw that either has."""
    if values.ndim == 2:
        return weights @ values.T
    summed: Values = np.matmul(values, weights[..., None])[..., 0]
    return summed


def _sums(weights: Values, total: Values) -> Values:
    summed = weights.sum(axis=-1)
    return np.broadcast_to(summed[..., None] if summed.ndim else summed, total.shape)
