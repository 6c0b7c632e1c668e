"""The multinomials that NumPy 2.4 drew from a seed, written out: figures of the peers hang on these numbers.

NumPy 2.5 draws others from the same seed. What NumPy promises to keep is the stream of bits, and nothing else
is asked of it here. Binomials come by inversion or by BTPE (Kachitvichyanukul & Schmeiser, Communications of
the ACM 31, 1988), with the arithmetic in the order of that version.
"""

import math
from collections.abc import Iterator

import numpy as np

INVERTED = 30  # people expected at most


def multinomials(people, *, number: int, seed: int):
    """So many rows of everybody spread over the cells by their shares."""
    stream, shares = uniforms(seed), (people / people.sum()).tolist()
    return np.array([row(int(people.sum()), shares, stream) for _ in range(number)])


def uniforms(seed: int) -> Iterator[float]:
    bits = np.random.PCG64(seed)
    while True:
        yield from ((bits.random_raw(4096) >> np.uint64(11)) * 2.0**-53).tolist()


def row(people: int, shares: list[float], stream: Iterator[float]) -> list[int]:
    found, rest = [0] * len(shares), 1.0
    for cell, share in enumerate(shares[:-1]):
        found[cell] = binomial(people, share / rest, stream)
        people, rest = people - found[cell], rest - share
        if people <= 0:
            return found
    found[-1] = people
    return found


def binomial(n: int, p: float, stream: Iterator[float]) -> int:
    if n == 0 or p == 0.0:
        return 0
    if p > 0.5:
        return n - binomial(n, 1.0 - p, stream)
    return inverted(n, p, stream) if p * n <= INVERTED else btpe(n, p, stream)


def inverted(n: int, p: float, stream: Iterator[float]) -> int:
    q = 1.0 - p
    first = math.exp(n * math.log(q))
    bound = int(min(n, n * p + 10.0 * math.sqrt(n * p * q + 1)))
    count, chance, uniform = 0, first, next(stream)
    while uniform > chance:
        count += 1
        if count > bound:
            count, chance, uniform = 0, first, next(stream)
        else:
            uniform -= chance
            chance = ((n - count + 1) * p * chance) / (count * q)
    return count


def btpe(n: int, r: float, stream: Iterator[float]) -> int:
    """The paper's names; `y` is proposed from a triangle, two sides or two tails, then accepted or not."""
    q = 1.0 - r
    peak = n * r + r
    m = math.floor(peak)
    p1 = math.floor(2.195 * math.sqrt(n * r * q) - 4.6 * q) + 0.5
    xm = m + 0.5
    xl, xr = xm - p1, xm + p1
    c = 0.134 + 20.5 / (15.3 + m)
    a = (peak - xl) / (peak - xl * r)
    left = a * (1.0 + a / 2.0)
    a = (xr - peak) / (xr * q)
    right = a * (1.0 + a / 2.0)
    p2 = p1 * (1.0 + 2.0 * c)
    p3 = p2 + c / left
    p4 = p3 + c / right
    while True:
        u, v = next(stream) * p4, next(stream)
        if u <= p1:
            return math.floor(xm - p1 * v + u)
        if u <= p2:
            x = xl + (u - p1) / c
            v = v * c + 1.0 - abs(m - x + 0.5) / p1
            if v > 1.0:
                continue
            y = math.floor(x)
        elif v == 0.0:
            continue
        elif u <= p3:
            y = math.floor(xl + math.log(v) / left)
            v = v * (u - p2) * left
        else:
            y = math.floor(xr - math.log(v) / right)
            v = v * (u - p3) * right
        if 0 <= y <= n and accepted(y, v, n=n, r=r, q=q, m=m):
            return y


def accepted(y: int, v: float, *, n: int, r: float, q: float, m: int) -> bool:
    k, variance = abs(y - m), n * r * q
    if k <= 20 or k >= variance / 2.0 - 1:
        return v <= ratio(y, n=n, r=r, q=q, m=m)
    rho = (k / variance) * ((k * (k / 3.0 + 0.625) + 0.16666666666666666) / variance + 0.5)
    t, log_v = -k * k / (2 * variance), math.log(v)
    if log_v < t - rho:
        return True
    if log_v > t + rho:
        return False
    x, f, z, w = y + 1, m + 1, n + 1 - m, n - y + 1
    bound = (m + 0.5) * math.log(f / x) + (n - m + 0.5) * math.log(z / w)
    bound += (y - m) * math.log(w * r / (x * q))
    return log_v <= bound + sum(map(stirling, (f, z, x, w)))


def ratio(y: int, *, n: int, r: float, q: float, m: int) -> float:
    """The probability of y over that of m."""
    s = r / q
    a, found = s * (n + 1), 1.0
    for i in range(m + 1, y + 1):
        found *= a / i - s
    for i in range(y + 1, m + 1):
        found /= a / i - s
    return found


def stirling(x: int) -> float:
    """As that version has it: added for all four, where the paper takes two of them off."""
    square = float(x * x)
    series = 13680.0 - (462.0 - (132.0 - (99.0 - 140.0 / square) / square) / square) / square
    return series / x / 166320.0
