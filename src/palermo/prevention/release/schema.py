"""What a release may hold: columns with closed public lists of codes, and who a row is about.

A schema is a TOML text that a person has answered for. Nothing in it is ever learnt from the table that is
read against it: the presence of a value there may be a person's secret.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from palermo.prevention.release.codelist import CodeList
from palermo.standards.field import Text
from palermo.standards.table import plain

SEPARATOR = "|"
"""Parts names and values in a table of counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing counted: a column, or one code of a column of several values; value i + 1 is codes[i]."""

    column: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of the table: `blank` are the texts that mean not recorded, besides an empty cell.

    `split` parts the values of a cell that may hold several; each code is then a field of its own.
    """

    name: str
    listed: CodeList
    label: Text
    blank: tuple[str, ...] = ("",)
    split: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes, in the order of the list."""
        return self.listed.codes

    @property
    def fields(self) -> tuple[Field, ...]:
        """What is counted of it."""
        lists = [(code,) for code in self.codes] if self.split else [self.codes]
        return tuple(Field(column=self.name, codes=codes) for codes in lists)

    def said(self, code: str, language: str) -> str:
        """The text of a code for people."""
        return self.listed.labels[code].in_language(language) if code in self.listed.labels else code

    def values(self, cell: str) -> tuple[int, ...] | None:
        """The value of each field, 0 where it is not recorded; None where the cell holds what is no code."""
        found = [self.listed.code(part) for part in self.parts(cell)]
        if None in found:
            return None
        if self.split:
            return tuple(int(code in found) for code in self.codes)
        return (self.codes.index(str(found[0])) + 1 if found else 0,)

    def parts(self, cell: str) -> list[str]:
        """The texts of a cell that do not mean not recorded."""
        text = plain(cell).strip()
        parts = [part.strip() for part in text.split(self.split)] if self.split else [text]
        return [part for part in parts if not self._blank(part)]

    def _blank(self, part: str) -> bool:
        return not part or part.casefold() in {blank.casefold() for blank in self.blank}

    def cell(self, values: Sequence[int]) -> str:
        """The cell that has these values of its fields; the first text for not recorded where it has none."""
        parts = [one.codes[value - 1] for one, value in zip(self.fields, values, strict=True) if value]
        return self.split.join(parts) if parts else self.blank[0]


@dataclass(frozen=True, kw_only=True)
class Schema:
    """Columns, whom the table is about, and which column tells persons apart where a row is not a person.

    `duplicates` is `refuse` or `merge`; `population` and `purpose` are printed with the release.
    """

    columns: tuple[Column, ...]
    person: str | None = None
    duplicates: str = "refuse"
    population: Text = field(default_factory=lambda: Text(en="", fr=""))
    purpose: Text = field(default_factory=lambda: Text(en="", fr=""))

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """What is counted, in the order of the columns and of their codes."""
        return tuple(one for column in self.columns for one in column.fields)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many codes each field has."""
        return tuple(len(one.codes) for one in self.fields)

    def row(self, values: Sequence[int]) -> tuple[str, ...]:
        """The cells of the columns, as a table has them, of one value a field."""
        return tuple(column.cell(values[start:end]) for column, start, end in self._spans())

    def _spans(self) -> Iterator[tuple[Column, int, int]]:
        start = 0
        for column in self.columns:
            end = start + len(column.fields)
            yield column, start, end
            start = end

    def mappings(self) -> Iterator[tuple[str, str, str]]:
        """Each text not taken as it stands: its column, itself, and its code; none if not recorded."""
        for column in self.columns:
            yield from ((column.name, text, "") for text in column.blank)
            yield from ((column.name, text, code) for text, code in column.listed.spellings.items())

    def named(self, fields: Sequence[int], values: Sequence[int]) -> tuple[str, str]:
        """A cell as `columns` and `values` of a table of counts name it."""
        known = [self.fields[one] for one in fields]
        codes = [one.codes[value - 1] for one, value in zip(known, values, strict=True)]
        return SEPARATOR.join(one.column for one in known), SEPARATOR.join(codes)
