"""A file read against a schema, into a secret that only counting may open.

A plain CSV file, or Parquet, is grouped where it lies by an engine. Any other file goes through the reader of
standards row by row. Both take a cell for the same code, by the same function, and refuse the same.
"""

import hashlib
import secrets
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from palermo.errors import InvalidRecord, Problem, Unreachable
from palermo.prevention.release import grouping
from palermo.prevention.release.engine import Duck, Engine
from palermo.prevention.release.fault import fault, refusal
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.plain import Parquet, Plain, parquet, plain
from palermo.prevention.release.schema import Column, Schema
from palermo.prevention.release.unlisted import Unlisted
from palermo.standards.source import Limits, opened
from palermo.standards.table import Line, names, tables

AT_ONCE = 50_000
MOST_PROBLEMS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What was read: the persons, the SHA-256 of the file, and the columns that the schema does not name."""

    persons: Secret[Persons]
    hash: str
    left_out: tuple[str, ...]


def read(path: Path, schema: Schema, *, engine: Engine | None = None, limits: Limits | None = None) -> Intake:
    """The persons of a file. Without an engine, DuckDB in this process groups them."""
    told = _hash(path)
    file = Parquet(path=path) if parquet(path) else plain(path, limits=limits)
    if file is None and engine is not None:
        raise refusal(path.name, "not-plain", path="file")
    with Duck() as duck:
        if file is None:
            known, left_out = _by_rows(path, schema, duck, limits)
        else:
            known, left_out = _by_engine(file, schema, engine or duck)
    return Intake(persons=Secret(known), hash=told, left_out=left_out)


def of_rows(header: Sequence[str], rows: Iterable[Sequence[str]], schema: Schema) -> Secret[Persons]:
    """The persons of rows of cells that another part of the program made."""
    lines = (Line(number, list(cells)) for number, cells in enumerate(rows, start=1))
    with Duck() as duck:
        _check_header("rows", header, schema)
        return Secret(_coded("rows", header, lines, schema, duck))


def _hash(path: Path) -> str:
    if path.exists() and not path.is_file():
        raise refusal(path.name, "not-a-file", path="file")
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        wrong = f"{path.name}: {error.strerror}."
        raise Unreachable(f"{wrong} Give the path of a file that you may read.") from error


def _by_engine(file: Plain | Parquet, schema: Schema, engine: Engine) -> tuple[Persons, tuple[str, ...]]:
    header = file.columns if isinstance(file, Plain) else tuple(engine.names(file))
    _check_header(file.path.name, header, schema)
    return grouping.grouped(file, schema, engine, salt=secrets.token_hex(16)), _left_out(header, schema)


def _by_rows(
    path: Path, schema: Schema, duck: Duck, limits: Limits | None
) -> tuple[Persons, tuple[str, ...]]:
    with opened(path, limits=limits) as source:
        table = next(iter(tables(source)))
        header = names(table, limit=source.limits.columns)
        _check_header(path.name, header, schema)
        known = _coded(path.name, header, table.body(1, len(header)), schema, duck)
    return known, _left_out(header, schema)


def _check_header(where: str, header: Sequence[str], schema: Schema) -> None:
    wanted = [column.name for column in schema.columns] + ([schema.person] if schema.person else [])
    problems = [fault("missing-column", path=f"column {name}") for name in wanted if name not in header]
    if problems:
        raise InvalidRecord(where, problems)


def _left_out(header: Sequence[str], schema: Schema) -> tuple[str, ...]:
    used = {schema.person, *(column.name for column in schema.columns)}
    return tuple(name for name in header if name and name not in used)


def _coded(where: str, header: Sequence[str], lines: Iterable[Line], schema: Schema, duck: Duck) -> Persons:
    """Rows told cell by cell, kept by the engine until they are grouped."""
    coding = _Coding(schema=schema, header=header)
    for codes, people in coding.parts(lines):
        duck.append("coded", grouping.columns(codes, people))
    if problems := coding.problems():
        raise InvalidRecord(where, problems)
    if not coding.rows:
        raise refusal(where, "no-rows", path="file")
    return grouping.distinct(where, schema, duck)


@dataclass(slots=True, kw_only=True)
class _Coding:
    """Lines becoming codes: what each text of a column means, and what was wrong."""

    schema: Schema
    header: Sequence[str]
    rows: int = 0
    wrong: list[Problem] = field(default_factory=list)
    nobody: bool = False
    known: list[dict[str, tuple[int, ...]]] = field(default_factory=list)
    unlisted: list[Unlisted] = field(default_factory=list)

    def parts(self, lines: Iterable[Line]) -> Iterator[tuple[NDArray[np.int16], list[str]]]:
        """The codes of some rows at a time, and whom each is about where the schema asks."""
        self.known = [{} for _ in self.schema.columns]
        self.unlisted = [Unlisted(column=column) for column in self.schema.columns]
        places = [self.header.index(column.name) for column in self.schema.columns]
        salt, rows = secrets.token_bytes(16), iter(lines)
        while part := list(islice(rows, AT_ONCE)):
            told = array("h")
            good = [line for line in part if self._good(line)]
            for line in good:
                for number, place in enumerate(places):
                    told.extend(self._values(number, line.cells[place]))
            self.rows += len(good)
            codes = np.frombuffer(told, dtype=np.int16).reshape(len(good), len(self.schema.fields))
            if good:
                yield codes, list(self._people(good, salt))

    def _good(self, line: Line) -> bool:
        if line.problem and len(self.wrong) < MOST_PROBLEMS:
            self.wrong.append(line.problem)
        return line.problem is None

    def _values(self, number: int, cell: str) -> tuple[int, ...]:
        values = self.known[number].get(cell)
        if values is None:
            values = self._told(self.schema.columns[number], number, cell)
            if len(self.known[number]) < AT_ONCE:
                self.known[number][cell] = values
        return values

    def _told(self, column: Column, number: int, cell: str) -> tuple[int, ...]:
        values = column.values(cell)
        if values is None:
            self.unlisted[number].add(cell)
            return (0,) * len(column.fields)
        return values

    def _people(self, lines: Sequence[Line], salt: bytes) -> Iterator[str]:
        """A keyed name of each row's person, good for this reading only."""
        if self.schema.person is None:
            return
        place = self.header.index(self.schema.person)
        for line in lines:
            person = grouping.who(line.cells[place])
            self.nobody = self.nobody or not person
            yield hashlib.blake2b(
                person.encode("utf-8", "surrogatepass"), key=salt, digest_size=16
            ).hexdigest()

    def problems(self) -> list[Problem]:
        """Everything wrong with the table."""
        found = [*self.wrong, *(problem for one in self.unlisted for problem in one.problems())]
        if self.nobody:
            found.append(fault("person-missing", path=f"column {self.schema.person}"))
        return found
