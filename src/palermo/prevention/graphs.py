"""E8: the hidden number averaged over every decomposable graph of dependence between the lists.

Madigan and York (Biometrika 84, 1997). In a graph, lists that are not joined are independent given the
others; its cell probabilities carry a hyper-Dirichlet prior of `delta` a cell. With n0 hidden people and
T = observed + n0, log p(graph, T) = sum over cliques of F - sum over separators of F + log T!/n0! + log
prior(T), where F(A) is the log Dirichlet-multinomial probability of the table of the lists A, n0 being added
to its empty cell. Each F is one row of 2^lists x grid; the graphs are summed one by one into one posterior
of T, so no table of graphs x grid is ever held. Up to 6 lists every graph is taken, above that a walk
samples them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from palermo.prevention import averaging, chains, chordal
from palermo.prevention.estimate import COMMON, Estimate, Interval, refused
from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import Saying, say

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

REACH: Final = 30
POINTS: Final = 20_000
SUPPOSED: Final = (
    *COMMON,
    say("assume-graph"),
)
METHOD: Final = "graphs"
STEPS: Final = 20_000
_WALKS: Final = 4
_WALK_POINTS: Final = 1_000
_SHOWN: Final = 5
_HEAVY, _CUT, _ADRIFT, _LOST = 0.05, 0.001, 0.1, 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Posterior:
    """What is believed after averaging: `mass[i]` of the total `totals[i]`, `weights[j]` of `graphs[j]`."""

    totals: Reals
    mass: Reals
    graphs: Integers
    weights: Reals

    def quantile(self, level: float) -> float:
        """The smallest total that the belief does not exceed with probability `level`."""
        place = int(np.searchsorted(np.cumsum(self.mass), level * (1 - 1e-12)))
        return float(self.totals[min(place, len(self.totals) - 1)])

    @property
    def mean(self) -> float:
        return float(self.mass @ self.totals)

    @property
    def mode(self) -> float:
        return float(self.totals[int(np.argmax(self.mass))])

    @property
    def relative(self) -> float:
        """The estimate of least expected squared relative error, as Madigan and York report it."""
        return float(np.sum(self.mass / self.totals) / np.sum(self.mass / self.totals**2))

    @property
    def at_end(self) -> float:
        """The belief in the last hundredth of the grid; where it is not small the grid cuts the posterior."""
        return float(self.mass[-max(1, len(self.mass) // 100) :].sum())

    def weight(self, graph: int) -> float:
        """The posterior probability of one graph; 0 where it was not among those summed."""
        found = np.flatnonzero(self.graphs == graph)
        return float(self.weights[found[0]]) if len(found) else 0.0


def estimate(
    table: Overlap,
    *,
    delta: float | None = None,
    level: float = 0.95,
    hidden: Reals | None = None,
    reach: int = REACH,
    seed: int = 1,
    steps: int = STEPS,
) -> Estimate:
    """The median of the averaged posterior with its credible interval; `delta` is 2^-lists where not given.

    The grid of hidden numbers is `hidden`, or ends at `reach` times the observed. `steps` is the length of
    each of four walks, for tables of 7 lists or more. Refused where the grid cuts the posterior off or the
    walks found no common set of graphs.
    """
    reasons = [fault.said for fault in table.faults()]
    if len(table.lists) > chordal.LARGEST:
        reasons.append(say("too-many-lists", number=len(table.lists), most=chordal.LARGEST))
    if reasons:
        return refused(METHOD, table, *reasons, seed=seed)
    ordered = table.canonical()
    points = grid(table.observed, reach=reach) if hidden is None else hidden
    belief, adrift = _averaged(ordered, points, _cell_prior(ordered.counts, delta), seed=seed, steps=steps)
    return replace(_told(ordered, belief, level=level, adrift=adrift, seed=seed), lists=table.lists)


def _averaged(
    table: Overlap, hidden: Reals, delta: float, *, seed: int, steps: int
) -> tuple[Posterior, float]:
    """The posterior, and how far from it the posterior of a single walk lies at most (0: all graphs)."""
    lists = len(table.lists)
    if lists <= chordal.ENUMERABLE:
        return posterior(table.counts, hidden=hidden, graphs=chordal.graphs(lists), delta=delta), 0.0
    visited = sampled(table, hidden, delta=delta, seed=seed, steps=steps)
    belief, *alone = (
        posterior(table.counts, hidden=hidden, graphs=np.unique(met), delta=delta)
        for met in (visited, *visited)
    )
    return belief, max(float(np.abs(walk.mass - belief.mass).sum()) / 2 for walk in alone)


def sampled(table: Overlap, hidden: Reals, *, delta: float, seed: int, steps: int) -> Integers:
    """The graphs met by four walks, two from no pair joined and two from all joined: one row a walk."""
    lists = len(table.lists)
    coarse = np.ascontiguousarray(hidden[:: -(-len(hidden) // _WALK_POINTS)])
    rows, shared = _rows(table.counts, coarse, delta)
    shared = shared - np.log(coarse + table.observed)
    visited = np.empty((_WALKS, steps), np.int64)
    for number, rng in enumerate(chains.generators(table, seed=seed, chains=_WALKS)):
        start = chordal.complete(lists) if number % 2 else 0
        averaging.walk(rng, lists, rows, shared, start, visited[number])
    return visited


def _told(table: Overlap, belief: Posterior, *, level: float, adrift: float, seed: int) -> Estimate:
    against = tuple(_against(belief, level=level, adrift=adrift))
    details = _details(table, belief, adrift)
    if against:
        return refused(METHOD, table, *against, seed=seed, details=details, assumptions=SUPPOSED)
    total = belief.quantile(0.5)
    return Estimate(
        method=METHOD,
        lists=table.lists,
        observed=table.observed,
        table=table.hash,
        estimable=True,
        total=total,
        hidden=total - table.observed,
        interval=Interval(
            level=level,
            kind="credible",
            low=belief.quantile((1 - level) / 2),
            high=belief.quantile((1 + level) / 2),
        ),
        warnings=tuple(_warnings(table, belief, adrift)),
        seed=seed,
        details=details,
        assumptions=SUPPOSED,
    )


def _against(belief: Posterior, *, level: float, adrift: float) -> Iterator[Saying]:
    """Why no number may be given."""
    if belief.at_end > (1 - level) / 2:
        yield say("grid-cuts", share=belief.at_end, end=float(belief.totals[-1]))
    if adrift > _LOST:
        yield say("walks-lost", share=adrift)


def _warnings(table: Overlap, belief: Posterior, adrift: float) -> Iterator[Saying]:
    complete = belief.weight(chordal.complete(len(table.lists)))
    if complete > _HEAVY:
        yield say("complete-graph", share=complete)
    if belief.at_end > _CUT:
        yield say("grid-end", share=belief.at_end)
    if adrift > _ADRIFT:
        yield say("walks-adrift", share=adrift)


def _details(table: Overlap, belief: Posterior, adrift: float) -> dict[str, object]:
    heaviest = np.argsort(-belief.weights, kind="stable")[:_SHOWN]
    return {
        "mean": belief.mean,
        "mode": belief.mode,
        "least_relative_error": belief.relative,
        "complete_graph": belief.weight(chordal.complete(len(table.lists))),
        "at_grid_end": belief.at_end,
        "grid": [float(belief.totals[0]), float(belief.totals[-1]), len(belief.totals)],
        "graphs_summed": len(belief.graphs),
        "walks_apart": adrift,
        "graphs": [
            {"cliques": _named(table, int(belief.graphs[i])), "weight": float(belief.weights[i])}
            for i in heaviest
        ],
    }


def _named(table: Overlap, graph: int) -> list[list[str]]:
    """A graph by its cliques: the sets of lists that depend on one another."""
    return [list(names) for names in table.model(chordal.cliques(graph, vertices=len(table.lists)))]


def grid(observed: int, *, reach: int = REACH, points: int = POINTS) -> Reals:
    """Hidden numbers from 1 to `reach` times the observed: whole, evenly apart, at most `points` of them.

    Nought is left out, as elsewhere in the literature: with few people expected in a cell the prior peaks
    there without bound, and a coarse grid would magnify the peak.
    """
    end = reach * observed
    return np.unique(np.round(np.linspace(1, end, min(points, end))))


def posterior(
    counts: Integers,
    *,
    hidden: Reals,
    graphs: Integers,
    delta: float | None = None,
    log_prior: Reals | None = None,
) -> Posterior:
    """Sums the graphs over the grid `hidden`; `log_prior` is of the totals, 1/T by default."""
    totals = hidden + float(counts.sum())
    rows, shared = _rows(counts, hidden, _cell_prior(counts, delta))
    shared = shared + (-np.log(totals) if log_prior is None else log_prior)
    log_mass, log_weights = averaging.summed(graphs, _lists(counts), rows, shared)
    return Posterior(
        totals=totals, mass=_normalised(log_mass), graphs=graphs, weights=_normalised(log_weights)
    )


def _cell_prior(counts: Integers, delta: float | None) -> float:
    return 1.0 / len(counts) if delta is None else delta


def _normalised(logs: Reals) -> Reals:
    scaled = np.exp(logs - logs.max())
    return np.asarray(scaled / scaled.sum(), np.float64)


def _rows(counts: Integers, hidden: Reals, delta: float) -> tuple[Reals, Reals]:
    """F of each set of lists at each hidden number, and what all graphs share."""
    cells = np.flatnonzero(counts)
    totals = hidden + float(counts.sum())
    spread = gammaln(delta * len(counts)) - gammaln(totals + delta * len(counts))
    rows = np.zeros((len(counts), len(hidden)))
    for members in range(1, len(counts)):
        table = np.bincount(cells & members, weights=counts[cells], minlength=members + 1)
        prior = delta * 2 ** (_lists(counts) - members.bit_count())
        seen = table[1:][table[1:] > 0]
        fixed = float(np.sum(gammaln(seen + prior)) - (len(seen) + 1) * gammaln(prior))
        rows[members] = fixed + spread + gammaln(hidden + table[0] + prior)
    return rows, gammaln(totals + 1) - gammaln(hidden + 1)


def _lists(counts: Integers) -> int:
    return len(counts).bit_length() - 1
