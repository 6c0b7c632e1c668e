"""One row of a file of cases: where it stood, the record made from it or the problems that kept it out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from palermo.errors import Problem, Severity
from palermo.standards.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row read: `record` is None when the row was refused, and `problems` then say why.

    `number` is the line of the file where the row starts (the row of the sheet in a workbook). `raw` keeps
    the raw value of a refused coded answer, by problem path, if the field is statistical (tier T1).
    `digest` names the row's content, for telling a row that was read before.
    """

    number: int
    record: Record | None
    problems: tuple[Problem, ...] = ()
    raw: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""

    def again(self, number: int) -> "Row":
        """The same row on another line, with a record of its own that may be changed."""
        own = self.record and Record(document=_own(self.record.document), problems=self.record.problems)
        return Row(number=number, record=own, problems=self.problems, raw=self.raw, digest=self.digest)

    @property
    def refused(self) -> bool:
        """True when no record could be made."""
        return self.record is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A row before the rules: the document a format made of it, or what the format found wrong.

    Where a format has `later`, the rest is made by it, and only if the same row was not read just before.
    """

    number: int
    document: dict[str, Any] | None = None
    problems: tuple[Problem, ...] = ()
    raw: Mapping[str, str] = field(default_factory=dict)
    digest: str = ""
    later: "Callable[[], Draft] | None" = None


def _own(value: Any) -> Any:
    if type(value) is dict:
        return {key: _own(held) for key, held in value.items()}
    return [_own(held) for held in value] if type(value) is list else value


def digest(cells: Iterable[str]) -> str:
    """A name of 32 hexadecimal digits for the content of a row, the same on every machine."""
    return blake2b("\x1f".join(cells).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def faulty(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those problems that keep a record out."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)
