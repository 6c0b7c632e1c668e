"""Replicates of a table from a stream of our own, compiled: the same on every machine and version of NumPy.

The stream is the counter-based Philox4x32-10 (Salmon, Moraes, Dror and Shaw, SC 2011). Its key names the
table and the seed, its counter the replicate, the cell and the attempt: what one cell of one replicate gets
depends on no thread, batch or split, nor on how many numbers another cell used up. Cells are conditional
binomials, by inversion where few people are expected and else by Hörmann's transformed rejection (BTRS,
J. Statist. Comput. Simul. 46, 1993). Only + - * / and the square root are used, whose last digit IEEE 754
fixes; even the logarithm is ours, so no mathematical library of the machine can change a draw.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from math import floor, frexp, sqrt

import numpy as np
from numba import njit
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Reals = NDArray[np.float64]
Words = tuple[int, int, int, int]

FEW = 10.0  # people expected: under it inversion is quicker, from it on the rejection is valid

_WORD = 0xFFFFFFFF
_ROUNDS = 10
_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_UNIT = 2.0**-52
_ROOT_HALF = 0.7071067811865476
_LN2 = (0.6931471803691238, 1.9082149292705877e-10)  # its first digits, and the rest
# What Stirling's formula leaves out of log k! at k = 0, 1 ... 9; from 10 on the series is exact enough.
_LEFT = (
    0.08106146679532726, 0.04134069595540929, 0.02767792568499834, 0.02079067210376509, 0.01664469118982119,
    0.01387612882307075, 0.01189670994589177, 0.01041126526197209, 0.00925546218271273, 0.00833056343336287,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Source:
    """Where replicates come from: `people` spread over cells by `weights`, under the name `key`."""

    key: tuple[int, int]
    people: int
    weights: Reals

    @classmethod
    def named(cls, *name: object, people: int, weights: Counts | Reals) -> "Source":
        """The source whose key is the SHA-256 of these values written out: plain numbers, texts, lists."""
        digest = sha256(repr(name).encode()).digest()
        key = int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:8], "little")
        return cls(key=key, people=people, weights=np.asarray(weights, dtype=np.float64))

    def rows(self, numbers: Iterable[int]) -> Counts:
        """The replicates of these numbers, one a row, one column a cell."""
        asked = np.fromiter(numbers, dtype=np.int64)
        drawn = np.empty((asked.size, self.weights.size), dtype=np.int64)
        fill(self.key, asked, self.people, self.weights, drawn)
        return drawn


@njit(cache=True, nogil=True)
def fill(key: tuple[int, int], numbers: Counts, people: int, weights: Reals, drawn: Counts) -> None:
    """Draw each replicate into its row: people over cells by weight, one binomial after another."""
    after = np.empty(weights.size)
    total = 0.0
    for cell in range(weights.size - 1, -1, -1):
        after[cell] = total
        total += weights[cell]
    for row in range(numbers.size):
        left = people
        for cell in range(weights.size):
            some = binomial(key, numbers[row], cell, left, weights[cell], after[cell])
            drawn[row, cell] = some
            left -= some


@njit(cache=True, nogil=True)
def binomial(key: tuple[int, int], number: int, cell: int, people: int, inside: float, outside: float) -> int:
    """How many of the people fall inside, whose odds against the outside are the two weights."""
    if people == 0 or inside <= 0.0:
        return 0
    if outside <= 0.0:
        return people
    share = min(inside, outside) / (inside + outside)
    rarer = (
        inverted(key, number, cell, people, share)
        if people * share < FEW
        else rejected(key, number, cell, people, share)
    )
    return rarer if inside <= outside else people - rarer


@njit(cache=True, nogil=True)
def inverted(key: tuple[int, int], number: int, cell: int, people: int, share: float) -> int:
    """The count at which the sum of probabilities from 0 up passes a uniform number (share at most 1/2)."""
    odds, attempt = share / (1.0 - share), 0
    nobody = power(1.0 - share, people)
    while True:
        chance, _ = uniforms(key, number, cell, attempt)
        probability = nobody
        for count in range(people + 1):
            if chance < probability:
                return count
            chance -= probability
            probability *= odds * (people - count) / (count + 1)
        attempt += 1  # rounding kept the sum of all probabilities below the uniform number


@njit(cache=True, nogil=True)
def rejected(key: tuple[int, int], number: int, cell: int, people: int, share: float) -> int:
    """A count proposed by a table mountain hat, accepted by its probability (share at most 1/2)."""
    spread = sqrt(people * share * (1.0 - share))
    width = 1.15 + 2.53 * spread
    bend = -0.0873 + 0.0248 * width + 0.01 * share
    top, sure = (2.83 + 5.1 / width) * spread, 0.92 - 4.2 / width
    attempt = 0
    while True:
        place, height = uniforms(key, number, cell, attempt)
        attempt += 1
        place -= 0.5
        edge = 0.5 - abs(place)
        count = floor((2.0 * bend / edge + width) * place + people * share + 0.5)
        if count < 0 or count > people:
            continue
        if edge >= 0.07 and height <= sure:
            return count
        asked = logarithm(height * top / (bend / (edge * edge) + width))
        if asked <= likelihood(count, people, share):
            return count


@njit(cache=True, nogil=True)
def likelihood(count: int, people: int, share: float) -> float:
    """The log of the binomial probability of the count, less that of the most probable one."""
    mode = floor((people + 1) * share)
    odds = share / (1.0 - share)
    others, rest = people - mode + 1.0, people - count + 1.0
    return (
        (mode + 0.5) * logarithm((mode + 1.0) / (odds * others))
        + (people + 1.0) * logarithm(others / rest)
        + (count + 0.5) * logarithm(odds * rest / (count + 1.0))
        + (stirling(mode) + stirling(people - mode) - stirling(count) - stirling(people - count))
    )


@njit(cache=True, nogil=True)
def stirling(count: int) -> float:
    """log count! less Stirling's formula for it."""
    if count < len(_LEFT):
        return _LEFT[count]
    one = 1.0 / (count + 1.0)
    square = one * one
    return (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - square / 1680.0) * square) * square) * one


