"""Compiled sampler of the latent-class model, with the hidden number summed out wherever that can be done.

People fall in classes j with probability pi_j = v_j (1 - v_1) ... (1 - v_{j-1}), v_j ~ Beta(1, alpha); in a
class each list i holds a person with probability lambda_ji, independently. Under the prior 1/N the hidden
number sums out: the likelihood of pi and lambda is the product of p_w^n_w over the cells w, divided by
(1 - p_0)^n. One sweep is

1. Metropolis moves on that likelihood: each class offers to grow while its lists catch less, or the reverse,
   and the first classes offer each of their rates anew; these are the directions in which plain Gibbs
   sampling creeps, since it holds the hidden number still;
2. the hidden number, negative binomial given p_0; the classes of everyone; lambda, v and alpha given them
   (Manrique-Vallier, Biometrics 72, 2016);
3. neighbouring classes offer to change places (Papaspiliopoulos and Roberts, Biometrika 95, 2008).

A stick v is kept as its log odds: where alpha is small, 1 - v may be far below the smallest number that can
be told from 0 beside 1.
"""

from typing import Final

import numpy as np
from numba import njit
from numpy.typing import NDArray

Reals = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST: Final = 1e12
PRIOR: Final = (0.25, 0.25)  # shape and rate of alpha's gamma distribution
_EDGE: Final = 1e-12
_FEW: Final = 12
_WANTED: Final = 0.4
_NUDGED: Final = 3
_SHORTEST, _LONGEST = 1e-3, 20.0


@njit(cache=True, nogil=True)
def run(
    rng: np.random.Generator,
    inside: Integers,
    counts: Integers,
    prior: Reals,
    rates: Reals,
    sticks: Reals,
    alphas: Reals,
    steps: Reals,
    nudges: Reals,
    burn: int,
    totals: Reals,
) -> None:
    """Fills `totals` after `burn` sweeps, starting from the given rates (class x list) and sticks' odds.

    `inside[w, i]` is 1 where cell w lies in list i, its last row being the empty cell; `prior` holds shape
    and rate of alpha's gamma distribution. `rates`, `sticks`, `alphas` (one number) and the lengths of moves,
    `steps` and `nudges`, end as the last state, from which another call goes on.
    """
    classes, lists = rates.shape
    observed = counts.sum()
    shapes = np.empty((classes, len(inside)))
    chances = np.empty(len(inside))
    members, caught = np.empty(classes, np.int64), np.empty((classes, lists), np.int64)
    alpha = alphas[0]
    for sweep in range(burn + len(totals)):
        gain = 1.0 / np.sqrt(1.0 + sweep) if sweep < burn else 0.0
        shape_all(rates, inside, shapes)
        mix(weigh(sticks), shapes, chances)
        _move(rng, gain, alpha, rates, sticks, inside, counts, shapes, chances, steps, nudges)
        hidden = draw_hidden(rng, observed, chances[len(counts)])
        if sweep >= burn:
            totals[sweep - burn] = observed + hidden
        assign(rng, inside, counts, hidden, weigh(sticks), shapes, members, caught)
        alpha = redraw(rng, prior, alpha, members, caught, rates, sticks)
        trade(rng, rates, sticks)
    alphas[0] = alpha


@njit(cache=True, nogil=True)
def _move(
    rng: np.random.Generator,
    gain: float,
    alpha: float,
    rates: Reals,
    sticks: Reals,
    inside: Integers,
    counts: Integers,
    shapes: Reals,
    chances: Reals,
    steps: Reals,
    nudges: Reals,
) -> None:
    """The Metropolis moves of one sweep; while `gain` is not 0 the lengths of their steps adapt."""
    room, score = np.empty_like(chances), np.empty(1)
    score[0] = log_likelihood(counts, chances)
    for place in range(len(steps) - 1):
        taken = grow(
            rng, place, steps[place], alpha, rates, sticks, inside, counts, shapes, chances, room, score, 1.0
        )
        steps[place] = adapted(steps[place], gain, taken)
    weights = weigh(sticks)
    for place in range(min(_NUDGED, len(steps))):
        for i in range(nudges.shape[1]):
            taken = nudge(
                rng,
                place,
                i,
                nudges[place, i],
                weights,
                rates,
                inside,
                counts,
                shapes,
                chances,
                room,
                score,
                1.0,
            )
            nudges[place, i] = adapted(nudges[place, i], gain, taken)


@njit(cache=True, nogil=True)
def adapted(step: float, gain: float, taken: float) -> float:
    return float(min(max(step * np.exp(gain * (taken - _WANTED)), _SHORTEST), _LONGEST))


@njit(cache=True, nogil=True)
def log_share(odds: float) -> float:
    """log v for the log odds of v; log(1 - v) is that of the odds turned round."""
    return float(-np.log1p(np.exp(-odds))) if odds > -30.0 else odds


