"""How far published counts lie from the truth: a parametric bootstrap, which costs no budget.

The rows of a fit are taken for the persons: their counts get noise as the real ones did, are fitted as the
real ones were, and the fitted counts compared with those known. Errors are pooled over cells of as many
columns and about the same published count (Efron and Tibshirani, An Introduction to the Bootstrap, 1993,
chapter 6).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from palermo.prevention.release import fit
from palermo.prevention.release.fit import Fit
from palermo.prevention.release.tables import Measured, Table

Integers = NDArray[np.int64]
Reals = NDArray[np.float64]

EDGES = (0, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000)
POOL = 150
"""Cells that a bucket needs: fewer are joined with the next, and if they are all, trust the noise as well."""

_TAIL = 0.015  # past the 2.5 % of a 95 % interval: fitted rows are a little smoother than persons
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


def means(fits: Sequence[Fit]) -> tuple[Reals, ...]:
    """The mean over fits of the count of each measured cell, by table."""
    return tuple(np.mean(counts, axis=0) for counts in zip(*(one.counts for one in fits), strict=True))


def buckets(
    measured: Measured,
    fits: Sequence[Fit],
    *,
    seed: int,
    effort: int,
    told: Callable[[float], None] = lambda part: None,
) -> tuple[Bucket, ...]:
    """The errors of the mean of these fits, by ways and size."""
    known = fits[0]
    noised = _noised(measured, known, seed)
    again = fit.fitted(noised, seed=_other(seed), fits=len(fits), effort=effort, told=told)
    return tuple(
        bucket
        for table, mean, true in zip(measured.tables, means(again), known.counts, strict=True)
        for bucket in _pooled(np.rint(mean), np.rint(mean) - true, table)
    )


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


def _pooled(published: Reals, errors: Reals, table: Table) -> list[Bucket]:
    starts = _starts(published)
    ends = [*starts[1:], None]
    return [
        _bucket(errors[(published >= start) & (published < (end or np.inf))], table, start, end)
        for start, end in zip(starts, ends, strict=True)
    ]


def _starts(published: Reals) -> list[int]:
    """Where buckets begin: at the edges, as far as each holds enough cells, the last one too."""
    starts, left = [EDGES[0]], len(published)
    for edge in EDGES[1:]:
        above = int((published >= edge).sum())
        if left - above >= POOL and above >= POOL:
            starts.append(edge)
            left = above
    return starts


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
