"""Which units have enough indicators, and which indicators anybody: the first step, so that gaps are seen."""

from dataclasses import dataclass

import numpy as np

from palermo.appraisal.composite.cells import Mask, Values
from palermo.appraisal.composite.fault import fault
from palermo.appraisal.composite.hierarchy import Hierarchy


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Keep a unit with at least this many indicators, and at least one in each group where `every_group`."""

    least: int = 1
    every_group: bool = False

    def enough(self, values: Values, hierarchy: Hierarchy) -> Mask:
        """Which units are kept; an indicator that nobody has is refused."""
        present = ~np.isnan(values)
        for place in np.flatnonzero(~present.any(axis=0)):
            id = hierarchy.ids[place]
            raise fault(f"indicator {id}", "has no number for any unit.", "Take it out of the hierarchy.")
        if self.least > len(hierarchy.ids):
            wrong = f"asks for {self.least} of {len(hierarchy.ids)} indicators."
            raise fault("coverage", wrong, "Ask for no more than there are.")
        kept: Mask = present.sum(axis=1) >= self.least
        for group in self._bottom_groups(hierarchy):
            kept &= present[:, [hierarchy.ids.index(id) for id in group]].any(axis=1)
        if kept.sum() < 2:
            wrong = f"leaves {kept.sum()} of {len(kept)} units."
            raise fault("coverage", wrong, "Ask for fewer indicators, or add units.")
        return kept

    def _bottom_groups(self, hierarchy: Hierarchy) -> list[list[str]]:
        if not self.every_group:
            return []
        groups = [
            [id for id in hierarchy.children(one) if id in hierarchy.ids] for one in hierarchy.ascending
        ]
        return [group for group in groups if group]
