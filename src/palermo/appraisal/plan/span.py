"""The time that a plan gives an action: 2023-2025, Q3 2024, by December 2025, mars 2024 à juin 2025."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from typing import Any

from palermo.appraisal.plan import cell, form
from palermo.appraisal.plan.cell import Unreadable
from palermo.appraisal.words import table

Span = tuple[date | None, date | None]

NUMBERS = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}[/.]\d{4}"
WRITTEN = r"(?:\d{1,2}(?:er|st|nd|rd|th)?\s+)?[^\W\d]{3,}\.?\s+(?:19|20)\d{2}"
QUARTER = r"[QqTt]\s?[1-4][\s/-]*(?:19|20)\d{2}"
POINT = re.compile(
    rf"(?P<day>{NUMBERS})|(?P<quarter>{QUARTER})|(?P<written>{WRITTEN})|(?P<year>(?:19|20)\d{{2}})"
)


def span(said: str) -> Span | None:
    """The first and last day meant, the first unknown after "by"; None where it cannot be told surely."""
    points: list[tuple[date, date]] = []
    rest, at = "", 0
    for found in POINT.finditer(said):
        point, skipped = _point(found)
        if point is None:
            return None
        rest += f"{said[at : found.start()]} {skipped} "
        points.append(point)
        at = found.end()
    return _span(points, form.folded(rest + said[at:]))


def _span(points: list[tuple[date, date]], rest: str) -> Span | None:
    words = _words()
    if len(points) == 1 and rest in words["by"]:
        return None, points[0][1]
    if not 1 <= len(points) <= 2 or rest not in words["between"] or points[-1][1] < points[0][0]:
        return None
    return points[0][0], points[-1][1]


def _point(found: re.Match[str]) -> tuple[tuple[date, date] | None, str]:
    """The first and last day of one point in time, and the words beside it that belong to no point."""
    text = found[0]
    match found.lastgroup:
        case "day":
            return _day(text), ""
        case "quarter":
            year, quarter = int(text[-4:]), int(re.sub(r"\D", "", text)[0])
            return (_month(year, 3 * quarter - 2)[0], _month(year, 3 * quarter)[1]), ""
        case "year":
            return (date(int(text), 1, 1), date(int(text), 12, 31)), ""
    return _written(text)


def _written(text: str) -> tuple[tuple[date, date] | None, str]:
    """5 March 2026, March 2026, or a year after a word that is no month, such as "by 2026"."""
    *before, word, last = text.split()
    year = int(last)
    month = cell.months().get(form.folded(word))
    if month is None and not before:
        return (date(year, 1, 1), date(year, 12, 31)), word
    if month is None:
        return None, ""
    return (_day(text) if before else _month(year, month)), ""


def _day(text: str) -> tuple[date, date] | None:
    try:
        day = cell.day(text)
    except Unreadable:
        return None
    return day, day


def _month(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _words() -> Mapping[str, Any]:
    words: Mapping[str, Any] = table("plan_headings.toml")["span"]
    return words
