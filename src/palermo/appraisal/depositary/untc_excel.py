"""The table of participants exported to a spreadsheet; it holds no declarations and no end notes."""

import hashlib
import io
import re

from palermo.appraisal.depositary.page import Cell, Page, refused
from palermo.appraisal.depositary.untc import PARTICIPANT
from palermo.appraisal.spelling import folded
from palermo.standards import source, workbook

TRAILING = re.compile(r"(?<=[^\d\s])[\s,]*(\d{1,3}(?:\s*,\s*\d{1,3})*)\s*$")


def page(content: bytes, file: str) -> Page:
    """The first sheet with a row headed Participant."""
    stream = io.BytesIO(content)
    stream.name = file
    with source.opened(stream) as opened:
        names = workbook.sheets(opened)
        for name in names:
            rows = list(workbook.rows(opened, name))
            place = next((at for at, (_, cells) in enumerate(rows) if _heads(cells)), None)
            if place is not None:
                return _page(rows, place, content=content, file=file)
    raise refused(file, looked="a row that begins with Participant", found=f"the sheets {', '.join(names)}")


def _heads(cells: tuple[str, ...]) -> bool:
    return len(cells) > 1 and folded(cells[0]) in PARTICIPANT


def _page(rows: list[tuple[int, tuple[str, ...]]], place: int, *, content: bytes, file: str) -> Page:
    before = tuple(" ".join(filter(None, cells)) for _, cells in rows[:place])
    return Page(
        file=file,
        sha256=hashlib.sha256(content).hexdigest(),
        header=tuple(rows[place][1]),
        rows=tuple((number, _cells(cells)) for number, cells in rows[place + 1 :]),
        head=before,
        whole="\n".join(before),
        full=False,
    )


def _cells(cells: tuple[str, ...]) -> tuple[Cell, ...]:
    """Footnote numbers stand behind a name; behind a date they would be part of it."""
    name, *rest = cells
    found = TRAILING.search(name)
    notes = tuple(re.findall(r"\d+", found[1])) if found else ()
    return (Cell(text=TRAILING.sub("", name).strip(), notes=notes), *(Cell(text=one.strip()) for one in rest))
