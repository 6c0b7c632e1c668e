"""Which steps of an index are varied, and proof that each variation can change something."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from palermo.appraisal.composite import aggregation
from palermo.appraisal.composite.aggregation import Aggregate
from palermo.appraisal.composite.building import Index, Steps
from palermo.appraisal.composite.cells import Values
from palermo.appraisal.composite.fault import fault, problem
from palermo.appraisal.composite.imputation import Impute
from palermo.appraisal.composite.normalisation import Normalise
from palermo.appraisal.composite.treatment import Treat, treated
from palermo.appraisal.composite.weighting import Dirichlet, Vary
from palermo.errors import InvalidRecord, Problem


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


def normalised(index: Index, steps: Steps) -> Values:
    """The table on one scale, as these steps make it."""
    filled = steps.impute(index.denominated, index.table.labels, index.hierarchy.ids)
    moved = treated(filled, index.hierarchy.ids, steps.treat)[0] if steps.treat else filled
    return steps.normalise(moved, index.hierarchy)


def _means(index: Index) -> tuple[Aggregate, Aggregate]:
    """Arithmetic throughout, or geometric in the last step, where no dimension makes up for another."""
    levels, enough = index.hierarchy.level(index.hierarchy.top) - 1, index.steps.aggregate.enough
    on_top = (*["arithmetic"] * (levels - 1), "geometric")
    return Aggregate(("arithmetic",), enough=enough), Aggregate(on_top, enough=enough)
