"""A written plan as pieces: headings, numbered items, labelled lines, cells of tables, each with offsets."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePath
from typing import Any, BinaryIO, Final

from palermo.appraisal.plan import form
from palermo.appraisal.statement import file
from palermo.appraisal.words import table

MOST_CHARACTERS: Final = 3_000_000
LARGEST: Final = 256 << 20
NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2})*)(?:[.)]\s*|\s+)(?=\S)")
BULLET = re.compile(r"[-•*▪–◦]\s+")
LABEL = re.compile(r"(?P<label>[^:\d]{2,40}?)\s*(?P<number>\d[\d.]*)?\s*[:–]\s*(?P<said>\S.*)?")
SHORT: Final = 160


class Kind(StrEnum):
    """What a piece is in its document."""

    HEADING = "heading"
    ITEM = "item"
    LABEL = "label"
    CELL = "cell"
    HEAD = "head"
    TEXT = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece: the document's text from `start` to `end`. `slot` names the pieces that are used alike.

    `row` tells the rows of tables apart, 0 outside them; `mark` is the number it bears, such as 2.1; `again`
    says that the cell is the one above, which spans several rows.
    """

    number: int
    kind: Kind
    slot: str
    text: str
    mark: str = ""
    row: int = 0
    again: bool = False
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """A document in pieces; every character that is not blank stands in one of them."""

    name: str
    text: str = field(repr=False)
    pieces: tuple[Piece, ...]


def read(stream: BinaryIO, *, name: str, progress: file.Progress | None = None) -> Outline:
    """The outline of a Word document, a PDF or a text; InvalidRecord where it holds no text."""
    if PurePath(name).suffix.lower() == ".docx" or _zipped(stream):
        found = list(_word(stream, name))
    else:
        whole = file.read(stream, name=name, progress=progress).text
        found = [piece for line in whole.split("\n") for piece in _line(line)]
    held = [one for one in found if one.text]
    if not held:
        raise form.refusal(name, "no-text")
    if sum(len(one.text) for one in held) > MOST_CHARACTERS:
        raise form.refusal(name, "too-long", limit=f"{MOST_CHARACTERS:,}")
    return _placed(name, held)


def _zipped(stream: BinaryIO) -> bool:
    head = stream.read(4)
    stream.seek(0)
    return head.startswith(b"PK\x03\x04")


def _placed(name: str, found: list[Piece]) -> Outline:
    """The pieces numbered from 1, with their offsets in a text of one line each."""
    pieces, at = [], 0
    for number, one in enumerate(found, start=1):
        pieces.append(replace(one, number=number, start=at, end=at + len(one.text)))
        at += len(one.text) + 1
    return Outline(name=name, text="\n".join(one.text for one in found), pieces=tuple(pieces))


# -- Word ---------------------------------------------------------------------------------------------------


def _word(stream: BinaryIO, name: str) -> Iterator[Piece]:
    from docx import Document
    from docx.opc.exceptions import PackageNotFoundError
    from docx.table import Table

    try:
        _check_size(stream, name)
        blocks = list(Document(stream).iter_inner_content())
    except (zipfile.BadZipFile, PackageNotFoundError, KeyError, ValueError, SyntaxError) as error:
        raise form.refusal(name, "broken-document") from error
    row = 0
    for block in blocks:
        if isinstance(block, Table):
            cells = list(_table(block, first=row))
            row = max((one.row for one in cells), default=row)
            yield from cells
        else:
            yield from _paragraph(block)


def _check_size(stream: BinaryIO, name: str) -> None:
    with zipfile.ZipFile(stream) as parts:
        if sum(part.file_size for part in parts.infolist()) > LARGEST:
            raise form.refusal(name, "too-long", limit=f"{LARGEST:,}")
    stream.seek(0)


