"""A method tried on what is known: each list left out in turn, and each list hidden to be found again."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from palermo.prevention import checks, methods
from palermo.prevention.checks import Hidden
from palermo.prevention.estimate import Estimate
from palermo.prevention.overlap import Overlap


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What a method says `without` each list, and of the known people of each list (`hidden`)."""

    method: str
    without: Mapping[str, Estimate]
    hidden: tuple[Hidden, ...]

    @property
    def consistency(self) -> float | None:
        """The share of lists whose known number the interval holds; None where none has an interval."""
        return checks.consistency(self.hidden)

    def document(self) -> dict[str, Any]:
        """The trial as the command writes it."""
        return {
            "method": self.method,
            "without": [{"list": name, **_told(one)} for name, one in self.without.items()],
            "hidden": [_found(one) for one in self.hidden],
            "consistency": self.consistency,
        }


def trial(table: Overlap, name: str, **options: object) -> Trial:
    """Try the method of this name; it runs twice for each list of the table."""

    def estimator(one: Overlap) -> Estimate:
        return methods.estimate(one, name, **options)

    return Trial(
        method=name,
        without=checks.without_each(table, estimator),
        hidden=checks.hidden_lists(table, estimator),
    )


def _told(one: Estimate | None) -> dict[str, Any]:
    """Total and interval; why there is none."""
    if one is None:
        return {"total": None, "interval": None, "warnings": []}
    return {
        "total": one.total,
        "interval": asdict(one.interval) if one.interval else None,
        "warnings": [str(warning) for warning in one.warnings],
    }


def _found(one: Hidden) -> dict[str, Any]:
    told = _told(one.answer)
    return {
        "list": one.name,
        "truth": one.truth,
        "seen": one.seen,
        **told,
        "warnings": told["warnings"] or [str(reason) for reason in one.reasons],
        "covered": one.covered,
    }
