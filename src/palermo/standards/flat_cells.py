"""A document as the cells of our own CSV (flat.py); reading the cells gives the same document."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from palermo.errors import Problem
from palermo.standards import field as fields
from palermo.standards import flat
from palermo.standards.field import Field, Type
from palermo.standards.table import safe


def cells(document: Mapping[str, Any]) -> dict[str, str]:
    """The document as cells by column; reading them gives the same document."""
    found: dict[str, str] = {}
    for entity, value in document.items():
        if entity == "schema_version":
            continue
        said = _said(entity, value)
        found.update(said if said is not None else {entity: json.dumps(value, sort_keys=True)})
    return {column: safe(cell) for column, cell in found.items()}


@cache
def _members(entity: str) -> tuple[flat.Place, ...]:
    return tuple(flat.place(each.path) for each in fields.fields() if each.typed and each.entity == entity)


def escaped(text: str) -> str:
    """A text that no mark parts."""
    return re.sub(r"([\\;|])", r"\\\1", text)


def _said(entity: str, value: Any) -> dict[str, str] | None:
    """The entity as cells, or None where cells would not say all of it."""
    said: dict[str, str] = {}
    rebuilt: Any = {}
    try:
        for found in _members(entity):
            cell = _cell(found, value)
            if cell is not None:
                said[found.field.path] = cell
        rebuilt = _rebuilt(entity, said)
    except (flat.Unfit, KeyError, TypeError, AttributeError):
        return None
    return said if _same(rebuilt, value) else None


def _same(one: Any, other: Any) -> bool:
    """Equal, and of the same types all through: 1 is neither 1.0 nor true."""
    return bool(one == other) and json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _rebuilt(entity: str, said: Mapping[str, str]) -> Any:
    plan = _plan(tuple(said))
    document: dict[str, Any] = {}
    problems: list[Problem] = []
    plan.read(list(said.values()), document, problems)
    if problems:
        raise flat.Unfit
    return document.get(entity)


@cache
def _plan(header: tuple[str, ...]) -> flat.Plan:
    return flat.Plan(header)


def _cell(found: flat.Place, value: Any) -> str | None:
    """The cell of one field in an entity's value; None where it is absent."""
    if not found.many and not found.group:
        leaf = _leaf(value, found.key)
        return None if leaf is None else _written(found.field, leaf)
    items = value if found.many else value.get(found.group)
    if not items:
        return None
    leaves = [_leaf(item, found.key) for item in items]
    if all(leaf is None for leaf in leaves):
        return None
    return flat.PARTS.join("" if leaf is None else _written(found.field, leaf) for leaf in leaves)


def _leaf(value: Mapping[str, Any], key: tuple[str, ...]) -> Any:
    for step in key:
        if step not in value:
            return None
        value = value[step]
    return value


def _written(declared: Field, leaf: Any) -> str:
    if declared.type in flat.LISTS:
        inner = flat.INNER if "[]" in declared.path else flat.PARTS
        return inner.join(_part(declared.type, each) for each in leaf)
    if declared.type is Type.TEXT and "[]" not in declared.path:
        return _text(leaf)
    return _part(declared.type, leaf)


def _part(kind: Type, leaf: Any) -> str:
    if kind in (Type.CODED, Type.CODED_LIST):
        return escaped(_text(leaf["value"] if leaf["state"] == flat.ANSWERED else f"({leaf['state']})"))
    if kind is Type.BOOLEAN:
        return "TRUE" if leaf is True else "FALSE"
    return escaped(_text(leaf if isinstance(leaf, str) else repr(leaf)))


def _text(text: str) -> str:
    """A text that a CSV file can hold; a zero byte or half a character cannot stand in one."""
    if not text or "\0" in text or _half(text):
        raise flat.Unfit
    return text


def _half(text: str) -> bool:
    return any("\ud800" <= mark <= "\udfff" for mark in text)
