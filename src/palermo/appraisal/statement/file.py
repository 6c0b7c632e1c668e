"""The text of a file: plain text, HTML, PDF or Word, told apart by content and not by name alone.

A file that holds no text is refused with what to do. Pages are read one at a time, and `progress` is told of
each: pages done, pages there are.
"""

import codecs
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from palermo.errors import InvalidRecord, Problem

Progress = Callable[[int, int], None]

HEAD = 4096
LARGEST = 64 * 2**20
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
HTML = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
SKIPPED = ("script", "style", "nav", "form", "noscript", "template", "svg", "iframe", "button", "select")
BLOCKS = re.compile(
    "address|article|aside|blockquote|br|d[dlt]|div|figcaption|figure|footer|h[1-6r]|header|li|main|[ou]l|p|pre"
    "|section|table|t[dhr]|title"
)
BLANKS = re.compile(r"[^\S\n]+")
HYPHENATED = re.compile(r"(?<=[a-zà-þ])-\n(?=[a-zà-þ])")
WRAPPED = re.compile(r"(?<=[^\s.:;!?»”\"])[^\S\n]*\n(?=[^\S\n]*[a-zà-þ(])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The text that was read, and what could not be."""

    text: str
    notes: tuple[str, ...] = ()


def read(source: BinaryIO, *, name: str, progress: Progress | None = None) -> Read:
    """The text of a file; the stream is read from its beginning."""
    head = source.read(HEAD)
    source.seek(0)
    reader = _reader(head, PurePath(name).suffix.lower(), name)
    found = reader(source, name, progress or _silent)
    if not any(one.isalpha() for one in found.text):
        raise _refused(name, "holds no text.", "Give the document itself, with words in it.")
    return found


def _silent(_done: int, _all: int) -> None:
    """Nobody asked."""


def _reader(head: bytes, suffix: str, name: str) -> Callable[[BinaryIO, str, Progress], Read]:
    if b"%PDF-" in head[:1024]:
        return _pdf
    if head.startswith(b"PK\x03\x04"):
        return _docx
    if head.startswith((b"\xd0\xcf\x11\xe0", b"{\\rtf")):
        raise _refused(name, "is an old Word or RTF file.", "Save it as .docx, .pdf or .txt.")
    if suffix in {".html", ".htm", ".xhtml"} or HTML.search(head):
        return _html
    return _plain


def _plain(source: BinaryIO, name: str, progress: Progress) -> Read:
    text, note = _decoded(_whole(source, name), name)
    progress(1, 1)
    return Read(text=unwrapped(text), notes=note)


def _html(source: BinaryIO, name: str, progress: Progress) -> Read:
    from lxml import html  # type: ignore[import-untyped]  # lxml ships no types

    data = _whole(source, name)
    declared = CHARSET.search(data[:HEAD])
    text, note = _decoded(data, name, declared=declared[1].decode("ascii") if declared else None)
    page = html.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text) or "<p></p>")
    progress(1, 1)
    return Read(text=_tidy("".join(_written(page))), notes=note)


def _written(node: "object") -> Iterator[str]:
    """The words of an element in order, a line for each block; what is no text is left out."""
    tag = getattr(node, "tag", None)
    if isinstance(tag, str) and tag not in SKIPPED:
        edge = "\n" if BLOCKS.fullmatch(tag) else ""
        yield edge + re.sub(r"\s+", " ", getattr(node, "text", None) or "")
        for child in node:  # type: ignore[attr-defined]  # an element of lxml, which has no types here
            yield from _written(child)
        yield edge
    yield re.sub(r"\s+", " ", getattr(node, "tail", None) or "")


