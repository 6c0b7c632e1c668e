"""National figures: how many people by year, crossed with form, sex, age band and region of citizenship.

A frozen value that adds up (two agencies' figures make one) and that is published only as protected tables.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import TypeVar

from palermo.errors import Disclosive
from palermo.prevention import disclosure
from palermo.prevention.disclosure import Release
from palermo.prevention.linked import Table

NOT_RECORDED = "not_recorded"
EXCLUSIVE: Mapping[str, bool] = {
    "form": False,
    "sex": True,
    "age_band": True,
    "citizenship_region": False,
}
"""What the years are crossed with, and whether each person has exactly one of its codes."""

_Name = TypeVar("_Name", str, tuple[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """One person as codes; nothing recorded is an empty text or an empty tuple."""

    year: str = ""
    sex: str = ""
    age_band: str = ""
    forms: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """People by year, and by dimension, year and code. Not for publication: see `protected`."""

    years: Mapping[str, int] = field(default_factory=dict)
    by: Mapping[str, Mapping[tuple[str, str], int]] = field(default_factory=dict)

    def __add__(self, other: "Figures") -> "Figures":
        """Figures of people who are in one or the other and in neither twice."""
        return Figures(
            years=_sum(self.years, other.years),
            by={name: _sum(self.by.get(name, {}), other.by.get(name, {})) for name in EXCLUSIVE},
        )

    def protected(self, columns: Mapping[str, Iterable[str]] | None = None) -> Release:
        """The tables as they may be published; years with too few people are pooled with their neighbours.

        `columns` names all codes of a dimension, so that one which nobody has is shown as 0. Disclosive when
        even all years together hold too few.
        """
        try:
            return disclosure.protect(self.tables(columns or {}), dict(sorted(self.years.items())))
        except Disclosive:
            if len(self.years) < 2:
                raise
        return self.pooled().protected(columns)

    def tables(self, columns: Mapping[str, Iterable[str]]) -> tuple[Table, ...]:
        """One linked table for each dimension."""
        return tuple(
            Table(
                name=name,
                columns=tuple(_codes(self.by.get(name, {}), columns.get(name, ()))),
                counts=self.by.get(name, {}),
                exclusive=exclusive,
            )
            for name, exclusive in EXCLUSIVE.items()
        )

    def pooled(self) -> "Figures":
        """The smallest year and the smaller of its neighbours as one row, such as 2019-2020."""
        order = sorted(self.years)
        least = min(range(len(order)), key=lambda place: (self.years[order[place]], place))
        beside = [place for place in (least - 1, least + 1) if 0 <= place < len(order)]
        other = min(beside, key=lambda place: (self.years[order[place]], place))
        first, last = order[min(least, other)], order[max(least, other)]
        name = f"{first.split('-')[0]}-{last.split('-')[-1]}"
        renamed = {year: name if year in (first, last) else year for year in order}
        return Figures(
            years=_total((renamed[year], count) for year, count in self.years.items()),
            by={
                dimension: _total(((renamed[year], code), count) for (year, code), count in counts.items())
                for dimension, counts in self.by.items()
            },
        )


def figures(people: Iterable[Coded]) -> Figures:
    """Count people, read one by one: memory grows with the codes and not with the people."""
    years: Counter[str] = Counter()
    by: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in EXCLUSIVE}
    for person in people:
        year = person.year or NOT_RECORDED
        years[year] += 1
        for name, codes in _columns(person):
            by[name].update((year, code) for code in set(codes) - {""} or {NOT_RECORDED})
    return Figures(years=dict(years), by={name: dict(counts) for name, counts in by.items()})


def _columns(person: Coded) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield "form", person.forms
    yield "sex", (person.sex,)
    yield "age_band", (person.age_band,)
    yield "citizenship_region", person.regions


def _codes(counts: Mapping[tuple[str, str], int], known: Iterable[str]) -> list[str]:
    named = list(dict.fromkeys(known))
    found = {code for _year, code in counts} - set(named)
    last = [NOT_RECORDED] if NOT_RECORDED in found else []
    return [*named, *sorted(found - {NOT_RECORDED}), *last]


def _sum(one: Mapping[_Name, int], other: Mapping[_Name, int]) -> dict[_Name, int]:
    return _total(chain(one.items(), other.items()))


def _total(parts: Iterable[tuple[_Name, int]]) -> dict[_Name, int]:
    sums: dict[_Name, int] = {}
    for name, count in parts:
        sums[name] = sums.get(name, 0) + count
    return sums
