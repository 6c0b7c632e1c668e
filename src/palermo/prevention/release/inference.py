"""What an attacker who knows some facts of a person learns of another: with released rows, and without.

The attacker looks up the released rows that have the known facts and says the value most of them have; where
no row has them, the value most persons have. The one to compare with knows only how many persons have each
value. This is correct attribution (Elliot 2014; Taub, Elliot, Pampaka and Smith, Privacy in Statistical
Databases 2018), scored by the one best guess. Every person who recorded the value is attacked; where there is
one code alone, every person, and the guess is whether it is recorded.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.release.alike import alike, told_apart, totals
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.share import Share, Span
from palermo.prevention.release.share import gain as gained

Codes = NDArray[np.int16]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """How often the guess was right with released rows and with public totals alone, of the same persons."""

    with_rows: Share
    with_totals: Share
    gain: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """Guesses at one column: of `all` persons, and of those `alone` in what the attacker knows."""

    column: int
    all: Guess
    alone: Guess


def inferred(persons: Persons, rows: Codes, *, known: Sequence[int], column: int) -> Inference:
    """Attack each person's value of a column, all of `known` being known."""
    groups = alike(np.concatenate([persons.codes, rows]), known)
    real, given = groups[: len(persons.codes)], groups[len(persons.codes) :]
    lift, size = told_apart(persons.sizes[column])
    truth = persons.codes[:, column] + np.int16(lift)
    common = _most(truth.astype(np.int64), persons.weights, size)
    told = _told(given, rows[:, column] + np.int16(lift), count=len(groups), width=size + 1)
    guess = np.where(told[real] > 0, told[real], common)
    single = totals(real, persons.weights)[real] == 1
    recorded = truth > 0
    right, fair = np.equal(guess, truth), np.equal(common, truth)
    return Inference(
        column=column,
        all=_guess(right, fair, np.where(recorded, persons.weights, 0)),
        alone=_guess(right, fair, np.where(recorded & single, persons.weights, 0)),
    )


def _most(values: Integers, weights: Integers, size: int) -> int:
    """The recorded value that most persons have; the first of several."""
    return int(np.bincount(values, weights=weights, minlength=size + 1)[1:].argmax()) + 1


def _told(groups: Integers, values: Codes, *, count: int, width: int) -> Integers:
    """The recorded value most rows of each group have, the first of several; 0 where none is recorded."""
    found = np.zeros(count, dtype=np.int64)
    keys, many = np.unique(groups * width + values, return_counts=True)
    held = keys % width > 0
    keys, many = keys[held], many[held]
    order = np.lexsort((-keys, many))  # the last one written is the one that stays
    found[keys[order] // width] = keys[order] % width
    return found


def _guess(right: NDArray[np.bool_], fair: NDArray[np.bool_], weights: Integers) -> Guess:
    of = int(weights.sum())
    return Guess(
        with_rows=Share(hits=int(weights[right].sum()), of=of),
        with_totals=Share(hits=int(weights[fair].sum()), of=of),
        gain=gained(won=int(weights[right & ~fair].sum()), lost=int(weights[fair & ~right].sum()), of=of),
    )
