"""A named place in a document, written as a path: puts a value there, and takes it out again.

`person.birth`, `person.names[0].given`, `person.contact[channel=email].value`: in square brackets stands the
position of an item in a list, or the answer by which the item is known.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

STEP: Final = re.compile(r"([a-z0-9_]+)(?:\[(?:(\d+)|([a-z_]+)=(\w+))\])?")


@dataclass(frozen=True, slots=True)
class Step:
    """One key of a path, with the item it chooses where the key holds a list."""

    key: str
    position: int | None = None
    by: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a document."""

    steps: tuple[Step, ...]

    def put(self, document: dict[str, Any], value: Any) -> None:
        """Sets the value, making the objects and list items on the way."""
        target = document
        for step in self.steps[:-1]:
            target = _made(target, step)
        target[self.steps[-1].key] = value

    def take(self, document: dict[str, Any]) -> Any:
        """Removes the value and gives it; None where there is none."""
        target: Any = document
        for step in self.steps[:-1]:
            target = _found(target, step)
            if target is None:
                return None
        return target.pop(self.steps[-1].key, None)


@cache
def slot(path: str) -> Slot:
    """The slot that a path names."""
    return Slot(tuple(_step(part) for part in re.split(r"\.(?![^\[]*\])", path)))


def _step(part: str) -> Step:
    found = STEP.fullmatch(part)
    if found is None:
        raise ValueError(f"{part!r} is not a step of a path: key, key[0] or key[by=CODE]")
    key, position, by, code = found.groups()
    return Step(key, None if position is None else int(position), by or "", code or "")


def _made(target: dict[str, Any], step: Step) -> dict[str, Any]:
    if step.position is None and not step.by:
        made: dict[str, Any] = target.setdefault(step.key, {})
        return made
    items: list[dict[str, Any]] = target.setdefault(step.key, [])
    if step.by:
        found = _known(items, step)
        if found is None:
            found = {step.by: {"value": step.code, "state": "answered"}}
            items.append(found)
        return found
    while len(items) <= (step.position or 0):
        items.append({})
    return items[step.position or 0]


def _found(target: dict[str, Any], step: Step) -> Any:
    if step.position is None and not step.by:
        return target.get(step.key)
    items = target.get(step.key) or []
    if step.by:
        return _known(items, step)
    return items[step.position] if step.position is not None and step.position < len(items) else None


def _known(items: list[dict[str, Any]], step: Step) -> dict[str, Any] | None:
    return next((item for item in items if (item.get(step.by) or {}).get("value") == step.code), None)
