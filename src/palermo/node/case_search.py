"""Searching the cases one may see: keys from an index first, then the rows of one page.

One's own agency's cases are walked in the order of the index that covers every filter; the few of other
agencies, where one stands in some relation to the case, are laid between them.
"""

import heapq
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from palermo.node import permission, tenancy
from palermo.node.actor import Actor
from palermo.node.models import Case

PAGE = 50
MOST_COUNTED = 10_000
SHOWN = (
    "id",
    "agency_id",
    "created_at",
    "reference",
    "year",
    "sex",
    "age_band",
    "forms",
    "citizenships",
    "identification",
    "erased_at",
)

Key = tuple[datetime, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the reader looks for: codes by filter, and whether the oldest come first."""

    codes: Mapping[str, str]
    oldest_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One page of cases, and the keys to read on from: empty where nothing lies that way."""

    cases: tuple[Case, ...]
    before: str = ""
    after: str = ""


def page(asked: Asked, *, to: Actor, now: datetime, after: str = "", before: str = "") -> Found:
    """The page of cases after or before a key; the first one where no key makes sense."""
    past = _read_key(after or before)
    backwards = bool(before and past)
    descending = asked.oldest_first if backwards else not asked.oldest_first
    keys = keys_past(past, asked, to=to, now=now, descending=descending)
    more, keys = len(keys) > PAGE, keys[:PAGE]
    if backwards:
        keys.reverse()
    further_on, further_back = (True, more) if backwards else (more, past is not None)
    return Found(
        cases=_rows(keys),
        before=_key(keys[0]) if keys and further_back else "",
        after=_key(keys[-1]) if keys and further_on else "",
    )


def keys_past(past: Key | None, asked: Asked, *, to: Actor, now: datetime, descending: bool) -> list[Key]:
    """The next keys in the order asked, one more than a page holds."""
    halves = [
        _walk(half(Case.objects.about(**asked.codes), to=to, now=now), past, descending=descending)
        for half in (permission.near, permission.far)
    ]
    return list(islice(heapq.merge(*halves, reverse=descending), PAGE + 1))


def _walk(cases: QuerySet[Case], past: Key | None, *, descending: bool) -> list[Key]:
    order = "-" if descending else ""
    if past and descending:
        cases = cases.filter(created_at__lte=past[0]).exclude(created_at=past[0], id__gte=past[1])
    elif past:
        cases = cases.filter(created_at__gte=past[0]).exclude(created_at=past[0], id__lte=past[1])
    return list(
        cases.order_by(f"{order}created_at", f"{order}id").values_list("created_at", "id")[: PAGE + 1]
    )


def _rows(keys: list[Key]) -> tuple[Case, ...]:
    found = Case.objects.only(*SHOWN).in_bulk([case_id for _, case_id in keys])
    return tuple(found[case_id] for _, case_id in keys if case_id in found)


def count(asked: Asked, *, to: Actor, now: datetime) -> int:
    """How many cases fit; MOST_COUNTED + 1 stands for any number above MOST_COUNTED."""
    total = 0
    for half in (permission.near, permission.far):
        left = MOST_COUNTED + 1 - total
        if left > 0:
            cases = half(Case.objects.about(**asked.codes), to=to, now=now).order_by()
            total += cases.values("id")[:left].count()
    return total


def everything(asked: Asked, *, to: Actor, now: datetime) -> Any:
    """Every case that fits, page after page, newest first."""
    past: Key | None = None
    more = True
    while more:
        # A streamed answer is read when the request, and with it the agency's scope, has ended.
        with tenancy.scope(to.agency, to.name):
            keys = keys_past(past, asked, to=to, now=now, descending=not asked.oldest_first)[:PAGE]
            rows = _rows(keys)
        yield from rows
        more, past = bool(keys), keys[-1] if keys else None


def _key(key: Key) -> str:
    return f"{key[0].isoformat()}~{key[1]}"


def _read_key(text: str) -> Key | None:
    at, _, case_id = text.partition("~")
    try:
        moment = datetime.fromisoformat(at)
        return (moment.astimezone(UTC), case_id) if moment.tzinfo and case_id.isalnum() else None
    except (ValueError, OverflowError):
        return None
