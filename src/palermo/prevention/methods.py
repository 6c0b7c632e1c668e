"""Every method by its name, run behind one gate that refuses a number which would not hold.

A method is read from its module only when it is used. `all_methods` gives them all: the spread between them
is part of the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np

from palermo.errors import Problem
from palermo.prevention import checks
from palermo.prevention.estimate import Estimate, refused
from palermo.prevention.existence import REASONS, Code
from palermo.prevention.overlap import Overlap
from palermo.prevention.sheet import Sheet, Stratum

if TYPE_CHECKING:
    from palermo.prevention.covariates import Margin, Stratified

FEWEST_LISTS = 3
MOST_FAILED = 0.05
MOST_APART = 1.1  # R-hat over which chains do not tell one story
WIDEST = 100.0  # a credible upper limit so many times the total is the prior's

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

    def estimate(self, data: Overlap | Sheet, options: Mapping[str, object]) -> Any:
        """Run it on a table, or a joint method on a sheet, with those of the options that it knows."""
        function = import_module(f"palermo.prevention.{self.module}").estimate
        known = signature(function).parameters
        given = {**{name: value for name, value in options.items() if name in known}, **dict(self.fixed)}
        return function(data, **given)


METHODS = {
    "stepwise": Method("stepwise"),
    "bic": Method("bic"),
    "bic-average": Method("bic", fixed=(("averaged", True),)),
    "bayes-threshold": Method("threshold"),
    "graphs": Method("graphs"),
    "latent": Method("latent"),
}
JOINT = {"covariates": Method("covariates"), "pooled": Method("pooled")}
"""Methods that answer for all strata of a sheet together; their strata borrow from one another."""


def available() -> tuple[str, ...]:
    """The names of the methods that can be run, in the order they are shown."""
    return tuple(name for name, method in METHODS.items() if method.here)


def estimate(table: Overlap, method: str, **options: Any) -> Estimate:
    """One method's answer, or its refusal with the remedy."""
    distinct, same = _distinct(table)
    reasons = against(distinct, smallest=options.get("smallest", checks.SMALLEST_LIST))
    if reasons:
        return refused(method, table, *(str(reason) for reason in reasons))
    answer: Estimate = METHODS[method].estimate(distinct, options)
    return gated(replace(answer, method=method, warnings=(*answer.warnings, *same)))


def joined(sheet: Sheet, method: str, **options: Any) -> "Stratified":
    """A joint method's answer for all strata; its whole stands behind the gate."""
    distinct, same = _distinct(sheet.whole)
    reasons = against(distinct, smallest=options.get("smallest", checks.SMALLEST_LIST))
    if reasons:
        return _unanswered(refused(method, sheet.whole, *map(str, reasons)), sheet)
    strata = {values: table.project(distinct.lists) for values, table in sheet.strata.items()}
    found: Stratified = JOINT[method].estimate(replace(sheet, whole=distinct, strata=strata), options)
    whole = replace(found.whole, method=method, warnings=(*found.whole.warnings, *same))
    return replace(found, whole=gated(whole))


def apart(sheet: Sheet, found: "Stratified") -> dict[Stratum, Estimate]:
    """A joint method's answer for each stratum of the sheet, each behind the gate."""
    margins = found.by(*found.columns) if found.whole.estimable else {}
    return {values: _apart(table, found.whole, margins.get(values)) for values, table in sheet.strata.items()}


def all_methods(
    table: Overlap,
    *,
    names: Sequence[str] | None = None,
    ended: Callable[[str], None] | None = None,
    **options: object,
) -> tuple[Estimate, ...]:
    """The answer of every method (or of `names`), each behind the gate; `ended` hears each name."""
    results = []
    for name in available() if names is None else names:
        results.append(estimate(table, name, **options))
        if ended:
            ended(name)
    return tuple(results)


def against(table: Overlap, *, smallest: int = checks.SMALLEST_LIST) -> tuple[Problem, ...]:
    """Why no method is asked about this table; empty means go. Each list has `smallest` people or more."""
    if len(table.lists) < FEWEST_LISTS:
        return (_FEW_LISTS,)
    return table.faults() or checks.against(table, smallest=smallest)


