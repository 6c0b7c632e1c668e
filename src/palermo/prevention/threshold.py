"""Bayesian threshold estimate (Silverman, JRSS A 183, 2020).

All pairs of lists get a normal prior N(0, 1) and the main effects one that is nearly flat. Pairs whose
posterior mean lies under two posterior standard deviations from zero are dropped, and the model is fitted
again with the others. With order 3, triples whose three pairs all stayed are tried in the same way. The prior
makes the posterior proper even where the overlaps do not determine the hidden number; that is refused.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

import numba
import numpy as np

from palermo import __version__
from palermo.prevention import existence, hierarchy, posterior
from palermo.prevention.cells import Reals
from palermo.prevention.estimate import Estimate, Interval, refused
from palermo.prevention.existence import Code
from palermo.prevention.hierarchy import Terms
from palermo.prevention.overlap import Overlap
from palermo.prevention.saying import Saying, say

METHOD = "bayes-threshold"
RATIO = 2.0  # posterior mean over standard deviation under which an interaction is dropped
DRAWS = 20_000
FLAT = 1e-4  # prior precision of the intercept and the main effects
NEAR = 0.15  # a ratio so near the threshold is told with the answer it would have given
SURE = 0.05  # so near, 20,000 draws leave it open on which side it lies: more are drawn
SURER = 5  # so many times as many
TRIED = 3  # how many of those nearest are decided the other way to show what hangs on them


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior:
    """Normal priors around zero: the variance of interactions, and how many draws of the posterior."""

    variance: float = 1.0
    draws: int = DRAWS
    seed: int = 1


def estimate(
    table: Overlap,
    *,
    ratio: float = RATIO,
    order: int = 2,
    variance: float = 1.0,
    draws: int = DRAWS,
    level: float = 0.95,
    seed: int = 1,
) -> Estimate:
    """The posterior median and credible interval of the total, after interactions have been thresholded."""
    prior, ordered = Prior(variance=variance, draws=draws, seed=seed), table.canonical()
    ratios, kept = select(ordered, prior=prior, ratio=ratio, order=order)
    code = existence.code(ordered.counts, kept)
    if code is not Code.OK:
        return refused(METHOD, table, say("only-the-prior", reason=existence.WHY[code]), code=code)
    totals = posterior_totals(ordered, kept, prior=prior)
    median, low, high = np.quantile(totals, [0.5, (1 - level) / 2, (1 + level) / 2])
    close = tuple(_borderline(ordered, ratios, kept, prior=prior, ratio=ratio))
    return Estimate(
        method=METHOD,
        lists=table.lists,
        observed=table.observed,
        table=table.hash,
        estimable=True,
        total=float(median),
        hidden=float(median) - table.observed,
        interval=Interval(level=level, kind="credible", low=float(low), high=float(high)),
        model=_named(table, ordered, kept),
        warnings=tuple(_hinges(one) for one in close),
        seed=seed,
        versions={"palermo": __version__, "numpy": np.__version__, "numba": numba.__version__},
        details={
            "ratio": ratio,
            "order": order,
            "prior_variance": variance,
            "draws": draws,
            "ratios": {" × ".join(_named(table, ordered, (one,))[0]): found for one, found in ratios.items()},
            "borderline": list(close),
        },
    )


def select(table: Overlap, *, prior: Prior, ratio: float, order: int) -> tuple[dict[int, float], Terms]:
    """Posterior mean over standard deviation of each interaction tried, and the interactions that stay."""
    lists = len(table.lists)
    pairs = hierarchy.interactions(lists, 2)
    ratios = _settled(table, pairs, pairs, prior=prior, ratio=ratio)
    kept = tuple(pair for pair in pairs if ratios[pair] >= ratio)
    triples = _eligible(kept, lists) if order > 2 else ()
    if triples:
        ratios |= _settled(table, (*kept, *triples), triples, prior=prior, ratio=ratio)
    return ratios, (*kept, *(triple for triple in triples if ratios[triple] >= ratio))


def posterior_totals(table: Overlap, terms: Terms, *, prior: Prior) -> Reals:
    """Draws of the total under main effects and these interactions."""
    return np.asarray(table.observed + np.exp(_thetas(table, terms, prior=prior)[:, 0]))


def _thetas(table: Overlap, terms: Terms, *, prior: Prior) -> Reals:
    mains = [0, *(1 << one for one in range(len(table.lists)))]
    found = posterior.draws(
        table.counts.astype(np.float64),
        terms=np.array([*mains, *terms], dtype=np.int64),
        precision=np.array([FLAT] * len(mains) + [1 / prior.variance] * len(terms)),
        number=prior.draws,
        stream=_stream(table, terms, seed=prior.seed),
    )
    return found.thetas


def _stream(table: Overlap, terms: Terms, *, seed: int) -> np.random.Generator:
    text = repr((METHOD, table.counts.tolist(), terms, seed))
    key = np.frombuffer(sha256(text.encode()).digest()[:16], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def _ratios(table: Overlap, terms: Terms, asked: Terms, *, prior: Prior) -> dict[int, float]:
    thetas = _thetas(table, terms, prior=prior)[:, -len(asked) :] if asked else np.empty((1, 0))
    found = np.abs(thetas.mean(axis=0) / thetas.std(axis=0))
    return dict(zip(asked, found.tolist(), strict=True))


def _settled(table: Overlap, terms: Terms, asked: Terms, *, prior: Prior, ratio: float) -> dict[int, float]:
    """The ratios, from more draws where one is so near the threshold that chance would decide."""
    found = _ratios(table, terms, asked, prior=prior)
    if all(abs(one - ratio) > SURE for one in found.values()):
        return found
    return _ratios(table, terms, asked, prior=replace(prior, draws=SURER * prior.draws))


def _eligible(pairs: Terms, lists: int) -> Terms:
    triples = (term for term in hierarchy.interactions(lists, 3) if term.bit_count() == 3)
    return tuple(triple for triple in triples if set(hierarchy.parts(triple)) <= set(pairs))


def _borderline(
    table: Overlap, ratios: dict[int, float], kept: Terms, *, prior: Prior, ratio: float
) -> Iterable[dict[str, Any]]:
    """The pairs nearest the threshold, with the total if each had been decided the other way."""
    near = sorted(
        (abs(found - ratio), term)
        for term, found in ratios.items()
        if abs(found - ratio) < NEAR and term.bit_count() == 2
    )
    for _, term in near[:TRIED]:
        other = hierarchy.ordered({*kept} ^ {term})
        other = tuple(one for one in other if {*hierarchy.parts(one)} <= {*other})
        total = float(np.median(posterior_totals(table, other, prior=prior)))
        yield {
            "term": list(table.model([term])[0]),
            "ratio": ratios[term],
            "kept": term in kept,
            "total_otherwise": total,
        }


def _hinges(close: dict[str, Any]) -> Saying:
    rule = "threshold-kept" if close["kept"] else "threshold-dropped"
    term = " × ".join(close["term"])
    return say(rule, term=term, ratio=close["ratio"], total=close["total_otherwise"])


def _named(table: Overlap, ordered: Overlap, terms: Terms) -> tuple[tuple[str, ...], ...]:
    """Terms of the reordered table by name, in the order of the lists as they were given."""
    return table.model(hierarchy.ordered(table.terms(ordered.model(terms))))
