"""Rows fitted to noisy counts: an annealed search for those whose own counts lie nearest to all of them.

The objective is the sum over measured cells of (rows in the cell - noisy count)^2 / sigma^2. A row that
stands in a doubtful cell, or in one that nobody asked for, costs more: the veto. Only noisy counts go in.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache, partial
from hashlib import sha256
from math import comb, sqrt
from os import cpu_count
from queue import SimpleQueue

import numpy as np
from numba import njit
from numpy.typing import NDArray

from palermo.prevention.draw import philox
from palermo.prevention.release import anneal
from palermo.prevention.release import places as place
from palermo.prevention.release.places import Places
from palermo.prevention.release.tables import Measured, Table

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]
Rows = NDArray[np.int16]

EFFORT = 300
"""Moves tried a row, where noise is not fine."""

FINE, MOST_EFFORT = 16.0, 4.0
"""The deviation of noise under which moves grow as it shrinks, and how many times they grow at most."""

DENSE = 1 << 25
"""Places in blocks at most: 128 MiB a fit."""

SWEEPS, LAST = 60, 10
HOT, COLD = 0.3, 0.02
VETO = 0.06
CROWD = 45
"""Pairs or triples that a value stands in, of a row kept to the cap, above which the veto of each is less."""

ANCHOR = 0.5
"""How much more a single value weighs, for each of its deviation: by as much the veto pulls it down."""

AGREED, DISPUTED = 0.1, 0.15
"""Fits agree on a cell with such a part of its noise in the mean; what a row costs in another."""
STILL = 2_000
"""A sweep ends the search that makes less than one in so many of the moves it tried."""

_WEIGHT = 64
_HEAVIEST = 1 << 20
_SHUFFLE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fit:
    """Rows, their counts in the measured cells of each table, and the moves that were made and tried."""

    rows: Rows
    counts: tuple[Integers, ...]
    made: int
    tried: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Aim:
    """What rows are fitted to: the gaps of no rows at all, the weight of each way, the price of the veto."""

    here: Places
    gaps: NDArray[np.int32]
    at: tuple[Integers, ...]
    weights: Integers
    penalty: int
    spread: float


def fitted(
    measured: Measured,
    *,
    seed: int,
    fits: int = 1,
    effort: int = EFFORT,
    told: Callable[[float], None] = lambda part: None,
) -> tuple[Fit, ...]:
    """Several fits that differ by their random numbers alone: of the seed, public and the same everywhere.

    `told` hears the part of all sweeps that is done, in the thread that asked.
    """
    goal, swept = aim(measured), SimpleQueue[tuple[int, int]]()
    pool = ThreadPoolExecutor(max_workers=min(fits, cpu_count() or 1))
    try:
        jobs = [pool.submit(_fit, measured, goal, (seed, number), effort, swept) for number in range(fits)]
        for number, job in enumerate(jobs):
            job.add_done_callback(partial(_ended, swept, number))
        _heard(swept, fits, told)
        return tuple(job.result() for job in jobs)
    finally:
        pool.shutdown(cancel_futures=True)


def _ended(swept: SimpleQueue[tuple[int, int]], number: int, _: Future[Fit]) -> None:
    swept.put((number, SWEEPS))


def _heard(swept: SimpleQueue[tuple[int, int]], fits: int, told: Callable[[float], None]) -> None:
    """Tell of each sweep until every fit has ended."""
    at = [0] * fits
    while min(at) < SWEEPS:
        number, sweeps = swept.get()
        at[number] = max(at[number], sweeps)
        told(sum(at) / (fits * SWEEPS))


def agreed(measured: Measured, fits: Sequence[Fit], *, seed: int) -> Rows:
    """The rows of the first fit, moved on without heat out of pairs and triples that fits do not agree on.

    What the noisy counts support is found by every fit; what only one has stands there by chance.
    """
    goal, rows = aim(measured), fits[0].rows.copy()
    gaps, price = goal.gaps.copy(), DISPUTED * _thinned(measured) * goal.spread
    for table, at, mean in zip(measured.tables, goal.at, means(fits), strict=True):
        if table.cells.ways > 1:
            gaps[at[mean < AGREED * table.sigma]] += _doubt(table, price, goal.spread)
    anneal.stand(rows, goal.here, gaps)
    heat, key = heats(goal.spread)[-1], _key("agreed", seed)
    for sweep in range(LAST):
        anneal.walk(
            rows, goal.here, gaps, goal.weights, goal.penalty, heat, hurdles(), key, sweep, 5 * len(rows)
        )
    return rows


def means(fits: Sequence[Fit]) -> tuple[Reals, ...]:
    """The mean over fits of the count of each measured cell, by table."""
    return tuple(np.mean(counts, axis=0) for counts in zip(*(one.counts for one in fits), strict=True))


def aim(measured: Measured, *, dense: int = DENSE) -> Aim:
    """The gaps and weights that fitting to these measurements starts from."""
    tables = measured.tables
    here = place.places(measured.sizes, [table.cells for table in tables], dense=dense)
    at = tuple(here.of(table.cells) for table in tables)
    spread = tables[-1].sigma ** 2
    price = VETO * _thinned(measured) * spread
    gaps = np.full(here.nobody + 1, anneal.UNASKED, dtype=np.int32)
    for table, places in zip(tables, at, strict=True):
        gaps[places] = -_wanted(table, price, spread)
    weights = np.zeros(3, dtype=np.int64)
    weights[: len(tables)] = [_weight(table, spread) for table in tables]
    penalty = round(price * _WEIGHT * anneal.GRAIN)
    return Aim(here=here, gaps=gaps, at=at, weights=weights, penalty=penalty, spread=spread)


def _weight(table: Table, spread: float) -> int:
    more = max(1.0, ANCHOR * table.sigma) if table.cells.ways == 1 else 1.0
    return min(max(round(more * _WEIGHT * spread / table.sigma**2), 1), _HEAVIEST)


def _thinned(measured: Measured) -> float:
    """The part of its price that the veto keeps where a row stands in many cells.

    Otherwise a value would pay for hundreds of doubtful cells, and rows of wide tables would forget it.
    """
    ways = len(measured.tables)
    return min(1.0, CROWD / max(comb(measured.caps[-1] - 1, ways - 1), 1))


def _wanted(table: Table, price: float, spread: float) -> Integers:
    """The rows wanted in each cell, in grains, if those in a doubtful cell cost so much."""
    doubt = 0 if table.cells.ways == 1 else _doubt(table, price, spread)
    return np.where(table.sure, table.noisy * anneal.GRAIN, table.noisy * anneal.GRAIN - doubt)


def _doubt(table: Table, price: float, spread: float) -> int:
    """How many rows fewer to want, in grains, for each row of a cell to cost so much more.

    A price for each row added to weight x gap^2 is the same, but for a constant, as fewer rows wanted there:
    by the price over twice the weight.
    """
    return round(price / (2 * spread / table.sigma**2) * anneal.GRAIN)


def _fit(
    measured: Measured, goal: Aim, seed: tuple[int, int], effort: int, swept: SimpleQueue[tuple[int, int]]
) -> Fit:
    key = _key(*seed)
    rows = independent(measured, key)
    gaps = goal.gaps.copy()
    anneal.stand(rows, goal.here, gaps)
    moves = int(len(rows) * effort * min(max(FINE / sqrt(goal.spread), 1.0), MOST_EFFORT)) // SWEEPS
    made = tried = 0
    for sweep, heat in enumerate(heats(goal.spread) if moves else ()):
        done = anneal.walk(
            rows, goal.here, gaps, goal.weights, goal.penalty, heat, hurdles(), key, sweep, moves
        )
        made, tried = made + done, tried + moves
        swept.put((seed[1], sweep + 1))
        if done * STILL < moves:
            break
    counts = tuple((gaps[at].astype(np.int64) - goal.gaps[at]) // anneal.GRAIN for at in goal.at)
    return Fit(rows=rows, counts=counts, made=made, tried=tried)


def _key(*named: object) -> tuple[int, int]:
    digest = sha256(repr(named).encode()).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")


def independent(measured: Measured, key: tuple[int, int]) -> Rows:
    """As many rows as persons were counted, each column filled by its own noisy counts alone and shuffled."""
    rows = np.zeros((measured.people, len(measured.sizes)), dtype=np.int16)
    first = measured.tables[0]
    for column in range(len(measured.sizes)):
        wanted = np.maximum(first.noisy[first.cells.columns[:, 0] == column], 0)
        quotas = _quotas(wanted, measured.people)
        filled = np.repeat(np.arange(1, len(quotas) + 1, dtype=np.int16), quotas)
        rows[: len(filled), column] = filled
        _shuffle(rows, column, key)
    return rows


def _quotas(wanted: Integers, people: int) -> Integers:
    """The wanted numbers, scaled down where they are more than there are people."""
    whole = int(wanted.sum())
    return wanted if whole <= people else wanted * people // whole


@njit(cache=True, nogil=True)
def _shuffle(rows: Rows, column: int, key: tuple[int, int]) -> None:
    for last in range(len(rows) - 1, 0, -1):
        word, _, _, _ = philox(key, (last, column, _SHUFFLE, 0))
        other = word * (last + 1) >> 32
        rows[last, column], rows[other, column] = rows[other, column], rows[last, column]


@cache
def hurdles() -> Integers:
    """-ln of 4096 even parts of (0, 1), in 1 / 1024, exact to the last: a table, so no logarithm is drawn."""
    with localcontext(prec=30):
        return np.array([round(-1024 * ((2 * Decimal(i) + 1) / 8192).ln()) for i in range(4096)])


def heats(spread: float) -> Sequence[int]:
    """The temperature of each sweep, falling by equal factors, in the units of the objective."""
    unit = Decimal(spread) * _WEIGHT * anneal.GRAIN
    with localcontext(prec=30):
        fall = Decimal(COLD) / Decimal(HOT)
        return [round(unit * Decimal(HOT) * fall ** (Decimal(i) / (SWEEPS - 1))) for i in range(SWEEPS)]
