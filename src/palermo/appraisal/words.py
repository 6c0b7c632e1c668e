"""Text in English and French, in part in Arabic, and phrases whose numbers are the same in all of them.

A report holds no sentence of its own: it holds the key of a phrase and the values that go into it. The
language is chosen when the report is rendered, so every language is given the same values. Headings and
labels stand in Arabic as well (`framework/arabic.toml`); a sentence that does not is given in English.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any, TypeAlias

from palermo.errors import Unknown

Number: TypeAlias = int | float
WORDINGS = ("words.toml", "chapters.toml")


class Language(StrEnum):
    """A language that a report is written in."""

    ENGLISH = "en"
    FRENCH = "fr"
    ARABIC = "ar"

    @property
    def right_to_left(self) -> bool:
        return self is Language.ARABIC


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """The same words in both languages, and in Arabic where `ar` is not empty."""

    en: str
    fr: str
    ar: str = ""

    def spoken(self, language: Language) -> Language:
        """The language that these words are given in where that one is asked for."""
        return Language.ENGLISH if language is Language.ARABIC and not self.ar else language

    def in_language(self, language: Language) -> str:
        words: str = getattr(self, self.spoken(language))
        return words


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """A phrase of the catalogue and the values that go into its places, in alphabetical order."""

    key: str
    values: tuple[tuple[str, Any], ...] = ()


def say(key: str, **values: Any) -> Phrase:
    """The phrase of that key with these values; every place must be given, and no other."""
    wanted = set(places(phrase_text(key).en))
    if wanted != set(values):
        raise ValueError(f"Phrase {key!r} has the places {sorted(wanted)}, but was given {sorted(values)}.")
    return Phrase(key=key, values=tuple(sorted(values.items())))


@cache
def catalogue() -> Mapping[str, Text]:
    """Every phrase of the reports, by key; those of the obstacles are `obstacle.CODE.PART`."""
    words = {key: entry for name in WORDINGS for key, entry in table(name).items()}
    obstacles = {
        f"obstacle.{code}.{part}": entry
        for code, parts in table("obstacles.toml").items()
        for part, entry in parts.items()
    }
    arabic = table("arabic.toml")
    return {key: Text(ar=arabic.get(key, ""), **entry) for key, entry in (words | obstacles).items()}


@cache
def table(name: str) -> Mapping[str, Any]:
    """One TOML table of the framework."""
    return tomllib.loads(files("palermo.appraisal").joinpath("framework", name).read_text("utf-8"))


def phrase_text(key: str) -> Text:
    """The wording of one phrase, its places still open."""
    if key not in catalogue():
        raise Unknown(f"No phrase is called {key!r}. Add it to framework/words.toml in English and French.")
    return catalogue()[key]


def places(wording: str) -> tuple[str, ...]:
    """The names that a wording leaves open, in the order they stand."""
    return tuple(name for _, name, _, _ in Formatter().parse(wording) if name)


def number(value: Number, language: Language) -> str:
    """A number as that language writes it: 26,539 and 12.8; 26 539 and 12,8."""
    written = f"{value:,}"
    if language is not Language.FRENCH:
        return written
    return written.translate({ord(","): "\u202f", ord("."): ","})


def day(value: date, language: Language) -> str:
    """A date as that language writes it: 14 September 2023; 14 septembre 2023; 1er janvier 2024."""
    month = phrase_text("months").in_language(language).split()[value.month - 1]
    first = value.day == 1 and language is Language.FRENCH
    return f"{value.day}{'er' if first else ''}\u00a0{month} {value.year}"


def listed(items: tuple[str, ...], language: Language) -> str:
    """Items with commas and a last "and"."""
    joiner = phrase_text("and").in_language(language)
    between, last = ("، ", f" {joiner}") if language is Language.ARABIC else (", ", f" {joiner} ")
    return items[0] if len(items) == 1 else f"{between.join(items[:-1])}{last}{items[-1]}"


def plain(value: Any) -> Any:
    """A value of a report as JSON can hold it, each kind named so that it can be told apart."""
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if hasattr(value, "__dataclass_fields__"):
        kind = {"kind": type(value).__name__.lower()}
        return kind | {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in sorted(value.items())}
    if isinstance(value, tuple | list | frozenset):
        return [plain(item) for item in value]
    return value
