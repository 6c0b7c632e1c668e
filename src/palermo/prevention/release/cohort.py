"""Whom a release is about, by years of registration: `2020-2024`, `2020-`, `-2024` or `all`."""

import re

WHOLE = "all"
YEARS = re.compile(r"(\d{4})?-(\d{4})?")
_FIRST, _LAST = 0, 9999


def named(since: int | None, until: int | None) -> str:
    """The name of the cohort of these years, both counted."""
    return f"{since or ''}-{until or ''}" if since or until else WHOLE


def readable(name: str) -> bool:
    """Whether a name says whom it is about: `all`, or years of which the first is not after the last."""
    start, end = _years(name)
    return name == WHOLE or (bool(name.strip("-")) and bool(YEARS.fullmatch(name)) and start <= end)


def overlap(one: str, other: str) -> bool:
    """Whether a person may be in both; a name that says no years may hold anybody."""
    (start, end), (begin, close) = _years(one), _years(other)
    return max(start, begin) <= min(end, close)


def _years(name: str) -> tuple[int, int]:
    found = YEARS.fullmatch(name.strip())
    if found is None:
        return _FIRST, _LAST
    return int(found[1] or _FIRST), int(found[2] or _LAST)
