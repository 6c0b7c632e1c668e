"""Opens a file of cases without trusting it: compression, size, encoding and line length each have a limit.

Nothing here knows what a record is. What comes out is bytes or lines of text, with the reasons for how
they were read; memory stays bounded whatever the file holds.
"""

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final, cast

from palermo.errors import Problem, Unreachable
from palermo.standards.fault import fault, refusal

HEAD: Final = 65_536
CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a file may ask of us: characters a line, columns, bytes once expanded, parts of a workbook."""

    line: int = 1 << 20
    columns: int = 2_000
    expanded: int = 64 << 30
    parts: int = 2_000
    workbook: int = 1 << 30
    strings: int = 128 << 20
    ratio: int = 200
    held: int = 64 << 20


class Kind(StrEnum):
    """What the first bytes say a file is."""

    TEXT = "text"
    WORKBOOK = "workbook"


@dataclass(slots=True, kw_only=True)
class Source:
    """One opened file: its name, what it is, its expanded bytes, and how far we have read."""

    name: str
    kind: Kind
    stream: BinaryIO
    raw: BinaryIO
    size: int | None
    head: bytes
    limits: Limits
    notes: tuple[str, ...] = ()

    @property
    def position(self) -> int:
        """Bytes of the file as stored that have been read so far."""
        return self.raw.tell() if self.raw.seekable() else 0


@contextmanager
def opened(given: Path | str | BinaryIO, *, limits: Limits | None = None) -> Iterator[Source]:
    """Opens a path or a binary stream; a compressed file is checked to its end before it is given."""
    limits = limits or Limits()
    if isinstance(given, (str, Path)):
        with _file(Path(given)) as raw:
            yield _source(raw, name=Path(given).name, size=Path(given).stat().st_size, limits=limits)
    else:
        yield _source(given, name=Path(str(getattr(given, "name", "input"))).name, size=None, limits=limits)


def _file(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        wrong = f"{path.name or path}: {error.strerror or 'cannot be opened'}."
        raise Unreachable(f"{wrong} Give the path of a file that you may read.") from error


def _source(raw: BinaryIO, *, name: str, size: int | None, limits: Limits) -> Source:
    head, stream = _ahead(raw, name=name)
    notes: tuple[str, ...] = ()
    if head.startswith(b"\x1f\x8b"):
        head, stream = _ahead(_expanded(raw, stream, name=name, limits=limits), name=name)
        notes = ("compressed with gzip",)
    kind = _kind(head, name=name)
    if kind is Kind.WORKBOOK:
        stream = _whole(raw, stream, name=name, limits=limits, packed=bool(notes))
        _check_parts(stream, name=name, limits=limits)
    return Source(
        name=name, kind=kind, stream=stream, raw=raw, size=size, head=head, limits=limits, notes=notes
    )


def _ahead(stream: BinaryIO, *, name: str) -> tuple[bytes, BinaryIO]:
    """The first bytes of a stream that can be read once, and a stream that still gives them."""
    try:
        head = stream.read(HEAD)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise refusal(name, "broken-gzip") from error
    if not head:
        raise refusal(name, "empty-file")
    return head, io.BufferedReader(_Ahead(head, stream), CHUNK >> 2)


class _Ahead(io.RawIOBase):
    """A stream whose first bytes were already taken: gives them again, then the rest."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = memoryview(head)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # typeshed's buffer is wider
        data = self._head[: len(buffer)]
        self._head = self._head[len(data) :]
        data = data or memoryview(self._stream.read(len(buffer)))
        buffer[: len(data)] = data
        return len(data)


def _whole(raw: BinaryIO, stream: BinaryIO, *, name: str, limits: Limits, packed: bool) -> BinaryIO:
    """A workbook as a stream that can be searched; from a pipe it is held in memory, up to a limit."""
    if packed:
        raise refusal(name, "workbook-in-gzip")
    if raw.seekable():
        raw.seek(0)
        return raw
    data = stream.read(limits.held + 1)
    if len(data) > limits.held:
        raise refusal(name, "too-large", limit=limits.held)
    return io.BytesIO(data)


