"""One log-linear model of lists and strata together, fitted and selected, compiled.

A parameter is a set of lists (a bitmask) times a function of the stratum (a column). As in `sweep` there is
no design matrix: linear predictors are subset sums within each stratum, and the Hessian at parameters (A, g)
and (B, h) is the sum over strata s of g(s) h(s) times the fitted margin of A|B in s.
"""

import math

import numpy as np
from numba import njit

from palermo.prevention import cells
from palermo.prevention.cells import Flags, Masks, Reals

GAP = 1e-8
STEPS = 100
CAP, DRIFT, PIVOT = 3.0, 0.1, 1e-11
SAME = 1e-6  # a hidden total that changes less in a step, by its size, stands still
FITTED, FAILED = 0, 1


@njit(cache=True, nogil=True)
def factor(matrix: Reals, size: int) -> bool:
    """Cholesky factor in place, in the lower triangle; False where a pivot vanishes."""
    for row in range(size):
        least = PIVOT * matrix[row, row]
        for column in range(row + 1):
            total = matrix[row, column]
            for inner in range(column):
                total -= matrix[row, inner] * matrix[column, inner]
            if row > column:
                matrix[row, column] = total / matrix[column, column]
            elif not total > least:
                return False
            else:
                matrix[row, row] = math.sqrt(total)
    return True


@njit(cache=True, nogil=True)
def forward(factored: Reals, size: int, values: Reals) -> None:
    """Solve with the lower triangle, in place."""
    for row in range(size):
        for inner in range(row):
            values[row] -= factored[row, inner] * values[inner]
        values[row] /= factored[row, row]


@njit(cache=True, nogil=True)
def backward(factored: Reals, size: int, values: Reals) -> None:
    """Solve with the upper triangle, in place."""
    for row in range(size - 1, -1, -1):
        for inner in range(row + 1, size):
            values[row] -= factored[inner, row] * values[inner]
        values[row] /= factored[row, row]


@njit(cache=True, nogil=True)
def sufficient(margins: Reals, masks: Masks, columns: Masks, design: Reals) -> Reals:
    """What the likelihood needs of the table, or of its fit: one number a parameter."""
    found = np.zeros(len(masks))
    for one in range(len(masks)):
        for stratum in range(len(margins)):
            found[one] += design[stratum, columns[one]] * margins[stratum, masks[one]]
    return found


@njit(cache=True, nogil=True)
def bury(alive: Flags, masks: Masks, columns: Masks, design: Reals, wanted: Reals, used: Flags) -> None:
    """Delete the cells of parameters that are minus infinity: never negative, and nobody is there."""
    for one in range(len(masks)):
        if not used[one] or wanted[one] > 0.0 or design[:, columns[one]].min() < 0.0:
            continue
        used[one] = False
        for stratum in range(len(alive)):
            if design[stratum, columns[one]] > 0.0:
                cells.kill(alive[stratum], masks[one])


@njit(cache=True, nogil=True)
def predict(
    theta: Reals, used: Flags, masks: Masks, columns: Masks, design: Reals, alive: Flags, fitted: Reals
) -> Reals:
    """Fill the fitted margins by stratum; the hidden count of each stratum is returned."""
    strata, size = fitted.shape
    lists, hidden = int(math.log2(size) + 0.5), np.zeros(strata)
    linear = np.empty(size)
    for stratum in range(strata):
        linear[:] = 0.0
        for one in range(len(masks)):
            if used[one]:
                linear[masks[one]] += theta[one] * design[stratum, columns[one]]
        cells.subset_sum(linear, lists)
        for cell in range(size):
            fitted[stratum, cell] = math.exp(linear[cell]) if alive[stratum, cell] else 0.0
        hidden[stratum], fitted[stratum, 0] = fitted[stratum, 0], 0.0
        cells.superset_sum(fitted[stratum], lists)
    return hidden


@njit(cache=True, nogil=True)
def curve(fitted: Reals, masks: Masks, columns: Masks, design: Reals, asked: Masks) -> Reals:
    """The Hessian over the parameters asked for."""
    size = len(asked)
    matrix = np.zeros((size, size))
    for row in range(size):
        for column in range(row + 1):
            union, total = masks[asked[row]] | masks[asked[column]], 0.0
            for stratum in range(len(fitted)):
                total += (
                    design[stratum, columns[asked[row]]]
                    * design[stratum, columns[asked[column]]]
                    * fitted[stratum, union]
                )
            matrix[row, column] = matrix[column, row] = total
    return matrix


