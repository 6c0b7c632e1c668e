"""Weights: the given ones, equal ones, or many drawn around them to see what they decide."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from palermo.appraisal.composite.cells import Values
from palermo.appraisal.composite.fault import fault
from palermo.appraisal.composite.hierarchy import Hierarchy

GIVEN, EQUAL = "given", "equal"


@dataclass(frozen=True, slots=True)
class Weigh:
    """The weights of the hierarchy, or the same for every child of a group."""

    rule: str = GIVEN

    def __post_init__(self) -> None:
        if self.rule not in (GIVEN, EQUAL):
            raise fault("weighting", f"{self.rule!r} is no rule.", f"Use {GIVEN} or {EQUAL}.")

    def __call__(self, hierarchy: Hierarchy) -> dict[str, float]:
        """A weight for each node below the index."""
        if self.rule == EQUAL:
            return dict.fromkeys(hierarchy.weights, 1.0)
        return dict(hierarchy.weights)


class Vary(Protocol):
    """A way to draw weights around the nominal ones: one row a draw, one column a node."""

    def __call__(
        self, nominal: dict[str, float], hierarchy: Hierarchy, *, draws: int, random: np.random.Generator
    ) -> Values: ...


@dataclass(frozen=True, slots=True)
class Dirichlet:
    """The children of each group drawn together, their mean the nominal shares; the larger, the nearer.

    With equal weights each child's parameter is `concentration` itself.
    """

    concentration: float = 8.0

    def __post_init__(self) -> None:
        if not self.concentration > 0:
            raise fault("weighting", f"the concentration {self.concentration} is not above zero.", "Give 8.")

    def __call__(
        self, nominal: dict[str, float], hierarchy: Hierarchy, *, draws: int, random: np.random.Generator
    ) -> Values:
        columns: dict[str, Values] = {}
        for group in hierarchy.ascending:
            parts = hierarchy.children(group)
            given = np.array([nominal[id] for id in parts])
            drawn = random.dirichlet(self.concentration * len(parts) * given / given.sum(), size=draws)
            columns |= dict(zip(parts, drawn.T, strict=True))
        return np.stack([columns[id] for id in nominal], axis=1)


@dataclass(frozen=True, slots=True)
class Noise:
    """Each weight moved by up to this share, up or down, at the named levels (all where none is named)."""

    share: float = 0.25
    levels: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.share < 1:
            raise fault("weighting", f"a noise of {self.share} is not between 0 and 1.", "Give 0.25.")

    def __call__(
        self, nominal: dict[str, float], hierarchy: Hierarchy, *, draws: int, random: np.random.Generator
    ) -> Values:
        given = np.array(list(nominal.values()))
        moved = np.array([not self.levels or hierarchy.level(id) in self.levels for id in nominal])
        noise = random.uniform(-self.share, self.share, size=(draws, len(given)))
        drawn: Values = given * (1 + noise * moved)
        return drawn
