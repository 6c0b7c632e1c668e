"""What stands alone in a table, whoever releases it: k, l and t of the groups that known columns make.

k is the size of the smallest group of persons alike in what an attacker may know (Sweeney, International
Journal of Uncertainty, Fuzziness and Knowledge-Based Systems 10, 2002); l the fewest different sensitive
values recorded in a group (Machanavajjhala and others, ACM TKDD 1, 2007); t the largest distance between the
sensitive values of a group and of the whole table, with equal distance between values, which is half the sum
of absolute differences (Li, Li and Venkatasubramanian, ICDE 2007). These are facts of one table: there is no
chance in them, and they promise nothing about a release.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.release.alike import alike, told_apart, totals
from palermo.prevention.release.persons import Persons

Integers = NDArray[np.int64]

LEAST = 11
"""Persons that a group should have, as the field's own releases had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensitive:
    """Of one column: l and t; `told` persons are in groups where all who recorded it recorded the same.

    Of a column of one code, that it is not recorded counts as a value too.
    """

    column: int
    fewest: int
    told: int
    distance: float
    typical: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """Groups of persons alike in the known columns: the smallest, and who is alone or among fewer than least.

    `typical` of a sensitive column is the distance that the group of the mean person has.
    """

    persons: int
    groups: int
    smallest: int
    alone: int
    few: int
    least: int
    sensitive: tuple[Sensitive, ...]


def exposed(
    persons: Persons, *, known: Sequence[int], sensitive: Sequence[int], least: int = LEAST
) -> Exposure:
    """The exposure of a table; a cell that is not recorded is a value like another among the known."""
    groups = alike(persons.codes, known)
    sizes = totals(groups, persons.weights)
    return Exposure(
        persons=int(sizes.sum()),
        groups=len(sizes),
        smallest=int(sizes.min()) if len(sizes) else 0,
        alone=int(sizes[sizes == 1].sum()),
        few=int(sizes[sizes < least].sum()),
        least=least,
        sensitive=tuple(_sensitive(persons, groups, sizes, column) for column in sensitive),
    )


def _sensitive(persons: Persons, groups: Integers, sizes: Integers, column: int) -> Sensitive:
    lift, size = told_apart(persons.sizes[column])
    values, width = persons.codes[:, column].astype(np.int64) + lift, size + 1
    cells = np.zeros(len(sizes) * width, dtype=np.int64)
    np.add.at(cells, groups * width + values, persons.weights)
    table = cells.reshape(len(sizes), width)
    kinds = (table[:, 1:] > 0).sum(axis=1)
    whole = table.sum(axis=0) / max(table.sum(), 1)
    apart = np.abs(table / sizes[:, None] - whole).sum(axis=1) / 2
    return Sensitive(
        column=column,
        fewest=int(kinds[kinds > 0].min()) if (kinds > 0).any() else 0,
        told=int(table[kinds == 1, 1:].sum()),
        distance=float(apart.max(initial=0.0)),
        typical=float((apart * sizes).sum() / max(sizes.sum(), 1)),
    )