@njit(cache=True, nogil=True)
def power(value: float, times: int) -> float:
    """The value multiplied with itself, by squaring."""
    found = 1.0
    while times:
        if times & 1:
            found *= value
        value *= value
        times >>= 1
    return found


@njit(cache=True, nogil=True)
def logarithm(value: float) -> float:
    """The natural logarithm of a positive number, in additions, multiplications and one division."""
    part, exponent = frexp(value)
    if part < _ROOT_HALF:
        part, exponent = part * 2.0, exponent - 1
    ratio = (part - 1.0) / (part + 1.0)
    square, series = ratio * ratio, 0.0
    for odd in range(23, 1, -2):  # 2 artanh(ratio), |ratio| < 0.172
        series = (series + 1.0 / odd) * square
    return exponent * _LN2[0] + (exponent * _LN2[1] + 2.0 * ratio * series + 2.0 * ratio)


@njit(cache=True, nogil=True)
def uniforms(key: tuple[int, int], number: int, cell: int, attempt: int) -> tuple[float, float]:
    """Two numbers strictly between 0 and 1, of 52 random bits each."""
    a, b, c, d = philox(key, (attempt, cell, number & _WORD, number >> 32 & _WORD))
    return ((a >> 6) * 67108864.0 + (b >> 6) + 0.5) * _UNIT, ((c >> 6) * 67108864.0 + (d >> 6) + 0.5) * _UNIT


@njit(cache=True, nogil=True)
def philox(key: tuple[int, int], counter: Words) -> Words:
    """Four random words of 32 bits, the function of a key of two words and a counter of four."""
    a, b, c, d = counter
    first, second = key
    for _ in range(_ROUNDS):
        # A product may pass 2^63 and turn negative: its 64 bits, and so both words, are right all the same.
        one, other = a * _MULTIPLIERS[0], c * _MULTIPLIERS[1]
        a, b = (other >> 32 & _WORD) ^ b ^ first, other & _WORD
        c, d = (one >> 32 & _WORD) ^ d ^ second, one & _WORD
        first, second = first + _WEYL[0] & _WORD, second + _WEYL[1] & _WORD
    return a, b, c, d
