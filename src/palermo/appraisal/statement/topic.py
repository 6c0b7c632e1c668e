"""The words of the subject, cut from a text before it is compared, and the stems of what is left.

Every text here speaks of trafficking, so that word would rule any comparison. Lists: framework/matching.toml.
"""

import re
from functools import cache
from typing import Any

import snowballstemmer  # type: ignore[import-untyped]  # it ships no types

from palermo.appraisal import words

WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\d+")
STEMMERS = {"en": "english", "fr": "french"}
BLANKS = re.compile(r"\s+")


def cut(text: str, language: str) -> str:
    """The text without the words of the subject; unchanged where nothing else would be left."""
    left = BLANKS.sub(" ", _topic(language).sub(" ", text)).strip()
    return left if WORD.search(left) else text


def names(text: str, language: str) -> bool:
    """Whether the text holds a word of the subject."""
    return _topic(language).search(text) is not None


def stems(text: str, language: str) -> list[str]:
    """The stems of the words of a text, those of the subject and those that say nothing left out."""
    left = _topic(language).sub(" ", text).lower().replace("’", "'")
    found = [part for word in WORD.findall(left) for part in word.split("-") if len(part) > 1]
    stop = _stop(language)
    return _stemmer(language).stemWords([word for word in found if word not in stop])  # type: ignore[no-any-return]


@cache
def _topic(language: str) -> "re.Pattern[str]":
    listed: list[str] = _table()["topic_words"][language]
    return re.compile(rf"\b(?:{'|'.join(listed)})\b", re.IGNORECASE)


@cache
def _stop(language: str) -> frozenset[str]:
    return frozenset(_table()["stop_words"][language])


@cache
def _stemmer(language: str) -> Any:
    return snowballstemmer.stemmer(STEMMERS[language])


def _table() -> Any:
    return words.table("matching.toml")
