"""Where rows go that could not be read: a file beside the source, written whole or not at all."""

import json
import re
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from palermo.standards.outfile import Outfile
from palermo.standards.row import Row

CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.,/&'() -]{0,79}")


def path_for(source: Path) -> Path:
    """The quarantine file that belongs to a file of cases: `<name>.quarantine.jsonl` in the same folder."""
    return source.with_name(source.name + ".quarantine.jsonl")


class Quarantine:
    """Collects refused rows; the file appears under its name on leaving without an error, else not.

    One JSON object a fault: line, field, rule, what was wrong, what would be right, in English and French.
    The raw value is repeated only for a code of a statistical field, never for what could name a person.
    A file left by an earlier run goes away when this run refused nothing.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.rows = 0
        self._out = Outfile(path)

    def __enter__(self) -> Self:
        return self

    def add(self, row: Row) -> None:
        """Writes every fault of a refused row."""
        self.rows += 1
        for entry in entries(row):
            self._out.stream.write((json.dumps(entry, ensure_ascii=False) + "\n").encode())

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self.rows:
            self._out.keep()
            return
        self._out.drop()
        if kind is None and not self._out.special:
            self.path.unlink(missing_ok=True)


def entries(row: Row) -> list[dict[str, object]]:
    """The faults of a refused row as they are written, each with the row's line."""
    return [_entry(row, position) for position in range(len(row.problems))]


def _entry(row: Row, position: int) -> dict[str, object]:
    problem = row.problems[position]
    entry: dict[str, object] = {
        "line": row.number,
        "field": problem.path,
        "rule": problem.rule,
        "severity": problem.severity.value,
        "wrong": problem.wrong,
        "right": problem.remedy,
        "wrong_fr": problem.wrong_fr,
        "right_fr": problem.remedy_fr,
    }
    value = row.raw.get(problem.path)
    if value is not None and CODE.fullmatch(value):
        entry["value"] = value
    return entry
