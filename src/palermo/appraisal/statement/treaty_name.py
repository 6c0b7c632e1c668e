"""Treaties that a passage names, in English or French, by the names of framework/treaty_names.toml."""

import re
from functools import cache
from typing import Any

from palermo.appraisal import words
from palermo.appraisal.statement.claim import TreatyMention
from palermo.appraisal.statement.kind import pattern

EITHER = {"labour": "labou?r", "organized": "organi[sz]ed", "united nations": "(?:united nations|u\\.?n\\.?)"}
BRACKETED = re.compile(r"\\\(([^)]*?)\\\)\\? ?")


def mentions(text: str, language: str, *, own: bool) -> tuple[TreatyMention, ...]:
    """Each treaty once, in the order named. `own`: the passage is of the speaking State's own acts.

    A mention is `joined` where the passage says that the State is a party, or has joined, before the name.
    """
    found: dict[str, TreatyMention] = {}
    for start, _, treaty, named in _named(text, language):
        joined = own and _joined(text[:start], language)
        found.setdefault(treaty, TreatyMention(treaty=treaty, words=named, joined=joined))
    return tuple(found.values())


def _named(text: str, language: str) -> list[tuple[int, int, str, str]]:
    """The names in the text; the longest where several fit at one place, and none inside another."""
    every = sorted(
        (match.start(), -match.end(), treaty, match[0])
        for treaty, names in _names(language)
        for match in names.finditer(text)
    )
    kept: list[tuple[int, int, str, str]] = []
    for one in every:
        if not kept or one[0] >= -kept[-1][1]:
            kept.append(one)
    return kept


def _joined(before: str, language: str) -> bool:
    table = words.table("treaty_names.toml")
    says = pattern(table["joined"][language]).search(before)
    unsays = pattern(table["not_joined"][language]).search(before)
    return says is not None and unsays is None


@cache
def _names(language: str) -> tuple[tuple[str, "re.Pattern[str]"], ...]:
    listed: dict[str, Any] = words.table("treaty_names.toml")["names"]
    return tuple((treaty, _pattern(names[language])) for treaty, names in listed.items())


def _pattern(names: list[str]) -> "re.Pattern[str]":
    """A pattern for any of the names, the longest first."""
    written = "|".join(_flexible(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"\b(?:{written})\b", re.IGNORECASE)


def _flexible(name: str) -> str:
    """A name as a pattern: either spelling, any blank and apostrophe, bracketed words left out or not."""
    written = re.escape(name.lower()).replace("\\ ", " ")
    for spelt, either in EITHER.items():
        written = written.replace(spelt, either)
    written = BRACKETED.sub(r"(?:\1 )?", written)
    return written.replace("’", "[’']").replace(" ", r"\s+")
