"""The lines of a CSV file as rows, whichever mark a spreadsheet of the country puts between columns."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from palermo.errors import InvalidRecord
from palermo.prevention.fault import fault
from palermo.prevention.saying import say

MARKS = ",;\t"
MOST_PEOPLE = 10_000_000_000  # in one row: more than there are


def lines(given: Path | BinaryIO) -> list[str]:
    """The lines of a file, or of a stream, in UTF-8; InvalidRecord where it is in another encoding."""
    content = given.read_bytes() if isinstance(given, Path) else given.read()
    try:
        return content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as broken:
        raise InvalidRecord(name(given), [fault("encoding", say("at-file"))]) from broken


def name(given: Path | BinaryIO) -> str:
    """What a file is called where something is wrong with it."""
    return given.name if isinstance(given, Path) else "standard input"


def parted(lines: Sequence[str], *, column: str, where: str) -> list[list[str]]:
    """The cells of each line, parted by the mark that leaves this column in the first."""
    try:
        marks = (mark for mark in MARKS if column in _names(lines[:1], mark))
        return [*csv.reader(lines, delimiter=next(marks, MARKS[0]))]
    except csv.Error as broken:
        raise InvalidRecord(where, [fault("not-csv", say("at-file"))]) from broken


def _names(lines: Sequence[str], mark: str) -> set[str]:
    return {cell.strip().casefold() for row in csv.reader(lines, delimiter=mark) for cell in row}
