"""Count tables that share their rows, and the sums that bind their cells together.

A table crosses a shared dimension (the rows: years) with one of its own (the columns: sex, age band). Every
table has the same row totals and the same grand total, so a cell hidden in one can come back out of another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf

from palermo.errors import InvalidRecord, Problem

ALL = ""
Key = tuple[str, str, str]
"""A cell: table, row, column; `ALL` for a total. The row totals belong to no table."""

GRAND: Key = (ALL, ALL, ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Counts by row and column; a pair that is not there counts nobody.

    `exclusive`: each person stands in exactly one column. Otherwise in one or more, as with forms of
    exploitation, and the columns do not add up to the row's total.
    """

    name: str
    columns: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    exclusive: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """low <= the sum of each cell times its factor <= high."""

    terms: Mapping[Key, int]
    low: float = 0
    high: float = 0


def cells(tables: tuple[Table, ...], totals: Mapping[str, int]) -> dict[Key, int]:
    """Every cell with its count: row totals, grand total, inner cells and column totals.

    InvalidRecord when the tables contradict the totals.
    """
    found: dict[Key, int] = {(ALL, row, ALL): count for row, count in totals.items()}
    found[GRAND] = sum(totals.values())
    for table in tables:
        for column in table.columns:
            counts = {(table.name, row, column): table.counts.get((row, column), 0) for row in totals}
            found |= counts
            found[table.name, ALL, column] = sum(counts.values())
    _check(tables, totals, found)
    return found


def relations(tables: tuple[Table, ...], rows: tuple[str, ...]) -> tuple[Relation, ...]:
    """Everything that anyone may know of how the cells hang together, without any count."""
    return tuple(_relations(tables, rows))


def _relations(tables: tuple[Table, ...], rows: tuple[str, ...]) -> Iterator[Relation]:
    yield _sum(GRAND, [(ALL, row, ALL) for row in rows])
    for table in tables:
        for column in table.columns:
            yield _sum((table.name, ALL, column), [(table.name, row, column) for row in rows])
        for row in rows:
            yield from _row(table, row)


def _row(table: Table, row: str) -> Iterator[Relation]:
    total, parts = (ALL, row, ALL), [(table.name, row, column) for column in table.columns]
    if table.exclusive:
        yield _sum(total, parts)
        return
    yield Relation(terms={total: -1} | dict.fromkeys(parts, 1), low=0, high=inf)
    for part in parts:
        yield Relation(terms={total: 1, part: -1}, low=0, high=inf)


def _sum(total: Key, parts: list[Key]) -> Relation:
    return Relation(terms={total: -1} | dict.fromkeys(parts, 1))


def _check(tables: tuple[Table, ...], totals: Mapping[str, int], found: Mapping[Key, int]) -> None:
    strange = {row for table in tables for row, _column in table.counts} - set(totals)
    broken = [
        relation
        for relation in relations(tables, tuple(totals))
        if not relation.low
        <= sum(factor * found[key] for key, factor in relation.terms.items())
        <= relation.high
    ]
    foreign = {column for table in tables for _row, column in table.counts if column not in table.columns}
    if strange or broken or foreign or min(found.values()) < 0 or ALL in totals:
        raise InvalidRecord("figures", [_CONTRADICTION])


_CONTRADICTION = Problem(
    rule="linked-tables",
    path="tables",
    wrong="the tables contradict their totals.",
    remedy="Count every table from the same rows.",
    wrong_fr="les tableaux contredisent leurs totaux.",
    remedy_fr="Comptez tous les tableaux à partir des mêmes lignes.",
)
