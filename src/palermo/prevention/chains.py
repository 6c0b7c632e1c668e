"""Chains of draws: a random stream for each, and whether they tell one story.

R-hat and effective sample size are those of Vehtari, Gelman, Simpson, Carpenter and Buerkner (Bayesian
Analysis 16, 2021): chains are split in halves, draws replaced by normal scores of their ranks, and the sum of
autocorrelations is cut where Geyer's pairs turn negative or grow again.
"""

from collections.abc import Iterator
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from palermo.prevention.overlap import Overlap

Reals = NDArray[np.float64]

_FARTHEST = 1 << 192


def generators(table: Overlap, *, seed: int, chains: int, first: int = 0) -> Iterator[np.random.Generator]:
    """One stream a chain, keyed by the table's counts, the seed and the chain's number.

    The key does not depend on the names of the lists, nor a chain's draws on how many chains there are.
    """
    told = repr((table.canonical().counts.tolist(), seed)).encode()
    key = int.from_bytes(sha256(told).digest()[:16], "big")
    for number in range(first, first + chains):
        yield np.random.Generator(np.random.Philox(key=key, counter=number * _FARTHEST))


def rhat(draws: Reals) -> float:
    """How far the chains (rows) are apart, in place and in spread: 1 where they agree, over 1.01 not yet."""
    halves = _halves(draws)
    folded = np.abs(halves - np.median(halves))
    return max(_apart(_scores(halves)), _apart(_scores(folded)))


def ess(draws: Reals) -> float:
    """How many independent draws the chains (rows) are worth, for the middle of the distribution."""
    scores = _scores(_halves(draws))
    chains, length = scores.shape
    covariances = _autocovariances(scores)
    within = covariances[:, 0].mean() * length / (length - 1)
    between = scores.mean(axis=1).var(ddof=1)
    pooled = within * (length - 1) / length + between
    if pooled == 0:
        return float(chains * length)
    correlations = 1 - (within - covariances.mean(axis=0) * length / (length - 1)) / pooled
    return float(chains * length / max(_integrated(correlations), 1 / np.log10(chains * length)))


def _halves(draws: Reals) -> Reals:
    half = draws.shape[1] // 2
    return np.concatenate([draws[:, :half], draws[:, -half:]])


def _scores(draws: Reals) -> Reals:
    """Normal scores of the ranks of all draws together."""
    _, place, ties = np.unique(draws, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[place].reshape(draws.shape)
    return np.asarray(ndtri((ranks - 0.375) / (draws.size + 0.25)), np.float64)


def _apart(scores: Reals) -> float:
    length = scores.shape[1]
    within = scores.var(axis=1, ddof=1).mean()
    between = scores.mean(axis=1).var(ddof=1)
    if within == 0:
        return 1.0 if between == 0 else float("inf")
    return float(np.sqrt((length - 1) / length + between / within))


def _autocovariances(scores: Reals) -> Reals:
    """By chain and lag, divided by the length of the chain."""
    length = scores.shape[1]
    centred = scores - scores.mean(axis=1, keepdims=True)
    waves = np.fft.rfft(centred, n=2 * length, axis=1)
    return np.asarray(np.fft.irfft(np.abs(waves) ** 2, axis=1)[:, :length] / length, np.float64)


def _integrated(correlations: Reals) -> float:
    """The integrated autocorrelation time by Geyer's initial monotone sequence."""
    even = len(correlations) // 2 * 2
    sums = correlations[:even].reshape(-1, 2).sum(axis=1)
    negative = np.flatnonzero(sums < 0)
    kept = sums[: negative[0]] if len(negative) else sums
    return float(2 * np.minimum.accumulate(kept).sum() - 1) if len(kept) else 1.0
