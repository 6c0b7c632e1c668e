"""Dates that are only as precise as they are known: a subset of the Extended Date/Time Format (ISO 8601-2).

`2021-03-05` a day, `2021-03` a month, `2021` a year, `202X` a decade, `XXXX` a date nobody knows. Each stands
for the days it may mean, from `first` to `last`; two dates are ordered only where no day of one can be on the
wrong side of the other.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from palermo.errors import PalermoError

PATTERN: Final = r"(?:[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?|[0-9]{3}X|XXXX)"
MOMENT_PATTERN: Final = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_DATE: Final = re.compile(PATTERN)
_MOMENT: Final = re.compile(MOMENT_PATTERN)


class NotADate(PalermoError):
    """The text is no date of the subset."""


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    DECADE = "decade"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Date:
    """A date with its precision and the first and last day it may mean."""

    precision: Precision
    first: date
    last: date

    def before(self, other: "Date") -> bool | None:
        """Whether this is before `other`: None where the precision does not tell."""
        if self.last < other.first:
            return True
        return False if self.first >= other.last else None


@lru_cache(maxsize=4096)
def parse(text: str) -> Date:
    """The date that a text of the subset stands for; a moment counts as its day in UTC."""
    try:
        return _parsed(text)
    except ValueError:
        raise NotADate("This is not a date. Write 2021-03-05, 2021-03, 2021, 202X or XXXX.") from None


@lru_cache(maxsize=4096)
def is_date(text: str) -> bool:
    """Whether a text is a date of the subset."""
    if not _DATE.fullmatch(text):
        return False
    try:
        _parsed(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_moment(text: str) -> bool:
    """Whether a text is a date of the subset, or a time with its offset from UTC."""
    if is_date(text):
        return True
    if not _MOMENT.fullmatch(text):
        return False
    try:
        _moment(text)
    except (ValueError, OverflowError):
        return False
    return True


def stated(given: Any) -> Date | None:
    """The date of a field's value; None where it is left out or a missing answer stands in its place."""
    return parse(given) if isinstance(given, str) else None


def surely_before(left: Date | None, right: Date | None) -> bool:
    """Whether both are known and every day of the left is before every day of the right."""
    return left is not None and right is not None and left.before(right) is True


def _parsed(text: str) -> Date:
    if _MOMENT.fullmatch(text):
        return _day(_moment(text))
    if not _DATE.fullmatch(text):
        raise ValueError
    if text == "XXXX":
        return Date(precision=Precision.UNKNOWN, first=date.min, last=date.max)
    if text.endswith("X"):
        first = date(max(int(text[:3]) * 10, 1), 1, 1)
        return Date(precision=Precision.DECADE, first=first, last=date(int(text[:3]) * 10 + 9, 12, 31))
    return _calendar(*(int(part) for part in text.split("-")))


def _calendar(year: int, month: int = 0, day: int = 0) -> Date:
    if day:
        return _day(date(year, month, day))
    if month:
        first = date(year, month, 1)
        last = first.replace(day=calendar.monthrange(year, month)[1])
        return Date(precision=Precision.MONTH, first=first, last=last)
    return Date(precision=Precision.YEAR, first=date(year, 1, 1), last=date(year, 12, 31))


def _day(day: date) -> Date:
    return Date(precision=Precision.DAY, first=day, last=day)


def _moment(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(UTC).date()
