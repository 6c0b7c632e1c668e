"""How likely each mode of the latent-class model is: chains at many heats that exchange their states.

At heat b the likelihood counts to the power b: at 1 it is the posterior, at 0 the prior. A mode is left
where the likelihood is weak and another entered on the way back, which a chain at heat 1 hardly ever does
(Geyer 1991). Under heat 1 every move is a Metropolis step, since the classes of people cannot be drawn where
a person counts as a fraction of one. The heats are spaced so that neighbours exchange equally often.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

from palermo.prevention import chains, gibbs
from palermo.prevention.overlap import Overlap

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

HEATS: Final = 20
RUNS: Final = 4
BURN: Final = 2_000
DRAWS: Final = 6_000
PEOPLE: Final = 20.0  # the hottest chain sees the table as one of so many people
_NUDGED: Final = 4


def totals(
    table: Overlap,
    *,
    classes: int,
    runs: int = RUNS,
    heats: int = HEATS,
    burn: int = BURN,
    draws: int = DRAWS,
    seed: int = 1,
    threads: int = 1,
) -> Reals:
    """Totals drawn at heat 1 by `runs` ladders of heats that know nothing of one another, one a row."""
    ordered = table.canonical()
    found = np.empty((runs, draws))
    ladder = np.geomspace(1.0, min(0.5, PEOPLE / table.observed), heats)

    def one(number: int, rng: np.random.Generator) -> None:
        _ladder(ordered, rng, ladder.copy(), classes=classes, burn=burn, totals=found[number])

    streams = chains.generators(ordered, seed=seed, chains=runs, first=_FIRST)
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(one, range(runs), streams):
            pass
    return found


def weights(totals: Reals, cuts: Sequence[float]) -> tuple[Reals, Reals]:
    """The share of draws between the cuts, and its standard error.

    The error is the larger of two: how far runs (rows) differ, and what so many independent draws give.
    """
    places = np.searchsorted(np.asarray(cuts), totals)
    here = np.array([places == mode for mode in range(len(cuts) + 1)], dtype=np.float64)
    worth = np.array([chains.ess(one) for one in here])
    shares = here.mean(axis=(1, 2))
    smooth = (shares * worth + 0.5) / (worth + 1)
    between = here.mean(axis=2).std(axis=1, ddof=1) / np.sqrt(len(totals))
    return shares, np.maximum(between, np.sqrt(smooth * (1 - smooth) / (worth + 1)))


def _ladder(
    table: Overlap, rng: np.random.Generator, heats: Reals, *, classes: int, burn: int, totals: Reals
) -> None:
    cells = np.flatnonzero(table.counts)
    inside = np.append(cells, 0)[:, None] >> np.arange(len(table.lists)) & 1
    climb(
        rng,
        inside,
        table.counts[cells],
        np.array(gibbs.PRIOR),
        np.clip(rng.random((len(heats), classes, len(table.lists))), 0.01, 0.99),
        rng.logistic(size=(len(heats), classes)),
        heats,
        burn,
        totals,
    )


@njit(cache=True, nogil=True)
def climb(
    rng: np.random.Generator,
    inside: Integers,
    counts: Integers,
    prior: Reals,
    rates: Reals,
    sticks: Reals,
    heats: Reals,
    burn: int,
    totals: Reals,
) -> None:
    """Fills `totals` from the chain at heat 1 after `burn` sweeps; `heats` end as they were spaced."""
    rungs, classes, lists = rates.shape
    observed = counts.sum()
    alphas, scores = np.ones(rungs), np.empty((rungs, 1))
    shapes, chances = np.empty((rungs, classes, len(inside))), np.empty((rungs, len(inside)))
    steps = np.ones((rungs, 2, classes))
    nudges = np.ones((rungs, classes, lists))
    swapped = np.full(rungs - 1, 0.5)
    for rung in range(rungs):
        gibbs.shape_all(rates[rung], inside, shapes[rung])
        gibbs.mix(gibbs.weigh(sticks[rung]), shapes[rung], chances[rung])
        scores[rung, 0] = gibbs.log_likelihood(counts, chances[rung])
    for sweep in range(burn + len(totals)):
        gain = 1.0 / np.sqrt(1.0 + sweep) if sweep < burn else 0.0
        for rung in range(rungs):
            alphas[rung] = _sweep(
                rng, gain, heats[rung], alphas[rung], prior, rates[rung], sticks[rung], inside, counts,
                shapes[rung], chances[rung], scores[rung], steps[rung], nudges[rung],
            )  # fmt: skip
        for rung in range(sweep % 2, rungs - 1, 2):
            chance = min(0.0, (heats[rung] - heats[rung + 1]) * (scores[rung + 1, 0] - scores[rung, 0]))
            swapped[rung] += 0.02 * (np.exp(chance) - swapped[rung])
            if np.log(rng.random()) < chance:
                _exchange(rates, rung)
                _exchange(shapes, rung)
                sticks[rung], sticks[rung + 1] = sticks[rung + 1].copy(), sticks[rung].copy()
                chances[rung], chances[rung + 1] = chances[rung + 1].copy(), chances[rung].copy()
                scores[rung, 0], scores[rung + 1, 0] = scores[rung + 1, 0], scores[rung, 0]
                alphas[rung], alphas[rung + 1] = alphas[rung + 1], alphas[rung]
        if sweep < burn:
            _space(heats, swapped, gain)
        else:
            totals[sweep - burn] = observed + gibbs.draw_hidden(rng, observed, chances[0, len(counts)])


@njit(cache=True, nogil=True)
def _exchange(states: Reals, rung: int) -> None:
    states[rung], states[rung + 1] = states[rung + 1].copy(), states[rung].copy()


@njit(cache=True, nogil=True)
def _space(heats: Reals, swapped: Reals, gain: float) -> None:
    """Widens the gaps (of log heat) that are crossed often, narrows the others; both ends stay."""
    gaps = np.log(heats[:-1] / heats[1:])
    whole = gaps.sum()
    gaps *= np.exp(0.2 * gain * (swapped - swapped.mean()))
    gaps *= whole / gaps.sum()
    for rung in range(len(gaps) - 1):
        heats[rung + 1] = heats[rung] * np.exp(-gaps[rung])


@njit(cache=True, nogil=True)
def _sweep(
    rng: np.random.Generator,
    gain: float,
    heat: float,
    alpha: float,
    prior: Reals,
    rates: Reals,
    sticks: Reals,
    inside: Integers,
    counts: Integers,
    shapes: Reals,
    chances: Reals,
    score: Reals,
    steps: Reals,
    nudges: Reals,
) -> float:
    """One sweep at one heat; the new alpha. While `gain` is not 0 the lengths of steps adapt."""
    classes, lists = rates.shape
    room = np.empty_like(chances)
    for place in range(classes - 1):
        taken = gibbs.grow(
            rng, place, steps[0, place], alpha, rates, sticks, inside, counts, shapes, chances, room, score,
            heat,
        )  # fmt: skip
        steps[0, place] = gibbs.adapted(steps[0, place], gain, taken)
        taken = _stick(rng, place, steps[1, place], alpha, sticks, counts, shapes, chances, score, heat)
        steps[1, place] = gibbs.adapted(steps[1, place], gain, taken)
    weights = gibbs.weigh(sticks)
    anywhere = int(rng.integers(_NUDGED - 1, classes)) if classes >= _NUDGED else classes - 1
    for turn in range(min(_NUDGED, classes)):
        place = turn if turn < _NUDGED - 1 else anywhere
        for i in range(lists):
            taken = gibbs.nudge(
                rng, place, i, nudges[place, i], weights, rates, inside, counts, shapes, chances, room, score,
                heat,
            )  # fmt: skip
            nudges[place, i] = gibbs.adapted(nudges[place, i], gain, taken)
    _renew(rng, rates, sticks, inside, counts, shapes, chances, score, heat)
    if heat == 1.0:
        alpha = _classed(rng, alpha, prior, rates, sticks, inside, counts, shapes, chances)
    gibbs.trade(rng, rates, sticks)
    gibbs.shape_all(rates, inside, shapes)
    gibbs.mix(gibbs.weigh(sticks), shapes, chances)
    score[0] = gibbs.log_likelihood(counts, chances)
    lost = 0.0
    for place in range(classes - 1):
        lost -= gibbs.log_share(-sticks[place])
    return float(max(rng.gamma(prior[0] + classes - 1) / (prior[1] + lost), 1e-200))


@njit(cache=True, nogil=True)
def _classed(
    rng: np.random.Generator,
    alpha: float,
    prior: Reals,
    rates: Reals,
    sticks: Reals,
    inside: Integers,
    counts: Integers,
    shapes: Reals,
    chances: Reals,
) -> float:
    """At heat 1 people are whole: draws their classes, and rates and sticks given them; the new alpha."""
    members, caught = np.empty(len(rates), np.int64), np.empty(rates.shape, np.int64)
    hidden = gibbs.draw_hidden(rng, counts.sum(), chances[len(counts)])
    gibbs.assign(rng, inside, counts, hidden, gibbs.weigh(sticks), shapes, members, caught)
    return gibbs.redraw(rng, prior, alpha, members, caught, rates, sticks)


@njit(cache=True, nogil=True)
def _stick(
    rng: np.random.Generator,
    place: int,
    step: float,
    alpha: float,
    sticks: Reals,
    counts: Integers,
    shapes: Reals,
    chances: Reals,
    score: Reals,
    heat: float,
) -> float:
    """Offers one class another stick by a normal step of its log odds; the chance it took."""
    held = sticks[place]
    sticks[place] = held + step * rng.standard_normal()
    gain = gibbs.log_share(sticks[place]) - gibbs.log_share(held)
    gain += alpha * (gibbs.log_share(-sticks[place]) - gibbs.log_share(-held))
    mixed = np.empty_like(chances)
    gibbs.mix(gibbs.weigh(sticks), shapes, mixed)
    reached = gibbs.log_likelihood(counts, mixed)
    gain += heat * (reached - score[0])
    if np.log(rng.random()) < gain:
        score[0] = reached
        chances[:] = mixed
    else:
        sticks[place] = held
    return float(np.exp(min(gain, 0.0)))


@njit(cache=True, nogil=True)
def _renew(
    rng: np.random.Generator,
    rates: Reals,
    sticks: Reals,
    inside: Integers,
    counts: Integers,
    shapes: Reals,
    chances: Reals,
    score: Reals,
    heat: float,
) -> None:
    """Offers one class, whichever, rates drawn from the prior."""
    place = int(rng.integers(0, len(rates)))
    offered = np.empty(rates.shape[1])
    for i in range(len(offered)):
        offered[i] = min(max(rng.random(), 1e-9), 1.0 - 1e-9)
    shape = np.empty_like(chances)
    gibbs.shape_one(offered, inside, shape)
    mixed = gibbs.remixed(gibbs.weigh(sticks), shapes, place, shape)
    reached = gibbs.log_likelihood(counts, mixed)
    if np.log(rng.random()) < heat * (reached - score[0]):
        score[0] = reached
        rates[place] = offered
        shapes[place] = shape
        chances[:] = mixed


_FIRST: Final = 1 << 20  # streams of the ladders begin far behind those of the plain chains
