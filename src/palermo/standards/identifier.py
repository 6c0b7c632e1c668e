"""Identifiers of records: 128 random bits in base 32 and a character that shows a slip of the pen.

The alphabet is Crockford's, without I, L, O and U. The check character is a weighted sum over the field of
32 elements, with the powers of a generator as weights: it changes with any one wrong character and with any
two characters swapped. The caller passes the source of randomness; a node passes `secrets.token_bytes`.
"""

from collections.abc import Callable
from functools import reduce
from operator import xor
from typing import Final

from palermo.errors import PalermoError

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BYTES: Final = 16
LENGTH: Final = 27
PATTERN: Final = f"[{ALPHABET}]{{{LENGTH}}}"
_MISREAD: Final = str.maketrans("ILO", "110", "- ")
_VALUE: Final = {character: value for value, character in enumerate(ALPHABET)}
_POLYNOMIAL: Final = 0b100101  # x^5 + x^2 + 1, irreducible over two elements


class WeakRandomness(PalermoError):
    """The source of randomness gave another number of bytes than it was asked for."""


def make(random_bytes: Callable[[int], bytes]) -> str:
    """A new identifier from 16 bytes of a cryptographic source."""
    drawn = random_bytes(BYTES)
    if len(drawn) != BYTES:
        raise WeakRandomness(f"Asked for {BYTES} random bytes, got {len(drawn)}. Pass secrets.token_bytes.")
    number = int.from_bytes(drawn, "big")
    body = "".join(ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))
    return body + check_character(body)


def verify(identifier: str) -> bool:
    """Whether an identifier is well formed and its check character fits."""
    if len(identifier) != LENGTH or not _VALUE.keys() >= set(identifier):
        return False
    return check_character(identifier[:-1]) == identifier[-1]


def canonical(typed: str) -> str:
    """What a person typed, in capitals, without blanks and hyphens, with I, L and O read as digits."""
    return typed.upper().translate(_MISREAD)


def check_character(body: str) -> str:
    """The character that ends an identifier whose first 26 characters are `body`."""
    pairs = zip(_PRODUCTS, body, strict=True)
    return ALPHABET[reduce(xor, (products[character] for products, character in pairs))]


def _times(left: int, right: int) -> int:
    product = 0
    while right:
        product ^= left * (right & 1)
        right >>= 1
        left <<= 1
        left ^= _POLYNOMIAL * (left >> 5)
    return product


def _powers(count: int) -> tuple[int, ...]:
    weights = [2]
    while len(weights) < count:
        weights.append(_times(weights[-1], 2))
    return tuple(weights)


_WEIGHTS: Final = _powers(LENGTH - 1)
_PRODUCTS: Final = tuple(
    {character: _times(value, weight) for character, value in _VALUE.items()} for weight in _WEIGHTS
)
