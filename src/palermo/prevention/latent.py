"""E9: the hidden number when people fall in unknown classes within which the lists are independent.

A Dirichlet process, cut at K classes, says how many classes there are (Manrique-Vallier, Biometrics 72,
2016). Chains start far apart, from totals just over the observed to twenty times as many. Where they end in
different places the posterior has several modes that no chain crosses between; then each mode is told apart
and no pooled number is given.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from palermo.prevention import chains, gibbs
from palermo.prevention.estimate import COMMON, Estimate, Interval, refused
from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import Saying, say

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

SUPPOSED: Final = (
    *COMMON,
    say("assume-classes"),
)
METHOD: Final = "latent"
CLASSES: Final = 10
CHAINS: Final = 8
BURN: Final = 5_000
DRAWS: Final = 10_000
SPLIT: Final = 1.1
_SETTLED, _ENOUGH = 1.01, 400
_FEWEST, _MOST_TIMES = 1.2, 20.0
_PRIOR: Final = (0.25, 0.25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A place where `chains` of the chains ended: the median of their totals and an interval."""

    median: float
    low: float
    high: float
    chains: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Totals drawn by each chain (rows), of a table with `observed` people."""

    totals: Reals
    observed: int

    @cached_property
    def rhat(self) -> float:
        return chains.rhat(np.log(self.totals))

    @cached_property
    def ess(self) -> float:
        return chains.ess(np.log(self.totals))

    @property
    def split(self) -> bool:
        """Whether the chains tell different stories, so that they may not be pooled."""
        return self.rhat > SPLIT

    def beyond(self, times: float) -> float:
        """The share of draws with more than `times` the observed hidden, which other software throws away."""
        return float(np.mean(self.totals - self.observed > times * self.observed))

    @property
    def at_cap(self) -> float:
        """The share of draws at the largest hidden number that can be drawn."""
        return float(np.mean(self.totals - self.observed >= gibbs.MOST / 2))

    def interval(self, level: float) -> Interval:
        low, high = _between(self.totals, level)
        return Interval(level=level, kind="credible", low=low, high=high)

    def modes(self, level: float) -> tuple[Mode, ...]:
        """Chains in order of their medians, parted where the middle halves of two neighbours do not meet."""
        groups: list[list[int]] = []
        reached = -np.inf
        for chain in np.argsort(np.median(self.totals, axis=1), kind="stable"):
            low, high = _between(self.totals[chain], 0.5)
            if low > reached:
                groups.append([])
            groups[-1].append(int(chain))
            reached = max(reached, high)
        return tuple(self._mode(group, level) for group in groups)

    def _mode(self, group: Sequence[int], level: float) -> Mode:
        totals = self.totals[list(group)]
        low, high = _between(totals, level)
        return Mode(median=float(np.median(totals)), low=low, high=high, chains=tuple(sorted(group)))


def estimate(
    table: Overlap,
    *,
    level: float = 0.95,
    classes: int = CLASSES,
    runs: int = CHAINS,
    burn: int = BURN,
    draws: int = DRAWS,
    seed: int = 1,
    threads: int = 1,
) -> Estimate:
    """The median total with its credible interval; refused, with the modes told apart, where chains split."""
    reasons = [fault.said for fault in table.faults()]
    if reasons:
        return refused(METHOD, table, *reasons, seed=seed)
    found = drawn(table, classes=classes, runs=runs, burn=burn, draws=draws, seed=seed, threads=threads)
    details = _details(found, level, classes=classes, burn=burn)
    against = tuple(_against(found, level))
    if against:
        return refused(METHOD, table, *against, seed=seed, details=details, assumptions=SUPPOSED)
    total = float(np.median(found.totals))
    return Estimate(
        method=METHOD,
        lists=table.lists,
        observed=table.observed,
        table=table.hash,
        estimable=True,
        total=total,
        hidden=total - table.observed,
        interval=found.interval(level),
        warnings=tuple(_warnings(found)),
        seed=seed,
        details=details,
        assumptions=SUPPOSED,
    )


def drawn(
    table: Overlap,
    *,
    classes: int = CLASSES,
    runs: int = CHAINS,
    burn: int = BURN,
    draws: int = DRAWS,
    seed: int = 1,
    threads: int = 1,
) -> Draws:
    """The draws of every chain; each has a random stream of its own, so threads change nothing."""
    ordered = table.canonical()
    totals = np.empty((runs, draws))
    times = np.geomspace(_FEWEST, _MOST_TIMES, runs)

    def one(number: int, rng: np.random.Generator) -> None:
        _chain(ordered, rng, times=float(times[number]), classes=classes, burn=burn, totals=totals[number])

    with ThreadPoolExecutor(threads) as pool:
        streams = chains.generators(ordered, seed=seed, chains=runs)
        for _ in pool.map(one, range(runs), streams):
            pass
    return Draws(totals=totals, observed=table.observed)


def _chain(
    table: Overlap, rng: np.random.Generator, *, times: float, classes: int, burn: int, totals: Reals
) -> None:
    """Runs one chain from rates that suit a total of `times` the observed, each class a little apart."""
    cells = np.flatnonzero(table.counts)
    inside = np.append(cells, 0)[:, None] >> np.arange(len(table.lists)) & 1
    suited = np.array(list(table.sizes.values())) / (times * table.observed)
    rates = suited * np.exp(0.5 * rng.standard_normal((classes, len(table.lists))))
    gibbs.run(
        rng,
        inside,
        table.counts[cells],
        np.array(_PRIOR),
        np.clip(rates, 1e-6, 1 - 1e-6),
        rng.logistic(size=classes),
        burn,
        totals,
    )


def _between(totals: Reals, level: float) -> tuple[float, float]:
    low, high = np.quantile(totals, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _against(found: Draws, level: float) -> Iterator[Saying]:
    """Why no number may be given."""
    if found.split:
        places = tuple(_place(mode, len(found.totals)) for mode in found.modes(level))
        yield say("chains-split", rhat=found.rhat, places=places)
    if found.at_cap > 0:
        yield say("at-cap", share=found.at_cap)


def _place(mode: Mode, every: int) -> Saying:
    """Where some of all chains ended."""
    return say("mode", median=mode.median, low=mode.low, high=mode.high, chains=len(mode.chains), all=every)


def _warnings(found: Draws) -> Iterator[Saying]:
    if found.rhat > _SETTLED or found.ess < _ENOUGH:
        yield say("unsettled-chains", rhat=found.rhat, ess=found.ess)
    if found.beyond(_MOST_TIMES):
        yield say("beyond-lcmcr", share=found.beyond(_MOST_TIMES), times=_MOST_TIMES)


def _details(found: Draws, level: float, *, classes: int, burn: int) -> dict[str, object]:
    return {
        "rhat": found.rhat,
        "ess": found.ess,
        "chains": len(found.totals),
        "draws": found.totals.shape[1],
        "burn": burn,
        "classes": classes,
        "beyond_20_times": found.beyond(_MOST_TIMES),
        "medians": [float(median) for median in np.median(found.totals, axis=1)],
        "modes": [
            {
                "median": mode.median,
                "low": mode.low,
                "high": mode.high,
                "share_of_chains": len(mode.chains) / len(found.totals),
            }
            for mode in (found.modes(level) if found.split else ())
        ],
    }
