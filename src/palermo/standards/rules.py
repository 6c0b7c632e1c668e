"""Rules R01 to R16: what must hold between fields of a record (case-record standard, section 3.1).

Each rule has an id, a severity, a text in English and French, and a pure function that finds where it is
broken. All are asked and all findings reported together. R02 is settled rather than found; R11 and R15 are
found by the check of codes, R16 by the writers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from palermo.errors import Problem
from palermo.standards import child, order, permission, purpose, tree
from palermo.standards.age import is_unknown, signs_of_a_child
from palermo.standards.answer import answered, code
from palermo.standards.field import fields
from palermo.standards.rule import Rule, rule
from palermo.standards.tree import Document

Finding = Callable[[Document, date | None], Iterator[Problem]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A rule: asked when an entity or a field of `about` is there and no entity of `reads` is faulty.

    A field is named by its key in the entity (`industry`), whichever entity that is.
    """

    rule: Rule
    about: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    find: Finding | None = None


def broken(
    document: Document, *, today: date | None = None, without: frozenset[str] = frozenset()
) -> tuple[Problem, ...]:
    """Everything in a document of sound form that breaks a rule, in the order of the rules.

    `without` names entities whose form is faulty: rules that would read them are not asked.
    """
    there = tree.names(document)
    return tuple(
        problem
        for ruling in RULINGS
        if ruling.find and not ruling.about.isdisjoint(there) and without.isdisjoint(ruling.reads)
        for problem in ruling.find(document, today)
    )


def settle(document: dict[str, Any]) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    """The document with everything filled in that a rule settles by itself (R02), and notes that say so."""
    if not is_unknown(document.get("person", {})) or not signs_of_a_child(document):
        return document, ()
    person = document.get("person", {})
    if code(person.get("child_flag")) in {"child", "presumed"}:
        return document, ()
    presumed = {**person, "child_flag": answered("presumed")}
    return {**document, "person": presumed}, (rule("R02").at("person.child_flag"),)


def _ruling(name: str, find: Finding, *, about: str, reads: str = "") -> Ruling:
    return Ruling(rule=rule(name), find=find, about=frozenset(about.split()), reads=frozenset(reads.split()))


_WITH_OTHER: Final = " ".join(
    each.path.split(".")[1].removesuffix("[]") for each in fields() if each.other_text
)
_BY_CONSENT: Final = " ".join(key for keys in permission.held_by_consent().values() for key in keys)
RULINGS: Final = (
    _ruling(
        "R01",
        child.before_guardian,
        about="support event to_country mode",
        reads="case person best_interests",
    ),
    Ruling(rule=rule("R02")),
    _ruling("R03", purpose.industry_without_labour, about="industry"),
    _ruling("R04", purpose.sex_type_without_sex, about="subform"),
    _ruling("R05", order.end_before_start, about="closed_at end withdrawn_at"),
    _ruling("R06", order.out_of_order, about="start", reads="case event exploitation"),
    _ruling("R07", order.older_before, about="age_when_trafficked age_band_when_trafficked"),
    _ruling("R08", permission.identity_without_consent, about=f"{_BY_CONSENT} local", reads="consent"),
    _ruling(
        "R09", permission.referral_without_consent, about="referral", reads="consent person best_interests"
    ),
    _ruling("R10", order.too_early, about="decision"),
    Ruling(rule=rule("R11")),
    _ruling("R12", purpose.other_without_words, about=_WITH_OTHER),
    _ruling("R13", purpose.amount_without_currency, about=" ".join(sum(purpose.AMOUNTS, ()))),
    _ruling("R14", permission.more_than_statistics, about="consent"),
    Ruling(rule=rule("R15")),
    Ruling(rule=rule("R16")),
)
RULES: Final = tuple(ruling.rule for ruling in RULINGS)
