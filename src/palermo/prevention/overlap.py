"""The overlap table: how many people are in which lists, as a frozen value with its algebra.

A cell is a bitmask: bit i is set where the people are in `lists[i]`. Cell 0, the people in no list, is what
multiple systems estimation looks for, so a table never counts it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from palermo.errors import InvalidRecord
from palermo.prevention.fault import Fault, fault
from palermo.prevention.saying import say

Counts = NDArray[np.int64]
Pair = tuple[str, str]

MOST_LISTS = 20


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overlap:
    """People counted by the lists they are in: `counts[w]` for the lists whose bits are set in w.

    Two tables are equal when they hold the same lists, in whatever order, with the same counts.
    """

    lists: tuple[str, ...]
    counts: Counts

    def __post_init__(self) -> None:
        problems = _shape(self.lists, np.asarray(self.counts))
        if problems:
            raise InvalidRecord("overlap table", problems)
        whole = np.array(self.counts, dtype=np.int64)
        whole.flags.writeable = False
        object.__setattr__(self, "counts", whole)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Overlap) and self.hash == other.hash

    def __hash__(self) -> int:
        return int(self.hash[:15], 16)

    def __add__(self, other: "Overlap") -> "Overlap":
        """The people of both tables together, of which none is in both."""
        return Overlap(lists=self.lists, counts=self.counts + other.reordered(self.lists).counts)

    @property
    def observed(self) -> int:
        """How many people are in at least one list."""
        return int(self.counts.sum())

    @property
    def margins(self) -> Counts:
        """For each set of lists, how many people are in all of them; `margins[0]` is everyone observed."""
        sums = self.counts.reshape((2,) * len(self.lists)) if self.lists else self.counts
        for axis in range(len(self.lists)):
            sums = np.stack([sums.sum(axis=axis), sums.take(1, axis=axis)], axis=axis)
        return np.ascontiguousarray(sums).reshape(-1)

    @property
    def sizes(self) -> dict[str, int]:
        """How many people each list holds."""
        margins = self.margins
        return {name: int(margins[1 << bit]) for bit, name in enumerate(self.lists)}

    @property
    def pairs(self) -> dict[Pair, int]:
        """How many people each two lists share."""
        margins = self.margins
        numbered = list(enumerate(self.lists))
        return {(a, b): int(margins[1 << i | 1 << j]) for (i, a), (j, b) in combinations(numbered, 2)}

    @property
    def hash(self) -> str:
        """A name for the table that does not depend on the order of its lists."""
        ordered = self.reordered(sorted(self.lists))
        return sha256(repr((ordered.lists, ordered.counts.tolist())).encode()).hexdigest()

    def canonical(self) -> "Overlap":
        """The same table with its lists ordered by what they hold, so that names do not matter.

        Random draws are keyed by and made in this order: renaming or reordering lists changes no draw.
        """
        margins = self.margins
        numbers = range(len(self.lists))

        def signature(i: int) -> tuple[int, list[int], str]:
            return int(margins[1 << i]), sorted(int(margins[1 << i | 1 << j]) for j in numbers), self.lists[i]

        return self.reordered([self.lists[i] for i in sorted(numbers, key=signature)])

    def reordered(self, lists: Sequence[str]) -> "Overlap":
        """The same table with its lists in another order."""
        if sorted(lists) != sorted(self.lists):
            raise InvalidRecord("overlap table", [_other_lists(lists, self.lists)])
        if tuple(lists) == self.lists:
            return self
        return _rebuilt(self, tuple(lists), [lists.index(name) for name in self.lists])

    def project(self, lists: Sequence[str]) -> "Overlap":
        """The table of some of the lists; people known to none of them are no longer observed."""
        unknown = sorted(set(lists) - set(self.lists))
        if unknown:
            raise InvalidRecord("overlap table", [_other_lists(unknown, self.lists)])
        return _rebuilt(self, tuple(lists), [_index(lists, name) for name in self.lists])

    def merge(self, groups: Mapping[str, Sequence[str]]) -> "Overlap":
        """The table where each group of lists has become one list under the group's name."""
        new = {old: name for name, members in groups.items() for old in members}
        unknown = sorted(set(new) - set(self.lists))
        if unknown:
            raise InvalidRecord("overlap table", [_other_lists(unknown, self.lists)])
        names = tuple(dict.fromkeys(new.get(old, old) for old in self.lists))
        return _rebuilt(self, names, [names.index(new.get(old, old)) for old in self.lists])

    def model(self, terms: Iterable[int]) -> tuple[tuple[str, ...], ...]:
        """Interaction terms given as bitmasks, as the names of their lists."""
        return tuple(tuple(name for i, name in enumerate(self.lists) if t >> i & 1) for t in terms)

    def terms(self, model: Iterable[Iterable[str]]) -> tuple[int, ...]:
        """Interaction terms given as names of lists, as bitmasks."""
        return tuple(sum(1 << self.lists.index(name) for name in term) for term in model)

    def faults(self) -> tuple[Fault, ...]:
        """Why no estimate can be made of this table; empty means go."""
        margins, everyone = self.margins, self.observed
        found = []
        for bit, name in enumerate(self.lists):
            if margins[1 << bit] == 0:
                found.append(fault("empty-list", say("at-list", name=name)))
            elif margins[1 << bit] == everyone:
                found.append(fault("whole-list", say("at-list", name=name)))
        return tuple(found)

    def doubles(self) -> dict[str, str]:
        """Each list that holds the same people as one before it, and the name of that one."""
        margins = self.margins
        same: dict[str, str] = {}
        for (i, first), (j, other) in combinations(enumerate(self.lists), 2):
            if first not in same and margins[1 << i] == margins[1 << j] == margins[1 << i | 1 << j]:
                same.setdefault(other, first)
        return same


