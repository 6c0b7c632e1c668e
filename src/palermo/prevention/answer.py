"""The whole answer to a table: every method for everyone and by stratum, the checks, and what they say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import TYPE_CHECKING, Any

from palermo.errors import Unknown
from palermo.prevention import checks, dimension, methods
from palermo.prevention.checks import Checks
from palermo.prevention.estimate import Estimate
from palermo.prevention.overlap import Overlap
from palermo.prevention.reading import reading
from palermo.prevention.sheet import Sheet, Stratum
from palermo.prevention.trial import Trial, trial

if TYPE_CHECKING:
    from palermo.prevention.cache import Cache
    from palermo.prevention.covariates import Stratified

MARGINS = "covariates"
"""The joint method whose totals by column are the margins of the answer."""

Ended = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What every method says of a sheet; `stratified` is the joint model whose margins add up.

    `trials` are empty unless asked for; `strata` and `stratified` are where the sheet has strata.
    """

    sheet: Sheet
    whole: tuple[Estimate, ...]
    strata: Mapping[Stratum, tuple[Estimate, ...]] = field(default_factory=dict)
    stratified: "Stratified | None" = None
    checks: Checks
    trials: tuple[Trial, ...] = ()
    reading: Mapping[str, str]

    @property
    def estimable(self) -> bool:
        """Does any method answer for everyone?"""
        return any(one.estimable for one in self.whole)

    def document(self) -> dict[str, Any]:
        """The answer as JSON, in the fixed form that other programs read; no number is infinite or none."""
        whole: dict[str, Any] = finite(self._document())
        return whole

    def _document(self) -> dict[str, Any]:
        return {
            "table": described(self.sheet.whole),
            "results": [one.document() for one in self.whole],
            "strata": [self._stratum(values) for values in self.strata],
            "margins": self.margins(),
            "checks": {**self.checks.document(), "trials": [one.document() for one in self.trials]},
            "reading": dict(self.reading),
        }

    def margins(self) -> dict[str, list[dict[str, Any]]]:
        """Totals of the joint model by the values of each column; those of a column sum to the whole."""
        found = self.stratified
        if found is None or not found.whole.estimable:
            return {}
        return {
            column: [{"value": value, **asdict(one)} for (value,), one in found.by(column).items()]
            for column in self.sheet.columns
        }

    def _stratum(self, values: Stratum) -> dict[str, Any]:
        return {
            "stratum": dict(zip(self.sheet.columns, values, strict=True)),
            "table": described(self.sheet.strata[values]),
            "results": [one.document() for one in self.strata[values]],
        }


def answer(
    sheet: Sheet,
    *,
    names: Sequence[str] = (),
    year: str | None = None,
    trials: bool = False,
    processes: int = 1,
    cache: "Cache | None" = None,
    ended: Ended | None = None,
    **options: object,
) -> Answer:
    """Ask the methods of these names (all of them without names); `ended` hears each that is done.

    With strata each is asked about every stratum too, over `processes` and from what the `cache` knows, and
    the joint methods answer for all strata together. `year` is the column of years. `trials` runs each method
    twice more for each list.
    """
    dimension.numbered(sheet, year)
    alone, joint = chosen(sheet, names)
    heard = ended or _unheard
    whole = methods.all_methods(sheet.whole, names=alone, ended=heard, **options)
    strata = _each(sheet, alone, heard, processes, cache, **options)
    together = {name: _joined(sheet, name, heard, year=year, **options) for name in joint}
    for found in together.values():
        whole = (*whole, found.whole)
        apart = methods.apart(sheet, found)
        strata = {values: (*results, apart[values]) for values, results in strata.items()}
    return Answer(
        sheet=sheet,
        whole=whole,
        strata=strata,
        stratified=together.get(MARGINS),
        checks=checks.check(sheet.whole, **_known(options)),
        trials=tuple(_tried(sheet.whole, name, heard, **options) for name in alone if trials),
        reading=reading(whole, observed=sheet.whole.observed, lists=len(sheet.whole.lists)),
    )


def steps(sheet: Sheet, *, names: Sequence[str] = (), trials: bool = False) -> int:
    """How many times `ended` is called."""
    alone, joint = chosen(sheet, names)
    return len(alone) * (1 + len(sheet.strata) + trials) + len(joint)


def chosen(sheet: Sheet, names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The methods asked for each table alone, and those for all strata jointly; without names, all."""
    known = (*methods.METHODS, *methods.JOINT)
    if other := sorted({*names} - {*known}):
        raise Unknown(f"method {', '.join(other)}: there is none of that name. Use {', '.join(known)}.")
    alone = tuple(name for name in names if name in methods.METHODS) if names else methods.available()
    joint = tuple(name for name in methods.JOINT if not names or name in names)
    return alone, joint if sheet.strata else ()


def finite(document: Any) -> Any:
    """The document with null where JSON has no number: for what is infinite, or not a number."""
    if isinstance(document, dict):
        return {key: finite(value) for key, value in document.items()}
    if isinstance(document, list | tuple):
        return [finite(value) for value in document]
    return None if isinstance(document, float) and not isfinite(document) else document


def described(table: Overlap) -> dict[str, Any]:
    """A table by its lists, its people and its hash."""
    return {"lists": list(table.lists), "observed": table.observed, "hash": table.hash}


def _each(
    sheet: Sheet,
    names: tuple[str, ...],
    ended: Ended,
    processes: int,
    cache: "Cache | None",
    **options: object,
) -> dict[Stratum, tuple[Estimate, ...]]:
    """Each stratum by itself: in this process, where threads serve, unless others or a cache are given."""
    if processes > 1 or cache is not None:
        from palermo.prevention import strata

        return strata.apart(
            sheet.strata, names=names, processes=processes, cache=cache, ended=ended, **options
        )
    return {
        values: methods.all_methods(table, names=names, ended=ended, **options)
        for values, table in sheet.strata.items()
    }


def _joined(sheet: Sheet, name: str, ended: Ended, **options: object) -> "Stratified":
    found = methods.joined(sheet, name, **options)
    ended(name)
    return found


def _tried(table: Overlap, name: str, ended: Ended, **options: object) -> Trial:
    found = trial(table, name, **options)
    ended(name)
    return found


def _known(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: options[name] for name in ("level", "smallest") if name in options}


def _unheard(name: str) -> None:
    """Nobody listens."""
