"""What the spreadsheet of a plan holds: its sheets, their columns, its lists and its faults, as data."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from palermo.appraisal.plan.plan import Progress
from palermo.appraisal.provision import Pillar
from palermo.appraisal.words import Language, Text, phrase_text, table
from palermo.errors import InvalidRecord, Problem, Severity

TABLE = "plan_sheets.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its headings, what its cells hold (`kind`), whether each row must fill it."""

    id: str
    name: Text
    kind: str
    required: bool
    help: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet and its columns in their order."""

    id: str
    name: Text
    required: bool
    columns: tuple[Column, ...]

    def column(self, id: str) -> Column:
        return next(one for one in self.columns if one.id == id)


@cache
def sheets() -> Mapping[str, Sheet]:
    """The sheets of the template by id, in their order."""
    return {id: _sheet(id, entry) for id, entry in table(TABLE)["sheet"].items()}


@cache
def choices(kind: str) -> Mapping[str, Text]:
    """The words that a cell of this kind may hold, by code."""
    if kind == "pillar":
        return {one.value: phrase_text(f"pillar.{one}") for one in Pillar}
    return {one.value: Text(**table(TABLE)["list"]["progress"][one]) for one in Progress}


def folded(said: str) -> str:
    """Words without accents, case, punctuation and doubled spaces, as headings are compared."""
    bare = "".join(one for one in unicodedata.normalize("NFKD", said) if not unicodedata.combining(one))
    return " ".join("".join(one if one.isalnum() else " " for one in bare.casefold()).split())


def fault(rule: str, path: str, *, severity: Severity = Severity.ERROR, **values: str | Text) -> Problem:
    """One fault of a file, in both languages; `path` is the sheet and cell."""
    entry = table(TABLE)["fault"][rule]
    said = {
        (part, lang): entry[part][lang].format(**{key: _in(value, lang) for key, value in values.items()})
        for part in ("wrong", "remedy")
        for lang in ("en", "fr")
    }
    return Problem(
        rule=rule,
        path=path,
        wrong=said["wrong", "en"],
        remedy=said["remedy", "en"],
        wrong_fr=said["wrong", "fr"],
        remedy_fr=said["remedy", "fr"],
        severity=severity,
    )


def refusal(where: str, rule: str, *, path: str = "file", **values: str | Text) -> InvalidRecord:
    """The error that refuses a whole file for one fault."""
    return InvalidRecord(where, [fault(rule, path, severity=Severity.ERROR, **values)])


def _in(value: str | Text, lang: str) -> str:
    return value if isinstance(value, str) else value.in_language(Language(lang))


def _sheet(id: str, entry: Mapping[str, Any]) -> Sheet:
    columns = tuple(_column(name, one) for name, one in entry["column"].items())
    return Sheet(id=id, name=Text(**entry["name"]), required=bool(entry["required"]), columns=columns)


def _column(id: str, entry: Mapping[str, str]) -> Column:
    return Column(
        id=id,
        name=Text(en=entry["en"], fr=entry["fr"]),
        kind=entry["kind"],
        required=bool(entry["required"]),
        help=Text(en=entry["help_en"], fr=entry["help_fr"]),
    )
