"""What a condition is asked about, and what it answers."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from palermo.appraisal.assessment import Assessment
from palermo.appraisal.evidence import Evidence
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.question import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """A provision that was weighed: `ruled` is what rules and claims found, `final` what people said."""

    question: Question
    ruled: Assessment
    final: Assessment


@dataclass(frozen=True, slots=True, kw_only=True)
class Firing:
    """One time that a condition holds: on what, by which evidence, with the values of its words."""

    about: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    values: Mapping[str, Any]


Condition: TypeAlias = Callable[[Weighing, Reason], Iterable[Firing]]
