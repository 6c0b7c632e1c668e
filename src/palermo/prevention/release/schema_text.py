"""Schemas as TOML texts: read with every fault named at once, and written so that they read the same."""

import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from palermo.errors import InvalidRecord, Problem, Unreachable
from palermo.prevention.release import codelist, schema_faults
from palermo.prevention.release.codelist import CodeList
from palermo.prevention.release.fault import fault, refusal
from palermo.prevention.release.schema import Column, Schema
from palermo.standards.field import Text
from palermo.standards.vocabulary import names

TEXT, TEXTS, LABEL, LABELS = "a text", "a list of texts", "a text, or a text by language", "labels by code"
EDGES, WHOLE, FLAG, CODES = (
    "a list of numbers or dates",
    "a whole number from 1",
    "true or false",
    "codes by text",
)
TABLES = "tables headed [[column]]"

TOP = {
    "population": LABEL,
    "purpose": LABEL,
    "person": TEXT,
    "duplicates": '"refuse" or "merge"',
    "column": TABLES,
}
COLUMN = {
    "name": TEXT,
    "label": LABEL,
    "codes": TEXTS,
    "closed": FLAG,
    "vocabulary": TEXT,
    "level": WHOLE,
    "bins": EDGES,
    "blank": TEXTS,
    "split": TEXT,
    "spellings": CODES,
    "labels": LABELS,
}
_FITS = {
    TEXT: lambda value: isinstance(value, str),
    TEXTS: lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
    LABEL: lambda value: isinstance(value, str) or _by_language(value),
    LABELS: lambda value: isinstance(value, dict) and all(map(_by_language, value.values())),
    EDGES: lambda value: isinstance(value, list) and all(map(_edge, value)),
    WHOLE: lambda value: type(value) is int and value > 0,
    FLAG: lambda value: isinstance(value, bool),
    CODES: lambda value: isinstance(value, dict) and all(isinstance(one, str) for one in value.values()),
    TABLES: lambda value: isinstance(value, list) and all(isinstance(one, dict) for one in value),
    TOP["duplicates"]: lambda value: value in ("refuse", "merge"),
}
LISTS = ("codes", "vocabulary", "bins")


def opened(path: Path) -> Schema:
    """The schema in a file."""
    return decoded(content(path), where=path.name)


def content(path: Path) -> bytes:
    """What a file holds, or a pipe, which can be read but once."""
    try:
        return path.read_bytes()
    except OSError as error:
        wrong = f"{path.name}: {error.strerror}."
        raise Unreachable(f"{wrong} Give the path of a schema that you may read.") from error


def decoded(found: bytes, *, where: str) -> Schema:
    """The schema that a file holds."""
    try:
        text = found.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refusal(where, "not-toml", path="schema", why="it is not in UTF-8") from error
    return read(text, where=where)


def read(text: str, *, where: str = "schema") -> Schema:
    """The schema of a TOML text; refused with every fault found."""
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise refusal(where, "not-toml", path="schema", why=str(error)) from error
    reading = _Reading()
    schema = reading.schema(given)
    problems = [*reading.problems, *schema_faults.faults(schema)]
    if problems:
        raise InvalidRecord(where, problems)
    return schema