@njit(cache=True, nogil=True)
def weigh(sticks: Reals) -> Reals:
    weights = np.empty(len(sticks))
    left = 0.0
    for place in range(len(sticks) - 1):
        weights[place] = np.exp(left + log_share(sticks[place]))
        left += log_share(-sticks[place])
    weights[len(sticks) - 1] = np.exp(left)
    return weights


@njit(cache=True, nogil=True)
def shape_all(rates: Reals, inside: Integers, shapes: Reals) -> None:
    """The probability of each cell within each class."""
    for place in range(len(rates)):
        shape_one(rates[place], inside, shapes[place])


@njit(cache=True, nogil=True)
def shape_one(rate: Reals, inside: Integers, shape: Reals) -> None:
    for cell in range(len(inside)):
        product = 1.0
        for i in range(len(rate)):
            product *= rate[i] if inside[cell, i] else 1.0 - rate[i]
        shape[cell] = product


@njit(cache=True, nogil=True)
def mix(weights: Reals, shapes: Reals, chances: Reals) -> None:
    chances[:] = 0.0
    for place in range(len(weights)):
        for cell in range(len(chances)):
            chances[cell] += weights[place] * shapes[place, cell]


@njit(cache=True, nogil=True)
def log_likelihood(counts: Integers, chances: Reals) -> float:
    found = 0.0
    total = 0
    for cell in range(len(counts)):
        found += counts[cell] * np.log(chances[cell])
        total += counts[cell]
    return float(found - total * np.log(max(1.0 - chances[len(counts)], 1e-300)))


@njit(cache=True, nogil=True)
def draw_hidden(rng: np.random.Generator, observed: int, none: float) -> int:
    """A draw of the hidden number given the probability of being in no list."""
    mean = rng.gamma(float(observed)) * none / max(1.0 - none, 1e-300)
    return int(rng.poisson(min(mean, MOST)))


@njit(cache=True, nogil=True)
def grow(
    rng: np.random.Generator,
    place: int,
    step: float,
    alpha: float,
    rates: Reals,
    sticks: Reals,
    inside: Integers,
    counts: Integers,
    shapes: Reals,
    chances: Reals,
    shape: Reals,
    score: Reals,
    heat: float,
) -> float:
    """Offers one class a larger stick and smaller odds of every list, or the reverse; the chance it took.

    The log odds of the stick v move by a normal step, those of lambda by log(v / v'); the Jacobian of the
    move is v'(1-v') / v(1-v) times the product of lambda'(1-lambda') / lambda(1-lambda).
    """
    held = sticks[place]
    grown = held + step * rng.standard_normal()
    shrink = log_share(held) - log_share(grown)
    gain = alpha * (log_share(-grown) - log_share(-held)) - shrink
    offered = np.empty(rates.shape[1])
    for i in range(len(offered)):
        rate = rates[place, i]
        odds = rate / (1.0 - rate) * np.exp(shrink)
        offered[i] = odds / (1.0 + odds)
        if not _EDGE < offered[i] < 1.0 - _EDGE:
            return 0.0
        gain += np.log(offered[i] * (1.0 - offered[i]) / (rate * (1.0 - rate)))
    shape_one(offered, inside, shape)
    sticks[place] = grown
    mixed = remixed(weigh(sticks), shapes, place, shape)
    reached = log_likelihood(counts, mixed)
    gain += heat * (reached - score[0])
    if np.log(rng.random()) < gain:
        score[0] = reached
        rates[place] = offered
        shapes[place] = shape
        chances[:] = mixed
    else:
        sticks[place] = held
    return float(np.exp(min(gain, 0.0)))


@njit(cache=True, nogil=True)
def remixed(weights: Reals, shapes: Reals, place: int, shape: Reals) -> Reals:
    """The probability of each cell were the class at `place` of another shape."""
    mixed = np.zeros(len(shape))
    for cell in range(len(mixed)):
        mixed[cell] = weights[place] * shape[cell]
    for other in range(len(weights)):
        if other != place:
            for cell in range(len(mixed)):
                mixed[cell] += weights[other] * shapes[other, cell]
    return mixed


