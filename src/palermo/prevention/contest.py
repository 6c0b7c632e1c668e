"""The contest of models by BIC, held again in each of many tables (bootstrap replicates, left-out people).

Models come in the order of their rank on the table that was observed, so that one pass gives the winner among
the best 1, 2, 5 ... models: the stability curve of Silverman, Chan & Vincent (2024).
"""

import math

import numpy as np
from numba import njit

from palermo.prevention import cells, sweep
from palermo.prevention.cells import Flags, Masks, Reals
from palermo.prevention.sweep import FITTED, UNSETTLED

LOOSE, TIGHT = 1e-6, 1e-10  # relative gap of the margins while choosing, and in the model chosen
TIE = 1e-7  # two BICs nearer than this are equal, and the better rank wins
REACH = 40.0  # a model that far behind weighs under 3e-9 in an average


@njit(cache=True, nogil=True)
def settle(
    counts: Reals,
    margins: Reals,
    lists: int,
    terms: Masks,
    chosen: Flags,
    start: Reals,
    warm: bool,
    theta: Reals,
    tolerance: float,
    enough: float,
) -> tuple[int, float]:
    """Fit from the observed table's parameters where they are good, and from nothing where that fails."""
    status, likelihood = UNSETTLED, 0.0
    if warm:
        theta[:] = start
        status, likelihood, _ = sweep.fit(counts, margins, lists, terms, chosen, theta, tolerance, enough)
    if status == UNSETTLED:
        sweep.starting(margins, margins[0], terms, theta)
        status, likelihood, _ = sweep.fit(counts, margins, lists, terms, chosen, theta, tolerance, enough)
    return status, likelihood


@njit(cache=True, nogil=True)
def hold(
    tables: Reals,
    lists: int,
    terms: Masks,
    models: Flags,
    starts: Reals,
    warm: Flags,
    tops: Masks,
    reach: float,
) -> tuple[Masks, Reals, Reals, Masks]:
    """Winner's rank, its hidden count and the averaged hidden count by table and top; contenders unsettled.

    `reach` is how far behind the best a model is still fitted: 0 finds the winner, REACH serves averages.
    A table in which no model has an estimate has winner -1 and hidden counts of not-a-number.
    """
    places = np.full((len(tables), len(tops)), -1, dtype=np.int64)
    hidden = np.full((len(tables), len(tops)), np.nan)
    averaged = np.full((len(tables), len(tops)), np.nan)
    unsettled = np.zeros(len(tables), dtype=np.int64)
    theta = np.zeros(len(terms))
    for row in range(len(tables)):
        counts = tables[row]
        margins = counts.copy()
        cells.superset_sum(margins, lists)
        price = math.log(margins[0])
        best, place, weight, weighted, top = math.inf, -1, 0.0, 0.0, 0
        for rank in range(len(models)):
            chosen = models[rank]
            fee = np.sum(chosen) * price
            status, likelihood = settle(
                counts,
                margins,
                lists,
                terms,
                chosen,
                starts[rank],
                warm[rank],
                theta,
                LOOSE,
                (fee - best - reach) / 2.0,
            )
            bic = fee - 2.0 * likelihood
            if status == FITTED:
                if bic < best - TIE:
                    shrink = math.exp((bic - best) / 2.0)
                    weight, weighted, best, place = weight * shrink, weighted * shrink, bic, rank
                share = math.exp((best - bic) / 2.0)
                weight += share
                weighted += share * math.exp(theta[0])
            elif status == UNSETTLED and bic < best + reach:
                unsettled[row] += 1
            if top < len(tops) and rank + 1 == tops[top]:
                if place >= 0:
                    places[row, top], averaged[row, top] = place, weighted / weight
                top += 1
        for top in range(len(tops)):
            if places[row, top] >= 0:
                rank = places[row, top]
                chosen = models[rank]
                settle(
                    counts,
                    margins,
                    lists,
                    terms,
                    models[rank],
                    starts[rank],
                    warm[rank],
                    theta,
                    TIGHT,
                    -math.inf,
                )
                hidden[row, top] = math.exp(theta[0])
    return places, hidden, averaged, unsettled
