"""Reads submissions of the public HTCDS form as KoBo and ODK export them: CSV, a JSON array, or JSON lines.

Several choices stand in one cell with blanks between them, or in one column a choice (`question/choice`).
A question inside groups is known by the last part of its name. What the form server adds is kept: the
submission's own identifier as the case reference, the day of the interview, the rest under `local`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from palermo.standards import htcds
from palermo.standards.flat import TICKS
from palermo.standards.header import simple
from palermo.standards.htcds import Column
from palermo.standards.row import Draft, digest
from palermo.standards.slot import slot
from palermo.standards.spelling import Spelling
from palermo.standards.table import LEFT_OUT, Table, names, plain
from palermo.standards.workbook import text

MULTI: Final = " ;"
IDENTIFIER: Final = ("instanceID", "_uuid", "KEY", "_id")
INTERVIEW: Final = ("start", "today", "_submission_time", "SubmissionDate")
_SIGNED: Final = ((IDENTIFIER, "case.ref", 128), (INTERVIEW, "provenance.observed_at", 10))
SERVER: Final = frozenset({*IDENTIFIER, *INTERVIEW, "end", "__version__", "_xform_id_string"})


def claims(header: Iterable[str]) -> bool:
    """Whether a header is that of exported submissions: questions of the form beside what a server adds."""
    found = [_last(name) for name in header]
    asked = sum(_column(name) is not None for name in found)
    return asked >= 2 and any(name in SERVER for name in found)


def drafts(table: Table, *, limit: int = 2_000) -> Iterator[Draft]:
    """The documents of exported CSV; the header is the first row."""
    header = names(table, limit=limit)
    for line in table.body(1, len(header)):
        if line.problem:
            yield Draft(number=line.number, problems=(line.problem,), digest=digest(line.cells))
        else:
            cells = zip(header, map(plain, line.cells), strict=True)
            yield _draft(line.number, cells, name=digest(line.cells))


def submissions(found: Iterable[Draft]) -> Iterator[Draft]:
    """The documents of exported JSON objects."""
    for each in found:
        if each.document is None:
            yield each
        else:
            yield _draft(each.number, _leaves(each.document), name=each.digest)


def unclaimed(header: Iterable[str]) -> tuple[str, ...]:
    """The columns kept under `local`."""
    return tuple(name for name in header if not _home(name) and _last(name) not in (*IDENTIFIER, *INTERVIEW))


def homes(header: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Each question, choice or column of the form server with the path of the field that it fills."""
    columns = list(header)
    last = {_last(name): name for name in reversed(columns)}
    signed = {
        last[next(one for one in of if one in last)]: at for of, at, _ in _SIGNED if {*of} & last.keys()
    }
    found = ((name, _home(name) or signed.get(name, "")) for name in columns)
    return tuple((name, home) for name, home in found if home)


def _home(name: str) -> str:
    choice = _choice(name)
    column = choice[0] if choice else _column(_last(name))
    return column.home.path if column else ""


def _draft(place: int, given: Iterable[tuple[str, str]], *, name: str) -> Draft:
    cells: dict[str, str] = {}
    chosen: dict[str, list[str]] = {}
    server: dict[str, str] = {}
    local: dict[str, str] = {}
    for title, cell in given:
        if not cell.strip() or title == LEFT_OUT:
            continue
        choice = _choice(title)
        if choice:
            if TICKS.get(cell.strip().casefold()):
                chosen.setdefault(choice[0].name, []).append(choice[1])
        elif column := _column(_last(title)):
            cells[column.name] = cell
        elif _last(title) in (*IDENTIFIER, *INTERVIEW):
            server.setdefault(_last(title), cell.strip())
        else:
            local[title] = cell
    for question, codes in chosen.items():
        cells.setdefault(question, ";".join(codes))
    draft = htcds.draft(place, cells, local=local, name=name, marks=MULTI)
    return draft if draft.document is None else replace(draft, document=_signed(draft.document, server))


def _signed(document: dict[str, Any], server: Mapping[str, str]) -> dict[str, Any]:
    """The document with the submission's identifier and the day of the interview."""
    for names_, at, size in _SIGNED:
        value = next((server[title] for title in names_ if title in server), None)
        if value:
            slot(at).put(document, value[:size])
    return document


def _last(name: str) -> str:
    return name.rpartition("/")[2].strip()


def _column(name: str) -> Column | None:
    named = htcds.names().by_code.get(simple(name)) if name else None
    return htcds.columns()[named.code] if named else None


def _choice(name: str) -> tuple[Column, str] | None:
    """The question and the code of a column that stands for one choice; a group's name is no question."""
    question, mark, choice = name.rpartition("/")
    column = _column(_last(question)) if mark else None
    if column is None or not column.listed:
        return None
    code = _spelling(column).code(choice)
    return (column, code) if code else None


def _spelling(column: Column) -> Spelling:
    return htcds.spelling(column.home.vocabulary)


def _leaves(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{prefix}{name}/")
        elif isinstance(value, Sequence) and not isinstance(value, str):
            yield f"{prefix}{name}", json.dumps(value) if value else ""
        else:
            yield f"{prefix}{name}", text(value)
