"""One report, in no language yet: sections of paragraphs, tables and charts whose values open to evidence.

The web page and the PDF, in English and in French, are all rendered from this one value.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from palermo.appraisal.evidence import Evidence, Figure
from palermo.appraisal.state import State
from palermo.appraisal.words import Phrase, Text, plain

SCHEMA = "palermo-appraisal-report/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """A short label with a tone; the words carry the meaning, the tone only repeats it."""

    label: Phrase
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refs:
    """Links to evidence, by id."""

    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Several values in one cell, one under the other."""

    items: tuple["Value", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Somebody's own words, in the language they were said in."""

    text: str
    language: str


Value = Phrase | Text | Figure | Tag | Refs | Lines | Quote | date | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    text: Phrase
    inset: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line of the summary list."""

    label: Phrase
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    items: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    head: Phrase
    numeric: bool = False
    width: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row; its first cell heads it. `id` is its anchor where something opens to it."""

    cells: tuple[Value, ...]
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    caption: Phrase
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def __post_init__(self) -> None:
        if any(len(row.cells) != len(self.columns) for row in self.rows):
            raise ValueError(f"Table {self.caption.key!r}: a row has another number of cells than columns.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One mark of a chart: its name and its bounds."""

    name: Value
    low: int | float
    high: int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture by name; the table that follows holds the same figures."""

    picture: str
    caption: Phrase
    alt: Phrase
    points: tuple[Point, ...]


Block = Paragraph | Facts | Table | Chart


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    id: str
    title: Phrase
    blocks: tuple[Block, ...]

    def figures(self) -> Iterator[Figure]:
        """Every number of the section, in the order of reading."""
        return _figures(self.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report on one day: of one State, or of several, when `state` is None.

    `code` names its files; `subject` and `heading` say what it is about.
    """

    state: State | None
    code: str
    subject: Text
    heading: Phrase
    today: date
    cycle: str
    sections: tuple[Section, ...]
    evidence: tuple[Evidence, ...]

    @property
    def content_hash(self) -> str:
        """SHA-256 over the report as JSON; the same appraisal gives the same hash on every machine."""
        return hashlib.sha256(_canonical(self._content()).encode()).hexdigest()

    def document(self) -> dict[str, Any]:
        """The report as JSON can hold it, with its hash."""
        return {**self._content(), "content_hash": self.content_hash}

    def figures(self) -> Iterator[Figure]:
        """Every number of the report, in the order of reading."""
        for section in self.sections:
            yield from section.figures()

    def anchors(self) -> frozenset[str]:
        """Everything that a figure can open to."""
        rows = (
            row.id
            for section in self.sections
            for block in section.blocks
            for row in getattr(block, "rows", ())
        )
        return frozenset({*(section.id for section in self.sections), *rows} - {""})

    def _content(self) -> dict[str, Any]:
        fields = {name: plain(getattr(self, name)) for name in self.__dataclass_fields__}
        return {"schema": SCHEMA, **fields, "today": self.today.isoformat()}


def _canonical(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _figures(value: Any) -> Iterator[Figure]:
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _figures(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _figures(getattr(value, name))
