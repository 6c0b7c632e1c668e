"""Tells which field each column of a table holds, by the code and the label over it and by its values.

Public templates disagree with the standard they carry: codes misspelt, blank, or moved over the wrong label.
A column is therefore matched by code and by label; where the two name different fields the label is trusted,
unless the values fit the code's field better.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from palermo.errors import Problem, Severity
from palermo.standards.fault import fault, refusal

NEAR: Final = 0.9
HEADER_ROWS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A field as a format names it: its code, its label, other spellings seen, and a check of a value."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()
    fits: Callable[[str], bool] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a file: its place (from 0), the name over it, and the code of its field if known."""

    place: int
    name: str
    code: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The columns of a table, how many rows the header takes, and what was odd about it."""

    columns: tuple[Column, ...]
    rows: int
    problems: tuple[Problem, ...] = ()

    @property
    def known(self) -> int:
        """How many columns have a field."""
        return sum(column.code is not None for column in self.columns)


def simple(name: str) -> str:
    """A name without case, spaces, punctuation and accents of spelling, for comparing."""
    return re.sub(r"[\W_]+", "", name.casefold())


class Names:
    """The names of a format's fields, looked up by code or label however they are spelt."""

    def __init__(self, fields: Iterable[Named]) -> None:
        self.fields = tuple(fields)
        self.by_code: dict[str, Named] = {}
        self.by_label: dict[str, list[Named]] = {}
        for named in self.fields:
            for code in (named.code, *named.aliases):
                self.by_code[simple(code)] = named
            self.by_label.setdefault(simple(named.label), []).append(named)

    def of_code(self, code: str) -> Named | None:
        """The field of a code, allowing a slip of the pen in codes that are long enough to tell."""
        key = simple(code)
        if key in self.by_code or len(key) < 8:
            return self.by_code.get(key)
        near = difflib.get_close_matches(key, self.by_code, n=2, cutoff=NEAR)
        return self.by_code[near[0]] if len(near) == 1 else None

    def of_label(self, label: str) -> list[Named]:
        """The fields that carry a label; several may."""
        return self.by_label.get(simple(label), [])

    def hits(self, cells: Sequence[str]) -> tuple[int, int]:
        """How many cells of a row are codes, and how many are labels."""
        codes = sum(simple(cell) in self.by_code for cell in cells if cell)
        return codes, sum(simple(cell) in self.by_label for cell in cells if cell)


def match(rows: Sequence[Sequence[str]], names: Names) -> Header | None:
    """The header among the first rows of a table, or None when no row names two known fields."""
    scores = [names.hits(row) for row in rows[:HEADER_ROWS]]
    best = max(range(len(scores)), key=lambda index: max(scores[index]), default=None)
    if best is None or max(scores[best]) < 2:
        return None
    code_row, label_row, used = _header_rows(scores, best)
    codes = rows[code_row] if code_row is not None else ()
    labels = rows[label_row] if label_row is not None else ()
    return _Matching(names, codes, labels, rows[used:]).header(used)


def _header_rows(scores: Sequence[tuple[int, int]], best: int) -> tuple[int | None, int | None, int]:
    """Which row holds the codes, which the labels, and how many rows stand above the first case."""
    by_code = scores[best][0] >= scores[best][1]
    other = 1 if by_code else 0
    beside = [
        index for index in (best + 1, best - 1) if 0 <= index < len(scores) and scores[index][other] >= 2
    ]
    partner = beside[0] if beside else None
    used = max(best, -1 if partner is None else partner) + 1
    return (best, partner, used) if by_code else (partner, best, used)


