"""A case record: read once at the door, split by tier for storing, merged again for reading.

`read` checks a document against every declared field and every rule and reports all faults together.
"""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Final

from palermo.errors import InvalidRecord, Problem, Severity
from palermo.standards import answer, check, rules, shape, tree
from palermo.standards.check import Check, Trail, place
from palermo.standards.field import Tier, Type, field, schema_version
from palermo.standards.tree import VERSION, Node

LOCAL: Final = "local."


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A document that has been read, with the warnings and notes that travel with it."""

    document: dict[str, Any]
    problems: tuple[Problem, ...] = ()

    def tiers(self) -> dict[Tier, dict[str, Any]]:
        """The document in parts, one for each tier that holds anything; `merge` puts them together again."""
        return tree.split(self.document)

    def tier(self, tier: Tier | str) -> dict[str, Any]:
        """The part of the document in one tier; empty where it holds nothing there."""
        return self.tiers().get(Tier(tier), {})


def read(document: Any, *, where: str, today: date | None = None) -> Record:
    """The record of a document; `where` says which row or file it is, never whose.

    Raises InvalidRecord with every problem, if one of them is an error. What a rule settles by itself (R02)
    is settled in the record and told in a note; the document given is not changed. Without `today` a rule
    about consent looks at withdrawals only.
    """
    problems = faults(document)
    if problems:
        raise InvalidRecord(where, (*problems, *_rest(document, problems, today)))
    settled, notes = rules.settle(document)
    found = (*notes, *rules.broken(settled, today=today))
    if any(problem.severity is Severity.ERROR for problem in found):
        raise InvalidRecord(where, found)
    return Record(document=settled, problems=found)


def merge(parts: Mapping[Any, Mapping[str, Any]] | Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The document that the parts of `Record.tiers` make; leave parts out and what they hold is left out."""
    return tree.merge(parts.values() if isinstance(parts, Mapping) else parts)


def faults(document: Any) -> list[Problem]:
    """Every fault of form: keys, types, codes, dates, ranges."""
    problems: list[Problem] = []
    if type(document) is not dict:
        return [shape.NOT_AN_OBJECT.at("document")]
    if document.get(VERSION) != schema_version():
        problems.append(shape.VERSION.at(VERSION, version=schema_version()))
    _whole()(document, "", "", problems)
    return problems


def document(flat: Mapping[str, Any]) -> dict[str, Any]:
    """The document of flat facts: places (`exploitation[0].form`) with codes, lists of codes or values.

    `local.` and any name is a column of that name under local.
    """
    made: dict[str, Any] = {VERSION: schema_version()}
    for at, value in flat.items():
        if at.startswith(LOCAL):
            made.setdefault("local", {})[at.removeprefix(LOCAL)] = value
        else:
            _put(made, at, _answers(at, value))
    return made


def _answers(at: str, value: Any) -> Any:
    kind = field(at).type
    if kind is Type.CODED and isinstance(value, str):
        return answer.answered(value)
    if kind is Type.CODED_LIST and isinstance(value, list | tuple):
        return [answer.answered(each) if isinstance(each, str) else each for each in value]
    return value


def _put(made: dict[str, Any], at: str, value: Any) -> None:
    *above, last = at.split(".")
    for part in above:
        name, _, number = part.removesuffix("]").partition("[")
        if not number:
            made = made.setdefault(name, {})
            continue
        items = made.setdefault(name, [])
        items.extend({} for _ in range(len(items), int(number) + 1))
        made = items[int(number)]
    made[last] = value


# ------------------------------------------------------------------------------------ the compiled check


@cache
def _whole() -> Check:
    version: Check = lambda value, parent, key, problems: None  # noqa: E731
    return _object({VERSION: version, **{name: _compiled(node) for name, node in tree.root().keys.items()}})


def _compiled(node: Node) -> Check:
    if node.open:
        return check.local
    if node.field is not None:
        return check.check(node.field)
    inside = _object({name: _compiled(below) for name, below in node.keys.items()})
    return check.each_of(inside) if node.many else inside


def _object(checks: dict[str, Check]) -> Check:
    def checked(value: Any, parent: Trail, key: str | int, problems: list[Problem]) -> None:
        if type(value) is not dict:
            problems.append(shape.NOT_AN_OBJECT.at(place(parent, key)))
            return
        trail = (parent, key)
        for name, held in value.items():
            if known := checks.get(name):
                known(held, trail, name, problems)
            else:
                problems.append(_unknown_field(place(parent, key) or "document", name, checks))

    return checked


def _unknown_field(path: str, name: Any, known: Iterable[str]) -> Problem:
    near = difflib.get_close_matches(str(name)[:64], list(known), n=1, cutoff=0.8)
    hint, hint_fr = (f"Did you mean {near[0]}? ", f"Vouliez-vous dire {near[0]} ? ") if near else ("", "")
    return shape.UNKNOWN_FIELD.at(path, version=schema_version(), hint=hint, hint_fr=hint_fr)


def _rest(given: Any, problems: list[Problem], today: date | None) -> tuple[Problem, ...]:
    """What the rules say of the entities that are sound in form."""
    if type(given) is not dict:
        return ()
    faulty = frozenset(problem.path.partition(".")[0].partition("[")[0] for problem in problems)
    known = tree.root().keys.keys()
    sound = {name: part for name, part in given.items() if name in known and name not in faulty}
    return rules.broken(sound, today=today, without=faulty)
