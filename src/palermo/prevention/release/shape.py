"""The part of JSON Schema (draft 2020-12) that cards are described with: what of a document does not fit.

Of the keywords those in `KEYWORDS` are known; a schema with another one is refused, so none is passed over.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

KEYWORDS = frozenset(
    {"$schema", "$id", "$defs", "$ref", "title", "description", "type", "const", "enum", "required"}
    | {"properties", "additionalProperties", "items", "minItems", "minimum", "exclusiveMinimum"}
    | {"exclusiveMaximum", "pattern", "minLength"}
)
TYPES: Mapping[str, Callable[[Any], bool]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: TYPES["number"](value) and value == value // 1,
}


def misfits(document: Any, schema: Schema, *, root: Schema | None = None, at: str = "$") -> Iterator[str]:
    """Each place of a document that a schema does not allow, with the keyword that says so."""
    whole = schema if root is None else root
    if unknown := set(schema) - KEYWORDS:
        raise ValueError(f"{at}: {', '.join(sorted(unknown))} is not checked here. Use other keywords.")
    if "$ref" in schema:
        yield from misfits(document, whole["$defs"][schema["$ref"].rpartition("/")[2]], root=whole, at=at)
    yield from (
        f"{at} {word}" for word in RULES if word in schema and not RULES[word](document, schema[word])
    )
    if isinstance(document, dict):
        yield from _members(document, schema, whole, at)
    if isinstance(document, list) and "items" in schema:
        for place, item in enumerate(document):
            yield from misfits(item, schema["items"], root=whole, at=f"{at}[{place}]")


def _members(document: Mapping[str, Any], schema: Schema, whole: Schema, at: str) -> Iterator[str]:
    known = schema.get("properties", {})
    others = schema.get("additionalProperties", True)
    for name, value in document.items():
        if name in known:
            yield from misfits(value, known[name], root=whole, at=f"{at}.{name}")
        elif isinstance(others, dict):
            yield from misfits(value, others, root=whole, at=f"{at}.{name}")
        elif not others:
            yield f"{at}.{name} additionalProperties"


def _typed(value: Any, wanted: Any) -> bool:
    names = [wanted] if isinstance(wanted, str) else wanted
    return any(TYPES[name](value) for name in names)


def _number(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda value, limit: not TYPES["number"](value) or test(value, limit)


RULES: Mapping[str, Callable[[Any, Any], bool]] = {
    "type": _typed,
    "const": lambda value, wanted: type(value) is type(wanted) and value == wanted,
    "enum": lambda value, wanted: value in wanted,
    "required": lambda value, names: not isinstance(value, dict) or set(names) <= set(value),
    "minItems": lambda value, least: not isinstance(value, list) or len(value) >= least,
    "minLength": lambda value, least: not isinstance(value, str) or len(value) >= least,
    "pattern": lambda value, wanted: not isinstance(value, str) or re.search(wanted, value) is not None,
    "minimum": _number(lambda value, limit: value >= limit),
    "exclusiveMinimum": _number(lambda value, limit: value > limit),
    "exclusiveMaximum": _number(lambda value, limit: value < limit),
}