def _paragraph(block: Any) -> Iterator[Piece]:
    text = " ".join(block.text.split())
    style = (block.style.name or "").casefold() if block.style else ""
    level = next((word for word in style.split() if word.isdigit()), "1")
    if style.startswith(("heading", "titre", "title")):
        yield _piece(Kind.HEADING, f"heading-{level}", text, mark=_mark(text))
    elif style.startswith("list") or _in_list(block):
        yield from _item(text)
    else:
        yield from (one for line in block.text.split("\n") for one in _line(line))


def _in_list(block: Any) -> bool:
    """Whether Word itself numbers the paragraph."""
    properties = block._p.pPr
    return properties is not None and properties.numPr is not None


def _item(text: str) -> Iterator[Piece]:
    labelled = _labelled(text)
    yield labelled or _piece(Kind.ITEM, f"item-{_depth(_mark(text))}", text, mark=_mark(text))


def _table(block: Any, *, first: int) -> Iterator[Piece]:
    """The cells of a table by row; the first row names the columns, and alike columns share their slot.

    A cell that spans columns or rows is one element of the file, met again at each place.
    """
    rows = [list(row.cells) for row in block.rows]
    head = [_words(one) for one in rows[0]] if rows else []
    slots = [f"column:{form.folded(one) or number}" for number, one in enumerate(head, start=1)]
    yield from (_piece(Kind.HEAD, "head", one) for one in dict.fromkeys(head))
    spans = {id(one._tc) for one in rows[0]} if rows else set()
    for number, cells in enumerate(rows[1:], start=first + 1):
        whole = {id(one._tc): (slot, one) for slot, one in zip(slots, cells, strict=False)}
        for key, (slot, one) in whole.items():
            yield replace(_piece(Kind.CELL, slot, _words(one)), row=number, again=key in spans)
        spans = set(whole)


def _words(cell: Any) -> str:
    return " ".join(cell.text.split())


# -- lines --------------------------------------------------------------------------------------------------


def _line(line: str) -> Iterator[Piece]:
    text = " ".join(line.split())
    if labelled := _labelled(text):
        yield labelled
    elif numbered := NUMBERED.match(text):
        yield _piece(Kind.ITEM, f"item-{_depth(numbered['number'])}", text, mark=numbered["number"])
    elif BULLET.match(text):
        yield _piece(Kind.ITEM, "item-0", text)
    elif text and len(text) <= SHORT and text.isupper():
        yield _piece(Kind.HEADING, "heading-1", text)
    else:
        yield _piece(Kind.TEXT, "text", text)


def _labelled(text: str) -> Piece | None:
    """A line such as "Responsible: Ministry of Labour" or "Objective 2: Protect victims"."""
    bare = BULLET.sub("", text, count=1)
    found = LABEL.fullmatch(bare)
    if not found or use_of(found["label"]) is None:
        return None
    slot = f"label:{form.folded(found['label'])}"
    return _piece(Kind.LABEL, slot, text, mark=(found["number"] or "").strip("."))


def said(piece: Piece) -> str:
    """What a piece says beside its label, number or bullet."""
    text = BULLET.sub("", piece.text, count=1)
    if piece.kind is Kind.LABEL and (found := LABEL.fullmatch(text)):
        return (found["said"] or "").strip()
    if piece.kind is Kind.ITEM:
        return NUMBERED.sub("", text, count=1)
    return text


def use_of(heading: str) -> str | None:
    """The use that the words of a heading speak of, if any: the one whose word stands first in it."""
    key = f" {form.folded(heading)} "
    found = [
        (key.index(f" {word} "), -len(word), use)
        for use, words in table("plan_headings.toml")["use"].items()
        for word in words
        if f" {word} " in key
    ]
    return min(found)[2] if found else None


def _mark(text: str) -> str:
    found = NUMBERED.match(text)
    return found["number"] if found else ""


def _depth(mark: str) -> int:
    return mark.count(".") + 1 if mark else 0


def _piece(kind: Kind, slot: str, text: str, *, mark: str = "") -> Piece:
    return Piece(number=0, kind=kind, slot=slot, text=text, mark=mark)
