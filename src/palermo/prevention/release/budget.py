"""The privacy budget: integer micro-rho of zero-concentrated differential privacy, and its epsilon.

Rho of several queries adds up exactly (Bun and Steinke, TCC 2016), so that is planned, charged and kept. It
is turned into (epsilon, delta) once, by the bound of Canonne, Kamath and Steinke (Journal of Privacy and
Confidentiality 12, 2022), which holds at every order alpha > 1: the order is searched for in floats, the
bound there is taken in fifty digits and rounded up. So an epsilon is never under-stated.
"""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from math import exp, inf, log, log1p, nextafter

MICRO = 1_000_000
"""Micro-rho in one rho."""

SMALLEST = 1_000
"""Persons below which delta shrinks no further: fewer get no rows anyway."""

_DIGITS = 50
_MOST = 1_000 * MICRO
_GOLDEN = 0.6180339887498949
_ORDERS = -14.0, 18.0  # log(alpha - 1)


def epsilon(rho: int, delta: float) -> float:
    """The epsilon that so much micro-rho amounts to at this delta, rounded up."""
    _checked(delta)
    if rho == 0:
        return 0.0
    order = 1.0 + exp(_lowest(lambda place: _loose(rho / MICRO, 1.0 + exp(place), delta)))
    with localcontext(prec=_DIGITS, rounding=ROUND_CEILING):
        return up(max(_bound(Decimal(rho) / MICRO, Decimal(order), Decimal(delta)), Decimal(0)))


def rho(wanted: float, delta: float) -> int:
    """The most micro-rho whose epsilon at this delta is at most the one wanted."""
    _checked(delta)
    fits, over = 0, _MOST
    while over - fits > 1:
        middle = (fits + over) // 2
        fits, over = (middle, over) if epsilon(middle, delta) <= wanted else (fits, middle)
    return fits


def delta(persons: int) -> float:
    """1 / (n ln n), and at most 1 / (10 n), in two digits rounded down; `persons` is public or was noised."""
    people = max(persons, SMALLEST)
    with localcontext(prec=2, rounding=ROUND_FLOOR):
        return float(+Decimal(1 / (people * max(log(people), 10.0))))


def divided(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """The micro-rho of each part by its share, rounded down; what rounding leaves goes to the last part."""
    whole = sum(shares.values())
    parts = {name: total * share // whole for name, share in shares.items()}
    last = next(reversed(parts))
    parts[last] += total - sum(parts.values())
    return parts


def up(exact: Decimal) -> float:
    """The smallest float that is not under the number."""
    near = float(exact)
    return near if Decimal(near) >= exact else nextafter(near, inf)


def _bound(rho: Decimal, order: Decimal, delta: Decimal) -> Decimal:
    beyond = order - 1
    return rho * order + (beyond / order).ln() - (order.ln() + delta.ln()) / beyond


def _loose(rho: float, order: float, delta: float) -> float:
    return rho * order + log1p(-1.0 / order) - (log(order) + log(delta)) / (order - 1.0)


def _lowest(height: Callable[[float], float]) -> float:
    """Where a function with one valley is lowest, by golden section."""
    low, high = _ORDERS
    for _ in range(80):
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        low, high = (low, right) if height(left) < height(right) else (left, high)
    return (low + high) / 2


def _checked(delta: float) -> None:
    if not 0.0 < delta < 1.0:
        raise ValueError(f"delta {delta} is not between 0 and 1. Take under 1 / (10 persons).")
