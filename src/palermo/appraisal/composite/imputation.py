"""Gaps filled by a rule that is named, so that the share of filled cells can be shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from palermo.appraisal.composite.cells import Mask, Values
from palermo.appraisal.composite.fault import fault

Labels = Mapping[str, Sequence[str]]
NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Impute:
    """A rule of `RULES`: `by` names a grouping of the units for the rules that need one."""

    rule: str = NONE
    by: str = ""
    neighbours: int = 5

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise fault("imputation", f"{self.rule!r} is no rule.", f"Use one of {', '.join(RULES)}.")
        if self.rule in BY_GROUP and not self.by:
            raise fault("imputation", f"{self.rule} needs a grouping.", "Name one with `by`.")
        if self.neighbours < 1:
            raise fault("imputation", f"{self.neighbours} neighbours are none.", "Give 1 or more.")

    def __call__(self, values: Values, labels: Labels, ids: Sequence[str]) -> Values:
        """The values with their gaps filled; the rule "none" leaves them."""
        if self.by and self.by not in labels:
            raise fault(
                "imputation", f"{self.by!r} is no grouping.", f"There is {', '.join(labels) or 'none'}."
            )
        filled = RULES[self.rule](self, values, labels)
        if self.rule != NONE and (gaps := np.argwhere(np.isnan(filled))).size:
            wrong = f"cannot be filled by {self.rule}: no other unit of its kind has a number."
            raise fault(f"indicator {ids[gaps[0][1]]}", wrong, "Use another rule or a coarser grouping.")
        return filled


def _none(rule: Impute, values: Values, labels: Labels) -> Values:
    return values


def _mean(rule: Impute, values: Values, labels: Labels) -> Values:
    return _over(values, [np.ones(len(values), bool)], np.mean)


def _median(rule: Impute, values: Values, labels: Labels) -> Values:
    return _over(values, [np.ones(len(values), bool)], np.median)


def _group_mean(rule: Impute, values: Values, labels: Labels) -> Values:
    return _over(values, _groups(labels[rule.by]), np.mean)


def _group_median(rule: Impute, values: Values, labels: Labels) -> Values:
    return _over(values, _groups(labels[rule.by]), np.median)


def _nearest(rule: Impute, values: Values, labels: Labels) -> Values:
    """The mean of the nearest units that have the number; near over what both have, in standard deviations.

    A unit that shares no indicator with another is at infinite distance and taken last.
    """
    spread = np.nanstd(values, axis=0)
    scaled = (values - np.nanmean(values, axis=0)) / np.where(spread > 0, spread, 1)
    filled = values.copy()
    for row in np.flatnonzero(np.isnan(values).any(axis=1)):
        distance = _distances(scaled, row)
        for column in np.flatnonzero(np.isnan(values[row])):
            have = np.flatnonzero(~np.isnan(values[:, column]))
            near = have[np.argsort(distance[have], kind="stable")][: rule.neighbours]
            filled[row, column] = values[near, column].mean() if len(near) else np.nan
    return filled


def _distances(scaled: Values, row: np.intp) -> Values:
    """Root mean square distance of every unit from one, over the indicators that both have."""
    gap = scaled - scaled[row]
    shared = (~np.isnan(gap)).sum(axis=1)
    total = np.nansum(gap**2, axis=1)
    mean: Values = np.divide(total, shared, out=np.full(len(scaled), np.inf), where=shared > 0)
    return np.sqrt(mean)


def _groups(label: Sequence[str]) -> list[Mask]:
    named = np.array(label)
    return [named == one for one in sorted(set(label))]


def _over(values: Values, groups: Sequence[Mask], middle: Callable[[Values], np.float64]) -> Values:
    """Each gap filled with the middle of its group."""
    filled = values.copy()
    for group in groups:
        for column in np.flatnonzero(np.isnan(values[group]).any(axis=0)):
            have = values[group, column][~np.isnan(values[group, column])]
            gaps = group & np.isnan(values[:, column])
            filled[gaps, column] = middle(have) if len(have) else np.nan
    return filled


RULES: Mapping[str, Callable[[Impute, Values, Labels], Values]] = {
    NONE: _none,
    "mean": _mean,
    "median": _median,
    "group_mean": _group_mean,
    "group_median": _group_median,
    "nearest": _nearest,
}
BY_GROUP = frozenset({"group_mean", "group_median"})