def _pdf(source: BinaryIO, name: str, progress: Progress) -> Read:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it warns of is told as a note or a refusal
    try:
        document = PdfReader(source)
        if document.is_encrypted and not document.decrypt(""):
            raise _refused(name, "is locked with a password.", "Save a copy without one.")
        pages = list(_pages(document, progress))
    except (PyPdfError, ValueError, KeyError, IndexError) as error:
        raise _refused(name, "is not a whole PDF.", "Download it again, or save it as text.") from error
    empty = [str(number) for number, page in enumerate(pages, 1) if not page.strip()]
    if len(empty) == len(pages):
        remedy = "Run text recognition (OCR) over it first, or ask for the file it was printed from."
        raise _refused(name, "has pages without text: pictures of paper, it seems.", remedy)
    note = (f"No text on page {', '.join(empty)}: pictures, perhaps.",) if empty else ()
    return Read(text=_tidy(unwrapped("\n\n".join(pages), wide=True)), notes=note)


def _pages(document: "object", progress: Progress) -> Iterator[str]:
    pages = document.pages  # type: ignore[attr-defined]  # a PdfReader, imported only where it is used
    for number, page in enumerate(pages, 1):
        yield page.extract_text()
        progress(number, len(pages))


def _docx(source: BinaryIO, name: str, progress: Progress) -> Read:
    from docx import Document
    from docx.table import Table

    try:
        with zipfile.ZipFile(source) as parts:
            if sum(part.file_size for part in parts.infolist()) > 4 * LARGEST:
                raise _refused(name, "unfolds to more than 256 MiB.", "Save its text alone.")
        source.seek(0)
        blocks = list(Document(source).iter_inner_content())
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise _refused(name, "is not a Word document.", "Give .docx, .pdf, .html or .txt.") from error
    lines: list[str] = []
    for number, block in enumerate(blocks, 1):
        lines += _cells(block) if isinstance(block, Table) else [block.text]
        progress(number, len(blocks))
    return Read(text=_tidy("\n".join(lines)))


def _cells(table: "object") -> list[str]:
    rows = table.rows  # type: ignore[attr-defined]  # a Table of python-docx
    return [cell.text for row in rows for cell in row.cells]


def unwrapped(text: str, *, wide: bool = False) -> str:
    """Lines that a sentence runs over, joined; blanks take the place of line ends, so offsets stay.

    With `wide`, as on printed pages, a long line goes on in the next even where that begins with a capital,
    and a word cut by a hyphen is made whole.
    """
    if not wide:
        return WRAPPED.sub(lambda end: " " * len(end[0]), text)
    lines = HYPHENATED.sub("", text).split("\n")
    longest = sorted(len(line) for line in lines)[-max(1, len(lines) // 10)]
    joined = "".join(line.rstrip() + (" " if _goes_on(line, longest) else "\n") for line in lines)
    return WRAPPED.sub(" ", joined)


def _goes_on(line: str, longest: int) -> bool:
    """Whether a printed line is full and ends inside a sentence."""
    stripped = line.rstrip()
    return len(stripped) > 0.8 * longest > 24 and stripped[-1] not in '.:;!?»”"'


def _decoded(data: bytes, name: str, *, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """The text of bytes: by mark, as declared, as UTF-8, or else as Windows-1252, which is noted."""
    marked = next((encoding for mark, encoding in BOMS if data.startswith(mark)), None)
    for encoding in filter(None, (marked, declared, "utf-8")):
        try:
            return _lines(data.decode(encoding), name), ()
        except (UnicodeDecodeError, LookupError):
            continue
    if b"\0" in data:
        raise _refused(name, "is not text.", "Give .txt, .html, .pdf or .docx.")
    text = data.decode("cp1252", errors="replace")
    return _lines(text, name), ("Read as Windows-1252, since it is not UTF-8.",)


def _lines(text: str, name: str) -> str:
    if "\0" in text:
        raise _refused(name, "is not text.", "Give .txt, .html, .pdf or .docx.")
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")


def _tidy(text: str) -> str:
    """One blank where there were several, and no more than one empty line."""
    lines = [BLANKS.sub(" ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _whole(source: BinaryIO, name: str) -> bytes:
    data = source.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise _refused(name, "is larger than 64 MiB of text.", "Cut it into parts.")
    return data


def _refused(name: str, wrong: str, remedy: str) -> InvalidRecord:
    return InvalidRecord(name, [Problem(rule="document", path="file", wrong=wrong, remedy=remedy)])
