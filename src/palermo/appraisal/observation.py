"""Figures that sources report, held as bounds: "<5" is the interval 1 to 4, never 0 and never missing."""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from palermo.appraisal import evidence
from palermo.appraisal.evidence import Evidence, Figure, Found
from palermo.appraisal.words import Number, Phrase, Text, catalogue, say

WHOLE = re.compile(r"\d+|\d{1,3}(,\d{3})+|\d{1,3}([ \u00a0\u202f]\d{3})+")
PARTING = re.compile(r"[, \u00a0\u202f]")
DECIMAL = re.compile(r"-?\d+\.\d+")
UNDER = re.compile(r"<\s*(\d+)")
TOTAL = "total"
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """The interval in which a figure lies, both ends included."""

    low: Number
    high: Number

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.high):
            raise ValueError(f"Bounds need finite ends with low <= high; given {self.low} and {self.high}.")

    def __add__(self, other: "Bounds") -> "Bounds":
        return Bounds(low=self.low + other.low, high=self.high + other.high)

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def meets(self, other: "Bounds") -> bool:
        """Whether both could be the same number."""
        return self.low <= other.high and other.low <= self.high


class ObservationStatus(StrEnum):
    """What kind of figure a cell held."""

    REPORTED = "reported"
    SUPPRESSED = "suppressed"
    ESTIMATED = "estimated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One figure for one State and year; `sex`, `age` and `form` are "total" where nothing is told apart.

    `repeat` counts the rows above it in its table that say the same of the same group: a source that lumps
    several forms together holds several such rows, and none of them may vanish.
    """

    state: str
    series: str
    period: int
    bounds: Bounds
    value_text: str
    unit: str
    sex: str
    age: str
    form: str
    status: ObservationStatus
    found: Found
    repeat: int = 0

    @property
    def key(self) -> tuple[str, str, int, str, str, str]:
        return (self.state, self.series, self.period, self.sex, self.age, self.form)

    @property
    def told_by(self) -> tuple[str, ...]:
        """What the figure is told apart by: any of sex, age and form."""
        return tuple(by for by in ("sex", "age", "form") if getattr(self, by) != TOTAL)

    @property
    def is_total(self) -> bool:
        return not self.told_by

    @property
    def evidence_id(self) -> str:
        found = self.found
        return evidence.identity(found.source.id, found.as_of, *self.key, self.value_text, self.repeat)

    @property
    def figure(self) -> Figure:
        return Figure(low=self.bounds.low, high=self.bounds.high, opens=(self.evidence_id,))

    @property
    def evidence(self) -> Evidence:
        parts = tuple(group(part) for part in (self.sex, self.age, self.form) if part != TOTAL)
        says = say(
            "evidence.observation" if not parts else "evidence.part",
            series=say(f"series.{self.series}"),
            year=str(self.period),
            value=self.figure,
            **({"of": parts} if parts else {}),
        )
        return Evidence(id=self.evidence_id, says=says, found=self.found)


def group(code: str) -> Phrase | Text:
    """The name of a sex, age or form; a code that the catalogue does not name stands for itself."""
    key = f"group.{code}"
    return say(key) if key in catalogue() else Text(en=code, fr=code)


def bounds(text: str) -> Bounds:
    """The interval that a cell stands for: "29", "26,539", "26 539", "12.8", "<5"; else ValueError."""
    cell = text.strip()
    if under := UNDER.fullmatch(cell):
        return Bounds(low=1, high=int(under[1]) - 1)
    if WHOLE.fullmatch(cell):
        value: Number = int(PARTING.sub("", cell))
    elif DECIMAL.fullmatch(cell):
        value = float(cell)
    else:
        raise ValueError("is not a number such as 29, 26,539 or 12.8, nor a suppressed one such as <5")
    return Bounds(low=value, high=value)


def status(text: str) -> ObservationStatus:
    suppressed = text.strip().startswith("<")
    return ObservationStatus.SUPPRESSED if suppressed else ObservationStatus.REPORTED


def total(observations: Iterable[Observation]) -> Bounds:
    """The sum as bounds: suppressed cells widen it, and never vanish from it."""
    return sum((one.bounds for one in observations), start=Bounds(low=0, high=0))


def repeats_counted(observations: Iterable[Observation]) -> tuple[Observation, ...]:
    """The rows of one table, each told apart from those above it that say the same."""
    seen: Counter[tuple[object, ...]] = Counter()
    counted = []
    for one in observations:
        said = (*one.key, one.value_text)
        counted.append(replace(one, repeat=seen[said]) if seen[said] else one)
        seen[said] += 1
    return tuple(counted)


def yearly(observations: Iterable[Observation]) -> dict[int, tuple[Observation, ...]]:
    """All-total figures by year, the newest source of each year first."""
    years: dict[int, tuple[Observation, ...]] = {}
    for one in sorted(observations, key=_newest_first):
        if one.is_total:
            years[one.period] = (*years.get(one.period, ()), one)
    return dict(sorted(years.items()))


def _newest_first(one: Observation) -> tuple[int, str, str, str]:
    found = one.found
    return (-found.as_of.toordinal(), found.source.grade, found.source.id, one.value_text)
