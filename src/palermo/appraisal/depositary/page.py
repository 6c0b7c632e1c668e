"""What a depositary's page holds, whatever its form: a table of participants, and texts in sections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from palermo.errors import InvalidRecord, Problem


class Section(StrEnum):
    """A part of a status page below its table."""

    DECLARATIONS = "declarations"
    OBJECTIONS = "objections"
    NOTES = "notes"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell's words without its footnote marks, and the numbers of those footnotes."""

    text: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A status page: `head` holds the lines before the table, `whole` is all text.

    `full` is true where the form also lists what was declared, so that silence means nothing was.
    """

    file: str
    sha256: str
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]
    head: tuple[str, ...]
    whole: str
    full: bool
    sections: Mapping[Section, tuple[str, ...]] = field(default_factory=dict)


def refused(file: str, *, looked: str, found: str, remedy: str = "") -> InvalidRecord:
    """A page of another layout: what was looked for, and what was found in its place."""
    wrong = f"looked for {looked}; found {found}."
    return InvalidRecord(
        file,
        [
            Problem(
                rule="layout",
                path="page",
                wrong=wrong,
                remedy=remedy or "Save the page again, or say which form it has in sources.toml.",
            )
        ],
    )


def broken(file: str, wrong: str, remedy: str) -> InvalidRecord:
    """A file that cannot be opened as what it claims to be."""
    return InvalidRecord(file, [Problem(rule="unreadable-table", path="file", wrong=wrong, remedy=remedy)])
