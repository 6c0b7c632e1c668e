"""The XML export of a status page of the United Nations Treaty Collection."""

import hashlib
import html
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types

from palermo.appraisal.depositary.markup import spaced
from palermo.appraisal.depositary.page import Cell, Page, Section, broken, refused

RAISED = re.compile(r"<su(?:perscript|p)>(.*?)</su(?:perscript|p)>", re.I | re.S)
TAG = re.compile(r"</?[A-Za-z][^<>]*>")
NUMBER = re.compile(r"\d{1,3}")
SECTIONS = {
    "declaration": Section.DECLARATIONS,
    "objection": Section.OBJECTIONS,
    "endnote": Section.NOTES,
}


def page(content: bytes, file: str) -> Page:
    """The export's rows and texts; XML of another kind is refused."""
    root = _parsed(content, file)
    rows = [(row.sourceline or 0, tuple(_cell(one) for one in _cells(row))) for row in _named(root, "row")]
    header = _header(root, rows)
    if not header:
        names = sorted({_name(one) for one in root.iter() if isinstance(one.tag, str)})
        raise refused(
            file, looked="Participants with rows of entries", found=f"the elements {', '.join(names[:12])}"
        )
    return Page(
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        header=header,
        rows=tuple((line, cells) for line, cells in rows if tuple(one.text for one in cells) != header),
        head=tuple(_head(root)),
        whole="\n".join(_texts(root)),
        full=True,
        sections={part: tuple(_section(root, name)) for name, part in SECTIONS.items()},
    )


def _parsed(content: bytes, file: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        return etree.fromstring(content, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise broken(file, f"the XML breaks off: {error}.", "Download it again.") from error


def _name(element: Any) -> str:
    return str(etree.QName(element).localname).casefold()


def _named(root: Any, name: str) -> Iterator[Any]:
    return (one for one in root.iter() if isinstance(one.tag, str) and _name(one) == name)


def _cells(row: Any) -> list[Any]:
    return [one for one in row if isinstance(one.tag, str) and _name(one) in {"entry", "column"}]


def _text(element: Any) -> str:
    """An element's text as it was written: marks may stand in it as escaped tags."""
    return html.unescape("".join(etree.tostring(element, encoding="unicode", method="xml", with_tail=False)))


def _bare(text: str) -> str:
    return spaced(html.unescape(TAG.sub(" ", RAISED.sub("", text))))


def _cell(element: Any) -> Cell:
    text = _text(element)
    notes = [number for raised in RAISED.findall(text) for number in NUMBER.findall(raised)]
    return Cell(text=_bare(text), notes=tuple(notes))


def _header(root: Any, rows: list[tuple[int, tuple[Cell, ...]]]) -> tuple[str, ...]:
    """The head of the table: its own element, the titles of a special table, or its first row."""
    for part in (*_named(root, "thead"), *_named(root, "tableheader")):
        cells = [one for one in part.iter() if _name(one) in {"entry", "title", "column"}]
        if cells:
            return tuple(_cell(one).text for one in cells)
    first = tuple(one.text for one in rows[0][1]) if rows else ()
    return first if first and first[0].casefold().startswith("participant") else ()


def _head(root: Any) -> Iterator[str]:
    for name in ("chapter", "titlesect", "title"):
        for one in _named(root, name):
            yield _bare(_text(one))


def _texts(root: Any) -> Iterator[str]:
    for one in root.iter():
        if isinstance(one.tag, str) and not len(one) and _name(one) != "entry":
            label = "Status as at " if _name(one) in {"asof", "statusasat"} else ""
            yield label + _bare(_text(one))


def _section(root: Any, name: str) -> Iterator[str]:
    """The lines of a section: for each entry its participant or number, then its paragraphs."""
    for entry in _named(root, name):
        for one in entry.iter():
            if isinstance(one.tag, str) and not len(one) and (line := _bare(_text(one))):
                yield line
