"""The texts below a status page: whose declaration, of which kind, made when, against whom.

A line that is nothing but a State's name begins that State's entry; the lines below it are its text.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from palermo.appraisal import dated, reservation, state
from palermo.appraisal.depositary.page import Section
from palermo.appraisal.evidence import Found
from palermo.appraisal.reservation import Declared, Reservation
from palermo.appraisal.spelling import folded
from palermo.errors import Unknown

BEGINNINGS = {
    "declarations and reservations": Section.DECLARATIONS,
    "reservations and declarations": Section.DECLARATIONS,
    "declarations": Section.DECLARATIONS,
    "reservations": Section.DECLARATIONS,
    "declarations et reserves": Section.DECLARATIONS,
    "objections": Section.OBJECTIONS,
    "end note": Section.NOTES,
    "end notes": Section.NOTES,
    "endnotes": Section.NOTES,
    "notes": Section.NOTES,
    "notes de fin": Section.NOTES,
    "notifications": Section.OTHER,
    "territorial application": Section.OTHER,
    "territorial applications": Section.OTHER,
    "application territoriale": Section.OTHER,
    "participant": Section.OTHER,
}
LONGEST_HEADING = 400
SHORTEST_NAME, LONGEST_NAME = 4, 70
WORDS_OF_A_HEADING = 4
BEGINNING = re.compile(
    rf"(?P<name>{'|'.join(sorted(BEGINNINGS, key=len, reverse=True))})"
    r"(?: (?:unless|sauf|made|faites|under|of|to|on|en vertu|with).*)?"
)
KIND = re.compile(
    r"(?:(?P<reservation>reservations?|reserves?)|(?P<declaration>(?:interpretative )?declarations?"
    r"(?: interpretatives?)?|understandings?|statements?|notifications?))"
    r"(?: (?:in|to|with|made|upon|regarding|en|sur|a|au|relative|concernant)\b.*)?"
)
MOMENT = re.compile(
    r"(?:(?:made|confirmed|faite|faites) )?(?:upon|on|lors de|a) (?:la |l)?(?P<what>[a-z]+).*"
)
SAYS_RESERVATION = re.compile(r"reserv|bound by|liee? par|not consider itself|ne se considere")
ENTRY_NOTE = re.compile(r"^\(?(?P<number>\d{1,3})\)?[.)]?\s+(?P<text>.+)$", re.S)
WITHDRAWN = re.compile(r"\b(?:withdr\w+|reti(?:re|rer|rait)\b|retrait)")
RESERVED = re.compile(r"\b(?:reservations?|declarations?|reserves?)\b")
IN_PART = re.compile(r"\b(?:partial|partially|in part|partiel\w*|en partie)\b")
ENDED = re.compile(r"\b(?:denounc\w+|denunciation|denonc\w+|withdraw\w*|withdrew|retrait|retire)\b")
Moments = Callable[[str], Mapping[str, date | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One end note of a page."""

    number: str
    text: str


def section(line: str) -> Section | None:
    """The section that a line opens, None for any other line."""
    if len(line) > LONGEST_HEADING:
        return None
    found = BEGINNING.fullmatch(folded(line))
    return BEGINNINGS[found["name"]] if found else None


def split(lines: Iterable[str]) -> dict[Section, tuple[str, ...]]:
    """The lines of each section, in the order they stand; what stands before the first is left out.

    A heading of the section that is open stands within an entry ("Reservations:") and is one of its lines.
    """
    parts: dict[Section, list[str]] = {}
    here: Section | None = None
    for line in lines:
        opened = section(line)
        if opened and opened is not here:
            here = opened
            parts.setdefault(here, [])
        elif here:
            parts[here].append(line)
    return {name: tuple(found) for name, found in parts.items()}


def owner(line: str) -> str | None:
    """The code of the State whose name is all that the line holds."""
    bare = line.strip(" :.0123456789,*")
    if not SHORTEST_NAME <= len(bare) <= LONGEST_NAME:
        return None
    try:
        return state.place(bare)
    except Unknown:
        return None


