"""Whether the indicators of a group speak of one thing: the check before weights (JRC step 4)."""

from dataclasses import dataclass

import numpy as np

from palermo.appraisal.composite.building import Index
from palermo.appraisal.composite.cells import Values

WEAK = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How an indicator or group goes with the group above it (Pearson), over the units that have both."""

    id: str
    parent: str
    correlation: float

    @property
    def doubtful(self) -> bool:
        """It says little of its group, or the contrary."""
        return not self.correlation >= WEAK


def coherence(index: Index) -> tuple[Fit, ...]:
    """The fit of every indicator and group below the index, in the order of the tree.

    A child is part of its parent, so a correlation below 0.3 is a warning and a negative one a contradiction.
    """
    tree = index.hierarchy
    below = {id: index.normalised[:, place] for place, id in enumerate(tree.ids)} | dict(index.scores)
    return tuple(
        Fit(id=id, parent=group, correlation=_correlation(below[id], index.scores[group]))
        for group in tree.ascending
        for id in tree.children(group)
    )


def alpha(index: Index, group: str) -> float:
    """Cronbach's alpha of the children of a group: 1 where they say the same, NaN where there is only one."""
    tree = index.hierarchy
    below = {id: index.normalised[:, place] for place, id in enumerate(tree.ids)} | dict(index.scores)
    parts = np.stack([below[id] for id in tree.children(group)], axis=1)
    parts = parts[~np.isnan(parts).any(axis=1)]
    count = parts.shape[1]
    if count < 2:
        return float("nan")
    return float(count / (count - 1) * (1 - parts.var(axis=0, ddof=1).sum() / parts.sum(axis=1).var(ddof=1)))


def _correlation(one: Values, other: Values) -> float:
    both = ~np.isnan(one) & ~np.isnan(other)
    if both.sum() < 2 or np.ptp(one[both]) == 0 or np.ptp(other[both]) == 0:
        return float("nan")
    return float(np.corrcoef(one[both], other[both])[0, 1])
