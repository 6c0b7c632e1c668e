"""Passages: a document cut into sentences, and sentences into clauses at semicolons, with exact offsets.

A line ends a sentence, since headings and addresses have no full stop. `document.text[start:end]` is the
text of the passage; between passages stand only blanks, semicolons and signs without letters.
"""

import re
from collections.abc import Iterator
from functools import cache

from palermo.appraisal import words
from palermo.appraisal.statement.document import UNKNOWN, Document, Passage
from palermo.appraisal.statement.language import language

Span = tuple[int, int]

LINE = re.compile(r"[^\n]+")
STOP = re.compile(
    r"[.!?…]+[\"”’»\)\]]*(?:\s?[»”])?(?=\s+[\"“‘«\(\[¿¡–—-]*\s*[A-ZÀ-ÖØ-Þ0-9Ѐ-Я]|\s+[\"“«])|[。！？؟۔।]+"
)
SEMICOLON = re.compile(r"\s*[;؛；]\s+")
LAST_WORD = re.compile(r"(\S+?)\.[\"”’»\)\]]*$")
INITIAL = re.compile(r"(?:^|[\s.(])[A-ZÀ-Þ]$")


def passages(document: Document) -> tuple[Passage, ...]:
    """Every sentence and clause that has a letter, in order, each with its own language."""
    found: list[Passage] = []
    spoken = document.language
    for start, end in _spans(document.text):
        text = document.text[start:end]
        spoken = language(text, otherwise=spoken if spoken != UNKNOWN else document.language)
        found.append(
            Passage(
                document=document.id,
                number=len(found) + 1,
                start=start,
                end=end,
                text=text,
                language=spoken,
            )
        )
    return tuple(found)


def _spans(text: str) -> Iterator[Span]:
    for line in LINE.finditer(text):
        for sentence in _sentences(text, line.start(), line.end()):
            for start, end in _clauses(text, *sentence):
                trimmed = _trimmed(text, start, end)
                if any(one.isalpha() for one in text[slice(*trimmed)]):
                    yield trimmed


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    for stop in STOP.finditer(text, start, end):
        if not _abbreviates(text[start : stop.end()]):
            yield start, stop.end()
            start = stop.end()
    yield start, end


def _abbreviates(text: str) -> bool:
    """Whether the stop at the end belongs to an abbreviation or to an initial."""
    last = LAST_WORD.search(text)
    if last is None:
        return False
    word = last[1].lstrip('"“‘«([')
    return word in _abbreviations() or INITIAL.search(word) is not None


def _clauses(text: str, start: int, end: int) -> Iterator[Span]:
    """The parts between semicolons; a part of too few words stays with the one before it."""
    few = int(words.table("passages.toml")["clause_words"])
    for cut in SEMICOLON.finditer(text, start, end):
        both = (text[start : cut.start()], text[cut.end() : end].split(";")[0])
        if all(len(part.split()) >= few for part in both):
            yield start, cut.start()
            start = cut.end()
    yield start, end


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), end - (len(part) - len(part.rstrip()))


@cache
def _abbreviations() -> frozenset[str]:
    return frozenset(words.table("passages.toml")["abbreviations"])