def gated(answer: Estimate) -> Estimate:
    """The answer, or its refusal where it would not hold; a refusal says what could help."""
    if not answer.estimable:
        remedy = REMEDIES.get(Code(answer.code), "")
        return replace(answer, warnings=(*answer.warnings, remedy)) if remedy else answer
    reasons = tuple(reason for rule in RULES if (reason := rule(answer)))
    return _withdrawn(answer, *reasons) if reasons else answer


def _unidentified(answer: Estimate) -> str:
    code = Code(answer.code)
    return f"{REASONS[code].capitalize()}. {REMEDIES[code]}" if code else ""


def _split(answer: Estimate) -> str:
    rhat = answer.details.get("rhat", 1.0)
    return f"The chains tell different stories (R-hat {rhat:.2f}). {_SPLIT}" if rhat > MOST_APART else ""


def _capped(answer: Estimate) -> str:
    """Does a limit of the computation, not the data, say where the interval ends?"""
    tail = (1 - answer.interval.level) / 2 if answer.interval else 0.0
    share = max(answer.details.get("at_grid_end", 0.0) - tail, answer.details.get("at_cap", 0.0))
    return f"The upper end is the limit of the computation, not the data's. {_CAPPED}" if share > 0 else ""


def _wide(answer: Estimate) -> str:
    interval, total = answer.interval, answer.total or 0.0
    unbound = interval is not None and interval.kind == "credible" and interval.high > WIDEST * total
    return f"The overlaps leave the hidden number to the prior. {_TOO_THIN}" if unbound else ""


def _failing(answer: Estimate) -> str:
    if answer.failed <= MOST_FAILED * answer.replicates:
        return ""
    share = answer.failed / answer.replicates
    return f"{share:.0%} of the replicates could not be estimated. {_TOO_THIN}"


RULES: tuple[Callable[[Estimate], str], ...] = (_unidentified, _split, _capped, _wide, _failing)
"""Each says why an answer would not hold and what could help; nothing where it holds."""


def _distinct(table: Overlap) -> tuple[Overlap, tuple[str, ...]]:
    """The table without lists that repeat another, and what is said of them."""
    doubles = table.doubles()
    same = (f"List {other} holds the same people as {first}: left out." for other, first in doubles.items())
    return table.project([name for name in table.lists if name not in doubles]), tuple(same)


def _unanswered(whole: Estimate, sheet: Sheet) -> "Stratified":
    """The refusal of `whole`, without a number for any stratum."""
    from palermo.prevention.covariates import Stratified

    strata = tuple(sheet.strata)
    return Stratified(
        whole=whole,
        columns=sheet.columns,
        strata=strata,
        observed=tuple(sheet.strata[values].observed for values in strata),
        totals=(float("nan"),) * len(strata),
        replicates=np.empty((0, len(strata))),
        level=0.95,
    )


def _apart(table: Overlap, whole: Estimate, margin: "Margin | None") -> Estimate:
    """One stratum of a joint answer; what holds for the whole holds for it."""
    known: dict[str, Any] = {"lists": table.lists, "observed": table.observed, "table": table.hash}
    if margin is None:
        return replace(whole, **known)
    return gated(
        replace(
            whole,
            **known,
            total=margin.total,
            hidden=margin.total - table.observed,
            interval=margin.interval,
            aic=None,
            bic=None,
            acceleration=None,
        )
    )


def _withdrawn(answer: Estimate, *reasons: str) -> Estimate:
    without: dict[str, Any] = dict.fromkeys(("total", "hidden", "interval"))
    return replace(answer, estimable=False, warnings=(*reasons, *answer.warnings), **without)


_TOO_THIN = "The overlaps are too thin: merge lists, or join strata."
_SPLIT = "Merge lists that hardly overlap, or run longer chains."
_CAPPED = "Merge lists that hardly overlap."
_FEW_LISTS = Problem(
    rule="few-lists",
    path="lists",
    wrong="There are fewer than three different lists: nothing shows whether one depends on another.",
    remedy="Add a list.",
)
