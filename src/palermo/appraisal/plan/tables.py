"""The sheets of a plan's file as rows of text: a workbook, or a folder with one CSV file a sheet."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

from palermo.appraisal.plan import form
from palermo.errors import Unreachable
from palermo.standards import source, workbook
from palermo.standards.source import Kind, Limits

LIMITS: Final = Limits(columns=200, workbook=64 << 20, expanded=64 << 20)
MOST_ROWS: Final = 10_000

Cells = tuple[str, ...]
Rows = list[tuple[int, Cells]]


def tables(given: Path | BinaryIO) -> Iterator[tuple[str, Rows]]:
    """Each sheet's name and its rows that hold anything, with their numbers."""
    if isinstance(given, Path) and given.is_dir():
        yield from _folder(given)
        return
    with source.opened(given, limits=LIMITS) as opened:
        if opened.kind is not Kind.WORKBOOK:
            raise form.refusal(opened.name, "broken-document")
        for name in workbook.sheets(opened):
            yield name, _held(name, workbook.rows(opened, name))


def _held(name: str, rows: Iterable[tuple[int, Cells]]) -> Rows:
    held: Rows = []
    for number, cells in rows:
        if len(held) == MOST_ROWS:
            raise form.refusal(name, "too-many-rows", limit=f"{MOST_ROWS:,}")
        if any(one.strip() for one in cells):
            held.append((number, cells))
    return held


def _folder(folder: Path) -> Iterator[tuple[str, Rows]]:
    files = sorted(folder.glob("*.csv"))
    if not files:
        raise Unreachable(f"{folder.name}: holds no CSV file. Give a folder with plan.csv and actions.csv.")
    for file in files:
        text = _text(file)
        head = text.partition("\n")[0]
        delimiter = max(";,\t", key=head.count)
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        yield file.stem, _held(file.name, ((number, tuple(cells)) for number, cells in enumerate(rows, 1)))


def _text(file: Path) -> str:
    with source.opened(file, limits=LIMITS) as opened:
        content = opened.stream.read()
        codec, _ = source.encoding(opened.head, name=file.name, size=opened.size)
    try:
        return content.decode(codec)
    except UnicodeDecodeError as error:
        raise form.refusal(file.name, "broken-document") from error
