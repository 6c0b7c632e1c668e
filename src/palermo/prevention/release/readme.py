"""The README of a pack, in English and then in French, made of the card alone."""

from functools import cache
from importlib.resources import files

from palermo.prevention.release.card import Card
from palermo.prevention.release.wording import number, small, told

NAME = "README.txt"

_ROWS = {
    "en": "  rows.csv              made-up rows that count nearly alike; no row is a person\n",
    "fr": "  rows.csv              lignes fictives aux effectifs presque égaux ; aucune n'est une personne\n",
}
_USE = {
    "en": (
        "  - rows.csv suits programs that want one row a person. Do not take figures of few persons from\n"
        "    it: part of its rare combinations are invented.\n"
    ),
    "fr": (
        "  - rows.csv convient aux programmes qui veulent une ligne par personne. N'en tirez pas de petits\n"
        "    effectifs : une partie de ses combinaisons rares est inventée.\n"
    ),
}
_SIGNED = {True: {"en": ", signed", "fr": ", signé"}, False: {"en": " (not signed)", "fr": " (non signé)"}}
_NOBODY = {"en": "nobody named", "fr": "personne de nommé"}
_NONE = {"en": "not stated", "fr": "non précisée"}


def text(card: Card, *, signed: bool) -> str:
    """The whole text; a pack that is not signed says so."""
    places = {"on": card["released_on"], "version": card["code_version"]}
    for language in ("en", "fr"):
        found = _places(card, language) | {"signed": _SIGNED[signed][language]}
        places |= {f"{name}_{language}": one for name, one in found.items()}
    lines = template().format(**places).splitlines()
    return "\n".join(line.rstrip() for line in lines) + "\n"


@cache
def template() -> str:
    """The text with places for what the card says."""
    return files(__package__).joinpath("readme.txt").read_text("utf-8")


def _places(card: Card, language: str) -> dict[str, str]:
    title = card.text("title", language) or told("dashboard", language)
    rows = card["rows"] is not None
    return {
        "epsilon": number(card["epsilon"], language, ".4g"),
        "delta": small(card["delta"], language),
        "title": title,
        "rule": "=" * len(title),
        "population": card.text("population", language),
        "purpose": card.text("purpose", language),
        "rows": _ROWS[language] if rows else "",
        "use": _USE[language] if rows else "",
        "publisher": told("by", language, name=card["publisher"]) if card["publisher"] else "",
        "approvers": ", ".join(card["approvers"]) or _NOBODY[language],
        "licence": card["licence"] or _NONE[language],
    }
