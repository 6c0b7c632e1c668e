"""What an estimate says in words, as data: a rule's name and its values, told in English, French or Arabic.

The texts stand in sayings.toml, each in all languages with the same places. Numbers are written as the
language writes them; a value may itself be a saying, or a tuple of values.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Final

LANGUAGES: Final = ("en", "fr", "ar")
OTHERS: Final = LANGUAGES[1:]

_MARKS: Final = {
    "en": {},
    "fr": str.maketrans({",": "\u202f", ".": ",", "%": "\u202f%"}),
    "ar": {},
}
_APART: Final = {"en": "; ", "fr": "\u202f; ", "ar": "؛ "}
_FIRST, _LAST = "\u2068", "\u2069"  # a name inside Arabic text keeps its own direction


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing said: the rule of sayings.toml and the values of its places; `str` gives the English."""

    rule: str
    values: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: str) -> str:
        """The saying in a language: en, fr or ar."""
        return _Speaker(language).vformat(book()[self.rule][language], (), self.values)


def say(rule: str, **values: object) -> Saying:
    """The saying of a rule with these values."""
    return Saying(rule, values)


@cache
def book() -> dict[str, dict[str, str]]:
    """Every rule's texts by language."""
    return tomllib.loads(files(__package__).joinpath("sayings.toml").read_text("utf-8"))


def number(value: float, language: str, form: str = ",.0f") -> str:
    """A number in Python's format, with the separators of the language."""
    return format(value, form).translate(_MARKS[language])


class _Speaker(Formatter):
    """Fills places in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, Saying):
            return value.text(self.language)
        if isinstance(value, tuple):
            return _APART[self.language].join(self.format_field(one, format_spec) for one in value)
        if isinstance(value, int | float):
            return number(value, self.language, format_spec)
        return f"{_FIRST}{value}{_LAST}" if self.language == "ar" else str(value)
