"""Every method by its name, run behind one gate that refuses a number which would not hold.

A method is read from its module only when it is used. `all_methods` gives them all: the spread between them
is part of the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from typing import Any

from palermo.errors import Problem
from palermo.prevention.estimate import Estimate, refused
from palermo.prevention.existence import Code
from palermo.prevention.overlap import Overlap

FEWEST_LISTS = 3
MOST_FAILED = 0.05

REMEDIES = {
    Code.OK: "",
    Code.NOT_EXISTING: "Leave out the interactions between lists that share nobody, or merge those lists.",
    Code.NOT_IDENTIFIABLE: "Use fewer interactions, or add a list that overlaps with the others.",
    Code.NEITHER: "Use fewer interactions, merge lists that share nobody, or add a list that overlaps.",
}


@dataclass(frozen=True, slots=True)
class Method:
    """A method is `palermo.prevention.<module>.estimate`, with the options that are always the same."""

    module: str
    fixed: tuple[tuple[str, object], ...] = ()

    @property
    def here(self) -> bool:
        """Is the method part of this installation?"""
        return find_spec(f"palermo.prevention.{self.module}") is not None

    def estimate(self, table: Overlap, options: Mapping[str, object]) -> Estimate:
        """Run it with those of the options that it knows."""
        function: Callable[..., Estimate] = import_module(f"palermo.prevention.{self.module}").estimate
        known = signature(function).parameters
        given = {**{name: value for name, value in options.items() if name in known}, **dict(self.fixed)}
        return function(table, **given)


METHODS = {
    "stepwise": Method("stepwise"),
    "bic": Method("bic"),
    "bic-average": Method("bic", fixed=(("averaged", True),)),
    "bayes-threshold": Method("threshold"),
    "graphs": Method("graphs"),
    "latent": Method("latent"),
}


def available() -> tuple[str, ...]:
    """The names of the methods that can be run, in the order they are shown."""
    return tuple(name for name, method in METHODS.items() if method.here)


def estimate(table: Overlap, method: str, **options: object) -> Estimate:
    """One method's answer, or its refusal with the remedy."""
    doubles = table.doubles()
    distinct = table.project([name for name in table.lists if name not in doubles])
    reasons = against(distinct)
    if reasons:
        return refused(method, table, *(str(reason) for reason in reasons))
    answer = METHODS[method].estimate(distinct, options)
    same = (f"List {other} holds the same people as {first}: left out." for other, first in doubles.items())
    return gated(replace(answer, method=method, warnings=(*answer.warnings, *same)))


def all_methods(
    table: Overlap,
    *,
    names: Sequence[str] = (),
    ended: Callable[[str], None] | None = None,
    **options: object,
) -> tuple[Estimate, ...]:
    """The answer of every method (or of `names`), each behind the gate; `ended` hears each name."""
    results = []
    for name in names or available():
        results.append(estimate(table, name, **options))
        if ended:
            ended(name)
    return tuple(results)


def against(table: Overlap) -> tuple[Problem, ...]:
    """Why no method is asked about this table; empty means go."""
    if len(table.lists) < FEWEST_LISTS:
        return (_FEW_LISTS,)
    return table.faults()


def gated(answer: Estimate) -> Estimate:
    """The answer, or its refusal where it would not hold; a refusal says what could help."""
    if not answer.estimable:
        remedy = REMEDIES.get(Code(answer.code), "")
        return replace(answer, warnings=(*answer.warnings, remedy)) if remedy else answer
    if answer.failed > MOST_FAILED * answer.replicates:
        share = answer.failed / answer.replicates
        return _withdrawn(answer, f"{share:.0%} of the replicates could not be estimated. {_TOO_THIN}")
    return answer


def _withdrawn(answer: Estimate, reason: str) -> Estimate:
    without: dict[str, Any] = dict.fromkeys(("total", "hidden", "interval"))
    return replace(answer, estimable=False, warnings=(reason, *answer.warnings), **without)


_TOO_THIN = "The overlaps are too thin: merge lists, or join strata."
_FEW_LISTS = Problem(
    rule="few-lists",
    path="lists",
    wrong="There are fewer than three different lists: nothing shows whether one depends on another.",
    remedy="Add a list.",
)
