"""The index again under other defensible choices, a thousand times and more, with every draw's choices kept.

Saisana, Saltelli and Tarantola (2005), https://doi.org/10.1111/j.1467-985X.2005.00350.x. Scores are
worked out at once for all draws that share the choices which do not depend on weights.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from palermo.appraisal.composite import aggregation, markup
from palermo.appraisal.composite.building import Index, Steps
from palermo.appraisal.composite.cells import Values, Whole, frozen
from palermo.appraisal.composite.fault import fault, problem
from palermo.appraisal.composite.ranks import Spread, Standing, competition, spread, standings
from palermo.appraisal.composite.variation import Variation, check, normalised
from palermo.errors import InvalidRecord

FEWEST = 100
SHOWN = ("Score", "Rank, 90%", "Quarter", "Imputed")
EVERYTHING = -1
Choices = Mapping[str, Whole]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """Every draw's choices: the place of the alternative for each step, the indicator left out, the weights.

    `left_out` is -1 where none is; `weights` has a column for each of `nodes`.
    """

    choices: Choices
    left_out: Whole
    weights: Values
    nodes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.left_out)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Uncertainty:
    """What the draws say: scores and ranks (draws down, units across), intervals, every choice."""

    index: Index
    vary: Variation
    draws: Draws
    seed: int
    scores: Values
    ranks: Whole
    spread: Spread

    @property
    def standings(self) -> tuple[Standing, ...]:
        """The quarters that each unit's interval touches."""
        return standings(self.spread)

    def interval(self, unit: str) -> tuple[int, int]:
        """The ranks between which the unit stands in 90 % of the draws."""
        place = self.index.place(unit)
        return int(self.spread.low[place]), int(self.spread.high[place])

    def moved_by(self, unit: str | None = None) -> dict[str, float]:
        """Which choice moves the ranks most (of one unit, or their mean shift): shares of the variance.

        The share of a choice is the variance between its alternatives (first order, from the draws); "rest"
        is what weights and choices together add. Empty where no draw moves a rank.
        """
        nominal = self.index.ranks
        moved = np.abs(self.ranks - nominal).mean(axis=1) if unit is None else self._ranks_of(unit)
        if np.ptp(moved) == 0:
            return {}
        told = dict(self.draws.choices) | ({"leave_out": self.draws.left_out} if self.vary.leave_out else {})
        shares = {name: _between(moved, chosen) for name, chosen in told.items()}
        return shares | {"rest": max(0.0, 1 - sum(shares.values()))}

    def _ranks_of(self, unit: str) -> Values:
        return self.ranks[:, self.index.place(unit)].astype(float)

    def draw(self, number: int) -> dict[str, Any]:
        """One draw's choices in full."""
        out = int(self.draws.left_out[number])
        chosen = {name: self.vary.steps[name][int(at[number])] for name, at in self.draws.choices.items()}
        return {
            **{name: asdict(step) if step else None for name, step in chosen.items()},
            "left_out": None if out == EVERYTHING else self.index.hierarchy.ids[out],
            "weights": dict(zip(self.draws.nodes, map(float, self.draws.weights[number]), strict=True)),
        }

    def document(self, *, choices: bool = False) -> dict[str, Any]:
        """The index and its intervals as JSON can hold it; with `choices` every draw's too."""
        document = self.index.document()
        for unit, said in document["units"].items():
            place = self.index.place(unit)
            low, high = self.interval(unit)
            quarters = self.standings[place]
            said |= {
                "rank": int(self.index.ranks[place]),
                "rank_interval_90": [low, high],
                "quarters": [quarters.first, quarters.last],
            }
        document["uncertainty"] = {
            "draws": len(self.draws),
            "seed": self.seed,
            "varied": list(self.vary.factors),
            "median_interval": self.spread.median_width,
            "mean_shift": self.spread.mean_shift,
            "stable_pairs": self.spread.stable_pairs,
            "moved_by": self.moved_by(),
        }
        if choices:
            document["uncertainty"]["choices"] = [self.draw(number) for number in range(len(self.draws))]
        return document

    def rows(self) -> list[tuple[str, ...]]:
        """Name, score, interval, quarters and imputed share of each unit, by name."""
        index = self.index
        return [
            (
                index.table.names[place],
                f"{index.total[place]:.1f}",
                f"{self.spread.low[place]}–{self.spread.high[place]}",
                str(self.standings[place]),
                f"{index.filled[place].mean():.0%}",
            )
            for place in index.by_name()
        ]

    @property
    def summary(self) -> str:
        """How far the ranks can be trusted, in a sentence."""
        spread = self.spread
        return (
            f"{len(self.draws):,} draws, seed {self.seed}: half of the {len(self.index.units)} units span "
            f"{spread.median_width:.0f} places or more; {spread.stable_pairs:.0%} of pairs keep their order "
            f"in 95% of draws; the mean shift is {spread.mean_shift:.1f} places; "
            f"{self.index.filled.mean():.1%} of cells are imputed."
        )

    def _repr_html_(self) -> str:
        return markup.table(["", *SHOWN], self.rows(), caption=self.summary)


