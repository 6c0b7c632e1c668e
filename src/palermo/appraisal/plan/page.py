"""One sheet of a plan as it stands in a file: where each column is, in which language, what its cells say."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from palermo.appraisal.plan import cell, form
from palermo.appraisal.plan.cell import Unreadable
from palermo.appraisal.plan.form import Column, Sheet
from palermo.appraisal.plan.tables import Cells, Rows
from palermo.appraisal.plan.template import LISTS
from palermo.appraisal.words import Language
from palermo.errors import Problem, Severity

Values = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a sheet: its number and the values of the cells that could be read."""

    number: int
    values: Values


@dataclass(slots=True, kw_only=True)
class Page:
    """One sheet as it stands in the file: its name there, where each column is, its rows, its language."""

    sheet: Sheet
    name: str
    places: Mapping[str, int]
    headed: frozenset[int]
    cells: Rows
    language: Language
    rows: list[Row] = field(default_factory=list)

    def at(self, row: int, column: str) -> str:
        place = self.places.get(column)
        return f"{self.name}!{letter(place) if place is not None else ''}{row}"


@dataclass(slots=True, kw_only=True)
class Book:
    """Every sheet of the template that the file has, its faults, and what was noticed beside them."""

    pages: dict[str, Page] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    def rows(self, sheet: str) -> list[Row]:
        return self.pages[sheet].rows if sheet in self.pages else []


def book(tables: Iterable[tuple[str, Rows]]) -> Book:
    """The sheets of a file, each cell read; sheets and columns of other names are noted, not dropped."""
    made = Book()
    _find(made, tables)
    for page in made.pages.values():
        page.rows = list(_rows(page, made))
    return made


def letter(column: int) -> str:
    """The name of a column as spreadsheets give it: A, B ... Z, AA."""
    before, own = divmod(column, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + own)


def _find(book: Book, tables: Iterable[tuple[str, Rows]]) -> None:
    names = {form.folded(name): one for one in form.sheets().values() for name in _names(one)}
    met = []
    for name, rows in tables:
        met.append(name)
        sheet = names.get(form.folded(name))
        if sheet and sheet.id not in book.pages and rows:
            book.pages[sheet.id] = _page(sheet, name, rows, book)
        elif rows and name != LISTS:
            book.notes.append(form.fault("sheet-not-read", name, severity=Severity.NOTE))
    for sheet in form.sheets().values():
        if sheet.required and sheet.id not in book.pages:
            has = ", ".join(met) or "–"
            book.problems.append(form.fault("sheet-missing", "file", name=sheet.name, has=has))


def _names(sheet: Sheet) -> tuple[str, str, str]:
    return (sheet.id, sheet.name.en, sheet.name.fr)


def _page(sheet: Sheet, name: str, rows: Rows, book: Book) -> Page:
    row, head = rows[0]
    known = {form.folded(said): one for one in sheet.columns for said in (one.name.en, one.name.fr)}
    places: dict[str, int] = {}
    for place, heading in enumerate(head):
        at = f"{name}!{letter(place)}{row}"
        column = known.get(form.folded(heading))
        if column is None and heading.strip():
            note = form.fault("column-not-read", at, severity=Severity.NOTE, name=heading.strip())
            book.notes.append(note)
        elif column and column.id in places:
            book.problems.append(form.fault("column-twice", at, name=column.name))
        elif column:
            places[column.id] = place
    book.problems += [
        form.fault("column-missing", f"{name}!{row}", name=column.name)
        for column in sheet.columns
        if column.required and column.id not in places
    ]
    headed = frozenset(place for place, heading in enumerate(head) if heading.strip())
    return Page(
        sheet=sheet, name=name, places=places, headed=headed, cells=rows[1:], language=_language(sheet, head)
    )


def _language(sheet: Sheet, head: Cells) -> Language:
    """The language of most headings; English where both are as many."""
    said = {form.folded(one) for one in head}
    french = sum(form.folded(one.name.fr) in said for one in sheet.columns)
    english = sum(form.folded(one.name.en) in said for one in sheet.columns)
    return Language.FRENCH if french > english else Language.ENGLISH


READERS: Mapping[str, Callable[[str, Language], Any]] = {
    "text": lambda said, language: said.strip(),
    "code": lambda said, language: said.strip(),
    "owner": lambda said, language: said.strip(),
    "action": lambda said, language: said.strip(),
    "day": lambda said, language: cell.day(said),
    "number": lambda said, language: cell.number(said, language=language),
    "pillar": lambda said, language: cell.chosen(said, kind="pillar"),
    "progress": lambda said, language: cell.chosen(said, kind="progress"),
    "currency": lambda said, language: cell.currency(said),
    "state": lambda said, language: cell.country(said),
    "provisions": lambda said, language: cell.provisions(said),
}
EMPTY: Mapping[str, Any] = {"day": None, "number": None, "provisions": ()}


def _rows(page: Page, book: Book) -> Iterator[Row]:
    for number, cells in page.cells:
        book.notes += [
            form.fault("cell-outside", f"{page.name}!{letter(place)}{number}", severity=Severity.NOTE)
            for place, said in enumerate(cells)
            if said.strip() and place not in page.headed
        ]
        if any(cells[place].strip() for place in page.places.values() if place < len(cells)):
            yield Row(number=number, values=_values(page, number, cells, book.problems))


def _values(page: Page, number: int, cells: Cells, problems: list[Problem]) -> Values:
    values: Values = {}
    for column in page.sheet.columns:
        place = page.places.get(column.id)
        said = cells[place].strip() if place is not None and place < len(cells) else ""
        try:
            values[column.id] = value(column, said, page.language)
        except Unreadable as error:
            if column.id in page.places:
                problems.append(
                    form.fault(
                        error.rule, page.at(number, column.id), severity=Severity.ERROR, **error.values
                    )
                )
    return values


def value(column: Column, said: str, language: Language) -> Any:
    if said:
        return READERS[column.kind](said, language)
    if column.required:
        raise Unreadable("empty")
    return EMPTY.get(column.kind, "")
