"""Strata that borrow from one another: the same lists in many countries or years, partially pooled.

In each stratum a log-linear model has all main effects and pairs. Each effect is normal around its mean over
the strata, with one scale for main effects and one for pairs, half-normal; the hidden number of each stratum
is its own. Given the scales the posterior is log-concave: Newton finds its mode, and the normal approximation
there gives the evidence for the scales, which are averaged over a grid (Rue, Martino & Chopin 2009). New with
palermo: no paper gives reference answers, so trust it as far as its simulated coverage.
"""

from dataclasses import dataclass
from hashlib import sha256
from itertools import product

import numpy as np

from palermo import __version__
from palermo.prevention import draw, hierarchy
from palermo.prevention.cells import Masks, Reals
from palermo.prevention.covariates import Stratified
from palermo.prevention.estimate import Estimate, Interval, refused
from palermo.prevention.saying import say
from palermo.prevention.sheet import Sheet

METHOD = "pooled"
DRAWS = 4000
MAINS = tuple(
    np.geomspace(0.05, 3.0, 7).tolist()
)  # scales tried: how far strata differ in their main effects
PAIRS = tuple(np.geomspace(0.02, 1.5, 7).tolist())
FLAT = 1e-4  # prior precision of hidden numbers (log) and of the mean main effects
STEPS = 200
WIDE = 100.0  # an upper limit so many times the median is the prior's


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mode:
    """The mode given the scales: effects by stratum and term, their means, and the curvature there.

    `inner` is the precision of the effects of each stratum given the means, `outer` that of the means.
    """

    effects: Reals
    means: Reals
    inner: Reals
    outer: Reals
    evidence: float


def estimate(sheet: Sheet, *, draws: int = DRAWS, level: float = 0.95, seed: int = 1) -> Stratified:
    """Totals by stratum and together, with credible intervals from joint draws."""
    strata, lists = tuple(sheet.strata), len(sheet.whole.lists)
    counts = np.array([sheet.strata[key].counts for key in strata], dtype=np.float64)
    terms = np.array(
        [0, *(1 << one for one in range(lists)), *hierarchy.interactions(lists, 2)], dtype=np.int64
    )
    scales = [(_precision(lists, len(terms), pair), pair) for pair in product(MAINS, PAIRS)]
    modes = [mode(counts, terms, precision=precision, lists=lists) for precision, _ in scales]
    heights = np.array(
        [found.evidence + _prior(*pair) for found, (_, pair) in zip(modes, scales, strict=True)]
    )
    weights = np.exp(heights - heights.max())
    weights /= weights.sum()
    stream = _stream(sheet, counts, seed=seed)
    parts = draw.Source.named(METHOD, counts.tolist(), seed, people=draws, weights=weights).rows([0])[0]
    hidden = np.concatenate(
        [
            _drawn(found, precision, number, stream)
            for found, (precision, _), number in zip(modes, scales, parts.tolist(), strict=True)
        ]
    )
    totals = counts.sum(axis=1) + hidden
    return Stratified(
        whole=_whole(sheet, totals.sum(axis=1), level=level, seed=seed, scales=_means(scales, weights)),
        columns=sheet.columns,
        strata=strata,
        observed=tuple(counts.sum(axis=1).astype(int).tolist()),
        totals=tuple(np.median(totals, axis=0).tolist()),
        replicates=totals,
        level=level,
        kind="credible",
    )


def mode(counts: Reals, terms: Masks, *, precision: Reals, lists: int) -> Mode:
    """Newton on all effects and their means, given the precision of each effect around its mean."""
    strata, margins = len(counts), _supersets(counts)
    wanted = margins[:, terms]
    prior = np.where(np.arange(len(terms)) <= lists, FLAT, 1.0)
    prior[0] = 0.0
    effects = np.zeros(wanted.shape)
    effects[:, 0] = np.log(4 * wanted[:, 0] + 1)
    effects[:, 1 : lists + 1] = np.log((wanted[:, 1 : lists + 1] + 0.5) / (5 * wanted[:, :1] + 1))
    means = effects.mean(axis=0) * (prior > 0)
    unions = terms[:, None] | terms
    height = _height(effects, means, wanted, terms, precision, prior)
    for _ in range(STEPS):
        fitted = _supersets(_expected(effects, terms, counts.shape[1]))
        inner = fitted[:, unions] + np.diag(precision)
        gradient = wanted - fitted[:, terms] - precision * (effects - means)
        pull = precision * (effects - means)
        pull[:, 0], gradient[:, 0] = 0.0, wanted[:, 0] - fitted[:, 0] - FLAT * effects[:, 0]
        coupling = np.diag(np.where(prior > 0, precision, 0.0))
        outer, lifted = _schur(inner, coupling, strata, prior)
        side = pull.sum(axis=0) - prior * means + np.einsum("sij,sj->i", lifted, gradient)
        step = np.linalg.solve(outer, side)
        steps = np.linalg.solve(inner, (gradient + step @ coupling)[..., None])[..., 0]
        promised = float((steps * gradient).sum() + step @ (pull.sum(axis=0) - prior * means))
        size = min(1.0, 3.0 / max(np.abs(steps).max(), 1e-300))
        higher = _height(effects + size * steps, means + size * step, wanted, terms, precision, prior)
        while higher < height - 1e-9 * abs(height) and size > 1e-6:
            size /= 2
            higher = _height(effects + size * steps, means + size * step, wanted, terms, precision, prior)
        effects, means, height = effects + size * steps, means + size * step, higher
        if promised < 1e-9:
            break
    volume = np.linalg.slogdet(inner)[1].sum() + np.linalg.slogdet(outer)[1]
    scale = strata * np.log(precision[1:]).sum()
    return Mode(
        effects=effects, means=means, inner=inner, outer=outer, evidence=float(height + (scale - volume) / 2)
    )


