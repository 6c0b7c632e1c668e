"""Reads any file of cases as records, row by row: every row comes out, read or refused with its reasons.

with read.records("cases.csv") as reading:
    for row in reading:
        ...
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from palermo.errors import InvalidRecord, Problem, Severity, Unknown
from palermo.standards import ctdc, field, flat, htcds, jsonl, record, table, vocabulary, xlsform
from palermo.standards.fault import fault, refusal
from palermo.standards.field import Tier
from palermo.standards.row import Draft, Row, faulty
from palermo.standards.source import Kind, Limits, Source, encoding, opened
from palermo.standards.table import Table

FORMATS: Final = ("jsonl", "csv", "htcds", "xlsform", "ctdc")
EVERY: Final = 1_000
REPEATS: Final = 256
NAMED: Final = 60
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """The format of a file, why we think so, and its rows."""

    format: str
    reason: str
    drafts: Iterator[Draft]
    problems: tuple[Problem, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    unclaimed: tuple[str, ...] = ()


@dataclass(slots=True)
class Tally:
    """How many rows were met so far, and what became of them."""

    read: int = 0
    kept: int = 0
    refused: int = 0


class Reading:
    """The rows of one file; read once, from start to end.

    `format`, `notes` and `problems` say before the first row how the file is understood: encoding, separator,
    layout, odd column names. `columns` pairs each known column with the path of its field; `unclaimed` are
    the columns kept under `local`. `tally` counts the rows given.
    """

    def __init__(
        self,
        source: Source,
        guess: Guess,
        *,
        notes: tuple[str, ...],
        today: dt.date | None,
        progress: Progress | None,
        opened_by: ExitStack,
    ) -> None:
        self.name = source.name
        self.format = guess.format
        self.notes = (*notes, guess.reason)
        self.columns = guess.columns
        self.unclaimed = guess.unclaimed
        self.problems = (*guess.problems, *map(_unclaimed, guess.unclaimed))
        self.tally = Tally()
        self._source = source
        self._drafts = guess.drafts
        self._today = today
        self._progress = progress
        self._open = opened_by
        self._met: dict[str, Row | None] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the file."""
        self._open.close()

    def __iter__(self) -> Iterator[Row]:
        tally = self.tally
        for draft in self._drafts:
            row = self._row(draft)
            tally.read += 1
            if row.record is None:
                tally.refused += 1
            else:
                tally.kept += 1
            if self._progress and tally.read % EVERY == 0:
                self._progress(self._source.position, self._source.size)
            yield row
        if self._progress:
            self._progress(self._source.position, self._source.size)
        self.close()

    def _row(self, draft: Draft) -> Row:
        """Statistical tables repeat rows close to each other: from its third time on, one of T1 is copied."""
        if draft.later is None:
            return _row(draft, name=self.name, today=self._today)
        met = self._met.get(draft.digest)
        if met:
            return met.again(draft.number)
        row = _row(draft.later(), name=self.name, today=self._today)
        repeated = draft.digest in self._met
        self._met[draft.digest] = row.again(row.number) if repeated and _statistical(row) else None
        if len(self._met) > REPEATS:
            del self._met[next(iter(self._met))]
        return row


