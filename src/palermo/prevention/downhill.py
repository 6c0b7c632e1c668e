"""Downhill search for the lowest BIC among hierarchical models too many to list.

From each start the search moves to the best neighbour (one boundary term more or one generator less) while
that lowers the BIC (Silverman, Chan & Vincent 2024). One start may end in a local minimum: there are several.
"""

from dataclasses import dataclass, field

import numpy as np

from palermo.prevention import hierarchy, sweep
from palermo.prevention.cells import Flags, Masks, Reals
from palermo.prevention.hierarchy import Terms

SCATTERED = 8  # starts drawn at random beside the main effects and all pairs, on tables of few lists
WIDE = 10  # lists from which on a quarter of them must do
GAP = 1e-9


@dataclass(slots=True, kw_only=True)
class Search:
    """The models fitted so far on one table, each once."""

    counts: Reals
    lists: int
    order: int
    places: dict[Terms, int] = field(default_factory=dict)
    found: list[tuple[Reals, Reals, sweep.Statuses, Reals]] = field(default_factory=list)
    bic: list[float] = field(default_factory=list)

    @property
    def terms(self) -> Masks:
        """Every parameter a model may have: the intercept, the main effects, the interactions."""
        mains = [1 << one for one in range(self.lists)]
        return np.array([0, *mains, *hierarchy.interactions(self.lists, self.order)], dtype=np.int64)

    def rows(self, models: list[Terms]) -> Flags:
        """One row a model, one column a parameter."""
        known = self.terms
        first = 1 + self.lists
        return np.array([np.isin(known, model) | (np.arange(len(known)) < first) for model in models])

    def fit(self, models: list[Terms]) -> None:
        """Fit those that are new; a model without an estimate has an infinite BIC."""
        new = [model for model in dict.fromkeys(models) if model not in self.places]
        if not new:
            return
        fits = sweep.whole(self.counts, self.lists, self.terms, self.rows(new), GAP)
        self.places |= {model: len(self.places) + at for at, model in enumerate(new)}
        self.bic += np.where(fits[2] == sweep.FITTED, fits[0], np.inf).tolist()
        self.found.append(fits)

    def descend(self, model: Terms) -> Terms:
        """Go down from a model to a local minimum."""
        self.fit([model])
        while True:
            around = list(hierarchy.neighbours(model, lists=self.lists, order=self.order))
            self.fit(around)
            best = min(around, key=self.height)
            if self.height(best) >= self.height(model):
                return model
            model = best

    def height(self, model: Terms) -> float:
        """The BIC of a model already fitted."""
        return self.bic[self.places[model]]


def search(counts: Reals, *, lists: int, order: int) -> Search:
    """Go down from the main effects, from all pairs that overlap, and from sets of pairs drawn at random."""
    searched = Search(counts=counts, lists=lists, order=order)
    scattered = SCATTERED if lists < WIDE else SCATTERED // 4
    for start in starts(counts, lists=lists, scattered=scattered):
        searched.descend(start)
    return searched


def starts(counts: Reals, *, lists: int, scattered: int) -> list[Terms]:
    """Where to begin; the random sets depend on the table alone."""
    pairs = hierarchy.interactions(lists, 2)
    cells = np.arange(len(counts))
    overlapping = tuple(pair for pair in pairs if counts[cells & pair == pair].sum() > 0)
    stream = np.random.Generator(np.random.Philox(key=[len(overlapping), int(counts.sum())]))
    drawn = [
        tuple(pair for pair, kept in zip(pairs, stream.random(len(pairs)) < 0.5, strict=True) if kept)
        for _ in range(scattered)
    ]
    return [(), overlapping, *drawn]
