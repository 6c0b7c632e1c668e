"""National plans that a passage names, with their years: runs of capitalised words around "plan" or its like.

Words: framework/plan_words.toml.
"""

import re
from functools import cache
from typing import Any

from palermo.appraisal import words
from palermo.appraisal.statement.claim import PlanMention

YEAR = r"(?:19|20)\d\d"
YEARS = rf"\(?(?:for |pour |from |de )?(?P<since>{YEAR})\s?(?:[-–—/]|to|à)\s?(?P<until>{YEAR}|\d\d)\)?"
APART = r"(?:\s+[\w’'().,]+){0,6}?\s*[,:]?\s*"
CENTURY = 100


def mentions(text: str, language: str) -> tuple[PlanMention, ...]:
    """Each national plan once. A run counts where it says "national", or has years."""
    found: dict[str, PlanMention] = {}
    for run in _runs(language).finditer(text):
        title = _title(run["title"], language)
        if not _is_plan(title, language) or _is_another(text[max(0, run.start() - 20) : run.end()], language):
            continue
        years = _years(text, run)
        if years or _is_national(title, language):
            since, until = years or (None, None)
            found.setdefault(title.casefold(), PlanMention(title=title, since=since, until=until))
    return tuple(found.values())


def _years(text: str, run: "re.Match[str]") -> tuple[int, int] | None:
    """The years right after the title, or right before it."""
    after = re.match(APART + YEARS, text[run.end() :])
    before = re.search(YEARS + r"\s*$", text[: run.start()])
    found = after or before
    if found is None:
        return None
    since, until = int(found["since"]), int(found["until"])
    if until < CENTURY:
        until += since - since % CENTURY
    return (since, until) if since <= until else None


def _title(run: str, language: str) -> str:
    """The run without the small words at its ends."""
    small = "|".join(_table()["small"][language])
    return re.sub(rf"^(?:(?:{small})(?:\s+|[’']))+|(?:(?:\s+|[’'])(?:{small}))+$", "", run)


def _is_plan(title: str, language: str) -> bool:
    return bool(set(title.split()) & set(_table()["heads"][language]))


def _is_national(title: str, language: str) -> bool:
    return bool(set(title.split()) & set(_table()["marks"][language])) and len(title.split()) > 1


def _is_another(around: str, language: str) -> bool:
    return bool(re.search(_table()["not_national"][language], around, re.IGNORECASE))


@cache
def _runs(language: str) -> "re.Pattern[str]":
    """One or more of the words, in one run that begins with a capital in English."""
    known = "|".join(map(re.escape, sorted(_table()["words"][language], key=len, reverse=True)))
    first = "(?=[A-Z])" if language == "en" else ""
    between = r"(?:\s+|[’'])"
    return re.compile(rf"(?<![\w’'-])(?P<title>{first}(?:{known})(?:{between}(?:{known}))*)(?![\w-])")


def _table() -> Any:
    return words.table("plan_words.toml")