def records(
    given: Path | str | BinaryIO,
    *,
    format: str | None = None,
    mapping: Mapping[str, str] | None = None,
    codec: str | None = None,
    limits: Limits | None = None,
    today: dt.date | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Opens a file of cases and says how it is understood; the rows follow when the reading is gone through.

    `format` is told from the first lines where it is not named. `mapping` gives columns a field: column name
    to the name of a column that the format knows. Raises InvalidRecord where the file as a whole cannot be
    read, Unreachable where it cannot be opened. `progress` is called with the bytes read and the size.
    """
    with ExitStack() as stack:
        source = stack.enter_context(opened(given, limits=limits))
        guess, notes = _understood(source, format=format, mapping=mapping or {}, codec=codec)
        return Reading(source, guess, notes=notes, today=today, progress=progress, opened_by=stack.pop_all())


def _statistical(row: Row) -> bool:
    """Whether a row holds nothing but the coded part that may stand in clear."""
    return row.record is not None and row.record.tiers().keys() <= {Tier.T1}


def _unclaimed(column: str) -> Problem:
    return fault("unknown-column", path="local", severity=Severity.WARNING, column=column)


def _row(draft: Draft, *, name: str, today: dt.date | None) -> Row:
    if draft.document is None:
        return Row(
            number=draft.number, record=None, problems=draft.problems, raw=draft.raw, digest=draft.digest
        )
    try:
        found = record.read(draft.document, where=f"{name} line {draft.number}", today=today)
    except InvalidRecord as error:
        raw = coded(draft.document, faulty(error.problems))
        problems = (*draft.problems, *error.problems)
        return Row(number=draft.number, record=None, problems=problems, raw=raw, digest=draft.digest)
    problems = (*draft.problems, *found.problems)
    return Row(number=draft.number, record=found, problems=problems, digest=draft.digest)


def coded(document: Mapping[str, Any], problems: tuple[Problem, ...]) -> dict[str, str]:
    """The raw values by path, of coded T1 fields only, and only what is nearly a code or label of their list.

    Anything else there may be a name that stands in the wrong column, and is left in the file it came in.
    """
    found = {problem.path: _value(document, problem.path) for problem in problems}
    return {path: value for path, value in found.items() if isinstance(value, str)}


def _value(document: Mapping[str, Any], path: str) -> Any:
    try:
        declared = field.field(re.sub(r"\[\d+\]$", "", path))
    except Unknown:
        return None
    if declared.tier is not Tier.T1 or not declared.vocabulary:
        return None
    target: Any = document
    try:
        for step in re.findall(r"\w+", path):
            target = target[int(step)] if step.isdigit() else target[step]
        value = target["value"]
    except (KeyError, IndexError, TypeError):
        return None
    meant = isinstance(value, str) and vocabulary.vocabulary(declared.vocabulary).resembles(value)
    return value if meant else None


# -------------------------------------------------------------------------------------- telling the format


def _understood(
    source: Source, *, format: str | None, mapping: Mapping[str, str], codec: str | None
) -> tuple[Guess, tuple[str, ...]]:
    if format is not None and format not in FORMATS:
        raise refusal(source.name, "unknown-format", allowed=", ".join(FORMATS))
    if codec is not None:
        _insist_text(codec)
    if source.kind is Kind.TEXT:
        named, why = (
            (codec, f"{codec}, as asked")
            if codec
            else encoding(source.head, name=source.name, size=source.size)
        )
        text = source.head.decode(named, "replace").lstrip("\ufeff \t\r\n")
        if format == "jsonl" or text.startswith(("{", "[")):
            if mapping:
                raise refusal(source.name, "mapped-json")
            return _json(source, text, format=format, codec=named), (*source.notes, why)
    return _tabular(source, format=format, mapping=mapping, codec=codec)


def _tabular(
    source: Source, *, format: str | None, mapping: Mapping[str, str], codec: str | None
) -> tuple[Guess, tuple[str, ...]]:
    absent: list[str] = []
    for found in table.tables(source, codec=codec):
        if not found.sample:
            continue
        if found.sample[0].problem:
            raise InvalidRecord(source.name, (found.sample[0].problem,))
        columns = table.header(found)
        absent = [name for name in mapping if name not in columns]
        if guess := _table(table.renamed(found, mapping), source, format):
            if absent:
                named = ", ".join(columns[:NAMED])
                raise refusal(source.name, "absent-column", path="header", column=absent[0], allowed=named)
            return guess, found.notes
    if source.kind is Kind.WORKBOOK:
        raise refusal(source.name, "no-sheet", allowed=", ".join(FORMATS))
    if absent:
        raise refusal(source.name, "absent-name", path="header", column=absent[0])
    raise refusal(source.name, "unknown-format", allowed=", ".join(FORMATS))


def _insist_text(codec: str) -> None:
    try:
        "".encode(codec)
    except LookupError:
        raise Unknown(f"No encoding is called {codec!r}. Use one such as utf-8, cp1252 or utf-16.") from None


def _json(source: Source, text: str, *, format: str | None, codec: str) -> Guess:
    first = text.partition("\n")[0]
    array = text.startswith("[") or ('"results"' in text and not first.rstrip().endswith("}"))
    array = array or first.startswith('{"count"')
    drafts = jsonl.objects(source, codec=codec) if array else jsonl.drafts(source, codec=codec)
    kind = "a JSON array" if array else "one JSON object a line"
    own = format == "jsonl" or (format is None and '"schema_version"' in text)
    if own or (format is None and not xlsform.claims(re.findall(r'"([^"]+)"\s*:', text))):
        return Guess(format="jsonl", reason=f"{kind} with our own records", drafts=drafts)
    return Guess(format="xlsform", reason=f"{kind} with form submissions", drafts=xlsform.submissions(drafts))


def _table(found: Table, source: Source, format: str | None) -> Guess | None:
    for name, guess in _GUESSES.items():
        if format in (None, name) and (made := guess(found, source, format is not None)):
            return made
    return None


def _first(found: Table) -> list[str]:
    return [table.plain(cell).strip() for cell in found.sample[0].cells]


def _csv(found: Table, source: Source, named: bool) -> Guess | None:
    header = _first(found)
    known = sum("." in name and flat.known(name) for name in header)
    if not known and not (named and any(map(flat.known, header))):
        return None
    rest = tuple(name for name in header if not flat.known(name) and name != table.LEFT_OUT)
    drafts = flat.drafts(found, limit=source.limits.columns)
    return Guess(
        format="csv",
        reason=f"{known} columns named by field path",
        drafts=drafts,
        columns=tuple((name, name) for name in header if flat.known(name)),
        unclaimed=rest,
    )


def _ctdc(found: Table, source: Source, named: bool) -> Guess | None:
    header = _first(found)
    layout = ctdc.layout(header)
    if layout is None and not (named and len(ctdc.unclaimed(header)) < len(header)):
        return None
    reason = f"CTDC layout: {layout.title}" if layout else "CTDC columns, read by the layout with -99"
    drafts = ctdc.drafts(found, limit=source.limits.columns)
    counted = table.counter(found, 1) is not None
    return Guess(
        format="ctdc",
        reason=reason,
        drafts=drafts,
        columns=ctdc.homes(header[counted:]),
        unclaimed=ctdc.unclaimed(header[counted:]),
    )


def _xlsform(found: Table, source: Source, named: bool) -> Guess | None:
    header = _first(found)
    if not (named or xlsform.claims(header)):
        return None
    drafts = xlsform.drafts(found, limit=source.limits.columns)
    reason = "questions of the HTCDS form with a form server's columns"
    return Guess(
        format="xlsform",
        reason=reason,
        drafts=drafts,
        columns=xlsform.homes(header),
        unclaimed=xlsform.unclaimed(header),
    )


def _htcds(found: Table, source: Source, named: bool) -> Guess | None:
    header = htcds.header(found)
    if header is None:
        return None
    counted = table.counter(found, header.rows)
    rest = tuple(column.name for column in header.columns if column.code is None and column.place != counted)
    reason = f"{header.known} columns of HTCDS 2.0"
    return Guess(
        format="htcds",
        reason=reason,
        drafts=htcds.drafts(found, header),
        problems=header.problems,
        columns=tuple(
            (column.name, htcds.columns()[column.code].home.path) for column in header.columns if column.code
        ),
        unclaimed=rest,
    )


_GUESSES: Final = {"csv": _csv, "ctdc": _ctdc, "xlsform": _xlsform, "htcds": _htcds}
