"""Evidence: what proves a status, how strong it is, and the id by which a report opens it.

A official register or law text; B statistic with series and date; C the node's own data; D independent
report; E the State's own statement, confirmed as a claim of that kind; F machine proposal, not confirmed.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from palermo.appraisal.words import Number, Phrase, Text


class Grade(StrEnum):
    """Strength of a proof, A the strongest; E alone lifts to "claimed" at most, F counts for nothing."""

    REGISTER = "A"
    STATISTIC = "B"
    NODE = "C"
    INDEPENDENT = "D"
    CLAIM = "E"
    PROPOSAL = "F"


PROVES = frozenset({Grade.REGISTER, Grade.STATISTIC, Grade.NODE, Grade.INDEPENDENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who says so; one source may have said different things at different dates."""

    id: str
    name: Text
    publisher: Text
    grade: Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a fact stood: source, the date up to which it speaks, file and line (0: the table as a whole)."""

    source: Source
    as_of: date
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One fact that a report cites; `confirmed_by` is the person who checked it, if anyone did."""

    id: str
    says: Phrase
    found: Found
    confirmed_by: str | None = None

    @property
    def grade(self) -> Grade:
        return self.found.source.grade


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of a report, exact or an interval, and what it opens to: evidence ids or a section."""

    low: Number
    high: Number
    opens: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.opens:
            raise ValueError("A figure of a report must open to evidence or to the section that counts it.")


def counted(number: int, *, opens: str) -> Figure:
    """A number that the report counted itself, opening to the section where each item has its evidence."""
    return Figure(low=number, high=number, opens=(opens,))


def identity(*parts: object) -> str:
    """A stable id: the same source and the same fact give the same id on every machine and in every file."""
    text = "\x1f".join(str(part) for part in parts)
    return f"e-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


def distinct(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Each fact once, in the order first met."""
    found: dict[str, Evidence] = {}
    for one in evidence:
        found.setdefault(one.id, one)
    return tuple(found.values())


def proves(evidence: Iterable[Evidence]) -> bool:
    """Whether anything here is stronger than a State's own statement."""
    return any(one.grade in PROVES for one in evidence)


def claims(evidence: Iterable[Evidence]) -> bool:
    """Whether anything here is at least a State's own statement."""
    return any(one.grade is not Grade.PROPOSAL for one in evidence)
