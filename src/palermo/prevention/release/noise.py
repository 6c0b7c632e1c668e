"""Noise over exact counts: OpenDP's discrete Gaussian over integers, the only way from secret to public.

A person changes a vector of counts by at most sqrt(squared) in Euclidean length; noise of standard deviation
sigma then costs squared / (2 sigma^2) rho. `sigma` is the smallest deviation that a cost pays for, rounded up
so far that OpenDP's own accounting, which rounds up too, comes to no more than the cost.
"""

from decimal import ROUND_CEILING, Decimal, localcontext
from functools import cache

import numpy as np
import opendp.prelude as dp
from numpy.typing import NDArray

from palermo.prevention.release import budget
from palermo.prevention.release.guarded import Public, Secret
from palermo.prevention.release.opening import opened

Integers = NDArray[np.int64]

_AT_ONCE = 1 << 16
_MARGIN = Decimal("1.000000000001")


def noised(counts: Secret[Integers], *, squared: int, rho: int) -> Public[Integers]:
    """The counts with integer Gaussian noise, for so much micro-rho; `squared` is sensitivity squared."""
    mechanism, exact = gaussian(sigma(squared, rho)), opened(counts)
    parts = [mechanism(exact[at : at + _AT_ONCE].tolist()) for at in range(0, len(exact), _AT_ONCE)]
    return Public(value=np.array([one for part in parts for one in part], dtype=np.int64), rho=rho)


@cache
def sigma(squared: int, rho: int) -> float:
    """The standard deviation of noise that so much micro-rho buys at this squared sensitivity, rounded up."""
    if squared < 1 or rho < 1:
        raise ValueError(f"Noise needs a sensitivity and a cost of at least 1, not {squared} and {rho}.")
    with localcontext(prec=50, rounding=ROUND_CEILING):
        return budget.up((Decimal(squared) * budget.MICRO / (2 * Decimal(rho))).sqrt() * _MARGIN)


@cache
def gaussian(scale: float) -> dp.Measurement:
    """OpenDP's mechanism over vectors of integers, one for each standard deviation."""
    dp.enable_features("contrib")
    return dp.m.make_gaussian(dp.vector_domain(dp.atom_domain(T="i64")), dp.l2_distance(T="f64"), scale=scale)
