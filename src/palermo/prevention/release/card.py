"""The privacy card of a release: one JSON document that says what was given away, how, and how wrong it is.

All else in a pack that people read is made of the card and the published counts alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from palermo.prevention.release import shape
from palermo.prevention.release.finding import refusal

NAME = "card.json"
SCHEMA_NAME = "card.schema.json"
FORMAT = "palermo-release-card/1"


@dataclass(frozen=True, kw_only=True)
class Column:
    """A column of the card: what it and its codes are called in each language."""

    name: str
    split: str
    blank: tuple[str, ...]
    spellings: Mapping[str, str]
    labels: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]

    def label(self, language: str) -> str:
        """What the column is called."""
        return _said(self.labels, language)

    def said(self, code: str, language: str) -> str:
        """What a code means."""
        return _said(self.codes[code], language)


@dataclass(frozen=True)
class Card:
    """A card that fits its JSON Schema."""

    document: Mapping[str, Any]

    def __post_init__(self) -> None:
        misfit = next(shape.misfits(self.document, schema()), None)
        if misfit is not None:
            raise refusal(NAME, "no-card", path="card", why=misfit)

    def __getitem__(self, name: str) -> Any:
        return self.document[name]

    @cached_property
    def columns(self) -> Mapping[str, Column]:
        """The columns by name, in the order of the table."""
        return {one["name"]: _column(one) for one in self.document["columns"]}

    def text(self, name: str, language: str) -> str:
        """The title, population or purpose in a language, else in English."""
        return _said(self.document[name], language)

    def written(self) -> str:
        """The card as JSON."""
        return json.dumps(self.document, ensure_ascii=False, indent=2) + "\n"


@cache
def schema() -> Mapping[str, Any]:
    """The JSON Schema that every card of this format fits."""
    found: Mapping[str, Any] = json.loads(schema_text())
    return found


@cache
def schema_text() -> str:
    """The schema as it lies in every pack."""
    return files(__package__).joinpath(SCHEMA_NAME).read_text("utf-8")


def read(text: str) -> Card:
    """The card in a JSON text."""
    try:
        document = json.loads(text, parse_constant=_no_number)
    except ValueError as error:
        raise refusal(NAME, "no-card", path="card", why="JSON") from error
    return Card(document)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number in JSON.")


def _column(told: Mapping[str, Any]) -> Column:
    return Column(
        name=told["name"],
        split=told["split"],
        blank=tuple(told["blank"]),
        spellings=told["spellings"],
        labels=told["label"],
        codes={one["code"]: one["label"] for one in told["codes"]},
    )


def _said(texts: Mapping[str, str], language: str) -> str:
    return texts.get(language) or texts["en"]
