"""Whether a CSV file is so plain that DuckDB and Spark read it exactly as the reader of standards does.

Plain is: UTF-8, no quotation marks, one kind of line end, as many cells in every line as names above, no line
empty or too long. Such a file is cut at separators and line ends, and there are no two ways to do that.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from palermo.standards.source import CHUNK, Kind, Limits, Source, encoding
from palermo.standards.source import opened as opened_source
from palermo.standards.table import names, tables

_PARQUET = b"PAR1"
_FEED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """A plain CSV file: the names over its columns, what parts its cells, the longest line allowed."""

    path: Path
    columns: tuple[str, ...]
    delimiter: str
    longest: int
    compressed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parquet:
    """A file whose format says where cells begin."""

    path: Path


def parquet(path: Path) -> bool:
    """Whether the first bytes of a file say that it is Parquet."""
    with path.open("rb") as file:
        return file.read(4) == _PARQUET


def plain(path: Path, *, limits: Limits | None = None) -> Plain | None:
    """What the engines need to know of a plain CSV file; None where it is not one."""
    with opened_source(path, limits=limits) as source:
        if source.kind is not Kind.TEXT or encoding(source.head, name=source.name)[0] != "utf-8":
            return None
        line = source.head.partition(b"\n")[0]
        if b'"' in source.head or not line.strip():
            return None
        found = next(iter(tables(source)))
        header = names(found, limit=source.limits.columns)
        delimiter = next(iter(found.notes[-1].split("'")[1:2]), "")
    delimiter = {"\\t": "\t"}.get(delimiter, delimiter)
    newline = "\r\n" if line.endswith(b"\r") else "\n"
    with opened_source(path, limits=limits) as source:
        if not _even(source, width=len(header), delimiter=delimiter, newline=newline):
            return None
    return Plain(
        path=path,
        columns=tuple(header),
        delimiter=delimiter,
        longest=source.limits.line,
        compressed=bool(source.notes),
    )


def _even(source: Source, *, width: int, delimiter: str, newline: str) -> bool:
    """Whether every line has `width` cells and nothing in the file needs to be understood."""
    decode = codecs.getincrementaldecoder("utf-8")().decode
    open_line, end = b"", newline.encode()
    for piece in _pieces(source):
        try:
            decode(piece, not piece)
        except UnicodeDecodeError:
            return False
        if b'"' in piece or b"\0" in piece or len(open_line) > source.limits.line:
            return False
        whole, _, rest = (open_line + piece).rpartition(b"\n")
        if whole and not _lines(whole + b"\n", width, delimiter, newline, source.limits.line):
            return False
        open_line = rest
    return not open_line or _lines(open_line + end, width, delimiter, newline, source.limits.line)


def _pieces(source: Source) -> Iterator[bytes]:
    """The bytes of a source, and nothing at the end."""
    while piece := source.stream.read(4 * CHUNK):
        yield piece
    yield b""


def _lines(text: bytes, width: int, delimiter: str, newline: str, longest: int) -> bool:
    """Whether whole lines are even."""
    if text.count(newline.encode()) != text.count(_FEED) or text.count(b"\r") != text.count(b"\r\n"):
        return False
    if newline == "\n" and b"\r" in text:
        return False
    bytes_ = np.frombuffer(text, dtype=np.uint8)
    ends = np.flatnonzero(bytes_ == _FEED)
    marks = np.searchsorted(np.flatnonzero(bytes_ == ord(delimiter)), ends)
    return bool((_steps(marks) == width - 1).all() and (_steps(ends) <= longest).all())


def _steps(values: NDArray[np.intp]) -> NDArray[np.intp]:
    return np.diff(values, prepend=values.dtype.type(0))
