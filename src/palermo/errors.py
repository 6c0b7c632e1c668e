"""Every error that palermo raises on purpose.

A message says what was given, where it stood and the change that would work. It never repeats a
person's data: a case reference and a field path are the most it may name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a problem weighs: an error keeps the record out, a warning travels with it."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One fault of a document, named by its field path and never by its value.

    `rule` is a stable id (R01 to R16, or a reader's own such as `unknown-code`), `path` the place in the
    document (`exploitation[0].form`), `wrong` and `remedy` the English texts; `wrong_fr` and `remedy_fr`
    the French ones, `wrong_ar` and `remedy_ar` the Arabic ones where a page tells it in Arabic.
    """

    rule: str
    path: str
    wrong: str
    remedy: str
    wrong_fr: str = ""
    remedy_fr: str = ""
    severity: Severity = Severity.ERROR
    wrong_ar: str = ""
    remedy_ar: str = ""

    def __str__(self) -> str:
        return f"{self.path}: {self.wrong} {self.remedy}".strip()


class PalermoError(Exception):
    """Something palermo refuses, with the reason and what would work."""

    exit_code = 2


class InvalidRecord(PalermoError):
    """Data does not fit a standard; carries every problem found, by field path."""

    exit_code = 2

    def __init__(self, where: str, problems: Iterable[Problem]) -> None:
        self.where = where
        self.problems = tuple(problems)
        super().__init__(f"{where}: " + "; ".join(str(problem) for problem in self.problems))


class NotAllowed(PalermoError):
    """This person, purpose or consent does not permit it; carries the reasons of the decision."""

    exit_code = 4

    def __init__(self, message: str, reasons: Iterable[str] = ()) -> None:
        self.reasons = tuple(reasons)
        super().__init__(message)


class WrongState(PalermoError):
    """The thing exists, but its present state does not permit the step."""

    exit_code = 5


class Unknown(PalermoError):
    """Nothing goes by that name here."""

    exit_code = 6


class Disclosive(PalermoError):
    """The answer would reveal someone, or the privacy budget is spent."""

    exit_code = 3


class Unreachable(PalermoError):
    """Another node, register or file did not answer."""

    exit_code = 7