def _kind(head: bytes, *, name: str) -> Kind:
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind.WORKBOOK
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise refusal(name, "old-workbook")
    if head.startswith(
        (b"\x1f\x8b", b"%PDF", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
    ):
        raise refusal(name, "not-a-table")
    return Kind.TEXT


def _expanded(raw: BinaryIO, stream: BinaryIO, *, name: str, limits: Limits) -> BinaryIO:
    """The bytes inside a gzip file; unless it is a pipe, it is first read to its end to find it whole."""
    if not raw.seekable():
        return cast("BinaryIO", gzip.GzipFile(fileobj=stream, mode="rb"))
    raw.seek(0)
    expanded = gzip.GzipFile(fileobj=raw, mode="rb")
    _check_gzip(expanded, name=name, limits=limits)
    expanded.seek(0)
    return cast("BinaryIO", expanded)


def _check_gzip(stream: gzip.GzipFile, *, name: str, limits: Limits) -> None:
    total = 0
    try:
        while block := stream.read(CHUNK):
            total += len(block)
            if total > limits.expanded:
                raise refusal(name, "too-large", limit=limits.expanded)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise refusal(name, "broken-gzip") from error


def _check_parts(stream: BinaryIO, *, name: str, limits: Limits) -> None:
    """Refuses a workbook whose parts are too many, too large or squeezed too hard, before any is expanded."""
    try:
        with zipfile.ZipFile(stream) as parts:
            entries = parts.infolist()
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise refusal(name, "broken-workbook") from error
    finally:
        stream.seek(0)
    if len(entries) > limits.parts:
        raise refusal(name, "too-many-parts", given=len(entries), limit=limits.parts)
    if sum(entry.file_size for entry in entries) > limits.workbook:
        raise refusal(name, "zip-bomb", limit=limits.workbook)
    if any(_squeezed(entry, limits=limits) for entry in entries):
        raise refusal(name, "zip-bomb", limit=limits.workbook)
    if any(entry.file_size > limits.strings for entry in entries if "sharedStrings" in entry.filename):
        raise refusal(name, "zip-bomb", limit=limits.strings)


def _squeezed(entry: zipfile.ZipInfo, *, limits: Limits) -> bool:
    return entry.file_size > CHUNK and entry.file_size > limits.ratio * max(entry.compress_size, 1)


MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8 with a byte order mark"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32 by its byte order mark"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32 by its byte order mark"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16 by its byte order mark"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16 by its byte order mark"),
)


def encoding(head: bytes, *, name: str, size: int | None = None) -> tuple[str, str]:
    """The encoding of a text by its first bytes, and why: by mark, by zero bytes, by validity."""
    for mark, codec, reason in MARKS:
        if head.startswith(mark):
            return codec, reason
    for codec, zeros in (("utf-16-le", head[1:4096:2]), ("utf-16-be", head[0:4096:2])):
        if len(zeros) > 1 and zeros.count(0) * 10 > len(zeros) * 4:
            return codec, f"{codec.upper()} without a byte order mark: every second byte is zero"
    if _decodes(head, "utf-8", final=size is not None and size <= len(head)):
        return "utf-8", "UTF-8"
    if _decodes(head, "cp1252", final=True) and not _binary(head):
        return "cp1252", "Windows-1252, as the bytes are not UTF-8; save the file as UTF-8 to be sure"
    raise refusal(name, "unknown-encoding")


def _decodes(head: bytes, codec: str, *, final: bool) -> bool:
    try:
        codecs.getincrementaldecoder(codec)().decode(head, final)
    except UnicodeDecodeError:
        return False
    return True


def _binary(head: bytes) -> bool:
    control = sum(head.count(byte) for byte in range(32) if byte not in (9, 10, 13))
    return control * 50 > len(head)


def lines(source: Source, *, codec: str, wrong: dict[int, Problem]) -> Iterator[str]:
    """The lines of a text, with their ends; a line at fault is noted in `wrong` and still given.

    A line longer than the limit is given empty: its rest is read past in pieces of the limit's size.
    """
    limit, number = source.limits.line, 0
    with _text(source, codec, _leniency(codec)) as text:
        while line := text.readline(limit):
            number += 1
            if len(line) >= limit and line[-1] not in "\r\n":
                _skip(text, limit)
                wrong[number] = fault("line-too-long", path=f"line {number}", limit=limit)
                line = "\n"
            elif not line.isascii() or "\0" in line:
                _check_line(line, number, codec=codec, wrong=wrong)
            yield line


def pieces(source: Source, *, codec: str) -> Iterator[str]:
    """The text in pieces of bounded size, whatever its lines; wrong bytes end it with an error."""
    with _text(source, codec, "strict") as text:
        while piece := text.read(HEAD):
            yield piece


@contextmanager
def _text(source: Source, codec: str, leniency: str) -> Iterator[io.TextIOWrapper]:
    text = io.TextIOWrapper(source.stream, encoding=codec, errors=leniency, newline="")
    try:
        yield text
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise refusal(source.name, "broken-gzip") from error
    except UnicodeDecodeError as error:
        raise refusal(source.name, "broken-text", codec=codec) from error


def _leniency(codec: str) -> str:
    """UTF-8 and single-byte text carry a wrong byte through to its row; UTF-16 is lost from there on."""
    return "surrogateescape" if codec in ("utf-8", "utf-8-sig", "cp1252") else "strict"


def _skip(text: io.TextIOWrapper, limit: int) -> None:
    while (more := text.readline(limit)) and more[-1] not in "\r\n":
        pass


def _check_line(line: str, number: int, *, codec: str, wrong: dict[int, Problem]) -> None:
    if "\0" in line:
        wrong[number] = fault("zero-byte", path=f"line {number}", column=line.index("\0") + 1)
        return
    try:
        line.encode("utf-8")
    except UnicodeEncodeError as error:
        wrong[number] = fault("wrong-bytes", path=f"line {number}", column=error.start + 1, codec=codec)
