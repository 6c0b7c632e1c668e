"""The lines of a CSV file as rows, whichever mark a spreadsheet of the country puts between columns."""

import csv
from collections.abc import Sequence
from pathlib import Path

from palermo.errors import InvalidRecord
from palermo.prevention.fault import fault
from palermo.prevention.saying import say

MARKS = ",;\t"
MOST_PEOPLE = 10_000_000_000  # in one row: more than there are


def lines(path: Path) -> list[str]:
    """The lines of a file in UTF-8; InvalidRecord where it is in another encoding."""
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as broken:
        raise InvalidRecord(path.name, [fault("encoding", say("at-file"))]) from broken


def parted(lines: Sequence[str], *, column: str, where: str) -> list[list[str]]:
    """The cells of each line, parted by the mark that leaves this column in the first."""
    try:
        marks = (mark for mark in MARKS if column in _names(lines[:1], mark))
        return [*csv.reader(lines, delimiter=next(marks, MARKS[0]))]
    except csv.Error as broken:
        raise InvalidRecord(where, [fault("not-csv", say("at-file"))]) from broken


def _names(lines: Sequence[str], mark: str) -> set[str]:
    return {cell.strip().casefold() for row in csv.reader(lines, delimiter=mark) for cell in row}
