"""The forms in which depositaries publish, how each is recognised, and the file as facts.

A file is recognised by what it holds, never by its name; sources.toml can say the form, the treaty, the
source and the day of a file that does not tell them itself.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from palermo.appraisal import state, table
from palermo.appraisal.depositary import normlex, sections, untc, untc_excel, untc_html, untc_xml, yes_no
from palermo.appraisal.depositary.page import Page, Section, refused
from palermo.appraisal.evidence import Found, Source
from palermo.appraisal.provision import instruments
from palermo.appraisal.reader import Fact, UnreadableCell
from palermo.appraisal.spelling import folded
from palermo.appraisal.table import Count
from palermo.appraisal.treaty import TreatyAction
from palermo.errors import Problem, Unknown

SNIFFED = 400_000
FOOTNOTE = "0123456789 ,*"
Make = Callable[[str, Found], Iterator[Fact]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is known of a file before it is opened: its source, and what sources.toml says of it."""

    source: Source
    as_of: date | None = None
    treaty: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """A file as facts; `listed` are the treaties whose reservations it lists in full."""

    facts: tuple[Fact, ...]
    count: Count
    sha256: str
    complete: bool
    listed: tuple[tuple[str, Found], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One form: its source, its reader, and whether a file with that ending and beginning has it."""

    source: str
    read: Callable[[Path, Said], Read]
    holds: Callable[[str, str], bool]


def recognised(path: Path) -> str | None:
    """The name of the form that a file has, None for any other file; a workbook must be named to be read."""
    ending = path.suffix.casefold()
    if ending not in {".html", ".htm", ".xml", ".csv"}:
        return None
    with path.open("rb") as stream:
        head = stream.read(SNIFFED).decode("utf-8", "replace").casefold()
    return next((name for name, form in FORMS.items() if form.holds(ending, head)), None)


def _status(path: Path, said: Said, *, page: Callable[[bytes, str], Page]) -> Read:
    """The facts of a status page of the United Nations Treaty Collection."""
    held = page(table.content(path), path.name)
    treaty = _treaty(said.treaty, path.name) or untc.treaty(held)
    found = _found(path.name, said, untc.as_of(held))
    notes = {one.number: one for one in sections.notes(held.sections.get(Section.NOTES, ()))}
    rows = (
        (
            line,
            cells[0].text.rstrip(FOOTNOTE),
            partial(untc.actions, cells=cells, header=held.header, treaty=treaty, notes=notes),
        )
        for line, cells in held.rows
    )
    facts, count = _facts(rows, found=found, column=held.header[0])
    done = tuple(one for one in facts if isinstance(one, TreatyAction))
    return Read(
        facts=(*facts, *untc.declared(held, done, treaty=treaty, found=found)),
        count=count,
        sha256=held.sha256,
        complete=True,
        listed=((treaty, found),) if held.full else (),
    )


def _normlex_page(path: Path, said: Said) -> Read:
    content = table.content(path)
    rows = list(normlex.rows(content, path.name))
    return _ratifications(rows, path.name, said, sha256=hashlib.sha256(content).hexdigest())


def _normlex_csv(path: Path, said: Said) -> Read:
    sheet = table.read(path, columns=())
    places = normlex.columns(sheet.columns)
    missing = [key for key in normlex.NEEDED if key not in places]
    if missing:
        looked = "the columns Country, Convention, Date and Status"
        raise refused(path.name, looked=looked, found=f"the columns {', '.join(sheet.columns) or 'none'}")
    names = {key: sheet.columns[place] for key, place in places.items()}
    rows = ((line, {key: row[name] for key, name in names.items()}) for line, row in sheet.rows)
    return _ratifications(rows, path.name, said, sha256=sheet.sha256, problems=sheet.problems)


def _ratifications(
    rows: Iterable[tuple[int, normlex.Row]],
    file: str,
    said: Said,
    *,
    sha256: str,
    problems: Sequence[Problem] = (),
) -> Read:
    found = _found(file, said, None)
    made = ((line, row["country"], partial(_ratification, row)) for line, row in rows)
    facts, count = _facts(made, found=found, column="Country", problems=problems)
    return Read(facts=facts, count=count, sha256=sha256, complete=True)


def _ratification(row: normlex.Row, code: str, found: Found) -> Iterator[Fact]:
    treaty = normlex.convention(row["convention"])
    if treaty is None:
        raise UnreadableCell("Convention", "names no convention.", "Write it as C029 or P029.")
    if treaty in instruments():
        yield from normlex.actions(row, state=code, treaty=treaty, found=found)


def _yes_no(path: Path, said: Said) -> Read:
    sheet = table.read(path, columns=())
    by = yes_no.treaties(sheet.columns, _treaty(said.treaty, path.name))
    if not by or folded(sheet.columns[0]) not in yes_no.NAMES:
        looked = "a first column of names (Country) and others headed by treaties (C182)"
        raise refused(path.name, looked=looked, found=f"the columns {', '.join(sheet.columns) or 'none'}")
    rows = ((line, row[sheet.columns[0]], partial(_answer, row, by)) for line, row in sheet.rows)
    found = _found(path.name, said, None)
    facts, count = _facts(rows, found=found, column=sheet.columns[0], problems=sheet.problems)
    return Read(facts=facts, count=count, sha256=sheet.sha256, complete=False)


def _answer(row: Mapping[str, str], by: Mapping[str, str], code: str, found: Found) -> Iterator[Fact]:
    yield from yes_no.actions(row, by, state=code, found=found)


FORMS: Mapping[str, Form] = {
    "untc_html": Form(
        source="untc",
        read=partial(_status, page=untc_html.page),
        holds=lambda ending, head: (
            ending in {".html", ".htm"} and ("tblgrid" in head or "treaties.un.org" in head)
        ),
    ),
    "untc_xml": Form(
        source="untc",
        read=partial(_status, page=untc_xml.page),
        holds=lambda ending, head: (
            ending == ".xml" and ("<participants" in head or "treaties.un.org" in head)
        ),
    ),
    "untc_excel": Form(
        source="untc", read=partial(_status, page=untc_excel.page), holds=lambda _ending, _head: False
    ),
    "normlex_html": Form(
        source="normlex",
        read=_normlex_page,
        holds=lambda ending, head: ending in {".html", ".htm"} and "normlex" in head,
    ),
    "normlex_csv": Form(
        source="normlex",
        read=_normlex_csv,
        holds=lambda ending, head: (
            ending == ".csv"
            and set(normlex.NEEDED)
            <= normlex.columns(head.lstrip("\ufeff").split("\n", 1)[0].split(",")).keys()
        ),
    ),
    "yes_no_columns": Form(source="", read=_yes_no, holds=lambda _ending, _head: False),
}


def _facts(
    rows: Iterable[tuple[int, str, Make]], *, found: Found, column: str, problems: Sequence[Problem] = ()
) -> tuple[tuple[Fact, ...], Count]:
    """The facts of every row, the State of each found by its name, and what became of the rows."""
    count = Count(rows=len(problems), problems=list(problems))
    facts: list[Fact] = []
    for line, name, make in rows:
        count.rows += 1
        at = Found(source=found.source, as_of=found.as_of, file=found.file, line=line)
        try:
            facts += _of_row(name, make, at, count, column=column)
        except UnreadableCell as error:
            count.problems.append(error.problem(line))
    return tuple(facts), count


def _of_row(name: str, make: Make, found: Found, count: Count, *, column: str) -> list[Fact]:
    try:
        code = state.place(name)
    except Unknown as error:
        raise UnreadableCell(column, "is the name of no State.", str(error)) from error
    if code in state.former_states():
        count.leave(f"a former State ({code})")
        return []
    made = list(make(code, found))
    if not state.is_state(code):
        count.leave("not one of the 193 members")
    elif made:
        count.used += 1
    else:
        count.leave("nothing that the framework asks about")
    return made


def _found(file: str, said: Said, told: date | None) -> Found:
    """Where the facts stood; the day that the page tells goes before that of sources.toml."""
    as_of = told or said.as_of
    if as_of is None:
        raise refused(
            file,
            looked="the day of the status",
            found="none",
            remedy="Give as_of = 2026-11-21 or the like for this file in sources.toml.",
        )
    return Found(source=said.source, as_of=as_of, file=file, line=0)


def _treaty(given: str | None, file: str) -> str | None:
    if given is None or given in instruments():
        return given
    raise refused(
        file,
        looked="a treaty of the framework",
        found="another id in sources.toml",
        remedy="Use one of instruments.csv.",
    )
