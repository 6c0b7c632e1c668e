"""Hierarchical log-linear models in which every list has its main effect.

A term is the bitmask of the lists it joins (list i is bit i). A model is the set of its interactions, closed
below: with a triple come its three pairs. In a catalogue a model is one number whose bit j says that
interaction j of the catalogue belongs to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import combinations

import numpy as np
import numpy.typing as npt

LARGEST = 100_000  # models; past this a search takes the place of the catalogue

Terms = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every hierarchical model up to an order, the smallest first."""

    lists: int
    order: int
    interactions: Terms
    codes: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)

    def terms(self, place: int) -> Terms:
        """The interactions of the model at a place of the catalogue."""
        return decoded(int(self.codes[place]), self.interactions)


@cache
def interactions(lists: int, order: int) -> Terms:
    """All interactions up to an order: pairs first, each order by its lists (12, 13, 14, 23 ...)."""
    return tuple(
        sum(1 << one for one in chosen)
        for size in range(2, min(order, lists) + 1)
        for chosen in combinations(range(lists), size)
    )


@cache
def catalogue(lists: int, order: int) -> Catalogue:
    """Enumerate level by level: an interaction may join a code that has every part of it already."""
    terms = interactions(lists, order)
    codes = np.zeros(1, dtype=np.int64)
    for bit, term in enumerate(terms):
        needed = coded(parts(term), terms)
        codes = np.concatenate([codes, codes[codes & needed == needed] | (1 << bit)])
    codes = codes[np.lexsort((codes, np.bitwise_count(codes)))]
    codes.flags.writeable = False
    return Catalogue(lists=lists, order=order, interactions=terms, codes=codes)


def table(known: Catalogue) -> npt.NDArray[np.bool_]:
    """One row a model, one column a parameter: the intercept, the main effects, then the interactions."""
    bits = known.codes[:, None] >> np.arange(len(known.interactions)) & 1
    return np.hstack([np.ones((len(known), 1 + known.lists), dtype=np.bool_), bits.astype(np.bool_)])


def listable(lists: int, order: int) -> bool:
    """Is the catalogue small enough to go through whole?"""
    return lists <= (3 if order > 3 else 5) or (lists == 6 and order == 2)


def parts(term: int) -> Terms:
    """The interactions one list smaller inside a term; a pair has none but main effects."""
    smaller = [term & ~(1 << bit) for bit in range(term.bit_length()) if term >> bit & 1]
    return tuple(part for part in smaller if part.bit_count() > 1)


def closed(terms: Iterable[int]) -> Terms:
    """The smallest hierarchical model that has these terms, in the order of a catalogue."""
    found: set[int] = set()
    waiting = [term for term in terms if term.bit_count() > 1]
    while waiting:
        term = waiting.pop()
        if term not in found:
            found.add(term)
            waiting.extend(parts(term))
    return ordered(found)


def ordered(terms: Iterable[int]) -> Terms:
    """Terms by size, then by their lists: the order in which a catalogue counts them."""
    return tuple(sorted(terms, key=lambda term: (term.bit_count(), members(term))))


def generators(terms: Iterable[int]) -> Terms:
    """The terms that lie in no other term: they name the model."""
    known = tuple(terms)
    return tuple(term for term in known if not any(term != other and term & other == term for other in known))


def neighbours(terms: Terms, *, lists: int, order: int) -> tuple[Terms, ...]:
    """Every model one step away: one boundary term more, or one generator less."""
    present = set(terms)
    more = [
        term for term in interactions(lists, order) if term not in present and present.issuperset(parts(term))
    ]
    steps = [present | {term} for term in more] + [present - {term} for term in generators(terms)]
    return tuple(ordered(step) for step in steps)


def members(term: int) -> tuple[int, ...]:
    """The lists of a term, by number."""
    return tuple(bit for bit in range(term.bit_length()) if term >> bit & 1)


def coded(terms: Iterable[int], known: Terms) -> int:
    """The number of a model among the interactions of a catalogue."""
    return sum(1 << known.index(term) for term in terms)


def decoded(code: int, known: Terms) -> Terms:
    """The interactions of a model from its number."""
    return tuple(term for bit, term in enumerate(known) if code >> bit & 1)
