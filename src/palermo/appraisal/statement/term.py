"""The phrases that a passage is compared with: each provision's text and key terms, and what is no provision.

Tables: framework/provision_terms.toml and framework/no_provision.toml.
"""

from dataclasses import dataclass
from functools import cache

from palermo.appraisal import provision, words
from palermo.appraisal.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A provision, or a matter that is none, with its phrases in one language; the first is its own text."""

    id: str
    provision: bool
    phrases: tuple[str, ...]
    also: str


@cache
def subjects(language: str) -> tuple[Subject, ...]:
    """The provisions of the Plan in their order, then the matters that compete with them."""
    terms, none = words.table("provision_terms.toml"), words.table("no_provision.toml")
    plan = tuple(
        Subject(
            id=one.id,
            provision=True,
            phrases=(one.text.in_language(Language(language)), *terms[one.id][language]),
            also=terms[one.id].get(f"also_{language}", ""),
        )
        for one in provision.plan()
    )
    others = tuple(
        Subject(id=name, provision=False, phrases=tuple(listed[language]), also="")
        for name, listed in none.items()
    )
    return plan + others