def uncertainty(
    index: Index, vary: Variation | None = None, *, draws: int = 1000, seed: int = 1
) -> Uncertainty:
    """The index once for each draw; the same seed gives the same draws. A varied step that changes nothing,
    or an alternative that no draw chose, is refused: it would look like robustness and be none.
    """
    if draws < FEWEST:
        raise fault("draws", f"{draws} are too few for an interval.", f"Give {FEWEST} or more.")
    vary = vary or Variation.usual(index)
    check(index, vary)
    drawn = _drawn(index, vary, draws=draws, random=np.random.default_rng(seed))
    _check_all_drawn(vary, drawn)
    scores = rerun(index, vary, drawn)
    ranks = competition(scores)
    return Uncertainty(
        index=index,
        vary=vary,
        draws=drawn,
        seed=seed,
        scores=frozen(scores),
        ranks=frozen(ranks),
        spread=spread(ranks, index.ranks),
    )


def _between(moved: Values, chosen: Whole) -> float:
    """The share of the variance that lies between the alternatives."""
    parts = [moved[chosen == one] for one in np.unique(chosen)]
    return float(
        sum(len(part) * (part.mean() - moved.mean()) ** 2 for part in parts) / len(moved) / moved.var()
    )


def rerun(index: Index, vary: Variation, draws: Draws) -> Values:
    """The scores of every draw, worked out together for those that share their choices."""
    found = np.full((len(draws), len(index.units)), np.nan)
    for steps, chosen in _together(index, vary, draws):
        scaled = normalised(index, steps)
        weights = dict(zip(draws.nodes, _weights(index, draws)[chosen].T, strict=True))
        made = aggregation.scores(scaled, index.hierarchy, rule=steps.aggregate, weights=weights)
        found[chosen] = made[index.hierarchy.top]
    if (gaps := np.argwhere(np.isnan(found))).size:
        unit = index.units[gaps[0][1]]
        raise fault(f"unit {unit}", "has no score in some draws.", "Fill the gaps, or keep every indicator.")
    return found


def _together(index: Index, vary: Variation, draws: Draws) -> Iterator[tuple[Steps, Whole]]:
    """The steps of each combination of choices, and the draws that made it."""
    names = list(vary.steps)
    for places in product(*(range(len(vary.steps[name])) for name in names)):
        same = np.ones(len(draws), bool)
        for name, place in zip(names, places, strict=True):
            same &= draws.choices[name] == place
        chosen = np.flatnonzero(same)
        if len(chosen):
            other = {name: vary.steps[name][at] for name, at in zip(names, places, strict=True)}
            yield replace(index.steps, **other), chosen


def _weights(index: Index, draws: Draws) -> Values:
    """The drawn weights, that of the indicator which a draw leaves out set to zero."""
    weights = draws.weights.copy()
    columns = np.array([draws.nodes.index(id) for id in index.hierarchy.ids])
    out = draws.left_out != EVERYTHING
    weights[np.flatnonzero(out), columns[draws.left_out[out]]] = 0
    return weights


def _drawn(index: Index, vary: Variation, *, draws: int, random: np.random.Generator) -> Draws:
    nominal = index.steps.weigh(index.hierarchy)
    choices = {name: random.integers(len(given), size=draws) for name, given in vary.steps.items()}
    last = len(index.hierarchy.ids) if vary.leave_out else 0
    left_out = random.integers(EVERYTHING, last, size=draws)
    return Draws(
        choices={name: frozen(places) for name, places in choices.items()},
        left_out=frozen(left_out),
        weights=frozen(weights_drawn(index, vary, nominal, draws=draws, random=random)),
        nodes=tuple(nominal),
    )


def weights_drawn(
    index: Index, vary: Variation, nominal: dict[str, float], *, draws: int, random: np.random.Generator
) -> Values:
    """Weights for each draw: drawn where they are varied, else the nominal ones."""
    if vary.weigh:
        return vary.weigh(nominal, index.hierarchy, draws=draws, random=random)
    return np.tile(np.array(list(nominal.values())), (draws, 1))


def _check_all_drawn(vary: Variation, draws: Draws) -> None:
    missed = [
        problem(name, f"alternative {place + 1} was never drawn.", "Give more draws or fewer alternatives.")
        for name, given in vary.steps.items()
        for place in range(len(given))
        if not (draws.choices[name] == place).any()
    ]
    if missed:
        raise InvalidRecord("index", missed)
