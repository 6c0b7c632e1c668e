"""A count of people as pages may show it: a multiple of five, the same for the same people.

A count between two multiples goes to one or the other by a draw that falls to each as often as the count is
near it. The draw is made of the keys of those counted: the same people are rounded the same way, whatever is
asked, so that asking again tells no more.
"""

from dataclasses import dataclass

STEP = 5
_ALL = 1 << 64


@dataclass(slots=True)
class Draw:
    """A draw made of keys, in whatever order they come."""

    drawn: int = 0

    def add(self, key: bytes) -> None:
        """One more of those counted."""
        self.drawn ^= int.from_bytes(key[:8], "big")

    def people(self, count: int) -> int:
        """The count as it is shown."""
        whole, rest = divmod(count, STEP)
        return STEP * (whole + (self.drawn * STEP < rest * _ALL))