def entries(lines: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each participant's code and the lines of its entry."""
    code, text = "", list[str]()
    for line in lines:
        found = owner(line)
        if found:
            yield from _entry(code, text)
            code, text = found, []
        else:
            text.append(line)
    yield from _entry(code, text)


def _entry(code: str, text: list[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if code and text:
        yield code, tuple(text)


def declared(lines: Iterable[str], *, treaty: str, found: Found, moments: Moments) -> Iterator[Reservation]:
    """Reservations and declarations, each with the day of the act it was made with, where that is told."""
    for code, text in entries(lines):
        yield from _parts(code, text, treaty=treaty, found=found, days=moments(code))


def _parts(
    code: str, text: tuple[str, ...], *, treaty: str, found: Found, days: Mapping[str, date | None]
) -> Iterator[Reservation]:
    kind: Declared | None = None
    on = days.get("")
    words: list[str] = []
    for line in text:
        if not _is_heading(line):
            words.append(line)
            continue
        if words:
            yield _made(code, words, kind=kind, on=on, treaty=treaty, found=found)
        words = []
        kind, on = _kind(line) or kind, _when(line, days, on)
    if words:
        yield _made(code, words, kind=kind, on=on, treaty=treaty, found=found)


def _is_heading(line: str) -> bool:
    """Whether a line announces a kind or a moment and says nothing itself."""
    bare = folded(line)
    if not line.rstrip().endswith(":") and len(bare.split()) > WORDS_OF_A_HEADING:
        return False
    return any(form.fullmatch(bare) for form in (KIND, MOMENT)) or _alone(line) is not None


def _kind(line: str) -> Declared | None:
    match = KIND.fullmatch(folded(line))
    if match is None:
        return None
    return Declared.RESERVATION if match["reservation"] else Declared.DECLARATION


def _when(line: str, days: Mapping[str, date | None], so_far: date | None) -> date | None:
    """The day that a heading names, or that of the act it names; no day where that act has none."""
    match = MOMENT.search(folded(line))
    act = match["what"] if match else ""
    return dated.first(line) or (days[act] if act in days and act else so_far)


def _made(
    code: str, words: list[str], *, kind: Declared | None, on: date | None, treaty: str, found: Found
) -> Reservation:
    text = " ".join(words)
    said = Declared.RESERVATION if SAYS_RESERVATION.search(folded(text)) else Declared.DECLARATION
    return Reservation(
        state=code,
        treaty=treaty,
        kind=kind or said,
        on=on,
        heading=reservation.heading(text),
        text_hash=reservation.text_hash(text),
        found=found,
    )


def objections(lines: Iterable[str], *, treaty: str, found: Found) -> Iterator[Reservation]:
    """Objections, with the States whose reservations they are aimed at."""
    for code, text in entries(lines):
        whole = " ".join(text)
        made = _made(code, list(text), kind=Declared.OBJECTION, on=None, treaty=treaty, found=found)
        aimed = tuple(one for one in state.mentioned(whole) if one != code)
        yield replace(made, on=_alone(text[0]), against=aimed)


def _alone(line: str) -> date | None:
    """The day that is all that a line holds."""
    try:
        return dated.day(line)
    except dated.NoDay:
        return None


def notes(lines: Iterable[str]) -> tuple[Note, ...]:
    """End notes by number; a line without a number goes on with the note above."""
    found: list[Note] = []
    for line in lines:
        match = ENTRY_NOTE.match(line)
        if match:
            found.append(Note(number=match["number"], text=match["text"]))
        elif line.strip().strip(".)(").isdigit():
            found.append(Note(number=line.strip().strip(".)("), text=""))
        elif found:
            found[-1] = replace(found[-1], text=f"{found[-1].text} {line}".strip())
    return tuple(found)


def withdrawals(noted: Iterable[tuple[str, Note]], *, treaty: str, found: Found) -> Iterator[Reservation]:
    """Reservations that an end note says were withdrawn whole."""
    for code, note in noted:
        bare = folded(note.text)
        if WITHDRAWN.search(bare) and RESERVED.search(bare) and not IN_PART.search(bare):
            made = _made(code, [note.text], kind=Declared.WITHDRAWAL, on=None, treaty=treaty, found=found)
            yield replace(made, on=dated.first(note.text))


def ended_on(notes_: Iterable[Note]) -> date | None:
    """The day on which an end note says that the treaty was denounced."""
    for note in notes_:
        if ENDED.search(folded(note.text)):
            return dated.first(note.text)
    return None
