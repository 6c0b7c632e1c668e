"""Sizes taken out: an indicator divided by its denominator, so that a large country is not first by size."""

import numpy as np

from palermo.appraisal.composite.cells import Table, Values
from palermo.appraisal.composite.hierarchy import Hierarchy


def denominated(table: Table, hierarchy: Hierarchy) -> Values:
    """The indicators over their denominators; where that is zero or unknown the quotient is a gap."""
    values, _ = table.of_hierarchy(hierarchy)
    divided = values.copy()
    for place, one in enumerate(hierarchy.indicators):
        if one.denominator:
            size = table.column(one.denominator)
            divided[:, place] = np.divide(
                values[:, place], size, out=np.full(len(size), np.nan), where=size != 0
            )
    return divided
