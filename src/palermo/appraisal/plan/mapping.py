"""Which part of a written plan is what: proposed from the words of its headings, confirmed by a person."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from palermo.appraisal.plan import form, page, pieces
from palermo.appraisal.plan.cell import Unreadable
from palermo.appraisal.plan.form import Column
from palermo.appraisal.plan.pieces import Kind, Outline, Piece
from palermo.appraisal.provision import Pillar
from palermo.appraisal.words import Language, table
from palermo.errors import InvalidRecord, Problem, Severity


class Use(StrEnum):
    """What the pieces of a slot are used as."""

    GOAL = "goal"
    ACTION = "action"
    OWNER = "owner"
    BUDGET = "budget"
    TIME = "time"
    INDICATOR = "indicator"
    NUMBER = "number"
    NOTHING = "nothing"


EXAMPLE: Final = 120
CURRENCY: Final = "currency"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """Pieces that are used alike: how many there are and the first of them, for a person to judge by."""

    id: str
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A mapping as a person confirmed it: the plan's own facts, each slot's use, each goal's pillar."""

    plan: Mapping[str, Any]
    uses: Mapping[str, Use]
    pillars: Mapping[int, Pillar]
    pillar: Pillar


def slots(outline: Outline) -> tuple[Slot, ...]:
    """Every slot of a document, in the order in which it is first met."""
    counts = Counter(one.slot for one in outline.pieces if one.kind is not Kind.HEAD)
    first: dict[str, Piece] = {}
    for one in outline.pieces:
        first.setdefault(one.slot, one)
    return tuple(
        Slot(id=id, count=counts[id], example=one.text[:EXAMPLE]) for id, one in first.items() if id in counts
    )


def proposed(outline: Outline) -> dict[str, Any]:
    """A mapping to confirm or change, as JSON can hold it; nothing of it is decided yet."""
    uses = _uses(outline)
    goals = [one for one in outline.pieces if uses.get(one.slot) is Use.GOAL]
    first = {one.text: one for one in reversed(goals)}
    found = {one.number: (one.text[:EXAMPLE], pillar_of(one.text)) for one in goals if first[one.text] is one}
    default = next((pillar for _, pillar in found.values() if pillar), Pillar.PREVENTION)
    empty = {one.id: "" for one in form.sheets()["plan"].columns}
    return {
        "document": digest(outline),
        "plan": {**empty, "title": _title(outline), CURRENCY: ""},
        "uses": {id: use.value for id, use in uses.items()},
        "slots": {one.id: {"count": one.count, "example": one.example} for one in slots(outline)},
        "goals": {
            str(number): {"pillar": (pillar or default).value, "text": text}
            for number, (text, pillar) in found.items()
        },
        "pillar": default.value,
    }


def digest(outline: Outline) -> str:
    """What ties a mapping to its document."""
    return hashlib.sha256(outline.text.encode()).hexdigest()[:16]


def pillar_of(said: str) -> Pillar | None:
    """The pillar whose word stands first in a goal."""
    key = f" {form.folded(said)} "
    found = [
        (key.index(f" {word} "), pillar)
        for pillar, words in table("plan_headings.toml")["pillar"].items()
        for word in words
        if f" {word} " in key
    ]
    return Pillar(min(found)[1]) if found else None


def confirmed(given: Mapping[str, Any], outline: Outline) -> Chart:
    """The mapping that a person confirmed; InvalidRecord with everything that does not fit the document."""
    problems: list[Problem] = []
    if given.get("document") != digest(outline):
        problems.append(form.fault("mapping", "document", what="document"))
    uses = _confirmed_uses(given, outline, problems)
    if Use.ACTION not in uses.values():
        problems.append(form.fault("no-action", "uses"))
    plan = dict(_facts(_section(given, "plan", problems), problems))
    if _ends_first(plan):
        problems.append(form.fault("ends-first", "plan.ends_on"))
    pillars = _pillars(given, problems)
    if problems:
        raise InvalidRecord(outline.name, problems)
    return Chart(plan=plan, uses=uses, pillars=pillars, pillar=pillars.pop(0))


