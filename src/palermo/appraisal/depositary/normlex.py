"""ILO NORMLEX: ratifications of a convention or of a country, as a saved page or as a CSV export."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from palermo.appraisal import dated
from palermo.appraisal.depositary import markup
from palermo.appraisal.depositary.page import Cell, refused
from palermo.appraisal.evidence import Found
from palermo.appraisal.provision import instruments
from palermo.appraisal.reader import UnreadableCell
from palermo.appraisal.spelling import folded
from palermo.appraisal.treaty import Act, TreatyAction

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "country": ("country", "pays", "state", "member state"),
    "convention": ("convention", "instrument"),
    "date": ("date", "ratification date", "date of ratification", "date de ratification"),
    "status": ("status", "statut", "etat"),
    "note": ("note", "notes", "remarks", "remarques"),
}
NEEDED = ("country", "convention", "date", "status")
CODE = re.compile(r"\b(?P<kind>[CP])\s?0*(?P<number>\d{1,3})\b")
OF = re.compile(r"^(?:ratifications?|up to date)\b.*?\b(?:of|for|de|du|pour)\s+(?P<what>.+)$", re.I)
ENDED = re.compile(r"\b(?:denounced|denunciation|denoncee?|denonciation)\b")
NOT_IN_FORCE = re.compile(r"^(?:not in force|pas en vigueur|nest pas en vigueur)")
IN_FORCE = re.compile(r"^(?:in force|en vigueur)")
COMING = re.compile(r"enter into force|entrera en vigueur")

Row = Mapping[str, str]


def columns(header: Sequence[str]) -> dict[str, int]:
    """Where each known column stands."""
    names = [folded(name) for name in header]
    return {
        key: next(at for at, name in enumerate(names) if name in known)
        for key, known in COLUMNS.items()
        if any(name in known for name in names)
    }


def convention(text: str) -> str | None:
    """The id of the convention that a text names: "C029", "C29 - Forced Labour Convention" or its title."""
    if found := CODE.search(text):
        return f"{found['kind']}{int(found['number']):03d}"
    bare = folded(text)
    titles = {folded(name): one.id for one in instruments().values() for name in (one.name.en, one.name.fr)}
    return next((id_ for title, id_ in titles.items() if bare.startswith(title)), None)


def rows(content: bytes, file: str) -> Iterator[tuple[int, Row]]:
    """The rows of every table of ratifications on a page; what its heading says fills a missing column."""
    root = markup.parsed(content, file)
    given = _heading(markup.lines(root))
    known = 0
    for table in root.iter("table"):
        head, *body = list(markup.rows(table)) or [(0, ())]
        places = columns([cell.text for cell in head[1]])
        if not set(NEEDED) <= places.keys() | given.keys() or not {"date", "status"} <= places.keys():
            continue
        known += 1
        for line, cells in body:
            if len(cells) > max(places[key] for key in ("date", "status")):
                yield line, given | {key: _at(cells, place) for key, place in places.items()}
    if not known:
        raise _other_layout(root, file)


def _at(cells: Sequence[Cell], place: int) -> str:
    return cells[place].text if place < len(cells) else ""


def _heading(lines: Sequence[str]) -> dict[str, str]:
    """The convention or the country that the page's heading names."""
    for line in lines:
        if found := OF.match(line):
            named = convention(found["what"])
            return {"convention": named} if named else {"country": found["what"].strip()}
    return {}


def _other_layout(root: Any, file: str) -> Exception:
    heads = [
        " | ".join(cell.text for cell in next(iter(markup.rows(table)), (0, ()))[1])
        for table in root.iter("table")
    ]
    shown = f"tables headed {'; '.join(heads[:3])}" if heads else "no table"
    return refused(
        file,
        looked="a table headed Country, Date and Status under a heading that names the convention",
        found=shown,
    )


def actions(row: Row, *, state: str, treaty: str, found: Found) -> Iterator[TreatyAction]:
    """A ratification, and the denunciation that ended it."""
    said = folded(row["status"])
    told = f"{row['status']} {row.get('note', '')}"
    if not (IN_FORCE.match(said) or NOT_IN_FORCE.match(said) or ENDED.search(said)):
        raise UnreadableCell(
            "Status", "is neither in force, not in force nor denounced.", "Look at the page."
        )
    yield TreatyAction(state=state, treaty=treaty, act=Act.RATIFICATION, on=_day(row["date"]), found=found)
    if ENDED.search(folded(told)):
        yield TreatyAction(
            state=state, treaty=treaty, act=Act.DENUNCIATION, on=dated.first(told), found=found
        )
    elif NOT_IN_FORCE.match(said) and not COMING.search(folded(told)):
        yield TreatyAction(state=state, treaty=treaty, act=Act.DENUNCIATION, on=None, found=found)


def _day(cell: str) -> date | None:
    try:
        return dated.day(cell) if cell.strip() else None
    except dated.NoDay as error:
        raise UnreadableCell(
            "Date", f"{error}.", "Write it as 2014-01-27, 27 Jan 2014 or 27/01/2014."
        ) from error
