"""Intervals from replicates of the table, with the choice of model made anew in each of them.

Replicates are multinomial over the occupied cells: an empty cell stays empty. Each is drawn by `draw` from a
stream keyed by the table and the seed and counted by the number of the replicate, so that results do not
depend on threads, batches or splits. The interval is bias-corrected and accelerated (Efron, JASA 82, 1987),
with the acceleration from a jackknife weighted by cell (Chan, Silverman and Vincent, JASA 116, 2021).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from math import ceil
from queue import Empty, SimpleQueue
from statistics import NormalDist
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from palermo.prevention import draw
from palermo.prevention.estimate import Interval
from palermo.prevention.overlap import Counts, Overlap
from palermo.prevention.saying import Saying, say

Reals = NDArray[np.float64]
Found = TypeVar("Found")
Estimator = Callable[[Counts, Counts], Reals]
"""Takes cells (m) and rows of their counts (r x m); gives r totals, nan where no estimate can be made."""

BATCH = 64


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """How an estimate moves: the total of each replicate (nan: failed) and of each table less one person.

    `lowered` are the totals with one person fewer in each occupied cell, `people` the counts of those cells.
    """

    total: float
    totals: Reals
    lowered: Reals
    people: Counts

    @property
    def failed(self) -> int:
        """How many replicates gave no estimate."""
        return int(np.isnan(self.totals).sum())

    @property
    def acceleration(self) -> float | None:
        """The skewness of the jackknife over six; None where the jackknife failed or does not vary."""
        away = np.average(self.lowered, weights=self.people) - self.lowered
        size = float((self.people * away**2).sum()) ** 1.5
        # nan compares false: a jackknife with a failed table has no acceleration either.
        return float((self.people * away**3).sum()) / (6 * size) if size > 0 else None

    def interval(self, level: float) -> tuple[Interval | None, tuple[Saying, ...]]:
        """The BCa interval, or the percentile one with the reason why; None where every replicate failed."""
        reached = self.totals[~np.isnan(self.totals)]
        if not reached.size:
            return None, (say("no-replicate"),)
        tails = ((1 - level) / 2, (1 + level) / 2)
        few = _few(reached.size, level)
        below = float((reached < self.total * (1 - _ROUNDING)).mean())
        reasons = _unusable(below, self.acceleration)
        if reasons or self.acceleration is None:
            return _quantiles(reached, tails, level=level, kind="percentile"), (*reasons, *few)
        moved = bca_levels(tails, below=below, acceleration=self.acceleration)
        return _quantiles(reached, moved, level=level, kind="bca"), (*_doubts(self.acceleration), *few)


def spread(
    table: Overlap,
    estimator: Estimator,
    *,
    replicates: int,
    seed: int = 1,
    threads: int = 1,
    batch: int = BATCH,
) -> Spread:
    """Estimate the table, each table less one person, and the replicates."""
    cells, people = occupied(table)
    replicas, fewer = source(table, seed=seed), people - np.eye(people.size, dtype=np.int64)

    def lowered(places: range) -> Reals:
        return estimator(cells, fewer[places.start : places.stop])

    def drawn(numbers: range) -> Reals:
        return estimator(cells, replicas.rows(numbers))

    jackknife = [partial(lowered, places) for places in batches(people.size, batch=batch)]
    replicated = batches(replicates, batch=batch, threads=threads)
    jobs = [*jackknife, *(partial(drawn, numbers) for numbers in replicated)]
    found = np.concatenate(together(jobs, threads=threads))
    return Spread(
        total=float(estimator(cells, people[None])[0]),
        totals=found[people.size :],
        lowered=found[: people.size],
        people=people,
    )


def occupied(table: Overlap) -> tuple[Counts, Counts]:
    """The occupied cells and their counts, in an order that names and order of the lists do not change."""
    ordered = table.canonical()
    cells = np.flatnonzero(ordered.counts)
    home = [1 << table.lists.index(name) for name in ordered.lists]
    original = sum((cells >> bit & 1) * mask for bit, mask in enumerate(home))
    return np.asarray(original, dtype=np.int64), ordered.counts[cells]


def source(table: Overlap, *, seed: int) -> draw.Source:
    """Where the replicates of the table come from, over the cells of `occupied`."""
    _, people = occupied(table)
    counts = table.canonical().counts.tolist()
    return draw.Source.named(counts, seed, people=table.observed, weights=people)


def draws(table: Overlap, numbers: Iterable[int], *, seed: int) -> Counts:
    """The replicates of these numbers, one a row, over the cells of `occupied`."""
    return source(table, seed=seed).rows(numbers)


def batches(number: int, *, batch: int, threads: int = 1) -> Iterator[range]:
    """The numbers from 0 in parts of `batch`, smaller towards the end so that threads end together."""
    start = 0
    while start < number:
        size = batch if threads == 1 else min(batch, max(_LAST, (number - start) // (4 * threads)))
        yield range(start, min(start + size, number))
        start += size


def together(jobs: Sequence[Callable[[], Found]], *, threads: int) -> list[Found]:
    """What the jobs give, in their order; this thread is one of those that work.

    Where one job fails, or somebody interrupts, no further job is begun.
    """
    found: dict[int, Found] = {}
    waiting: SimpleQueue[int] = SimpleQueue()
    for place in range(len(jobs)):
        waiting.put(place)

    def work() -> None:
        try:
            with suppress(Empty):
                while True:
                    place = waiting.get_nowait()
                    found[place] = jobs[place]()
        finally:
            _empty(waiting)

    with ThreadPoolExecutor(max(threads - 1, 1)) as pool:
        others = [pool.submit(work) for _ in range(threads - 1)]
        work()
        for other in others:
            other.result()
    return [found[place] for place in range(len(jobs))]


def _empty(waiting: "SimpleQueue[int]") -> None:
    with suppress(Empty):
        while True:
            waiting.get_nowait()


def bca_levels(tails: Sequence[float], *, below: float, acceleration: float) -> tuple[float, ...]:
    """The levels of the replicates that stand for the wanted tails, given the share that lies `below`."""
    normal = NormalDist()
    shift = normal.inv_cdf(below)
    moved = [shift + normal.inv_cdf(tail) for tail in tails]
    return tuple(normal.cdf(shift + z / (1 - acceleration * z)) for z in moved)


def _quantiles(totals: Reals, levels: Sequence[float], *, level: float, kind: str) -> Interval:
    low, high = np.quantile(totals, levels, method="median_unbiased")
    return Interval(level=level, kind=kind, low=float(low), high=float(high))


def _few(replicates: int, level: float) -> tuple[Saying, ...]:
    """A warning where not even one replicate is to be expected beyond each end."""
    least = ceil(round(2 / (1 - level), 6))
    return (say("few-replicates", number=replicates, least=least),) if replicates < least else ()


def _unusable(below: float, acceleration: float | None) -> tuple[Saying, ...]:
    if below in {0.0, 1.0}:
        return (say("one-sided"),)
    if acceleration is None:
        return (say("no-jackknife"),)
    return ()


def _doubts(acceleration: float) -> tuple[Saying, ...]:
    if abs(acceleration) < _LARGE:
        return ()
    return (say("large-acceleration", acceleration=acceleration),)


_ROUNDING = 1e-9  # a replicate with the very total of the table is not below it
_LAST = 8  # replicates in the last parts
_LARGE = 0.1  # it can never pass one sixth