def _uses(outline: Outline) -> dict[str, Use]:
    """By the words of columns and labels first; without them, the items that are numbered deepest."""
    known = [one.id for one in slots(outline)]
    named = {id: _named(id) for id in known}
    deepest = max((id for id in known if id.startswith("item-")), default="")
    if Use.ACTION not in named.values() and deepest:
        named[deepest] = Use.ACTION
    if Use.GOAL not in named.values() and (heading := _goal_heading(outline)):
        named[heading] = Use.GOAL
    return named


def _named(id: str) -> Use:
    kind, _, words = id.partition(":")
    return Use(pieces.use_of(words) or Use.NOTHING) if kind in ("column", "label") else Use.NOTHING


def _goal_heading(outline: Outline) -> str:
    """The headings, or items above others, most of which speak of a pillar or a goal."""
    counts: Counter[str] = Counter()
    for one in outline.pieces:
        if one.kind is Kind.HEADING or one.slot == "item-1":
            spoken = pillar_of(one.text) is not None or pieces.use_of(one.text) == Use.GOAL
            counts[one.slot] += 1 if spoken else -1
    best = max(counts, key=lambda slot: counts[slot], default="")
    return best if counts[best] > 0 and _below(best, outline) else ""


def _below(slot: str, outline: Outline) -> bool:
    """Whether anything else could be the actions."""
    return any(one.slot != slot and one.kind in (Kind.ITEM, Kind.CELL, Kind.LABEL) for one in outline.pieces)


def _title(outline: Outline) -> str:
    return outline.pieces[0].text[:EXAMPLE]


def _confirmed_uses(given: Mapping[str, Any], outline: Outline, problems: list[Problem]) -> dict[str, Use]:
    known = {one.id for one in slots(outline)}
    uses = {}
    for id, use in _section(given, "uses", problems).items():
        if id not in known:
            problems.append(form.fault("mapping", f"uses.{id}", what=id))
        elif str(use) not in set(Use):
            problems.append(form.fault("not-in-list", f"uses.{id}", choices=", ".join(Use)))
        else:
            uses[id] = Use(use)
    return {**dict.fromkeys(known - set(uses), Use.NOTHING), **uses}


def _section(given: Mapping[str, Any], name: str, problems: list[Problem]) -> dict[str, Any]:
    """A part of the mapping that holds names and values; what is none is a fault."""
    held = given.get(name, {})
    if isinstance(held, dict):
        return held
    problems.append(form.fault("mapping", name, what=name))
    return {}


def _facts(given: Mapping[str, Any], problems: list[Problem]) -> Iterator[tuple[str, Any]]:
    """The plan's own facts, read as the cells of the template's first sheet are."""
    for column in form.sheets()["plan"].columns:
        try:
            yield column.id, _fact(column, str(given.get(column.id) or ""))
        except Unreadable as error:
            at = f"plan.{column.id}"
            problems.append(form.fault(error.rule, at, severity=Severity.ERROR, **error.values))
    try:
        said = str(given.get(CURRENCY) or "").strip()
        yield CURRENCY, page.READERS[CURRENCY](said, Language.ENGLISH) if said else ""
    except Unreadable as error:
        problems.append(form.fault(error.rule, f"plan.{CURRENCY}"))


def _fact(column: Column, said: str) -> Any:
    return page.value(column, said.strip(), Language.ENGLISH)


def _pillars(given: Mapping[str, Any], problems: list[Problem]) -> dict[int, Pillar]:
    """The pillar of each goal by the number of its piece; 0 is for actions under none."""
    said = {"0": str(given.get("pillar", Pillar.PREVENTION.value))}
    for key, one in _section(given, "goals", problems).items():
        said[key] = str(one.get("pillar") if isinstance(one, dict) else one)
    pillars = {0: Pillar.PREVENTION}
    for key, pillar in said.items():
        if pillar not in set(Pillar) or not key.isdigit():
            problems.append(form.fault("not-in-list", f"goals.{key}", choices=", ".join(Pillar)))
        else:
            pillars[int(key)] = Pillar(pillar)
    return pillars


def _ends_first(plan: Mapping[str, Any]) -> bool:
    """Whether the plan would end before it begins."""
    begins: date | None = plan.get("starts_on")
    ends: date | None = plan.get("ends_on")
    return bool(begins and ends and ends < begins)
