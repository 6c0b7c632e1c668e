"""BM25, by the formula of Robertson and Zaragoza, "The Probabilistic Relevance Framework" (2009), section 3.

idf(t) = ln(1 + (N - n(t) + 0.5) / (n(t) + 0.5)); a text D scores the sum over the words t of the query of
idf(t) f(t, D) (k1 + 1) / (f(t, D) + k1 (1 - b + b |D| / mean length)).
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """Texts as counted stems. `idf` holds every stem that stands in any of them."""

    counts: tuple[Mapping[str, int], ...]
    lengths: tuple[int, ...]
    idf: Mapping[str, float]
    k1: float
    b: float

    def scores(self, query: Sequence[str]) -> list[float]:
        """A score for each text, each distinct stem of the query counted once."""
        mean = sum(self.lengths) / len(self.lengths)
        asked = sorted(set(query) & self.idf.keys())
        return [
            sum(self._part(stem, number, mean) for stem in asked if stem in counts)
            for number, counts in enumerate(self.counts)
        ]

    def best(self, query: Sequence[str]) -> float:
        """The score that no text can pass: every stem of the query that is known here, without end."""
        return sum(self.idf[stem] * (self.k1 + 1) for stem in set(query) if stem in self.idf)

    def _part(self, stem: str, number: int, mean: float) -> float:
        often = self.counts[number][stem]
        longer = 1 - self.b + self.b * self.lengths[number] / mean
        return self.idf[stem] * often * (self.k1 + 1) / (often + self.k1 * longer)


def index(texts: Sequence[Sequence[str]], *, k1: float, b: float) -> Index:
    """An index over texts that are already cut into stems."""
    counts = tuple(Counter(text) for text in texts)
    holding = Counter(stem for counted in counts for stem in counted)
    size = len(texts)
    return Index(
        counts=counts,
        lengths=tuple(len(text) for text in texts),
        idf={stem: math.log(1 + (size - held + 0.5) / (held + 0.5)) for stem, held in holding.items()},
        k1=k1,
        b=b,
    )