@njit(cache=True, nogil=True)
def fit(
    margins: Reals, masks: Masks, columns: Masks, design: Reals, used: Flags, theta: Reals, fitted: Reals
) -> tuple[int, float, Reals]:
    """Newton from and into theta: the status, the log-likelihood without factorials, the hidden counts.

    A fit that drifts to infinity is good if that leaves the hidden total where it is: a combination of values
    that nobody has goes to zero in this way.
    """
    wanted = sufficient(margins, masks, columns, design)
    alive = np.ones(margins.shape, dtype=np.bool_)
    bury(alive, masks, columns, design, wanted, used)
    places = np.flatnonzero(used)
    size, longest, best = len(places), 0.0, -math.inf
    step, hidden = np.zeros(len(places)), np.zeros(len(margins))
    for _ in range(STEPS):
        before = hidden.sum()
        hidden = predict(theta, used, masks, columns, design, alive, fitted)
        likelihood, gap = -fitted[:, 0].sum(), 0.0
        reached = sufficient(fitted, masks, columns, design)
        for one in places:
            likelihood += theta[one] * wanted[one]
            gap = max(gap, abs(wanted[one] - reached[one]) / max(abs(wanted[one]), 1.0))
        if gap < GAP:
            still = abs(hidden.sum() - before) <= SAME * hidden.sum()
            return (FITTED if longest <= DRIFT or still else FAILED), likelihood, hidden
        if not likelihood >= best - 1e-11 * abs(best):
            step *= 0.5
            theta[places] -= step
            continue
        best = likelihood
        matrix = curve(fitted, masks, columns, design, places)
        if not factor(matrix, size):
            return FAILED, likelihood, hidden
        step = wanted[places] - reached[places]
        forward(matrix, size, step)
        backward(matrix, size, step)
        longest = np.abs(step).max()
        step *= min(1.0, CAP / longest)
        longest = min(longest, CAP)
        theta[places] += step
    return FAILED, best, hidden


@njit(cache=True, nogil=True)
def scores(
    margins: Reals,
    fitted: Reals,
    masks: Masks,
    columns: Masks,
    design: Reals,
    used: Flags,
    blocks: Masks,
    open_: Flags,
) -> Reals:
    """Rao's score statistic of each open block given the present fit; minus infinity for the others."""
    found = np.full(len(open_), -math.inf)
    gradient = sufficient(margins - fitted, masks, columns, design)
    present = np.flatnonzero(used)
    size = len(present)
    base = curve(fitted, masks, columns, design, present)
    if not factor(base, size):
        return found
    for block in range(len(open_)):
        added = np.flatnonzero(blocks == block)
        if not open_[block]:
            continue
        every = curve(fitted, masks, columns, design, np.concatenate((present, added)))
        links = every[size:, :size].copy()
        for row in range(len(added)):
            forward(base, size, links[row])
        inner = every[size:, size:] - links @ links.T
        values = gradient[added]
        if factor(inner, len(added)):
            forward(inner, len(added), values)
            found[block] = (values * values).sum()
    return found


@njit(cache=True, nogil=True)
def select(
    margins: Reals,
    masks: Masks,
    columns: Masks,
    design: Reals,
    blocks: Masks,
    always: int,
    chosen: Flags,
) -> tuple[int, Reals, float]:
    """Forward selection of blocks by BIC, from the first `always`: status, hidden by stratum, log-likelihood.

    The block whose score statistic promises most is fitted; it stays if the BIC falls, and is not tried again
    if not. `chosen` is filled in.
    """
    price = math.log(margins[:, 0].sum())
    theta, fitted = np.zeros(len(masks)), np.empty(margins.shape)
    begin(margins, masks, columns, theta)
    chosen[:] = np.arange(len(chosen)) < always
    used = member(blocks, chosen)
    status, likelihood, hidden = fit(margins, masks, columns, design, used, theta, fitted)
    open_ = ~chosen
    while status == FITTED and open_.any():
        promised = scores(margins, fitted, masks, columns, design, used, blocks, open_)
        for block in range(len(chosen)):
            promised[block] -= price * (blocks == block).sum()
        best = int(np.argmax(promised))
        if not promised[best] > 0.0:
            break
        open_[best] = False
        chosen[best] = True
        trial, room = theta.copy(), np.empty(margins.shape)
        among = member(blocks, chosen)
        good, higher, other = fit(margins, masks, columns, design, among, trial, room)
        if good == FITTED and 2.0 * (higher - likelihood) > price * (blocks == best).sum():
            theta, used, fitted, likelihood, hidden = trial, among, room, higher, other
        else:
            chosen[best] = False
    return status, hidden, likelihood


@njit(cache=True, nogil=True)
def begin(margins: Reals, masks: Masks, columns: Masks, theta: Reals) -> None:
    """Lists independent, four in five hidden, strata alike."""
    observed = margins[:, 0].sum()
    for one in range(len(masks)):
        if columns[one] == 0 and masks[one] == 0:
            theta[one] = math.log(4.0 * observed / len(margins))
        elif columns[one] == 0 and masks[one] & (masks[one] - 1) == 0:
            theta[one] = math.log(max(margins[:, masks[one]].sum(), 0.5) / (5.0 * observed))


@njit(cache=True, nogil=True)
def member(blocks: Masks, chosen: Flags) -> Flags:
    """Which parameters belong to a chosen block."""
    found = np.zeros(len(blocks), dtype=np.bool_)
    for one in range(len(blocks)):
        found[one] = chosen[blocks[one]]
    return found


@njit(cache=True, nogil=True)
def select_each(
    tables: Reals, masks: Masks, columns: Masks, design: Reals, blocks: Masks, always: int, blocks_in_all: int
) -> tuple[Reals, Flags]:
    """Select anew in each table (replicate x stratum x cell): hidden by stratum, nan where that fails."""
    hidden = np.full(tables.shape[:2], math.nan)
    chosen = np.zeros((len(tables), blocks_in_all), dtype=np.bool_)
    lists = int(math.log2(tables.shape[2]) + 0.5)
    for row in range(len(tables)):
        margins = tables[row].copy()
        for stratum in range(len(margins)):
            cells.superset_sum(margins[stratum], lists)
        status, found, _ = select(margins, masks, columns, design, blocks, always, chosen[row])
        if status == FITTED:
            hidden[row] = found
    return hidden, chosen
