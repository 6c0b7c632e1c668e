"""The tree of an index: indicators with their direction, the groups they belong to, and the given weights."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from palermo.appraisal.composite import barred
from palermo.appraisal.composite.fault import fault, problem
from palermo.errors import InvalidRecord, Problem

DIRECTIONS = (-1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A column of the table; direction 1 where more means a higher index, -1 where more means a lower one.

    `goalposts` are the worst and best value for the rule of that name; `source` is where it comes from.
    Counts of detected victims are refused here, by id, name, source and denominator: no index can hold one.
    """

    id: str
    parent: str
    name: str = ""
    direction: int = 1
    weight: float = 1.0
    denominator: str = ""
    source: str = ""
    goalposts: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if why := barred.reason(self.id, self.name, self.source, self.denominator):
            raise fault(f"indicator {self.id}", f"{why}.", "Leave it out; show it beside the index.")
        if self.direction not in DIRECTIONS:
            raise fault(
                f"indicator {self.id}", "has a direction other than 1 and -1.", "Give one of the two."
            )
        _check_weight(f"indicator {self.id}", self.weight)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A dimension, sub-index or the index itself, which alone has no parent."""

    id: str
    parent: str = ""
    name: str = ""
    weight: float = 1.0

    def __post_init__(self) -> None:
        _check_weight(f"group {self.id}", self.weight)


@dataclass(frozen=True, kw_only=True)
class Hierarchy:
    """Indicators and groups that make one tree; anything else is refused with every fault named."""

    indicators: tuple[Indicator, ...]
    groups: tuple[Group, ...]

    def __post_init__(self) -> None:
        if found := [*self._doubles(), *self._orphans(), *self._empty(), *self._roots()]:
            raise InvalidRecord("index", found)
        if lost := [one.id for one in self.groups if not self._reaches_top(one.id)]:
            raise fault(f"group {lost[0]}", "leads round in a circle.", "Give it a parent nearer the index.")

    @cached_property
    def nodes(self) -> tuple[Indicator | Group, ...]:
        """Indicators and groups alike."""
        return (*self.indicators, *self.groups)

    @property
    def ids(self) -> tuple[str, ...]:
        """The indicators, in the order of the columns."""
        return tuple(one.id for one in self.indicators)

    @property
    def top(self) -> str:
        return next(one.id for one in self.groups if not one.parent)

    @cached_property
    def ascending(self) -> tuple[str, ...]:
        """The groups, each after everything below it."""
        return tuple(sorted((one.id for one in self.groups), key=lambda id: (self.level(id), id)))

    @cached_property
    def weights(self) -> dict[str, float]:
        """The given weight of every node below the index."""
        return {one.id: one.weight for one in self.nodes if one.parent}

    def children(self, group: str) -> tuple[str, ...]:
        return self._children[group]

    def level(self, id: str) -> int:
        """1 for an indicator, one more than the highest of its children for a group."""
        below = self._children.get(id, ())
        return 1 + max((self.level(child) for child in below), default=0)

    def name(self, id: str) -> str:
        return next((one.name or one.id for one in self.nodes if one.id == id), id)

    @cached_property
    def _children(self) -> dict[str, tuple[str, ...]]:
        return {
            one.id: tuple(child.id for child in self.nodes if child.parent == one.id) for one in self.groups
        }

    def _doubles(self) -> Iterator[Problem]:
        counted = Counter([one.id for one in self.nodes])
        for id in (id for id, times in counted.items() if times > 1):
            yield problem(id, "stands twice.", "Give each indicator and group an id of its own.")

    def _orphans(self) -> Iterator[Problem]:
        known = {one.id for one in self.groups}
        for one in self.nodes:
            if one.parent not in known and not (isinstance(one, Group) and not one.parent):
                yield problem(one.id, f"has the parent {one.parent!r}, which is no group.", "Add that group.")

    def _empty(self) -> Iterator[Problem]:
        for one in self.groups:
            if not self._children[one.id]:
                yield problem(f"group {one.id}", "is empty.", "Give it an indicator, or take it away.")

    def _roots(self) -> Iterator[Problem]:
        roots = [one.id for one in self.groups if not one.parent]
        if len(roots) != 1:
            wrong = f"has {len(roots)} groups without a parent: {', '.join(roots) or 'none'}."
            yield problem("hierarchy", wrong, "Give all but the index itself a parent.")

    def _reaches_top(self, id: str) -> bool:
        parents = {one.id: one.parent for one in self.groups}
        for _ in self.groups:
            id = parents[id] or id
        return not parents[id]


def flat(ids: Sequence[str], *, top: str = "index") -> Hierarchy:
    """One group with these indicators, all upwards and of equal weight."""
    return Hierarchy(indicators=tuple(Indicator(id=id, parent=top) for id in ids), groups=(Group(id=top),))


def _check_weight(where: str, weight: float) -> None:
    if not (math.isfinite(weight) and weight > 0):
        raise fault(where, f"has the weight {weight}.", "Give a weight above zero, or take it away.")
