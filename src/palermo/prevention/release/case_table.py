"""The node's own cases as a table to release: one row a case, of what is statistical in its document."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from palermo.prevention.release import intake, schema_text
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.schema import Schema

COLUMNS = ("person", "year", "sex", "age_band", "citizenship", "forms", "means", "industry")

Document = Mapping[str, Any]


@cache
def schema() -> Schema:
    """What is released of cases, unless a person writes another schema over the same columns."""
    return schema_text.read(text(), where="case_schema.toml")


def text() -> str:
    """That schema as a text to start from."""
    return files(__package__).joinpath("case_schema.toml").read_text("utf-8")


def persons(cases: Iterable[tuple[str, Document]], wanted: Schema | None = None) -> Secret[Persons]:
    """The persons of cases, each given as the key of its person and its document; cases of one are merged."""
    return intake.of_rows(COLUMNS, rows(cases), wanted or schema())


def rows(cases: Iterable[tuple[str, Document]]) -> Iterator[tuple[str, ...]]:
    """The cells of cases, as a CSV file would have them."""
    for person, document in cases:
        yield (person, *_cells(document))


def _cells(document: Document) -> Iterator[str]:
    """Several answers where one is released, such as two citizenships, count as none."""
    person, exploitation = document.get("person", {}), document.get("exploitation", ())
    yield str(document.get("case", {}).get("year_registered") or "")
    yield _said(person.get("sex"))
    yield _said(person.get("age_band"))
    yield _only(map(_said, person.get("citizenships", ())))
    yield ";".join(_all(_said(one.get("form")) for one in exploitation))
    yield ";".join(_all(_said(one.get("kind")) for one in document.get("means", ())))
    yield _only(_said(one.get("industry")) for one in exploitation)


def _said(answer: Mapping[str, Any] | None) -> str:
    return str(answer["value"]) if answer and answer.get("state") == "answered" else ""


def _all(codes: Iterable[str]) -> list[str]:
    return sorted({code for code in codes if code})


def _only(codes: Iterable[str]) -> str:
    known = _all(codes)
    return known[0] if len(known) == 1 else ""
