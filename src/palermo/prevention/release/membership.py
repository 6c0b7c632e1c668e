"""Whether a reader of the rows can tell that one person was in the table: a test on two neighbouring tables.

The target is the person whose facts are rarest. Some of the other persons are drawn; releases are made with
the target and without, many times. The attacker knows all the drawn persons and the target, learns on half of
the releases which sums of counts betray the target, and is tested on the other half, which played no part in
the learning (shadow models: Stadler, Oprisanu and Troncoso, USENIX Security 2022; audits by repeated runs:
Jagielski, Ullman and Oprea, NeurIPS 2020). The advantage is the share of releases with the target called
right, less the share of those without it called wrong: 0 is a coin, 1 is certainty.

The promise bounds the advantage of every attacker. By (epsilon, delta) it is at most
(e^epsilon - 1 + 2 delta) / (e^epsilon + 1), which is tanh(epsilon / 2) where delta is 0 (Kairouz, Oh and
Viswanath, ICML 2015). By rho it is at most sqrt(rho / 2) and sqrt(1 - e^-rho), since rho bounds the
Kullback-Leibler divergence (Bun and Steinke, TCC 2016; the inequalities of Pinsker and of Bretagnolle and
Huber).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from math import exp, sqrt, tanh

import numpy as np
from numpy.typing import NDArray

from palermo.prevention.release.alike import collapsed
from palermo.prevention.release.budget import MICRO
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.holdout import Codes, Integers, Make
from palermo.prevention.release.persons import Persons
from palermo.prevention.release.share import Share, Span, difference

Reals = NDArray[np.float64]

WAYS = 3
FEWEST = 20
"""Runs a side under which learning and testing are both of too few."""

RIDGE = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """Of tested releases with the target and without, how many were called "with it"; and the promise."""

    called: Share
    miscalled: Share
    bound: float
    persons: int

    @property
    def advantage(self) -> Span:
        """How much better than a coin the attacker was, from 0 to 1."""
        return difference(self.called, self.miscalled)

    @property
    def broken(self) -> bool:
        """Whether the whole interval lies above what the promise allows."""
        return self.advantage.low > self.bound


def bound(*, epsilon: float, delta: float, rho: int) -> float:
    """The advantage that no attacker can exceed if the promise is kept; rho in micro-rho."""
    by_epsilon = tanh(epsilon / 2) + 2 * delta / (exp(epsilon) + 1)
    cost = rho / MICRO
    return min(by_epsilon, sqrt(cost / 2), sqrt(1 - exp(-cost)), 1.0)


def tested(persons: Persons, make: Make, *, runs: int, among: int, seed: int, allowed: float) -> Membership:
    """Release `runs` times with the rarest person and as often without, among so many others."""
    person = rarest(persons)
    without = drawn(persons, leave_out=person, many=among, seed=seed)
    together = without.copy()
    together[person] += 1
    sides = [
        np.array([_seen(persons, make, weights, person, seed + 2 * run + side) for run in range(runs)])
        for side, weights in enumerate((without, together))
    ]
    return called(sides[1], sides[0], persons=int(together.sum()), allowed=allowed)


def _seen(persons: Persons, make: Make, weights: Integers, person: int, seed: int) -> Reals:
    return seen(make(Secret(collapsed(persons.codes, weights, persons.sizes)), seed), persons.codes[person])


def seen(rows: Codes, target: NDArray[np.int16]) -> Reals:
    """What the attacker looks at: rows that are the target's, and rows in its cells of 1, 2 and 3 values.

    A cell of the target counts for less the more rows it has, as one more is then seen less.
    """
    same = (rows == target).astype(np.int64)
    recorded = np.flatnonzero(target)
    sums = [float(same.all(axis=1).sum())]
    for ways in range(1, WAYS + 1):
        counts = [float(same[:, list(cell)].all(axis=1).sum()) for cell in combinations(recorded, ways)]
        sums.append(float(np.sqrt(np.array(counts)).sum()))
    return np.array(sums)


def rarest(persons: Persons) -> int:
    """The distinct row whose recorded pairs of values fewest persons share; more facts make it rarer."""
    score = np.zeros(len(persons.codes))
    for weights, held in _pairs(persons):
        score[held] += 1 / weights
    return int(score.argmax())


def _pairs(persons: Persons) -> Iterator[tuple[Reals, Integers]]:
    """For each pair of columns, the rows that recorded both, and how many persons have their values."""
    for first, second in combinations(range(persons.codes.shape[1]), 2):
        one, other = (persons.codes[:, column].astype(np.int64) for column in (first, second))
        held = np.flatnonzero((one > 0) & (other > 0))
        keys = one[held] * (persons.sizes[second] + 1) + other[held]
        counts = np.bincount(keys, weights=persons.weights[held])
        yield counts[keys], held


def drawn(persons: Persons, *, leave_out: int, many: int, seed: int) -> Integers:
    """How many persons of each row a draw of `many` has, one person of one row not being in the bowl."""
    bowl = persons.weights.copy()
    bowl[leave_out] -= 1
    whose = np.repeat(np.arange(len(bowl)), bowl)
    key = int.from_bytes(sha256(repr(("drawn", seed)).encode()).digest()[:16], "little")
    order = np.argsort(np.random.Philox(key=key).random_raw(len(whose)), kind="stable")
    return np.bincount(whose[order[:many]], minlength=len(bowl)).astype(np.int64)


def called(together: Reals, without: Reals, *, persons: int, allowed: float) -> Membership:
    """Learn on the first half of what was seen with the target and without, and be tested on the rest."""
    half = len(together) // 2
    direction = _direction(together[:half], without[:half])
    bar = _bar(together[:half] @ direction, without[:half] @ direction)
    hits = int((together[half:] @ direction > bar).sum())
    alarms = int((without[half:] @ direction > bar).sum())
    return Membership(
        called=Share(hits=hits, of=len(together) - half),
        miscalled=Share(hits=alarms, of=len(without) - half),
        bound=allowed,
        persons=persons,
    )


def _direction(together: Reals, without: Reals) -> Reals:
    """Fisher's linear discriminant (Annals of Eugenics 7, 1936)."""
    apart = together.mean(axis=0) - without.mean(axis=0)
    spread = np.cov(together, rowvar=False) + np.cov(without, rowvar=False)
    ridge = RIDGE * max(float(np.trace(spread)), RIDGE) * np.eye(len(apart))
    return np.asarray(np.linalg.solve(spread + ridge, apart), dtype=np.float64)


def _bar(together: Reals, without: Reals) -> float:
    """The score above which calling the target present was right oftenest."""
    bars = np.sort(np.concatenate([together, without]))
    won = [float((together > bar).mean() - (without > bar).mean()) for bar in bars]
    return float(bars[int(np.argmax(won))])
