"""Who acts in a passage: the State that speaks, the United Nations, everyone, or another.

The doer is the last one named before the verb that told the kind. Words: framework/claim_actors.toml.
"""

import re
from functools import cache

from palermo.appraisal import words
from palermo.appraisal.state import states
from palermo.appraisal.statement import origin
from palermo.appraisal.statement.claim import Actor, Kind
from palermo.appraisal.statement.document import MATCHED, Document
from palermo.appraisal.statement.kind import Reading, pattern

SPEAKER = "speaker"
BY = re.compile(r"\b(?:by|par)\s+(?:the\s+|l[’']|le\s+|la\s+|les\s+)?$", re.IGNORECASE)
INCLUSIVE = re.compile(r"^(?:we|our|nous|notre|nos|i)$", re.IGNORECASE)


def read(reading: Reading, language: str, *, document: Document) -> Actor:
    """The doer of a passage whose kind was read; OTHER where no word tells."""
    if language not in MATCHED:
        return Actor.OTHER
    doer = _doer(reading, language, document.state)
    if doer is None:
        passive = reading.rule is not None and reading.rule.act and document.state is not None
        return Actor.STATE if passive else Actor.OTHER
    who, named = doer
    if who != SPEAKER:
        return Actor(who)
    if reading.kind is Kind.URGED and INCLUSIVE.match(named) and not _speaks(reading):
        return Actor.EVERYONE
    return speaker(document)


def named(reading: Reading, language: str, *, document: Document) -> bool:
    """Whether the passage names any doer."""
    return _doer(reading, language, document.state) is not None


def speaker(document: Document) -> Actor:
    """Whom the speaker of a document stands for."""
    if document.state:
        return Actor.STATE
    spoken_for_all = origin.for_united_nations(document.text, document.speaker)
    return Actor.UNITED_NATIONS if spoken_for_all else Actor.OTHER


def _speaks(reading: Reading) -> bool:
    """Whether the verb is one of speaking, as in "we urge", where the speaker acts and not everyone."""
    return reading.rule is not None and reading.rule.id in {"urge", "exhorter"}


def _doer(reading: Reading, language: str, state: str | None) -> tuple[str, str] | None:
    """The last doer that begins before the verb, else the first of all; with the words that name it.

    What was done in the passive has no doer after the verb but one that "by" names.
    """
    found = sorted(
        (match.start(), -match.end(), who, match[0])
        for who, names in _names(language, state)
        for match in names.finditer(reading.text)
    )
    before = [one for one in found if one[0] <= reading.at]
    after = [one for one in found if one[0] > reading.at]
    if reading.rule and reading.rule.act:
        after = [one for one in after if BY.search(reading.text[: one[0]])]
    chosen = before[-1:] if reading.rule and before else (before + after)[:1]
    return (chosen[0][2], chosen[0][3]) if chosen else None


@cache
def _names(language: str, state: str | None) -> tuple[tuple[str, "re.Pattern[str]"], ...]:
    """Who can act, each with the pattern of its names; the State that speaks has its own name among them."""
    table = words.table("claim_actors.toml")
    listed = [(who, pattern(texts[language])) for who, texts in table.items()]
    own = [(SPEAKER, re.compile(rf"\b{origin.adjective(state)}\b"))] if state and state in states() else []
    others = "|".join(
        re.escape(name)
        for code, one in states().items()
        if code != state
        for name in (one.name.en, one.name.fr)
    )
    return (*own, *listed, (Actor.OTHER.value, re.compile(rf"\b(?:(?:North|South) \w+|{others})\b")))