@dataclass(slots=True)
class _Reading:
    """One text being read, and what was found wrong with it."""

    problems: list[Problem] = field(default_factory=list)

    def schema(self, given: dict[str, Any]) -> Schema:
        known = self._known(given, TOP, at="schema")
        if not given.get("column"):
            self._wrong("no-columns", "schema")
        return Schema(
            columns=tuple(self._columns(known.get("column", []))),
            person=known.get("person"),
            duplicates=known.get("duplicates", "refuse"),
            population=_text(known.get("population", "")),
            purpose=_text(known.get("purpose", "")),
        )

    def _known(self, given: dict[str, Any], keys: Mapping[str, str], *, at: str) -> dict[str, Any]:
        """What has a known key and fits it."""
        for key in given.keys() - keys.keys():
            self._wrong("unknown-key", at, given=key, known=", ".join(keys))
        held = {key: value for key, value in given.items() if key in keys}
        for key, value in held.items():
            if not _FITS[keys[key]](value):
                self._wrong("wrong-type", at, key=key, wanted=keys[key])
        return {key: value for key, value in held.items() if _FITS[keys[key]](value)}

    def _columns(self, given: list[dict[str, Any]]) -> Iterator[Column]:
        for number, one in enumerate(given, start=1):
            known = self._known(one, COLUMN, at=f"column {one.get('name', number)}")
            if not known.get("name"):
                self._wrong("no-name", f"column {number}")
            elif (listed := self._listed(known, one)) is not None:
                yield _column(known, listed)

    def _listed(self, known: dict[str, Any], given: dict[str, Any]) -> CodeList | None:
        at = f"column {known['name']}"
        chosen = [key for key in LISTS if key in given]
        if len(chosen) != 1:
            self._wrong("one-list", at, given=len(chosen))
            return None
        return {"codes": self._codes, "vocabulary": self._vocabulary, "bins": self._bins}[chosen[0]](
            known, at
        )

    def _codes(self, known: dict[str, Any], at: str) -> CodeList | None:
        if known.get("closed") is not True:
            self._wrong("open-list", at)
        if "codes" not in known:
            return None
        labels = {code: _text(label) for code, label in known.get("labels", {}).items()}
        return CodeList(codes=tuple(known["codes"]), spellings=known.get("spellings", {}), labels=labels)

    def _vocabulary(self, known: dict[str, Any], at: str) -> CodeList | None:
        name = known.get("vocabulary")
        if name is None:
            return None
        if name not in names():
            self._wrong("unknown-vocabulary", at, given=name, known=", ".join(names()))
            return None
        found = codelist.of_vocabulary(name, level=known.get("level"))
        return found.spelt(known.get("spellings", {})).without(known.get("blank", ()))

    def _bins(self, known: dict[str, Any], at: str) -> CodeList | None:
        edges = known.get("bins")
        if edges is None:
            return None
        kinds = {isinstance(edge, date) for edge in edges}
        if len(kinds) != 1 or any(one >= other for one, other in pairwise(edges)):
            self._wrong("bins-order", at)
            return None
        return codelist.of_edges(edges)

    def _wrong(self, rule: str, at: str, **given: object) -> None:
        self.problems.append(fault(rule, path=at, **given))


def _column(known: dict[str, Any], listed: CodeList) -> Column:
    return Column(
        name=known["name"],
        listed=listed,
        label=_text(known.get("label", known["name"])),
        blank=tuple(known.get("blank", ())) or ("",),
        split=known.get("split", ""),
    )


def _text(given: str | Mapping[str, str]) -> Text:
    return Text(en=given, fr=given) if isinstance(given, str) else Text(**{"fr": given["en"], **given})


def _by_language(value: object) -> bool:
    return (
        isinstance(value, dict)
        and "en" in value
        and value.keys() <= {"en", "fr", "ar"}
        and all(isinstance(text, str) for text in value.values())
    )


def _edge(value: object) -> bool:
    return (isinstance(value, int | float | date)) and not isinstance(value, bool | datetime)


def written(schema: Schema) -> str:
    """The TOML text of a schema; reading it gives the same fields, labels and spellings."""
    return "\n".join([*_top(schema), *(line for column in schema.columns for line in _lines(column))]) + "\n"


def _top(schema: Schema) -> Iterator[str]:
    yield f"population = {_said(schema.population)}"
    yield f"purpose = {_said(schema.purpose)}"
    if schema.person is not None:
        yield f"person = {quoted(schema.person)}"
        yield f"duplicates = {quoted(schema.duplicates)}"


def _lines(column: Column) -> Iterator[str]:
    yield ""
    yield "[[column]]"
    yield f"name = {quoted(column.name)}"
    yield f"label = {_said(column.label)}"
    yield f"blank = {quoted_all(column.blank)}"
    if column.split:
        yield f"split = {quoted(column.split)}"
    if column.listed.edges:
        yield f"bins = [{', '.join(map(str, column.listed.edges))}]"
        return
    yield f"codes = {quoted_all(column.codes)}"
    yield "closed = true"
    if column.listed.spellings:
        yield f"spellings = {_table((text, quoted(to)) for text, to in column.listed.spellings.items())}"
    if column.listed.labels:
        yield f"labels = {_table((code, _said(text)) for code, text in column.listed.labels.items())}"


def quoted(text: str) -> str:
    """A text in TOML."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def quoted_all(texts: Iterable[str]) -> str:
    """A list of texts in TOML."""
    return f"[{', '.join(map(quoted, texts))}]"


def _table(pairs: Iterable[tuple[str, str]]) -> str:
    return "{ " + ", ".join(f"{quoted(key)} = {value}" for key, value in pairs) + " }"


def _said(text: Text) -> str:
    said = {"en": text.en, "fr": text.fr, "ar": text.ar}
    return (
        "{ "
        + ", ".join(f"{name} = {quoted(one)}" for name, one in said.items() if one or name != "ar")
        + " }"
    )
