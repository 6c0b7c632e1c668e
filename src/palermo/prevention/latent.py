"""E9: the hidden number when people fall in unknown classes within which the lists are independent.

A Dirichlet process, cut at K classes, says how many classes there are (Manrique-Vallier, Biometrics 72,
2016). Chains start far apart, from totals just over the observed to twenty times as many. Where they end in
different places the posterior has several modes that no chain crosses between; then each mode is told apart
with its weight, found by chains that exchange states at many heats (`tempering`), and no pooled number is
given.
"""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from palermo.prevention import chains, gibbs, tempering
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
LONGEST: Final = 20_000
_SETTLED, _ENOUGH, _FAR = 1.01, 400, 1.5
_FEWEST, _MOST_TIMES = 1.2, 20.0
_TOLD = 0.001  # a share of draws that few moves no end of an interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """A place where `chains` of the chains ended: the median of their totals and an interval.

    `middle` holds the middle half of its totals; `weight` is how likely the place is, give or take `error`.
    """

    median: float
    low: float
    high: float
    middle: tuple[float, float]
    chains: tuple[int, ...]
    weight: float | None = None
    error: float | None = None


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

    @property
    def unsettled(self) -> bool:
        """Whether the chains should run on before their answer is trusted."""
        return self.rhat > _SETTLED or self.ess < _ENOUGH

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
        return Mode(
            median=float(np.median(totals)),
            low=low,
            high=high,
            middle=_between(totals, 0.5),
            chains=tuple(sorted(group)),
        )


def estimate(
    table: Overlap,
    *,
    level: float = 0.95,
    classes: int = CLASSES,
    runs: int = CHAINS,
    burn: int = BURN,
    draws: int = DRAWS,
    longest: int = LONGEST,
    ladders: int = tempering.RUNS,
    seed: int = 1,
    threads: int = 1,
) -> Estimate:
    """The median total with its credible interval; refused, with the modes told apart, where chains split.

    Chains that have not settled run on until they keep `longest` draws. So many `ladders` of heats weigh the
    modes of chains that split; 1 or none leaves them unweighed.
    """
    reasons = [fault.said for fault in table.faults()]
    if reasons:
        return refused(METHOD, table, *reasons, seed=seed)
    found = drawn(
        table, classes=classes, runs=runs, burn=burn, draws=draws, longest=longest, seed=seed, threads=threads
    )
    modes = found.modes(level) if found.split else ()
    if len(modes) > 1 and ladders > 1:
        modes = weighed(
            modes, tempering.totals(table, classes=classes, runs=ladders, seed=seed, threads=threads)
        )
    details = _details(found, modes, classes=classes)
    against = tuple(_against(found, modes))
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
    longest: int = 0,
    seed: int = 1,
    threads: int = 1,
) -> Draws:
    """The draws of every chain; each has a random stream of its own, so threads change nothing.

    Chains that have not settled run on, twice as many sweeps each time, as long as no more than `longest`
    draws are kept and the chains are not so far apart that more of them would not help.
    """
    ordered = table.canonical()
    starts = np.geomspace(_FEWEST, _MOST_TIMES, runs).tolist()
    streams = chains.generators(ordered, seed=seed, chains=runs)
    going = [Chain.start(ordered, rng, times, classes) for rng, times in zip(streams, starts, strict=True)]
    with ThreadPoolExecutor(threads) as pool:
        totals = np.array(list(pool.map(lambda one: one.run(burn, draws), going)))
        found = Draws(totals=totals, observed=table.observed)
        while found.unsettled and found.rhat < _FAR and 2 * draws <= longest:
            more = np.array(list(pool.map(lambda one, number=burn + draws: one.run(0, number), going)))
            burn, draws = 2 * burn, 2 * draws
            totals = np.concatenate([totals, more], axis=1)[:, -draws:]
            found = Draws(totals=totals, observed=table.observed)
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """A chain where it stands: its stream, the table's cells and counts, and the sampler's state."""

    rng: np.random.Generator
    inside: Integers
    counts: Integers
    rates: Reals
    sticks: Reals
    alpha: Reals
    steps: Reals
    nudges: Reals

    @classmethod
    def start(cls, table: Overlap, rng: np.random.Generator, times: float, classes: int) -> "Chain":
        """From rates that suit a total of `times` the observed, each class a little apart."""
        cells, shape = np.flatnonzero(table.counts), (classes, len(table.lists))
        suited = np.array(list(table.sizes.values())) / (times * table.observed)
        rates = suited * np.exp(0.5 * rng.standard_normal(shape))
        return cls(
            rng=rng,
            inside=np.append(cells, 0)[:, None] >> np.arange(len(table.lists)) & 1,
            counts=table.counts[cells],
            rates=np.clip(rates, 1e-6, 1 - 1e-6),
            sticks=rng.logistic(size=classes),
            alpha=np.ones(1),
            steps=np.ones(classes),
            nudges=np.ones(shape),
        )

    def run(self, burn: int, draws: int) -> Reals:
        """The totals of `draws` sweeps, after `burn` in which the lengths of moves adapt."""
        totals = np.empty(draws)
        gibbs.run(
            self.rng,
            self.inside,
            self.counts,
            np.array(gibbs.PRIOR),
            self.rates,
            self.sticks,
            self.alpha,
            self.steps,
            self.nudges,
            burn,
            totals,
        )
        return totals


def weighed(modes: Sequence[Mode], totals: Reals) -> tuple[Mode, ...]:
    """The modes with the share of these draws (rows are ladders) nearest each; as they were if rows split.

    Two neighbours part halfway, in logarithms, between the middle halves of their totals.
    """
    if chains.rhat(np.log(totals)) > SPLIT:
        return tuple(modes)
    cuts = [float(np.sqrt(one.middle[1] * other.middle[0])) for one, other in pairwise(modes)]
    shares, errors = tempering.weights(totals, cuts)
    return tuple(
        replace(mode, weight=float(share), error=float(error))
        for mode, share, error in zip(modes, shares, errors, strict=True)
    )


def _between(totals: Reals, level: float) -> tuple[float, float]:
    low, high = np.quantile(totals, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _against(found: Draws, modes: Sequence[Mode]) -> Iterator[Saying]:
    """Why no number may be given."""
    if found.split:
        places = tuple(_place(mode, len(found.totals)) for mode in modes)
        known = any(mode.weight is not None for mode in modes)
        yield say("chains-split-weighed" if known else "chains-split", rhat=found.rhat, places=places)
    if found.at_cap > 0:
        yield say("at-cap", share=found.at_cap)


def _place(mode: Mode, every: int) -> Saying:
    """Where some of all chains ended."""
    place = say("mode", median=mode.median, low=mode.low, high=mode.high, chains=len(mode.chains), all=every)
    if mode.weight is None or mode.error is None:
        return place
    return say("mode-weighed", place=place, weight=mode.weight, error=mode.error)


def _warnings(found: Draws) -> Iterator[Saying]:
    if found.unsettled:
        yield say("unsettled-chains", rhat=found.rhat, ess=found.ess)
    if found.beyond(_MOST_TIMES) >= _TOLD:
        yield say("beyond-lcmcr", share=found.beyond(_MOST_TIMES), times=_MOST_TIMES)


def _details(found: Draws, modes: Sequence[Mode], *, classes: int) -> dict[str, object]:
    return {
        "rhat": found.rhat,
        "ess": found.ess,
        "split": found.split,
        "settled": not found.unsettled,
        "chains": len(found.totals),
        "draws": found.totals.shape[1],
        "classes": classes,
        "beyond_20_times": found.beyond(_MOST_TIMES),
        "medians": [float(median) for median in np.median(found.totals, axis=1)],
        "modes": [
            {
                "median": mode.median,
                "low": mode.low,
                "high": mode.high,
                "share_of_chains": len(mode.chains) / len(found.totals),
                "weight": mode.weight,
                "weight_error": mode.error,
            }
            for mode in modes
        ],
    }
