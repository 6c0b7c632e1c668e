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

from palermo.prevention import checks
from palermo.prevention.estimate import Estimate, refused
from palermo.prevention.existence import WHY, Code
from palermo.prevention.fault import Fault, fault
from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import Saying, say
from palermo.prevention.sheet import Sheet, Stratum

if TYPE_CHECKING:
    from palermo.prevention.covariates import Margin, Stratified

FEWEST_LISTS = 3
OWN = ("smallest",)  # options of the gate, whatever the method
MOST_FAILED = 0.05
MOST_APART = 1.1  # R-hat over which chains do not tell one story
WIDEST = 100.0  # a credible upper limit so many times the total is the prior's
FARTHEST = 1000.0  # people in all for each that is known: no overlap of lists carries more

REMEDIES = {
    Code.NOT_EXISTING: say("remedy-not-existing"),
    Code.NOT_IDENTIFIABLE: say("remedy-not-identifiable"),
    Code.NEITHER: say("remedy-neither"),
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
        return refused(method, table, *(reason.said for reason in reasons))
    answer: Estimate = METHODS[method].estimate(distinct, options)
    return gated(replace(answer, method=method, warnings=(*answer.warnings, *same)))


def joined(sheet: Sheet, method: str, **options: Any) -> "Stratified":
    """A joint method's answer for all strata; its whole stands behind the gate."""
    distinct, same = _distinct(sheet.whole)
    reasons = against(distinct, smallest=options.get("smallest", checks.SMALLEST_LIST))
    if reasons:
        return _unanswered(refused(method, sheet.whole, *(reason.said for reason in reasons)), sheet)
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


def against(table: Overlap, *, smallest: int = checks.SMALLEST_LIST) -> tuple[Fault, ...]:
    """Why no method is asked about this table; empty means go. Each list has `smallest` people or more."""
    if len(table.lists) < FEWEST_LISTS:
        return (_FEW_LISTS,)
    return table.faults() or checks.against(table, smallest=smallest)


def gated(answer: Estimate) -> Estimate:
    """The answer, or its refusal where it would not hold; a refusal says what could help."""
    if not answer.estimable:
        remedy = REMEDIES.get(Code(answer.code))
        return replace(answer, warnings=(*answer.warnings, remedy)) if remedy else answer
    reasons = tuple(reason for rule in RULES if (reason := rule(answer)))
    return _withdrawn(answer, *reasons) if reasons else answer


def _unidentified(answer: Estimate) -> Saying | None:
    code = Code(answer.code)
    return say("unidentified", reason=WHY[code], remedy=REMEDIES[code]) if code else None


def _split(answer: Estimate) -> Saying | None:
    rhat = answer.details.get("rhat", 1.0)
    return say("split", rhat=rhat) if rhat > MOST_APART else None


def _capped(answer: Estimate) -> Saying | None:
    """Does a limit of the computation, not the data, say where the interval ends?"""
    tail = (1 - answer.interval.level) / 2 if answer.interval else 0.0
    share = max(answer.details.get("at_grid_end", 0.0) - tail, answer.details.get("at_cap", 0.0))
    return say("capped") if share > 0 else None


def _wide(answer: Estimate) -> Saying | None:
    interval, total = answer.interval, answer.total or 0.0
    unbound = interval is not None and interval.kind == "credible" and interval.high > WIDEST * total
    return say("unbound") if unbound else None


def _far(answer: Estimate) -> Saying | None:
    """Does the total rest on next to no overlap?"""
    times = (answer.total or 0.0) / answer.observed
    return say("far", times=times) if times > FARTHEST else None


def _failing(answer: Estimate) -> Saying | None:
    if answer.failed <= MOST_FAILED * answer.replicates:
        return None
    return say("failed-replicates", share=answer.failed / answer.replicates)


RULES: tuple[Callable[[Estimate], Saying | None], ...] = (
    _unidentified,
    _split,
    _capped,
    _wide,
    _far,
    _failing,
)
"""Each says why an answer would not hold and what could help; nothing where it holds."""


def _distinct(table: Overlap) -> tuple[Overlap, tuple[Saying, ...]]:
    """The table without lists that repeat another, and what is said of them."""
    doubles = table.doubles()
    distinct = [name for name in table.lists if name not in doubles]
    if len(distinct) == 1:  # of everyone or of nobody, as in a stratum: the table itself says so
        return table, ()
    same = (say("same-list", other=other, first=first) for other, first in doubles.items())
    return table.project(distinct), tuple(same)


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


def _withdrawn(answer: Estimate, *reasons: Saying) -> Estimate:
    without: dict[str, Any] = dict.fromkeys(("total", "hidden", "interval"))
    return replace(answer, estimable=False, warnings=(*reasons, *answer.warnings), **without)


_FEW_LISTS = fault("few-lists", say("at-lists"))
