"""The declared fields as a tree: which keys stand in which object, which objects stand in lists.

A document is split along it into one part for each tier and merged again; lists keep their length and
order in every part, so that the items of the parts belong together by position.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from functools import cache
from typing import Any, Final

from palermo.standards.field import Field, Tier, entities

VERSION: Final = "schema_version"
_TIERS: Final = tuple(Tier)
Document = Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Node:
    """An object, a list of objects or a leaf, below which nothing is declared.

    `home` is the lowest tier of anything under it.
    """

    many: bool = False
    field: Field | None = None
    home: Tier = Tier.T4
    open: bool = False
    keys: dict[str, "Node"] = default(default_factory=dict)
    leaf: bool = default(init=False)

    def __post_init__(self) -> None:
        self.leaf = self.field is not None or self.open


@cache
def root() -> Node:
    """The tree of the whole document, without the schema version."""
    top = Node(home=Tier.T1)
    for entity in entities():
        top.keys[entity.name] = Node(many=entity.many, home=entity.tier, open=entity.open)
        for each in entity.fields:
            _plant(top, each)
    return top


def _plant(top: Node, field: Field) -> None:
    node = top
    *parts, last = field.path.split(".")
    for part in parts:
        name = part.removesuffix("[]")
        node = node.keys.setdefault(name, Node(many=part.endswith("[]")))
        node.home = min(node.home, field.tier)
    node.keys[last] = Node(field=field, home=field.tier)


def split(document: Document) -> dict[Tier, dict[str, Any]]:
    """The parts of a sound document, by tier; a tier that holds nothing is left out."""
    parts = _parted({key: value for key, value in document.items() if key != VERSION}, root())
    if VERSION in document:
        parts[Tier.T1] = {VERSION: document[VERSION], **parts.get(Tier.T1, {})}
    return {tier: parts[tier] for tier in _TIERS if parts.get(tier)}


def _parted(value: Any, node: Node) -> dict[Tier, Any]:
    if not node.many:
        return _parted_object(value, node)
    items = [_parted_object(item, node) for item in value]
    found = {node.home}.union(*items)
    return {tier: [item.get(tier, {}) for item in items] for tier in found}


def _parted_object(value: Mapping[str, Any], node: Node) -> dict[Tier, Any]:
    parts: dict[Tier, Any] = {}
    for key, held in value.items():
        below = node.keys[key]
        if below.leaf:
            parts.setdefault(below.home, {})[key] = held
            continue
        for tier, part in _parted(held, below).items():
            parts.setdefault(tier, {})[key] = part
    return parts or {node.home: {}}


def merge(parts: Iterable[Document]) -> dict[str, Any]:
    """The document that parts of different tiers make; what a part left out holds is left out."""
    merged: dict[str, Any] = {}
    for part in parts:
        merged = _merged(merged, part)
    return merged


def _merged(left: Any, right: Any) -> Any:
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        both = {key: _merged(left[key], right[key]) for key in left.keys() & right.keys()}
        return {**left, **right, **both}
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        return [_merged(*pair) for pair in zip(left, right, strict=True)]
    return right


def objects(document: Document, path: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Every object of a document that stands at a declared path (`person.documents[]`), with its own path."""
    found: list[tuple[str, Any]] = [("", document)]
    for name, many in _steps(path):
        holders = [(f"{at}.{name}" if at else name, held[name]) for at, held in found if name in held]
        found = _items(holders) if many else holders
    return found


def _items(holders: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(f"{at}[{number}]", item) for at, items in holders for number, item in enumerate(items)]


@cache
def _steps(path: str) -> tuple[tuple[str, bool], ...]:
    return tuple((part.removesuffix("[]"), part.endswith("[]")) for part in path.split("."))


def names(document: Document) -> set[str]:
    """The entities of a sound document, and the keys of the objects under them."""
    found = set(document)
    for part in document.values():
        if isinstance(part, dict):
            found.update(part)
        elif isinstance(part, list):
            found.update(*part)
    return found