def _schur(inner: Reals, coupling: Reals, strata: int, prior: Reals) -> tuple[Reals, Reals]:
    """The precision of the means once the effects are integrated out, and what a gradient lifts to them."""
    lifted = np.swapaxes(np.linalg.solve(inner, np.broadcast_to(coupling, inner.shape)), 1, 2)
    outer = strata * coupling + np.diag(prior) - (lifted @ coupling).sum(axis=0)
    outer[0, 0] = 1.0  # the hidden numbers have no mean in common
    return (outer + outer.T) / 2, lifted


def _height(
    effects: Reals, means: Reals, wanted: Reals, terms: Masks, precision: Reals, prior: Reals
) -> float:
    """The log posterior given the scales, up to what depends on them alone."""
    away = effects - means
    away[:, 0] = effects[:, 0]
    likelihood = (wanted * effects).sum() - _expected(
        effects, terms, 1 << int(terms.max()).bit_length()
    ).sum()
    return float(likelihood - (precision * away**2).sum() / 2 - (prior * means**2).sum() / 2)


def _expected(effects: Reals, terms: Masks, size: int) -> Reals:
    """Expected people by stratum and cell, none in cell 0."""
    linear = np.zeros((len(effects), size))
    linear[:, terms] = effects
    for bit in range(size.bit_length() - 1):
        without = np.flatnonzero(~np.arange(size) >> bit & 1)
        linear[:, without | 1 << bit] += linear[:, without]
    found = np.exp(np.minimum(linear, 50.0))
    found[:, 0] = 0.0
    return np.asarray(found)


def _supersets(cells: Reals) -> Reals:
    found, size = cells.copy(), cells.shape[1]
    for bit in range(size.bit_length() - 1):
        without = np.flatnonzero(~np.arange(size) >> bit & 1)
        found[:, without] += found[:, without | 1 << bit]
    return found


def _precision(lists: int, terms: int, scales: tuple[float, float]) -> Reals:
    found = np.full(terms, scales[1] ** -2.0)
    found[1 : lists + 1] = scales[0] ** -2.0
    found[0] = FLAT
    return found


def _prior(mains: float, pairs: float) -> float:
    """Half-normal scales, 1 for main effects and a half for pairs, on a grid even in their logarithms."""
    return float(-(mains**2) / 2 - 2 * pairs**2 + np.log(mains * pairs))


def _drawn(found: Mode, precision: Reals, number: int, stream: np.random.Generator) -> Reals:
    """Hidden numbers by draw and stratum, from the normal approximation at the mode."""
    strata, size = found.effects.shape
    means = _normal(found.outer, stream.standard_normal((number, size)))
    means[:, 0] = 0.0
    noise = stream.standard_normal((strata, number, size))
    hidden = np.empty((number, strata))
    for row in range(strata):
        moved = np.linalg.solve(found.inner[row], (precision * means).T).T
        own = _normal(found.inner[row], noise[row])
        hidden[:, row] = np.exp(found.effects[row, 0] + moved[:, 0] + own[:, 0])
    return hidden


def _normal(precision: Reals, noise: Reals) -> Reals:
    """Normal draws with this precision from standard ones."""
    return np.asarray(np.linalg.solve(np.linalg.cholesky(precision).T, noise.T).T)


def _stream(sheet: Sheet, counts: Reals, *, seed: int) -> np.random.Generator:
    text = repr((METHOD, sheet.whole.hash, counts.tolist(), seed))
    key = np.frombuffer(sha256(text.encode()).digest()[:16], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def _means(scales: list[tuple[Reals, tuple[float, float]]], weights: Reals) -> dict[str, float]:
    mains, pairs = np.array([pair for _, pair in scales]).T
    return {"scale_of_mains": float(weights @ mains), "scale_of_pairs": float(weights @ pairs)}


def _whole(sheet: Sheet, totals: Reals, *, level: float, seed: int, scales: dict[str, float]) -> Estimate:
    table, median = sheet.whole, float(np.median(totals))
    low, high = np.quantile(totals, [(1 - level) / 2, (1 + level) / 2])
    if high > WIDE * median:
        return refused(METHOD, table, say("join-strata"))
    return Estimate(
        method=METHOD,
        lists=table.lists,
        observed=table.observed,
        table=table.hash,
        estimable=True,
        total=median,
        hidden=median - table.observed,
        interval=Interval(level=level, kind="credible", low=float(low), high=float(high)),
        seed=seed,
        versions={"palermo": __version__, "numpy": np.__version__},
        details=dict(scales),
    )