def from_records(lists: Sequence[str], records: Iterable[Iterable[str]]) -> Overlap:
    """The table of people, each given as the names of the lists that hold them; nobody is in none."""
    bit = {name: 1 << i for i, name in enumerate(lists)}
    counts = np.zeros(1 << len(lists), dtype=np.int64)
    for cell, people in Counter(sum(bit[name] for name in set(record)) for record in records).items():
        counts[cell] = people
    return Overlap(lists=tuple(lists), counts=counts)


def from_links(cases: Iterable[tuple[str, str]], *, lists: Sequence[str] = ()) -> Overlap:
    """The table of linked cases: each says which list holds it and the key of the person it is about.

    Two cases of one person in one list count once. Without `lists` the names found are used, sorted.
    """
    known: defaultdict[str, set[str]] = defaultdict(set)
    for name, person in cases:
        known[person].add(name)
    names = tuple(lists) or tuple(sorted(set().union(*known.values())))
    return from_records(names, known.values())


_LISTS, _COUNTS = say("at-lists"), say("at-counts")


def _other_lists(given: Iterable[str], lists: Iterable[str]) -> Fault:
    return fault("unknown-list", _LISTS, given=", ".join(given), lists=", ".join(lists))


def _shape(lists: tuple[str, ...], counts: NDArray[np.generic]) -> list[Fault]:
    """What keeps lists and counts from being a table at all."""
    found = []
    if len(lists) < 2:
        found.append(fault("one-list", _LISTS))
    if len(lists) > MOST_LISTS:
        found.append(fault("many-lists", _LISTS, number=len(lists), most=MOST_LISTS))
    if len(set(lists)) < len(lists) or not all(lists):
        found.append(fault("list-names", _LISTS))
    return found or _contents(counts, 1 << len(lists))


def _contents(counts: NDArray[np.generic], cells: int) -> list[Fault]:
    found = []
    if counts.shape != (cells,):
        return [fault("cells", _COUNTS, number=cells)]
    if (np.asarray(counts, dtype=np.float64) < 0).any():
        found.append(fault("negative-count", _COUNTS))
    if (np.asarray(counts, dtype=np.float64) % 1 != 0).any():
        found.append(fault("fractional-count", _COUNTS))
    if counts[0] != 0:
        found.append(fault("no-list", _COUNTS))
    return found


def _index(lists: Sequence[str], name: str) -> int:
    return lists.index(name) if name in lists else -1


def _rebuilt(table: Overlap, lists: tuple[str, ...], home: Sequence[int]) -> Overlap:
    """The table of `lists` where the old list i has become the new list `home[i]`, or none (-1)."""
    cell = np.zeros(1, dtype=np.int64)
    for new in home:
        cell = np.concatenate([cell, cell | (1 << new if new >= 0 else 0)])
    counts = np.bincount(cell, weights=table.counts, minlength=1 << len(lists)).astype(np.int64)
    counts[0] = 0
    return Overlap(lists=lists, counts=counts)


def array(counts: "Overlap | ArrayLike") -> Counts:
    """The counts by cell, of a table or already as an array."""
    return counts.counts if isinstance(counts, Overlap) else np.asarray(counts, dtype=np.int64)
