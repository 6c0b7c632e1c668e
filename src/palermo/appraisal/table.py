"""Open a published table: plain or gzip CSV, its header checked, every unreadable row counted and named."""

import csv
import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from palermo.errors import InvalidRecord, Problem, Unreachable

LARGEST = 200 * 1024 * 1024


@dataclass(slots=True, kw_only=True)
class Count:
    """What became of the rows of one table; `unused` says why rows were not needed."""

    rows: int = 0
    used: int = 0
    unused: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def leave(self, why: str) -> None:
        self.unused[why] = self.unused.get(why, 0) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table in memory: its rows by column name, each with its line number in the file."""

    file: str
    sha256: str
    columns: tuple[str, ...]
    rows: tuple[tuple[int, Mapping[str, str]], ...]
    problems: tuple[Problem, ...]


def read(path: Path, *, columns: Sequence[str]) -> Sheet:
    """Read a table that must have these columns; a file that is no such table is refused, with the reason."""
    held = content(path)
    text = _text(path, held)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = tuple(name.strip() for name in next(reader, []))
    _check_header(path, header, columns)
    problems: list[Problem] = []
    rows = tuple(_rows(path, reader, header, problems))
    return Sheet(
        file=path.name,
        sha256=hashlib.sha256(held).hexdigest(),
        columns=header,
        rows=rows,
        problems=tuple(problems),
    )


def fault(*, line: int, column: str, wrong: str, remedy: str) -> Problem:
    """A row that could not be read, named by line and column."""
    return Problem(rule="unreadable-row", path=f"line {line}, {column}", wrong=wrong, remedy=remedy)


def content(path: Path) -> bytes:
    """The bytes of a file, unpacked where it is gzip; never more than the largest table."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except FileNotFoundError as error:
        raise Unreachable(
            f"{path.name}: there is no such file. Check the folder given with --data."
        ) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise _refused(path, "the gzip file is cut short or damaged.", "Download it again.") from error
    if len(content) > LARGEST:
        raise _refused(path, f"the table is larger than {LARGEST:,} bytes.", "Split it by year.")
    return content


def _text(path: Path, content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refused(path, f"line {line} is not UTF-8.", "Save the table as UTF-8 CSV.") from error


def _check_header(path: Path, header: tuple[str, ...], columns: Sequence[str]) -> None:
    twice = sorted({name for name in header if header.count(name) > 1})
    missing = [name for name in columns if name not in header]
    problems = [
        Problem(rule="header", path=f"line 1, {name}", wrong="the column stands twice.", remedy="Keep one.")
        for name in twice
    ] + [
        Problem(
            rule="header", path=f"line 1, {name}", wrong="the column is missing.", remedy=_near(name, header)
        )
        for name in missing
    ]
    if problems:
        raise InvalidRecord(path.name, problems)


def _near(name: str, header: tuple[str, ...]) -> str:
    near = get_close_matches(name, header, n=1)
    return f"Rename {near[0]!r}?" if near else f"The file has: {', '.join(header) or 'nothing'}."


def _rows(
    path: Path, reader: Iterator[list[str]], header: tuple[str, ...], problems: list[Problem]
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows by column; one with another number of cells goes to `problems`."""
    try:
        for line, cells in enumerate(reader, start=2):
            if len(cells) == len(header):
                yield line, dict(zip(header, cells, strict=True))
            elif cells:
                wrong = f"has {len(cells)} cells where the header has {len(header)}."
                problems.append(
                    fault(line=line, column="row", wrong=wrong, remedy="Quote cells with commas.")
                )
    except csv.Error as error:
        raise _refused(path, f"the CSV breaks off: {error}.", "Save it again as CSV.") from error


def _refused(path: Path, wrong: str, remedy: str) -> InvalidRecord:
    return InvalidRecord(
        path.name, [Problem(rule="unreadable-table", path="file", wrong=wrong, remedy=remedy)]
    )
