"""What an estimate of the hidden number is: never a number alone.

It carries its interval, model, warnings, assumptions, seed and versions, or says why it is refused and which
remedy could help.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import numpy as np
from numpy.typing import NDArray

from palermo import __version__
from palermo.errors import InvalidRecord, Problem
from palermo.prevention import picture, words
from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import OTHERS, Saying, say

COMMON = (say("assume-closed"), say("assume-matched"), say("assume-reachable"))
ASSUMPTIONS = (*COMMON, say("assume-terms"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Between `low` and `high` people in all, at `level` (0.95); `kind` is bca, percentile or credible."""

    level: float
    kind: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One method's answer for one table; refused answers have no total and say why in `warnings`.

    `model` names the interaction terms (main effects are implied); empty for methods that average. `details`
    holds what only one method has (weights, modes, a curve), ready for JSON. `drawn` is the total of each
    replicate by its number (nan: failed), where a method has replicates: strata are summed by it. It is not
    written out, and two answers that differ in it alone are equal.
    """

    method: str
    lists: tuple[str, ...]
    observed: int
    table: str
    estimable: bool
    code: int = 0
    total: float | None = None
    hidden: float | None = None
    interval: Interval | None = None
    model: tuple[tuple[str, ...], ...] = ()
    aic: float | None = None
    bic: float | None = None
    acceleration: float | None = None
    replicates: int = 0
    failed: int = 0
    warnings: tuple[Saying, ...] = ()
    assumptions: tuple[Saying, ...] = ASSUMPTIONS
    seed: int | None = None
    versions: Mapping[str, str] = field(default_factory=lambda: {"palermo": __version__})
    details: Mapping[str, Any] = field(default_factory=dict)
    drawn: NDArray[np.float64] | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.estimable == (self.total is None) or not (self.estimable or self.warnings):
            raise InvalidRecord("estimate", [_INCOMPLETE])

    @property
    def cautions(self) -> tuple[Saying, ...]:
        """How far intervals of this method held where the truth was known; a refusal needs none."""
        known = words.CAUTIONS.get(self.method)
        return (known,) if known and self.estimable else ()

    def document(self) -> dict[str, Any]:
        """The answer as the command writes it."""
        return {
            "method": self.method,
            "estimable": self.estimable,
            "code": int(self.code),
            "total": self.total,
            "hidden": self.hidden,
            "interval": self.interval and {name: getattr(self.interval, name) for name in _INTERVAL},
            "model": [list(term) for term in self.model],
            **{name: getattr(self, name) for name in _PLAIN},
            **_told("warnings", self.warnings),
            **_told("cautions", self.cautions),
            **_told("assumptions", self.assumptions),
            "versions": dict(self.versions),
            "details": dict(self.details),
        }

    def to_json(self) -> str:
        """The document as JSON, keys in their order."""
        return json.dumps(self.document(), ensure_ascii=False)

    def plot(self) -> dict[str, Any]:
        """A Vega-Lite picture of the estimate and its interval."""
        return picture.estimates([self.row()])

    def row(self) -> dict[str, Any]:
        """Method, total and interval: a row of `picture.estimates`."""
        low, high = (self.interval.low, self.interval.high) if self.interval else (None, None)
        return {"method": self.method, "total": self.total, "low": low, "high": high}

    def _repr_html_(self) -> str:
        rows = "".join(f"<tr><th>{name}</th><td>{escape(text)}</td></tr>" for name, text in self._lines())
        return f"<table>{rows}</table>"

    def _lines(self) -> Iterable[tuple[str, str]]:
        yield "method", self.method
        yield "observed", f"{self.observed:,}"
        yield "total", "refused" if self.total is None else f"{self.total:,.0f}"
        if self.interval:
            yield f"{words.level(self.interval.level)} {self.interval.kind}", _span(self.interval)
        if self.model:
            yield "interactions", ", ".join(" × ".join(term) for term in self.model)
        yield from (("warning", str(warning)) for warning in self.warnings)
        yield from (("caution", str(caution)) for caution in self.cautions)
        yield from (("assumes", str(assumption)) for assumption in self.assumptions)


def refused(method: str, table: Overlap, *reasons: Saying, code: int = 0, **known: Any) -> Estimate:
    """The answer that there is no answer, with the reasons and remedies."""
    return Estimate(
        method=method,
        lists=table.lists,
        observed=table.observed,
        table=table.hash,
        estimable=False,
        code=code,
        warnings=reasons,
        **known,
    )


_INTERVAL = ("level", "kind", "low", "high")
_PLAIN = ("aic", "bic", "acceleration", "replicates", "failed", "seed")
_INCOMPLETE = Problem(
    rule="no-number-alone",
    path="total",
    wrong="An estimate has a total if and only if it is estimable; a refusal says why.",
    remedy="Give the total, or refuse with a warning.",
)


def _told(name: str, sayings: Iterable[Saying]) -> dict[str, list[str]]:
    """The English texts under a name, and those of the other languages under its names for them."""
    every = tuple(sayings)
    others = {f"{name}_{language}": [one.text(language) for one in every] for language in OTHERS}
    return {name: [str(one) for one in every], **others}


def _span(interval: Interval) -> str:
    return f"{interval.low:,.0f} to {interval.high:,.0f}"
