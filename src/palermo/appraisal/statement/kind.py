"""What a passage does: done, under way, promised, urged or described. Rules: framework/claim_kinds.toml."""

import re
from dataclasses import dataclass
from functools import cache

from palermo.appraisal import words
from palermo.appraisal.statement.claim import Kind

QUOTED = re.compile(r"[\"“«]\s?([^\"“”«»]+)[\"”»]?")
QUOTED_WORDS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the table; `act` is true where the verb by itself is an act of carrying out."""

    id: str
    kind: Kind
    language: str
    pattern: "re.Pattern[str]"
    act: bool
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The kind of a passage: the rule that told it, the text it was told from and where; None: no rule."""

    kind: Kind
    rule: Rule | None
    text: str
    at: int


def read(text: str, language: str) -> Reading:
    """The kind of a text; what is quoted in it is read before the words around it."""
    parts = [*(quoted for quoted in said(text)), text]
    readings = [_first(part, language) for part in parts]
    told = [one for one in readings if one.rule]
    return told[0] if told else readings[-1]


def said(text: str) -> tuple[str, ...]:
    """The direct quotations in a text that are long enough to be a statement, not a name."""
    return tuple(found[1] for found in QUOTED.finditer(text) if len(found[1].split()) >= QUOTED_WORDS)


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in the order of the table."""
    table = words.table("claim_kinds.toml")
    return tuple(
        Rule(
            id=row["id"],
            kind=Kind(row["kind"]),
            language=row["lang"],
            pattern=pattern(row["pattern"], ACTED="|".join(table["acted"][row["lang"]])),
            act=row.get("act", False),
            example=row["example"],
        )
        for row in table["rule"]
    )


def pattern(written: str, **places: str) -> "re.Pattern[str]":
    """A pattern of the tables: APOS is an apostrophe of either form, other places as given."""
    for place, content in {"APOS": "[’']", **places}.items():
        written = written.replace(place, content)
    return re.compile(written.replace(" ", r"\s"), re.IGNORECASE)


def _first(text: str, language: str) -> Reading:
    """The rule that matches first in the text, and of two at one place the one that stands first."""
    found = [
        (match.start(), order, rule)
        for order, rule in enumerate(rules())
        if rule.language == language and (match := rule.pattern.search(text))
    ]
    if not found:
        return Reading(kind=Kind.DESCRIBED, rule=None, text=text, at=len(text))
    at, _, rule = min(found, key=lambda one: one[:2])
    return Reading(kind=rule.kind, rule=rule, text=text, at=at)
