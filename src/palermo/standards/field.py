"""The fields of record schema 1.0, read once from fields.toml.

A field is named by its path: `person.sex`, `exploitation[].form`, `referral[].receipts[].at`. In a document a
place is named with numbers: `exploitation[0].form`; `declared` turns the second into the first.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from palermo.errors import Unknown

INHERITED: Final = ("tier", "gate", "profile")


class Tier(StrEnum):
    """How far a field must be kept from others' eyes."""

    T1 = "T1"  # coded, statistical
    T2 = "T2"  # confidential to the case
    T3 = "T3"  # identifying
    T4 = "T4"  # a life may hang on it


class Gate(StrEnum):
    """What must be on file before a field may be held."""

    L = "L"  # legal duty or vital interest
    S = "S"  # consent to services
    R = "R"  # consent to share with the named recipient
    X = "X"  # consent to statistics and research


class Profile(StrEnum):
    """Block of the provisional IC-TIP profile a field belongs to."""

    EV = "EV"  # event
    VI = "VI"  # victim
    PE = "PE"  # perpetrator
    RE = "RE"  # reporting entity


class Type(StrEnum):
    """Form that a field's value takes in a document."""

    CODED = "coded"  # an answer: {"value": code or null, "state": ...}
    CODED_LIST = "coded-list"  # a list of answers
    CODE = "code"  # a bare code of the vocabulary
    EDTF = "edtf"  # a date as precise as it is known
    MOMENT = "moment"  # a date, or a time in UTC
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    REF = "ref"  # a short code-like reference, never a name
    REF_LIST = "ref-list"
    MAP = "map"  # code-like keys to true, false, null, numbers or references
    ID = "id"  # an identifier made by identifier.make


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text in the languages we ship."""

    en: str
    fr: str
    ar: str = ""

    def in_language(self, language: str) -> str:
        """The text in `language`, else in English."""
        return {"en": self.en, "fr": self.fr, "ar": self.ar}.get(language) or self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One declared field."""

    path: str
    type: Type
    tier: Tier
    gate: Gate
    label: Text
    about: Text
    vocabulary: str = ""
    htcds: tuple[str, ...] = ()
    profile: Profile | None = None
    typed: bool = False
    other_text: str = ""
    minimum: float | None = None
    maximum: float | None = None

    @property
    def entity(self) -> str:
        """Top-level key of the document under which the field stands."""
        return self.path.partition(".")[0].removesuffix("[]")

    @property
    def repeatable(self) -> bool:
        """Whether a document may hold the field more than once."""
        return "[]" in self.path or self.type in {Type.CODED_LIST, Type.REF_LIST}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One top-level key of the document; a section of the pages."""

    name: str
    many: bool
    label: Text
    tier: Tier
    gate: Gate
    fields: tuple[Field, ...]
    open: bool = False


@cache
def entities() -> tuple[Entity, ...]:
    """Every entity in the order of the document."""
    return tuple(_entity(declared) for declared in _declaration()["entity"])


@cache
def fields() -> tuple[Field, ...]:
    """Every field in the order of the document."""
    return tuple(each for entity in entities() for each in entity.fields)


def field(path: str) -> Field:
    """The field declared at `path`; a path with numbers will do."""
    try:
        return _by_path()[declared(path)]
    except KeyError:
        raise Unknown(f"No field is declared at {declared(path)!r}. See docs/reference/fields.md.") from None


def entity(name: str) -> Entity:
    """The entity that stands under the top-level key `name`."""
    for each in entities():
        if each.name == name:
            return each
    raise Unknown(f"No entity is called {name!r}. Entities: {', '.join(each.name for each in entities())}.")


def declared(path: str) -> str:
    """The declared form of a place in a document: `means[3].kind` gives `means[].kind`."""
    return re.sub(r"\[\d+\]", "[]", path)


def schema_version() -> str:
    """Version of the record schema that documents carry."""
    return str(_declaration()["schema_version"])


@cache
def by_htcds() -> Mapping[str, Field]:
    """Every HTCDS 2.0 field name with the field that is its home."""
    return MappingProxyType({name: each for each in fields() for name in each.htcds})


@cache
def _by_path() -> Mapping[str, Field]:
    return MappingProxyType({each.path: each for each in fields()})


@cache
def _declaration() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("fields.toml").read_text("utf-8"))


def _entity(given: dict[str, Any]) -> Entity:
    return Entity(
        name=given["name"],
        many=given["many"],
        label=Text(**given["label"]),
        tier=Tier(given["tier"]),
        gate=Gate(given["gate"]),
        open=given.get("open", False),
        fields=tuple(_field(each, given) for each in given.get("field", ())),
    )


def _field(given: dict[str, Any], entity: dict[str, Any]) -> Field:
    inherited: dict[str, Any] = {name: entity[name] for name in INHERITED if name in entity} | given
    prefix = entity["name"] + ("[]" if entity["many"] else "")
    path = f"{prefix}.{given['name']}"
    other = given.get("other_text", "")
    return Field(
        path=path,
        type=Type(given["type"]),
        tier=Tier(inherited["tier"]),
        gate=Gate(inherited["gate"]),
        label=Text(**given["label"]),
        about=Text(**given["about"]),
        vocabulary=given.get("vocabulary", ""),
        htcds=tuple(given.get("htcds", ())),
        profile=Profile(inherited["profile"]) if "profile" in inherited else None,
        typed=given.get("typed", False),
        other_text=f"{path.rpartition('.')[0]}.{other}" if other else "",
        minimum=given.get("min"),
        maximum=given.get("max"),
    )
