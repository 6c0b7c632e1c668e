"""How far published counts lie from the truth: a parametric bootstrap, which costs no budget.

The rows of a fit are taken for the persons: their counts get noise as the real ones did, are fitted as the
real ones were, and the fitted counts compared with those known. Errors are pooled over published cells of as
many columns and about the same count (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, ch. 6).

Persons may be harder to fit than rows that were fitted once already. It shows: the noisy counts then lie
farther from what was fitted to them than in the bootstrap, by as much in the mean square as the error is
larger (the covariance penalty of Efron, J. Am. Stat. Assoc. 99, 2004). So intervals are stretched by it.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil, inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from palermo.prevention.release import fit
from palermo.prevention.release.fit import Fit
from palermo.prevention.release.tables import Measured, Table

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]

EDGES = (5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
POOL = 150
"""Cells that a bucket needs: fewer are joined with the next, and if they are all, trust the noise as well."""

FEW = 20
"""Cells under which nothing is said of how much harder persons are to fit."""

_TAIL = 0.02  # past the 2.5 % of a 95 % interval: quantiles of one bootstrap are themselves uncertain
_NORMAL = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Errors of counts of so many columns from `start` up to, not with, `end` (None: all above).

    `error` is their mean size, `sd` their root mean square; 95 % of errors lie from `low` to `high`.
    """

    ways: int
    start: int
    end: int | None
    cells: int
    error: float
    sd: float
    low: float
    high: float


def buckets(
    measured: Measured,
    fits: Sequence[Fit],
    *,
    limits: Sequence[int],
    seed: int,
    effort: int,
    told: Callable[[float], None] = lambda part: None,
) -> tuple[Bucket, ...]:
    """The errors of the mean of these fits, by ways and size, of counts at least the limit of their way."""
    known, noised = fits[0], _noised(measured, fits[0], seed)
    again = fit.fitted(noised, seed=_other(seed), fits=len(fits), effort=effort, told=told)
    sides = [_sides(measured, fits, limits), _sides(noised, again, limits)]
    return tuple(
        bucket
        for table, limit, true, real, drawn in zip(measured.tables, limits, known.counts, *sides, strict=True)
        for bucket in _pooled(table, limit, true[drawn.cells], real, drawn)
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Side:
    """Published counts of one table, the cells they are of, and the squared distance of noisy counts."""

    cells: NDArray[np.intp]
    counts: Reals
    squares: Reals


def _sides(measured: Measured, fits: Sequence[Fit], limits: Sequence[int]) -> list[Side]:
    return [
        _side(table, np.rint(mean), limit)
        for table, mean, limit in zip(measured.tables, fit.means(fits), limits, strict=True)
    ]


def _side(table: Table, counts: Reals, limit: int) -> Side:
    cells = np.flatnonzero(counts >= limit)
    return Side(cells=cells, counts=counts[cells], squares=(table.noisy[cells] - counts[cells]) ** 2)


def limited(known: Sequence[Bucket], limits: Sequence[int]) -> tuple[tuple[int, ...], tuple[Bucket, ...]]:
    """By way, the least count from its limit on that is at least half its interval; and the buckets above."""
    ways = [[one for one in known if one.ways == way] for way in range(1, len(limits) + 1)]
    least = tuple(_least(way, limit) for way, limit in zip(ways, limits, strict=True))
    return least, tuple(
        replace(one, start=max(one.start, limit))
        for way, limit in zip(ways, least, strict=True)
        for one in way
        if one.end is None or one.end > limit
    )


def _least(buckets: Sequence[Bucket], limit: int) -> int:
    fit_for = (max(one.start, limit, ceil((one.high - one.low) / 2)) for one in buckets)
    ends = (inf if one.end is None else one.end for one in buckets)
    return next(least for least, end in zip(fit_for, ends, strict=True) if least < end)


def _noised(measured: Measured, known: Fit, seed: int) -> Measured:
    tables = [
        replace(table, noisy=true + _normal(len(true), table.sigma, seed, table.cells.ways))
        for table, true in zip(measured.tables, known.counts, strict=True)
    ]
    return replace(measured, tables=tuple(tables))


def _normal(count: int, sigma: float, *named: int) -> Integers:
    """Public noise from the raw words of a counter-based stream, the same on every version of NumPy."""
    key = int.from_bytes(sha256(repr(named).encode()).digest()[:16], "little")
    words = np.random.Philox(key=key).random_raw(count)
    return np.asarray(np.rint(sigma * ndtri(((words >> 12) + 0.5) * 2.0**-52)), dtype=np.int64)


def _other(seed: int) -> int:
    return int.from_bytes(sha256(f"spread {seed}".encode()).digest()[:7], "little")


def _pooled(table: Table, limit: int, true: Integers, real: Side, drawn: Side) -> Iterator[Bucket]:
    starts = _starts(drawn.counts, limit)
    least = max(_excess(real.squares, drawn.squares)[0], 0.0)
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        here, there = ((side.counts >= start) & (side.counts < (end or np.inf)) for side in (real, drawn))
        excess, doubt = _excess(real.squares[here], drawn.squares[there])
        errors = drawn.counts[there] - true[there]
        yield _bucket(_stretched(errors, max(least, excess - doubt)), table, start, end)


def _starts(published: Reals, limit: int) -> list[int]:
    """Where buckets begin: at the limit and at edges, as far as each holds enough cells, the last one too."""
    starts, left = [limit], len(published)
    for edge in EDGES:
        above = int((published >= edge).sum())
        if edge > limit and left - above >= POOL and above >= POOL:
            starts.append(edge)
            left = above
    return starts


def _excess(real: Reals, drawn: Reals) -> tuple[float, float]:
    """How much larger real squares are than drawn ones in the mean, and the standard error of that."""
    if min(len(real), len(drawn)) < FEW:
        return 0.0, 0.0
    error = sqrt(real.var() / len(real) + drawn.var() / len(drawn))
    return float(real.mean() - drawn.mean()), error


def _stretched(errors: Reals, excess: float) -> Reals:
    """The errors, all larger by as much as their mean square grows by the excess."""
    square = float(np.mean(errors**2)) if len(errors) else 0.0
    return errors * sqrt(1 + excess / square) if square else errors


def _bucket(errors: Reals, table: Table, start: int, end: int | None) -> Bucket:
    low, high = (float(one) for one in np.quantile(errors, [_TAIL, 1 - _TAIL])) if len(errors) else (0.0, 0.0)
    sd = float(np.sqrt(np.mean(errors**2))) if len(errors) else 0.0
    if len(errors) < POOL:
        low, high = min(low, -_NORMAL * table.sigma), max(high, _NORMAL * table.sigma)
        sd = max(sd, table.sigma)
    return Bucket(
        ways=table.cells.ways,
        start=start,
        end=end,
        cells=len(errors),
        error=float(np.mean(np.abs(errors))) if len(errors) else 0.0,
        sd=sd,
        low=low,
        high=high,
    )
