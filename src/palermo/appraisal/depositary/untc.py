"""The United Nations Treaty Collection: a status page, in any of its forms, as treaty actions and texts.

The last column closes each date with a mark that its heading explains: "Accession(a), Succession(d)". A date
in square brackets belongs to a participant that has since withdrawn; its end note says when.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from palermo.appraisal import dated, state
from palermo.appraisal.depositary import sections
from palermo.appraisal.depositary.page import Cell, Page, Section, refused
from palermo.appraisal.depositary.sections import Note
from palermo.appraisal.evidence import Found
from palermo.appraisal.provision import instruments
from palermo.appraisal.reader import UnreadableCell
from palermo.appraisal.reservation import Reservation
from palermo.appraisal.spelling import folded
from palermo.appraisal.treaty import Act, TreatyAction

PARTICIPANT = ("participant", "participants", "participant s", "state", "etat", "country", "pays")
ACTS: Mapping[str, Act] = {
    "signature": Act.SIGNATURE,
    "succession to signature": Act.SIGNATURE,
    "ratification": Act.RATIFICATION,
    "accession": Act.ACCESSION,
    "adhesion": Act.ACCESSION,
    "succession": Act.SUCCESSION,
    "acceptance": Act.ACCEPTANCE,
    "acceptation": Act.ACCEPTANCE,
    "approval": Act.APPROVAL,
    "approbation": Act.APPROVAL,
    "formal confirmation": Act.FORMAL_CONFIRMATION,
    "confirmation formelle": Act.FORMAL_CONFIRMATION,
    "definitive signature": Act.DEFINITIVE_SIGNATURE,
    "signature definitive": Act.DEFINITIVE_SIGNATURE,
}
MOMENTS = {
    "signature": "signature",
    "signing": "signature",
    "ratification": "",
    "accession": "",
    "adhesion": "",
    "succession": "",
    "acceptance": "",
    "acceptation": "",
    "approval": "",
    "approbation": "",
}
NAMED = re.compile(r"(?P<name>[^(),/]+?)\s*(?:\(\s*(?P<mark>[A-Za-z]{1,2})\s*\))?\s*(?:,|/|$)")
DATED = re.compile(r"(?P<open>\[?)\s*(?P<day>[^\[\]]*?\d)[\s,]*(?P<mark>[A-Za-z]{1,2})?\s*\]?")
STATUS = re.compile(
    r"(?:status\s+as\s+(?:at|of)|[ée]tat\s+(?:en\s+date\s+du|au|le))\s*:?\s*(?P<day>[^\s<].{5,30})", re.I
)
REFERENCE = re.compile(
    r"mtdsg_no=(?P<address>[IVXL]+-\d+(?:-[a-z])?)|\b(?P<name>[IVXL]+-\d+(?:-[a-z])?)\.(?:en|fr)\.", re.I
)
HEADING = re.compile(
    r"chap(?:ter|itre)\s+(?P<chapter>[IVXL]+)\b.{0,200}?\b(?P<number>\d{1,2})\s*\.\s*(?P<letter>[a-z]\b)?",
    re.I | re.S,
)


def as_of(page: Page) -> date | None:
    """The day that the page gives as that of its status."""
    found = STATUS.search(page.whole)
    return dated.first(found["day"]) if found else None


def treaty(page: Page) -> str:
    """The treaty that the page is about, by its reference, its heading or its title."""
    known = {one.reference.removeprefix("UNTC ").casefold(): one.id for one in instruments().values()}
    reference = next(_references(page), "")
    found = known.get(reference.casefold()) if reference else _titled(page.head)
    if found is None:
        raise refused(
            page.file,
            looked="a treaty of the framework, by its number (XVIII-12-a) or its title",
            found=f"the number {reference}" if reference else "neither",
            remedy='Give treaty = "TIP" or the like for this file in sources.toml.',
        )
    return found


def _titled(head: Sequence[str]) -> str | None:
    """The treaty whose title begins a line; a protocol to a treaty names it later in its line."""
    lines = [f"{folded(line)} " for line in head]
    names = [
        (folded(name), one.id)
        for one in instruments().values()
        if one.kind == "treaty"
        for name in (one.name.en, one.name.fr, one.id)
    ]
    fits = [(name, id_) for name, id_ in names if any(line.startswith(f"{name} ") for line in lines)]
    return max(fits, key=lambda one: len(one[0]))[1] if fits else None


def _references(page: Page) -> Iterator[str]:
    for found in REFERENCE.finditer(f"{page.file} {page.whole}"):
        yield found["address"] or found["name"]
    if heading := HEADING.search("\n".join(page.head)):
        letter = f"-{heading['letter']}" if heading["letter"] else ""
        yield f"{heading['chapter']}-{heading['number']}{letter}"


def actions(
    code: str,
    found: Found,
    *,
    cells: Sequence[Cell],
    header: Sequence[str],
    treaty: str,
    notes: Mapping[str, Note],
) -> Iterator[TreatyAction]:
    """What one participant did, a column at a time."""
    for place, heading in enumerate(header[1:], start=1):
        acts = _acts(heading)
        if not acts or place >= len(cells) or not cells[place].text:
            continue
        act, on, gone = _act(cells[place].text, acts, column=heading, found=found)
        yield TreatyAction(state=code, treaty=treaty, act=act, on=on, found=found)
        if gone and act is not Act.SIGNATURE:
            marks = [notes[one] for cell in cells for one in cell.notes if one in notes]
            ended = sections.ended_on(marks)
            yield TreatyAction(state=code, treaty=treaty, act=Act.DENUNCIATION, on=ended, found=found)


def _acts(heading: str) -> Mapping[str, Act]:
    """The acts of a column by their mark; the one without a mark stands under the empty mark."""
    found = [(match["mark"] or "", folded(match["name"])) for match in NAMED.finditer(heading)]
    known = {mark: ACTS[name] for mark, name in found if name in ACTS}
    return known if not known or "" in known else {**known, "": next(iter(known.values()))}


def _act(text: str, acts: Mapping[str, Act], *, column: str, found: Found) -> tuple[Act, date, bool]:
    """The act of a cell, its day, and whether brackets say that it no longer holds."""
    match = DATED.fullmatch(text)
    if match is None or (match["mark"] or "") not in acts:
        raise UnreadableCell(
            column, "is not a date with one of the marks of its heading.", "Look at the page."
        )
    try:
        on = dated.day(match["day"])
    except dated.NoDay as error:
        raise UnreadableCell(
            column, f"{error}.", "Write it as 2014-01-27, 27 Jan 2014 or 27/01/2014."
        ) from error
    if on > found.as_of:
        raise UnreadableCell(column, "is later than the day of the status.", "Correct one of the two dates.")
    return acts[match["mark"] or ""], on, bool(match["open"])


def declared(
    page: Page, done: Sequence[TreatyAction], *, treaty: str, found: Found
) -> tuple[Reservation, ...]:
    """What the page's sections say was declared, objected to and withdrawn."""
    parts = page.sections
    notes = sections.notes(parts.get(Section.NOTES, ()))
    return (
        *sections.declared(
            parts.get(Section.DECLARATIONS, ()),
            treaty=treaty,
            found=found,
            moments=lambda code: _moments(code, done),
        ),
        *sections.objections(parts.get(Section.OBJECTIONS, ()), treaty=treaty, found=found),
        *sections.withdrawals(_noted(page, notes), treaty=treaty, found=found),
    )


def _moments(code: str, done: Sequence[TreatyAction]) -> Mapping[str, date | None]:
    """The days of the State's acts by the words a heading may use; "" is the act that bound it."""
    ours = [one for one in done if one.state == code]
    signed = next((one.on for one in ours if one.act is Act.SIGNATURE), None)
    bound = next((one.on for one in ours if one.act not in {Act.SIGNATURE, Act.DENUNCIATION}), None)
    return {"": bound} | {word: bound if to == "" else signed for word, to in MOMENTS.items()}


def _noted(page: Page, notes: Sequence[Note]) -> Iterator[tuple[str, Note]]:
    """Each end note with the State it is about: the one whose name carries its number, or that it names."""
    carrying: dict[str, list[str]] = {}
    for _, cells in page.rows:
        for number in cells[0].notes:
            carrying.setdefault(number, []).append(cells[0].text)
    for note in notes:
        codes = {sections.owner(name) for name in carrying.get(note.number, [])} - {None}
        named = state.mentioned(note.text)
        code = codes.pop() if len(codes) == 1 else next(iter(named), None)
        if code:
            yield code, note
