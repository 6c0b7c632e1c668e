"""What must hold between the cells of a plan: one plan, ids that are there once, owners spelt one way."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from typing import Final

from palermo.appraisal.plan import cell, form
from palermo.appraisal.plan.page import Page
from palermo.errors import Problem

ALIKE: Final = 0.9


def problems(pages: Mapping[str, Page]) -> tuple[Problem, ...]:
    """Every fault that no cell has alone."""
    return (*_one_plan(pages), *_ids(pages), *_owners(pages), *_order(pages), *_money(pages))


def _one_plan(pages: Mapping[str, Page]) -> Iterator[Problem]:
    if (page := pages.get("plan")) and len(page.rows) != 1:
        yield form.fault("one-plan", page.name, count=str(len(page.rows)))


def _ids(pages: Mapping[str, Page]) -> Iterator[Problem]:
    """Each action's id once; every other sheet names actions that are there."""
    seen: dict[str, int] = {}
    if page := pages.get("actions"):
        for row in page.rows:
            if (id := row.values.get("id")) is None:
                continue
            if id in seen:
                yield form.fault("id-twice", page.at(row.number, "id"), row=str(seen[id]))
            seen.setdefault(id, row.number)
    for other in pages.values():
        for row in other.rows:
            if (id := row.values.get("action")) is not None and id not in seen:
                yield form.fault("unknown-action", other.at(row.number, "action"), near=cell.near(id, seen))


def _owners(pages: Mapping[str, Page]) -> Iterator[Problem]:
    """With a list of owners, each is on it; without one, no two are spelt almost alike."""
    if not (page := pages.get("actions")):
        return
    listed = [row.values.get("name", "") for row in pages["owners"].rows] if "owners" in pages else []
    met: list[str] = []
    for row in page.rows:
        owner = row.values.get("owner", "")
        if listed and owner and owner not in listed:
            yield form.fault("unknown-owner", page.at(row.number, "owner"), near=cell.near(owner, listed))
        elif owner and not listed:
            if alike := next((one for one in met if _alike(one, owner)), ""):
                yield form.fault("owner-twice", page.at(row.number, "owner"), near=alike)
            met.append(owner)


def _alike(one: str, other: str) -> bool:
    """Two spellings of what must be one name; names that differ in a number alone are two names."""
    if one == other or _digits(one) != _digits(other):
        return False
    return SequenceMatcher(None, form.folded(one), form.folded(other)).ratio() > ALIKE


def _digits(said: str) -> str:
    return "".join(one for one in said if one.isdigit())


ENDS: Final = (("plan", "starts_on", "ends_on"), ("actions", "starts_on", "due_on"))


def _order(pages: Mapping[str, Page]) -> Iterator[Problem]:
    for sheet, first, last in ENDS:
        if page := pages.get(sheet):
            for row in page.rows:
                begins, ends = row.values.get(first), row.values.get(last)
                if begins and ends and ends < begins:
                    yield form.fault("ends-first", page.at(row.number, last))


def _money(pages: Mapping[str, Page]) -> Iterator[Problem]:
    """An amount has its currency."""
    if not (page := pages.get("budget")):
        return
    for row in page.rows:
        amounts = [row.values.get(name) for name in ("planned", "spent")]
        if any(one is not None for one in amounts) and row.values.get("currency") == "":
            yield form.fault("empty", page.at(row.number, "currency"))
