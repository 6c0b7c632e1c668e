"""Slow and obvious twins: a dense design matrix, a program for every cell, Poisson tails from SciPy."""

import numpy as np
from scipy.optimize import linprog
from scipy.stats import poisson


def design(counts, terms):
    """Retained cells, finite terms, and the dense 0/1 matrix of terms within cells."""
    lists = counts.size.bit_length() - 1
    every = [0, *(1 << i for i in range(lists)), *sorted(terms)]
    margin = {t: sum(int(n) for w, n in enumerate(counts) if w & t == t) for t in every}
    empty = [t for t in every if margin[t] == 0]
    kept = [w for w in range(1, counts.size) if not any(w & t == t for t in empty)]
    finite = [t for t in every if t not in empty]
    return kept, finite, np.array([[float(w & t == t) for t in finite] for w in kept])


def fitted(counts, terms):
    """Expected counts by cell (cell 0: hidden) by weighted least squares on the dense matrix, and log L."""
    kept, _, matrix = design(counts, terms)
    observed = counts[kept].astype(float)
    mean = observed + 0.5
    theta = np.zeros(matrix.shape[1])
    for _ in range(200):
        response = np.log(mean) + (observed - mean) / mean
        weight = np.sqrt(mean)
        theta = np.linalg.lstsq(matrix * weight[:, None], response * weight, rcond=None)[0]
        mean = np.exp(np.clip(matrix @ theta, -500, 50))
    mu = np.zeros(counts.size)
    mu[kept], mu[0] = mean, np.exp(theta[0])
    return mu, float(poisson.logpmf(observed, mean).sum())


def code(counts, terms):
    """Exists if some table with the margins has this cell positive, for each cell apart; rank by its SVD."""
    _, _, matrix = design(counts, terms)
    kept = design(counts, terms)[0]
    margins = matrix.T @ counts[kept]
    most = [
        -linprog(-np.eye(len(kept))[i], A_eq=matrix.T, b_eq=margins, method="highs").fun
        for i in range(len(kept))
    ]
    missing = min(most) < 1e-6
    unclear = np.linalg.matrix_rank(matrix) < matrix.shape[1]
    return int(missing) + 2 * int(unclear)


def stepwise(counts, threshold=0.02):
    """The pairs chosen, with every candidate asked whether its model can be estimated."""
    lists = counts.size.bit_length() - 1
    pairs = [1 << i | 1 << j for i in range(lists) for j in range(i + 1, lists)]
    model = ()
    if code(counts, model):
        return None
    while True:
        mu, _ = fitted(counts, model)
        ranked = []
        for pair in pairs:
            within = [w for w in range(1, counts.size) if w & pair == pair]
            mean, count = mu[within].sum(), counts[within].sum()
            p = min(poisson.cdf(count, mean), poisson.sf(count - 1, mean)) if mean > 0 else 1.0
            if pair not in model and p < threshold and code(counts, (*model, pair)) == 0:
                ranked.append((float(f"{p:.7g}"), pairs.index(pair)))  # alike pairs differ by rounding only
        if not ranked:
            return model
        model = (*model, pairs[min(ranked)[1]])