class _Matching:
    """One header being matched: what each column's code and label say, and which fields are taken."""

    def __init__(
        self, names: Names, codes: Sequence[str], labels: Sequence[str], sample: Sequence[Sequence[str]]
    ) -> None:
        self._names = names
        width = max(len(codes), len(labels))
        self._codes = [*codes, *[""] * (width - len(codes))]
        self._labels = [*labels, *[""] * (width - len(labels))]
        self._sample = sample
        self._taken: set[str] = set()
        self._problems: list[Problem] = []

    def header(self, used: int) -> Header:
        width = len(self._codes)
        chosen: dict[int, Named] = {}
        for step in (self._agreed, self._one_sided, self._disputed):
            for place in range(width):
                if place not in chosen and (named := step(place)) and named.code not in self._taken:
                    chosen[place] = named
                    self._taken.add(named.code)
        columns = tuple(self._column(place, chosen.get(place)) for place in range(width))
        return Header(columns=columns, rows=used, problems=tuple(self._problems))

    def _column(self, place: int, named: Named | None) -> Column:
        name = self._codes[place].strip() or self._labels[place].strip() or f"column {place + 1}"
        return Column(place=place, name=name, code=named.code if named else None)

    def _agreed(self, place: int) -> Named | None:
        named = self._names.by_code.get(simple(self._codes[place]))
        if named is None or named not in self._names.of_label(self._labels[place]):
            return None
        return named if named.code == self._codes[place].strip() else self._misspelt(place, named)

    def _one_sided(self, place: int) -> Named | None:
        code, label = self._codes[place], self._labels[place]
        by_label = [named for named in self._names.of_label(label) if named.code not in self._taken]
        if not simple(code):
            return self._misspelt(place, by_label[0]) if len(by_label) == 1 else None
        named = self._names.of_code(code)
        if named and (not self._names.of_label(label) or named in by_label):
            return named if named.code == code.strip() else self._misspelt(place, named)
        return self._misspelt(place, by_label[0]) if named is None and len(by_label) == 1 else None

    def _misspelt(self, place: int, named: Named) -> Named:
        if any(self._codes):
            self._note("misspelt-header", place, named)
        return named

    def _disputed(self, place: int) -> Named | None:
        by_code = self._names.of_code(self._codes[place])
        by_label = [
            named for named in self._names.of_label(self._labels[place]) if named.code not in self._taken
        ]
        options = [named for named in (*by_label, by_code) if named and named.code not in self._taken]
        if not options:
            return None
        chosen = max(options, key=lambda named: self._fit(place, named))
        self._note("header-conflict", place, chosen)
        return chosen

    def _fit(self, place: int, named: Named) -> float:
        """The share of sampled values that the field would take; one that takes anything counts as half."""
        values = [row[place].strip() for row in self._sample if place < len(row) and row[place].strip()]
        if named.fits is None or not values:
            return 0.5
        return sum(map(named.fits, values)) / len(values)

    def _note(self, rule: str, place: int, named: Named) -> None:
        code, label = self._codes[place].strip(), self._labels[place].strip()
        given = {"code": code or label, "label": label, "chosen": named.code}
        problem = fault(rule, path=f"column {place + 1}", severity=Severity.NOTE, **given)
        self._problems.append(problem)


def shift(fits: Sequence[Callable[[str], bool] | None], rows: Sequence[Sequence[str]]) -> int:
    """By how many columns the values stand to the right of their names; 0 where they stand under them.

    Told by the values: at least eight sampled cells, fewer than half of which fit where they stand while
    nine in ten would fit one or two columns beside.
    """
    here, told = _share(fits, rows, 0)
    if told < 8 or here >= 0.5:
        return 0
    for offset in (1, -1, 2, -2):
        share, told = _share(fits, rows, offset)
        if told >= 8 and share >= 0.9:
            return offset
    return 0


def _share(
    fits: Sequence[Callable[[str], bool] | None], rows: Sequence[Sequence[str]], offset: int
) -> tuple[float, int]:
    found = [
        fit(row[place + offset])
        for row in rows
        for place, fit in enumerate(fits)
        if fit and 0 <= place + offset < len(row) and row[place + offset].strip()
    ]
    return (sum(found) / len(found) if found else 0.0), len(found)


def check_shift(
    name: str, fits: Sequence[Callable[[str], bool] | None], rows: Sequence[Sequence[str]]
) -> None:
    """Refuses a file whose header is shifted against its rows."""
    offset = shift(fits, rows)
    if offset:
        side, side_fr = ("right", "droite") if offset > 0 else ("left", "gauche")
        raise refusal(name, "shifted-header", path="header", offset=abs(offset), side=side, side_fr=side_fr)
