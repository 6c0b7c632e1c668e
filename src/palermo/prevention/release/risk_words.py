"""What a risk report and a k-anonymous table say in words; the texts stand in risk_words.toml."""

import tomllib
from functools import cache
from importlib.resources import files
from string import Formatter

from palermo.errors import Problem
from palermo.prevention import saying
from palermo.prevention.release.schema import Schema

LANGUAGES = saying.LANGUAGES

_FIRST, _LAST = "\u2068", "\u2069"  # a name inside Arabic text keeps its own direction


@cache
def book() -> dict[str, dict[str, str]]:
    """Every text by its name and language."""
    return tomllib.loads(files(__package__).joinpath("risk_words.toml").read_text("utf-8"))


def told(name: str, language: str, /, **values: object) -> str:
    """The text of a name in a language; {places} may hold Python's format of a number."""
    return _Speaker(language).vformat(book()[name][language], (), values)


def problem(rule: str, *, path: str) -> Problem:
    """What is wrong with what was asked, in English and French."""
    return Problem(
        rule=rule,
        path=path,
        wrong=told(rule, "en"),
        remedy=told(f"{rule}-remedy", "en"),
        wrong_fr=told(rule, "fr"),
        remedy_fr=told(f"{rule}-remedy", "fr"),
    )


def named(schema: Schema, place: int, language: str) -> str:
    """A field as people call it: of a column of several values, with the code."""
    field = schema.fields[place]
    column = next(one for one in schema.columns if one.name == field.column)
    label = column.label.in_language(language) or column.name
    return f"{label} ({column.said(field.codes[0], language)})" if column.split else label


class _Speaker(Formatter):
    """Fills places in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, int | float):
            return saying.number(value, self.language, format_spec or ",.0f")
        return f"{_FIRST}{value}{_LAST}" if self.language == "ar" else str(value)
