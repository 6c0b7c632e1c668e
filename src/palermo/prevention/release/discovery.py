"""A first schema for a table, from the values found in it: to be closed by a person, and not private.

Every list it writes is open, and a release refuses it until a person has compared it with what the public
knows and closed it. Free text, identifiers and dates are left out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from palermo.errors import Problem
from palermo.prevention.release.schema import SEPARATOR
from palermo.prevention.release.schema_faults import MOST_CODES, MOST_FIELDS, identity, likeness
from palermo.prevention.release.schema_text import quoted, quoted_all
from palermo.standards.source import Limits, opened
from palermo.standards.table import Line, names, plain, tables
from palermo.standards.vocabulary import names as vocabularies
from palermo.standards.vocabulary import vocabulary

MOST_VALUES = 20_000
MOST_SHOWN = 20
"""Faulty rows that are told one by one."""
BLANKS = frozenset({"-99", "-99.0", "null", "none", "n/a", "na", "unknown", "inconnu", "not recorded"})
SPLITS = (";", "|", ",")

_TOP = """\
# A first schema of {name}, made from the values found in it (read as {read}).
#
# FINDING VALUES IS NOT PRIVATE: a value may stand below only because one person has it. Compare every
# list with what the public knows (a standard, a form, a law). Add codes that nobody happens to have, take
# out those that would point at somebody, and then write closed = true under it. A release refuses lists
# that are open.
#
# A column without a list is not released. A row is one person: if persons stand in several rows, name the
# column that tells them apart with person = "..." and say duplicates = "refuse" or "merge".

population = ""
purpose = ""
"""
_LEFT_OUT = {
    "identity-column": "its name says that it identifies a person or a place, or holds free text",
    "identifier-list": "its values look like identifiers",
    "date-list": "its values are dates; give public edges: bins = [2020-01-01, 2021-01-01]",
    "text-list": "its values are free text",
    "many-values": "it has more different values than a list may hold; of numbers give bins = [0, 18]; "
    "if it tells persons apart, name it with person",
    "no-value": "it has no value",
}


@dataclass(slots=True)
class _Found:
    """One column: the texts met in it, up to a limit, in the order they came."""

    name: str
    texts: dict[str, int] = field(default_factory=dict)
    full: bool = False

    def add(self, cell: str) -> None:
        text = plain(cell).strip()
        if text in self.texts or len(self.texts) < MOST_VALUES:
            self.texts[text] = self.texts.get(text, 0) + 1
        else:
            self.full = True

    @property
    def blanks(self) -> list[str]:
        """The texts that mean not recorded, the most common first."""
        found = [text for text in self.texts if not text or text.casefold() in BLANKS]
        if not found and "0" in self.texts and set(self.texts) - {"0"}:
            found = ["0"]
        return sorted(found, key=lambda text: (-self.texts[text], text))

    @property
    def values(self) -> list[str]:
        """All other texts."""
        return sorted(set(self.texts) - set(self.blanks))


def discovered(path: Path, *, limits: Limits | None = None) -> str:
    """The TOML text of a schema with every list still open."""
    with opened(path, limits=limits) as source:
        table = next(iter(tables(source)))
        header = names(table, limit=source.limits.columns)
        columns = [_Found(name) for name in header]
        faulty = [line.problem for line in table.body(1, len(header)) if not _added(columns, line)]
    blocks = [_block(column) for column in columns if column.name]
    top = _TOP.format(name=quoted(path.name), read=", ".join(table.notes))
    return "\n".join([top + "".join(_warned(faulty, columns)), *blocks])


def _added(columns: Sequence[_Found], line: Line) -> bool:
    """Whether the cells of a line could be told apart, and were added."""
    if line.problem is None:
        for column, cell in zip(columns, line.cells, strict=True):
            column.add(cell)
    return line.problem is None


def _warned(faulty: Sequence[Problem | None], columns: Sequence[_Found]) -> Iterator[str]:
    """What a release will refuse of the table, whatever its lists."""
    if faulty:
        yield f"\n# {len(faulty):,} rows are faulty and were left out; a release refuses the table.\n"
        yield from (f"#   {problem}\n" for problem in faulty[:MOST_SHOWN])
    fields = sum(len(_parts(one, _split(one))) if _split(one) else 1 for one in columns if not _left_out(one))
    if fields > MOST_FIELDS:
        yield f"\n# These are {fields} columns, each code of a split one for one. Take out some: a release\n"
        yield f"# takes {MOST_FIELDS} at most.\n"


def _left_out(column: _Found) -> bool:
    split = _split(column)
    return not column.name or bool(_reason(column, _parts(column, split) if split else column.values))


def _block(column: _Found) -> str:
    split = _split(column)
    values = _parts(column, split) if split else column.values
    reason = _reason(column, values)
    if reason:
        return f"# {quoted(column.name)} is left out: {_LEFT_OUT[reason]}.\n"
    return "\n".join(_lines(column, values, split)) + "\n"


def _reason(column: _Found, values: Sequence[str]) -> str:
    """Why a column is left out; empty where it is not."""
    if identity(column.name):
        return "identity-column"
    if not values:
        return "no-value"
    likely = likeness(values)
    return likely or ("many-values" if column.full or len(values) > MOST_CODES else "")


def _lines(column: _Found, values: Sequence[str], split: str) -> Iterator[str]:
    yield "[[column]]"
    yield f"name = {quoted(column.name)}"
    if same := _vocabulary(values):
        yield f"# A standard has all these codes, and to name it tells nothing: vocabulary = {quoted(same)}"
    if "0" in column.blanks:
        yield "# 0 is taken for not recorded. If it means no, move it to codes."
    yield f"blank = {quoted_all(column.blanks or [''])}"
    if split:
        yield f"split = {quoted(split)}"
    marks = {SEPARATOR, split} - {""}
    if odd := [value for value in values if any(mark in value for mark in marks)]:
        renamed = {value: "/".join(value.split(SEPARATOR)) for value in odd}
        values = sorted({renamed.get(value, value) for value in values})
        told = ", ".join(f"{quoted(text)} = {quoted(code)}" for text, code in renamed.items())
        yield f"spellings = {{ {told} }}"
    yield f"codes = {quoted_all(values)}"
    yield "closed = false"


def _vocabulary(values: Sequence[str]) -> str:
    """The shortest list of the standard that has all the values; none where it has."""
    fitting = [name for name in vocabularies() if len(values) > 1 and set(values) <= vocabulary(name).codes]
    return min(fitting, key=lambda name: (len(vocabulary(name)), name), default="")


def _split(column: _Found) -> str:
    """The mark that parts several values in the column's cells: parts must be met again, and be fewer."""
    for mark in SPLITS:
        several = [text for text in column.values if mark in text]
        parts = _parts(column, mark)
        met = {part for text in several for part in map(str.strip, text.split(mark)) if part}
        alone = met & set(column.values)
        if several and len(parts) < len(column.values) and 2 * len(alone) >= len(met):
            return mark
    return ""


def _parts(column: _Found, mark: str) -> list[str]:
    found = {part.strip() for text in column.values for part in text.split(mark)}
    return sorted(part for part in found if part and part.casefold() not in BLANKS)
