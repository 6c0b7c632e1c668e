"""The language of a text, by its script and by the words that no sentence of a language can do without.

Rules and words: framework/passages.toml. A text that shows too little is in no known language.
"""

import re
import unicodedata
from collections import Counter
from functools import cache

from palermo.appraisal import words
from palermo.appraisal.statement.document import UNKNOWN

WORD = re.compile(r"[^\W\d_]+")
LATIN = "LATIN"


def language(text: str, *, otherwise: str = UNKNOWN) -> str:
    """The ISO 639-1 code of the language; `otherwise` where the text shows none."""
    script = _script(text)
    if script and script != LATIN:
        return _scripts().get(script, UNKNOWN)
    found = Counter(language for word in WORD.findall(text.lower()) for language in _tells().get(word, ()))
    ranked = found.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return otherwise if not ranked else _preferred(found, otherwise)
    return ranked[0][0]


def _preferred(found: Counter[str], otherwise: str) -> str:
    """Among the languages that are level, the expected one."""
    most = max(found.values())
    return otherwise if found[otherwise] == most else UNKNOWN if otherwise == UNKNOWN else otherwise


def _script(text: str) -> str:
    """The script of most letters, by the first word of their Unicode names; empty without letters."""
    letters = [one for one in text if one.isalpha()]
    named = Counter(unicodedata.name(one, "?").split()[0] for one in letters)
    return named.most_common(1)[0][0] if named else ""


@cache
def _scripts() -> dict[str, str]:
    return dict(words.table("passages.toml")["scripts"])


@cache
def _tells() -> dict[str, tuple[str, ...]]:
    """The languages that each function word speaks for."""
    found: dict[str, list[str]] = {}
    for code, listed in words.table("passages.toml")["function_words"].items():
        for word in listed:
            found.setdefault(word, []).append(code)
    return {word: tuple(codes) for word, codes in found.items()}
