"""The index again under other defensible choices, a thousand times and more, with every draw's choices kept.

Saisana, Saltelli and Tarantola (2005), https://doi.org/10.1111/j.1467-985X.2005.00350.x. Scores are
worked out at once for all draws that share the choices which do not depend on weights.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from palermo.appraisal.composite import aggregation, markup
from palermo.appraisal.composite.aggregation import Aggregate
from palermo.appraisal.composite.building import Index, Steps
from palermo.appraisal.composite.cells import Values, Whole, frozen
from palermo.appraisal.composite.fault import fault, problem
from palermo.appraisal.composite.imputation import Impute
from palermo.appraisal.composite.normalisation import Normalise
from palermo.appraisal.composite.ranks import Spread, Standing, competition, spread, standings
from palermo.appraisal.composite.treatment import Treat, treated
from palermo.appraisal.composite.weighting import Dirichlet, Vary
from palermo.errors import InvalidRecord, Problem

FEWEST = 100
SHOWN = ("Score", "Rank, 90%", "Quarter", "Imputed")
EVERYTHING = -1
Choices = Mapping[str, Whole]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """The alternatives of each step that is varied, two or more; a step without any stays as it is.

    `leave_out` takes one indicator away in each draw, or none.
    """

    impute: tuple[Impute, ...] = ()
    treat: tuple[Treat | None, ...] = ()
    normalise: tuple[Normalise, ...] = ()
    aggregate: tuple[Aggregate, ...] = ()
    weigh: Vary | None = None
    leave_out: bool = False

    @classmethod
    def usual(cls, index: Index) -> "Variation":
        """Three imputations, three scales, two means, drawn weights, one left out: what the table allows."""
        tried: dict[str, Any] = {
            "impute": (Impute(rule="median"), Impute(rule="mean"), Impute(rule="nearest")),
            "normalise": (
                Normalise(rule="min-max", low=1, high=100),
                Normalise(rule="rank", low=1, high=100),
                Normalise(rule="z", low=50, high=10),
            ),
            "aggregate": _means(index),
        }
        return cls(
            **{name: given for name, given in tried.items() if _changes(index, name, given)},
            weigh=Dirichlet(8.0) if _has_siblings(index) else None,
            leave_out=len(index.hierarchy.indicators) > 2,
        )

    @property
    def steps(self) -> dict[str, Sequence[Any]]:
        """The steps that are varied by choosing, with their alternatives."""
        names = ("impute", "treat", "normalise", "aggregate")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    @property
    def factors(self) -> tuple[str, ...]:
        """Everything that is varied, by name."""
        return (*self.steps, *(["weigh"] if self.weigh else []), *(["leave_out"] if self.leave_out else []))


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


def rerun(index: Index, vary: Variation, draws: Draws) -> Values:
    """The scores of every draw, worked out together for those that share their choices."""
    found = np.full((len(draws), len(index.units)), np.nan)
    for steps, chosen in _together(index, vary, draws):
        normalised = _normalised(index, steps)
        weights = dict(zip(draws.nodes, _weights(index, draws)[chosen].T, strict=True))
        made = aggregation.scores(normalised, index.hierarchy, rule=steps.aggregate, weights=weights)
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


def _normalised(index: Index, steps: Steps) -> Values:
    """The table on one scale, as these steps make it."""
    filled = steps.impute(index.denominated, index.table.labels, index.hierarchy.ids)
    moved = treated(filled, index.hierarchy.ids, steps.treat)[0] if steps.treat else filled
    return steps.normalise(moved, index.hierarchy)


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


def check(index: Index, vary: Variation) -> None:
    """Every varied step must be able to change the index; those that cannot are named together."""
    if not vary.factors:
        raise fault("variation", "varies nothing.", "Give alternatives for a step, or vary the weights.")
    if found := [*_lone(vary), *_idle(index, vary)]:
        raise InvalidRecord("index", found)


def _lone(vary: Variation) -> Iterator[Problem]:
    for name, given in vary.steps.items():
        if len(set(given)) < 2:
            yield problem(name, "is varied with one alternative only.", "Give two different ones, or none.")


def _idle(index: Index, vary: Variation) -> Iterator[Problem]:
    """Steps that would change nothing: the run would say robust where nothing was tried."""
    for name, given in vary.steps.items():
        if not _changes(index, name, given):
            wrong = "was varied, but each alternative gives the same index: the step did not run."
            yield problem(name, wrong, "Take it out of the variation, or give other alternatives.")
    if vary.leave_out and len(index.hierarchy.ids) < 2:
        yield problem("leave_out", "would leave no indicator.", "Keep every indicator.")
    if vary.weigh and not _has_siblings(index):
        yield problem("weigh", "was varied, but no group has two children.", "Take it out of the variation.")


def _changes(index: Index, name: str, given: Sequence[Any]) -> bool:
    """Whether the alternatives of a step make different things of the index."""
    first, *others = (_output(index, name, one) for one in given)
    return not all(np.allclose(first, other, equal_nan=True) for other in others)


def _has_siblings(index: Index) -> bool:
    return any(len(index.hierarchy.children(one)) > 1 for one in index.hierarchy.ascending)


def _output(index: Index, name: str, step: Any) -> Values:
    """What one alternative of a step makes of the index, the other steps as they are."""
    ids, labels = index.hierarchy.ids, index.table.labels
    if name == "impute":
        filled: Values = step(index.denominated, labels, ids)
        return filled
    if name == "treat":
        return treated(index.imputed, ids, step)[0] if step else index.imputed
    if name == "normalise":
        scaled: Values = step(index.treated, index.hierarchy)
        return scaled
    positive = Normalise(rule="min-max", low=1, high=100)(index.treated, index.hierarchy)
    weights = dict(index.steps.weigh(index.hierarchy))
    return aggregation.scores(positive, index.hierarchy, rule=step, weights=weights)[index.hierarchy.top]


def _check_all_drawn(vary: Variation, draws: Draws) -> None:
    missed = [
        problem(name, f"alternative {place + 1} was never drawn.", "Give more draws or fewer alternatives.")
        for name, given in vary.steps.items()
        for place in range(len(given))
        if not (draws.choices[name] == place).any()
    ]
    if missed:
        raise InvalidRecord("index", missed)


def _means(index: Index) -> tuple[Aggregate, Aggregate]:
    """Arithmetic throughout, or geometric in the last step, where no dimension makes up for another."""
    levels, enough = index.hierarchy.level(index.hierarchy.top) - 1, index.steps.aggregate.enough
    on_top = (*["arithmetic"] * (levels - 1), "geometric")
    return Aggregate(("arithmetic",), enough=enough), Aggregate(on_top, enough=enough)
