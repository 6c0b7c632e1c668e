"""Days as depositaries write them, in English and French: 2013-01-27, 27 Jan 2013, 27/01/2013.

A day in figures is read day first, as both depositaries write it; 01/27/2013 is refused, not turned round.
"""

import re
from datetime import date

from palermo.appraisal.spelling import folded

ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
FIGURES = re.compile(r"(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})")
WORDS = re.compile(
    r"(?P<day>\d{1,2})(?:er|st|nd|rd|th)?[\s-]+(?P<month>[^\W\d]{3,9})\.?[\s,-]+(?P<year>\d{4})", re.I
)
MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "january janvier",
            "february fevrier",
            "march mars",
            "april avril",
            "may mai",
            "june juin",
            "july juillet",
            "august aout",
            "september septembre",
            "october octobre",
            "november novembre",
            "december decembre",
        ),
        start=1,
    )
    for month in names.split()
}


class NoDay(ValueError):
    """A text that is not a day written in one of the forms."""


def day(text: str) -> date:
    """The day that the whole text is; `NoDay` where it is none."""
    for form in (ISO, FIGURES, WORDS):
        if found := form.fullmatch(text.strip()):
            return _day(found)
    raise NoDay("is not a date")


def first(text: str) -> date | None:
    """The first day that a text names, None where it names none."""
    found = sorted(
        (match for form in (ISO, FIGURES, WORDS) for match in form.finditer(text)),
        key=lambda match: match.start(),
    )
    for match in found:
        try:
            return _day(match)
        except NoDay:
            continue
    return None


def _day(found: re.Match[str]) -> date:
    try:
        return date(int(found["year"]), _month(found["month"]), int(found["day"]))
    except ValueError as error:
        raise NoDay("is not a day of the calendar, day before month") from error


def _month(written: str) -> int:
    """The number of a month, given in figures, in full, or by its first letters as far as they are clear."""
    if written.isdigit():
        return int(written)
    begun = folded(written)
    fits = {number for name, number in MONTHS.items() if name.startswith(begun)}
    if len(fits) != 1:
        raise NoDay("names no month")
    return fits.pop()
