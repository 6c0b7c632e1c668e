"""The status page of the United Nations Treaty Collection as a browser saves it."""

import hashlib
from typing import Any

from palermo.appraisal.depositary import markup, sections
from palermo.appraisal.depositary.page import Page, refused
from palermo.appraisal.depositary.untc import PARTICIPANT
from palermo.appraisal.spelling import folded

GRID = "tblgrid"


def page(content: bytes, file: str) -> Page:
    """The page's table of participants and its texts; another layout is refused."""
    root = markup.parsed(content, file)
    grid = _grid(root, file)
    (_, header), *rows = markup.rows(grid)
    lines = markup.lines(root)
    return Page(
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        header=tuple(one.text for one in header),
        rows=tuple(rows),
        head=_before(lines, header[0].text),
        whole="\n".join([*lines, *_addresses(root)]),
        full=True,
        sections=sections.split(lines),
    )


def _grid(root: Any, file: str) -> Any:
    """The table of participants: the one that the Collection names so, or one that is headed so."""
    tables = list(root.iter("table"))
    named = [one for one in tables if (one.get("id") or "").endswith(GRID)]
    heads = [(one, next(iter(markup.rows(one)), (0, ()))[1]) for one in named or tables]
    for table, cells in heads:
        if len(cells) > 1 and folded(cells[0].text) in PARTICIPANT:
            return table
    shown = "; ".join(" | ".join(cell.text for cell in cells[:4]) for _, cells in heads[:3] if cells)
    raise refused(
        file,
        looked="a table headed Participant, Signature and Ratification, Accession(a) or the like",
        found=f"{len(tables)} tables, headed {shown}" if shown else f"{len(tables)} tables",
    )


def _before(lines: tuple[str, ...], first: str) -> tuple[str, ...]:
    return lines[: lines.index(first)] if first in lines else lines[:40]


def _addresses(root: Any) -> list[str]:
    """Addresses in the page that carry the number of the treaty it is about."""
    given = [*root.xpath("//link[@rel='canonical']/@href"), *root.xpath("//form/@action")]
    return [one for one in given if "mtdsg_no=" in one]
