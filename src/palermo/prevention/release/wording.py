"""What a pack says to its readers, told in English, French or Arabic; the texts stand in wording.toml."""

import tomllib
from decimal import Decimal
from functools import cache
from html import escape
from importlib.resources import files

from palermo.prevention import saying

LANGUAGES = saying.LANGUAGES
NAMES = {"en": "English", "fr": "Français", "ar": "العربية"}


@cache
def book() -> dict[str, dict[str, str]]:
    """Every text by its name and language."""
    return tomllib.loads(files(__package__).joinpath("wording.toml").read_text("utf-8"))


def told(name: str, language: str, /, **values: object) -> str:
    """The text of a name, its numbers written as the language writes them."""
    return book()[name][language].format(**{key: _given(one, language) for key, one in values.items()})


def html(name: str, language: str, /, **values: object) -> str:
    """The same, safe inside a page."""
    return escape(told(name, language, **values))


def name(text: str) -> str:
    """A name inside a page, which keeps its own direction among words of another."""
    return f"<bdi>{escape(text)}</bdi>"


def small(value: float, language: str) -> str:
    """A small number without a power of ten."""
    return f"{Decimal(repr(value)):f}".replace(".", "," if language == "fr" else ".")


def number(value: float, language: str, form: str = ",.0f") -> str:
    """A number with the separators of the language."""
    return saying.number(value, language, form)


def _given(value: object, language: str) -> str:
    return number(value, language) if isinstance(value, int | float) else str(value)
