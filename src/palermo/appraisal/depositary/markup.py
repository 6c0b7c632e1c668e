"""Saved web pages as lines of text and tables of cells, whatever tags and classes hold them."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html  # type: ignore[import-untyped]  # lxml ships no types

from palermo.appraisal.depositary.page import Cell, broken

BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article blockquote br center div dd dl dt fieldset form h1 h2 h3 h4 h5 h6 hr li ol p "
        "section table tbody td tfoot th thead tr ul",
    )
)
RAISED = frozenset({"sup", "superscript"})
SILENT = frozenset({"script", "style", "noscript", "head", "template"}) | RAISED
NOTE = re.compile(r"\d{1,3}")
BREAK = "\x1e"


def parsed(content: bytes, file: str) -> Any:
    """The page as a tree; UTF-8 unless the page says otherwise."""
    declared = None if b"charset" in content[:4096].lower() else "utf-8"
    try:
        return html.document_fromstring(content, parser=html.HTMLParser(encoding=declared))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise broken(file, "holds no page.", "Save it from the browser as a complete web page.") from error


def lines(root: Any) -> tuple[str, ...]:
    """The page's text, one line for each block, footnote marks left out."""
    return tuple(line for line in map(spaced, "".join(_pieces(root)).split(BREAK)) if line)


def cell(element: Any) -> Cell:
    """A table cell: raised figures are footnotes and no part of its words."""
    raised = [number for one in element.iter(*RAISED) for number in NOTE.findall("".join(one.itertext()))]
    return Cell(text=spaced("".join(_pieces(element)).replace(BREAK, " ")), notes=tuple(raised))


def rows(table: Any) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    """The rows of a table, not of the tables inside it, with the line they stand on."""
    for row in table.iter("tr"):
        if next(row.iterancestors("table")) is table:
            cells = tuple(cell(one) for one in row if one.tag in {"td", "th"})
            if any(one.text for one in cells):
                yield row.sourceline or 0, cells


def spaced(text: str) -> str:
    """Text with single spaces."""
    return " ".join(text.replace("\xa0", " ").split())


def _pieces(element: Any) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in SILENT:
        return
    edge = BREAK if element.tag in BLOCKS else ""
    yield edge + (element.text or "")
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
    yield edge
