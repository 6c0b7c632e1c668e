"""How many people live in each group: the denominators of indicator 16.2.2, read from a CSV file.

Each line gives the people of one group: any of the columns `year`, `sex` and `age`, and always
`population`, `source` (who counted them) and `date` (for when). `_T` in a column is the total over it, and a
wider age group the total of those in it; a total is checked against its parts and is not needed.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

from palermo.errors import InvalidRecord
from palermo.prevention import rows
from palermo.prevention.dimension import AGE, DIMENSIONS, SEX, YEAR
from palermo.prevention.fault import Fault, fault
from palermo.prevention.saying import Saying, say

PEOPLE, SOURCE, DATE = "population", "source", "date"
Group = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Denominator:
    """The people of a group or of several together, who counted them and for when."""

    people: int
    source: str
    date: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """The people of the smallest groups of a file; `columns` are the dimensions that part them."""

    columns: tuple[str, ...]
    groups: Mapping[Group, Denominator]

    @property
    def years(self) -> tuple[str, ...]:
        """The years of the file; none where it has no column of them."""
        if YEAR.name not in self.columns:
            return ()
        place = self.columns.index(YEAR.name)
        return tuple(dict.fromkeys(group[place] for group in self.groups))

    def of(self, values: Mapping[str, str]) -> Denominator | None:
        """The people with these values by dimension; None where the file has no group of them.

        Dimensions that the file does not have, such as the form of exploitation, divide nobody.
        """
        wanted = [DIMENSIONS[name] for name in self.columns if name in values]
        places = [self.columns.index(one.name) for one in wanted]
        inside = [
            found
            for group, found in self.groups.items()
            if all(
                one.within(group[place], values[one.name]) for one, place in zip(wanted, places, strict=True)
            )
        ]
        return _together(inside) if inside else None


def read(path: Path) -> Population:
    """Read a CSV file; every fault of it is named by its line at once."""
    return parse(rows.lines(path), where=path.name)


def parse(lines: Iterable[str], *, where: str = "population") -> Population:
    """Read the lines of a CSV file."""
    table = rows.parted([*lines], column=PEOPLE, where=where)
    header = [name.strip().casefold() for name in table[0]] if table else []
    if problems := list(_header_faults(header)):
        raise InvalidRecord(where, problems)
    header = [_dimension(name) for name in header]
    columns = tuple(name for name in DIMENSIONS if name in header)
    found: dict[Group, tuple[int, Denominator]] = {}
    for number, row in enumerate(table[1:], start=2):
        if any(cell.strip() for cell in row):
            problems += _take(row, number, header=header, columns=columns, found=found)
    if not problems:
        problems += _gaps(columns, found)
    if problems:
        raise InvalidRecord(where, problems)
    smallest = _smallest(columns, found)
    return Population(columns=columns, groups={group: found[group][1] for group in product(*smallest)})


def _take(
    row: Sequence[str],
    number: int,
    *,
    header: Sequence[str],
    columns: Sequence[str],
    found: dict[Group, tuple[int, Denominator]],
) -> Iterator[Fault]:
    """Add one row to the groups, or say what is wrong with it."""
    line = say("at-line", number=number)
    if len(row) != len(header):
        yield fault("ragged", line, found=len(row), wanted=len(header))
        return
    values = dict(zip(header, (cell.strip() for cell in row), strict=True))
    group = tuple(DIMENSIONS[name].value(values[name]) for name in columns)
    problems = list(_value_faults(values, line))
    if group in found:
        problems.append(fault("duplicate-group", line, first=found[group][0]))
    if not problems:
        people = Denominator(people=int(float(values[PEOPLE])), source=values[SOURCE], date=values[DATE])
        found[group] = (number, people)
    yield from problems


def _value_faults(values: Mapping[str, str], line: Saying) -> Iterator[Fault]:
    for name, value in values.items():
        if not value:
            yield fault("empty-cell", say("at-column", line=line, name=name))
    place = say("at-column", line=line, name=PEOPLE)
    try:
        number = float(values[PEOPLE])
    except ValueError:
        number = float("nan")
    if number < 0:
        yield fault("negative-population", place)
    elif number == 0:
        yield fault("nobody-lives", place)
    elif not number.is_integer():
        yield fault("fractional-population", place)
    elif number > rows.MOST_PEOPLE:
        yield fault("huge-count", place)
    if values[DATE] and not _dated(values[DATE]):
        yield fault("no-date", say("at-column", line=line, name=DATE))


def _dated(value: str) -> bool:
    """Whether it is a day, a month or a year."""
    try:
        date.fromisoformat(f"{value}-01-01"[:10] if len(value) in {4, 7} else value)
    except ValueError:
        return False
    return True


def _header_faults(header: Sequence[str]) -> Iterator[Fault]:
    known = [*(name for one in (YEAR, SEX, AGE) for name in one.columns), PEOPLE, SOURCE, DATE]
    line = say("at-line", number=1)
    for name in (PEOPLE, SOURCE, DATE):
        if name not in header:
            yield fault("missing-column", line, name=name)
    for number, name in enumerate(header, start=1):
        if name not in known:
            yield fault("other-column", say("at-place", line=line, number=number), names=", ".join(known))
    names = [_dimension(name) for name in header]
    if len(set(names)) < len(names):
        yield fault("same-columns", line)


def _gaps(columns: Sequence[str], found: Mapping[Group, tuple[int, Denominator]]) -> Iterator[Fault]:
    """Groups that are missing, and totals that are not the sum of their parts."""
    if not found:
        yield fault("no-group", say("at-file"))
    smallest = set(product(*_smallest(columns, found)))
    missing = sorted(smallest - {*found})
    for group in missing:
        named = ", ".join(f"{name} {value}" for name, value in zip(columns, group, strict=True))
        yield fault("missing-group", say("at-group", name=named))
    for group, (number, stated) in found.items():
        parts = sum(
            found[part][1].people for part in smallest if part in found and _inside(part, group, columns)
        )
        if not missing and parts != stated.people:
            yield fault("total-differs", say("at-line", number=number), stated=stated.people, parts=parts)


def _smallest(columns: Sequence[str], groups: Iterable[Group]) -> list[list[str]]:
    """The values of each column that have no parts among the others, in their order."""
    every = list(groups)
    return [
        _parts(name, list(dict.fromkeys(group[place] for group in every)))
        for place, name in enumerate(columns)
    ]


def _parts(name: str, values: Sequence[str]) -> list[str]:
    one = DIMENSIONS[name]
    return [
        value for value in values if not any(other != value and one.within(other, value) for other in values)
    ]


def _inside(part: Group, group: Group, columns: Sequence[str]) -> bool:
    return all(
        DIMENSIONS[name].within(*pair)
        for name, pair in zip(columns, zip(part, group, strict=True), strict=True)
    )


def _together(parts: Sequence[Denominator]) -> Denominator:
    """Several groups as one; each source and date once."""
    return Denominator(
        people=sum(one.people for one in parts),
        source="; ".join(dict.fromkeys(one.source for one in parts)),
        date="; ".join(dict.fromkeys(one.date for one in parts)),
    )


def _dimension(column: str) -> str:
    """The name of the dimension that a column is known by; of another column, its own."""
    return next((one.name for one in (YEAR, SEX, AGE) if column in one.columns), column)