@njit(cache=True, nogil=True)
def nudge(
    rng: np.random.Generator,
    place: int,
    i: int,
    step: float,
    weights: Reals,
    rates: Reals,
    inside: Integers,
    counts: Integers,
    shapes: Reals,
    chances: Reals,
    mixed: Reals,
    score: Reals,
    heat: float,
) -> float:
    """Offers one class another rate for one list, by a normal step of its log odds; the chance it took."""
    rate = rates[place, i]
    odds = rate / (1.0 - rate) * np.exp(step * rng.standard_normal())
    offered = odds / (1.0 + odds)
    if not _EDGE < offered < 1.0 - _EDGE:
        return 0.0
    up, down = offered / rate, (1.0 - offered) / (1.0 - rate)
    for cell in range(len(mixed)):
        change = up if inside[cell, i] else down
        mixed[cell] = chances[cell] + weights[place] * shapes[place, cell] * (change - 1.0)
    reached = log_likelihood(counts, mixed)
    gain = np.log(up * down) + heat * (reached - score[0])
    if np.log(rng.random()) < gain:
        score[0] = reached
        rates[place, i] = offered
        chances[:] = mixed
        for cell in range(len(mixed)):
            shapes[place, cell] *= up if inside[cell, i] else down
    return float(np.exp(min(gain, 0.0)))


@njit(cache=True, nogil=True)
def assign(
    rng: np.random.Generator,
    inside: Integers,
    counts: Integers,
    hidden: int,
    weights: Reals,
    shapes: Reals,
    members: Integers,
    caught: Integers,
) -> None:
    """Draws the classes of everyone: `members` by class, `caught` by class and list."""
    classes, lists = caught.shape
    members[:] = 0
    caught[:] = 0
    drawn = np.zeros(classes, np.int64)
    odds = np.empty(classes)
    for cell in range(len(inside)):
        people = counts[cell] if cell < len(counts) else hidden
        for place in range(classes):
            odds[place] = weights[place] * shapes[place, cell]
        _split(rng, people, odds, drawn)
        for place in range(classes):
            if drawn[place]:
                members[place] += drawn[place]
                for i in range(lists):
                    caught[place, i] += drawn[place] * inside[cell, i]


@njit(cache=True, nogil=True)
def _split(rng: np.random.Generator, people: int, odds: Reals, drawn: Integers) -> None:
    """A multinomial draw of people over the classes by their odds."""
    drawn[:] = 0
    left = odds.sum()
    if people <= _FEW:
        for _ in range(people):
            mark, place = rng.random() * left, 0
            while place < len(odds) - 1 and mark >= odds[place]:
                mark -= odds[place]
                place += 1
            drawn[place] += 1
        return
    for place in range(len(odds) - 1):
        share = min(odds[place] / left, 1.0) if left > 0 else 1.0
        drawn[place] = rng.binomial(people, share)
        people -= drawn[place]
        left -= odds[place]
        if people == 0:
            return
    drawn[len(odds) - 1] = people


@njit(cache=True, nogil=True)
def redraw(
    rng: np.random.Generator,
    prior: Reals,
    alpha: float,
    members: Integers,
    caught: Integers,
    rates: Reals,
    sticks: Reals,
) -> float:
    """Draws rates and sticks given the classes of everyone; the new alpha."""
    classes, lists = rates.shape
    after = members.sum()
    lost = 0.0
    for place in range(classes):
        for i in range(lists):
            held = caught[place, i]
            rates[place, i] = _within(rng.beta(1.0 + held, 1.0 + members[place] - held))
        after -= members[place]
        if place < classes - 1:
            odds = np.log(rng.gamma(1.0 + members[place])) - _log_gamma(rng, alpha + after)
            sticks[place] = odds
            lost -= log_share(-odds)
    return float(max(rng.gamma(prior[0] + classes - 1) / (prior[1] + lost), 1e-200))


@njit(cache=True, nogil=True)
def _log_gamma(rng: np.random.Generator, shape: float) -> float:
    """The log of a gamma draw, also where the draw itself would be 0."""
    return float(np.log(rng.gamma(shape + 1.0)) + np.log(1.0 - rng.random()) / shape)


@njit(cache=True, nogil=True)
def _within(share: float) -> float:
    return min(max(share, 10 * _EDGE), 1.0 - 10 * _EDGE)


@njit(cache=True, nogil=True)
def trade(rng: np.random.Generator, rates: Reals, sticks: Reals) -> None:
    """Neighbouring classes offer to change places, keeping their weights; the last one stays.

    In the weights the move is its own inverse and volume-preserving, and the prior of the sticks depends on
    it only through 1 / (1 - v) of the first, so it is taken with probability (1 - v) / (1 - v').
    """
    for place in range(len(sticks) - 2):
        left = log_share(-sticks[place])
        first, second = log_share(sticks[place]), left + log_share(sticks[place + 1])
        without = np.log1p(-np.exp(second)) if second < -1e-15 else -np.inf
        if np.log(rng.random()) < left - without:
            sticks[place], sticks[place + 1] = (
                second - without,
                first - left - log_share(-sticks[place + 1]),
            )
            for i in range(rates.shape[1]):
                rates[place, i], rates[place + 1, i] = rates[place + 1, i], rates[place, i]
