"""Who spoke, for which State and when, as far as a statement's own words tell: guesses, each with its words.

Patterns: framework/openings.toml.
"""

import re
from collections import Counter
from datetime import date
from functools import cache
from typing import Any

from palermo.appraisal import state, words
from palermo.appraisal.statement.document import Guess

OPENING = 3000
CLOSING = 500
HEADING = 400
STEM = 5
SENTENCE = re.compile(r"[.!?;\n]\s")
REST = r"\w*"
BLANK = r"\s"
NAME = r"(?P<name>[A-ZÀ-Þ][\w.’'-]*(?: [A-ZÀ-Þ][\w.’'-]+){1,3})"


def guesses(text: str) -> tuple[Guess, ...]:
    """Speaker, State and day, each at most once and only where the text gives it."""
    opening = text[:OPENING]
    found = (_speaker(opening), _state(text, opening), _day(opening) or _day(text[-CLOSING:]))
    return tuple(one for one in found if one)


def for_united_nations(text: str, speaker: str = "") -> bool:
    """Whether the first lines, or the speaker's title, say that the United Nations speaks."""
    return re.search(_table()["united_nations"], f"{speaker}\n{text[:HEADING]}") is not None


def adjective(code: str) -> str:
    """A pattern for the name of a State and its adjective: Pakistan, Pakistan's, Pakistani."""
    names = (state.states()[code].name.en, state.states()[code].name.fr)
    stems = [re.escape(name[: max(STEM, len(name) - 4)]) for name in names if len(name) >= STEM]
    other = map(re.escape, _table()["adjectives"].get(code, ()))
    begun = [f"{one}{REST}" for one in (*stems, *other)]
    return f"(?:{'|'.join([*map(re.escape, names), *begun])})"


def _speaker(opening: str) -> Guess | None:
    for pattern in _patterns("speakers"):
        if found := pattern.search(opening):
            name = re.sub(r"\s+", " ", found["name"]).rstrip(".,’'")
            return Guess(about="speaker", value=name, words=_around(found))
    return None


def _state(text: str, opening: str) -> Guess | None:
    """The State that most sentences name, unless it is the United Nations that speaks."""
    if for_united_nations(opening):
        return None
    named = Counter(code for sentence in SENTENCE.split(text) for code in state.mentioned(sentence))
    ranked = [*named.most_common(2), ("", 0), ("", 0)]
    (code, most), (_, next_most) = ranked[0], ranked[1]
    if most < max(int(_table()["state_named"]), 2 * next_most):
        return None
    return Guess(about="state", value=code, words=f"{state.state(code).name.en} × {most}")


def _day(part: str) -> Guess | None:
    for pattern in _patterns("dates"):
        for found in pattern.finditer(part):
            before = part[: found.start()][-60:]
            if any(re.search(f"{sign}$", before) for sign in _table()["not_the_day"]):
                continue
            if day := _as_date(found):
                return Guess(about="spoken_on", value=day.isoformat(), words=found[0])
    return None


def _as_date(found: "re.Match[str]") -> date | None:
    groups = found.groupdict()
    month = int(groups["month"]) if "month" in groups else _months().get(groups["word"].lower(), 0)
    try:
        return date(int(groups["year"]), month, int(groups["day"]))
    except ValueError:
        return None


def _around(found: "re.Match[str]") -> str:
    return re.sub(r"\s+", " ", found[0]).strip()[:200]


def _table() -> Any:
    return words.table("openings.toml")


@cache
def _patterns(name: str) -> tuple["re.Pattern[str]", ...]:
    return tuple(re.compile(one.replace("NAME", NAME).replace(" ", BLANK)) for one in _table()[name])


@cache
def _months() -> dict[str, int]:
    return {name: number for number, names in enumerate(_table()["months"], 1) for name in names}
