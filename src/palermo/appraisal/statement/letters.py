"""Likeness by letters: the cosine between the runs of 3 to 5 letters of two texts, rare runs weighing more.

It finds what stems part and a small model of English does not know: "régulier" and "régularisation".
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SHORTEST = 3
LONGEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """Texts as weighted runs of letters, each of length one; `idf` holds every run that stands in any."""

    texts: tuple[Mapping[str, float], ...]
    idf: Mapping[str, float]

    def likeness(self, stems: Sequence[str]) -> list[float]:
        """The cosine with each text, 0 to 1; a run that no text here has makes a query less like all."""
        query = _weighted(runs(stems), self.idf, unknown=math.log(len(self.texts)))
        return [sum(weight * query.get(run, 0.0) for run, weight in text.items()) for text in self.texts]


def letters(texts: Iterable[Sequence[str]]) -> Letters:
    """Texts that are already cut into stems."""
    counted = [runs(text) for text in texts]
    holding = Counter(run for counts in counted for run in counts)
    idf = {run: math.log(len(counted) / held) for run, held in holding.items()}
    return Letters(texts=tuple(_weighted(counts, idf, unknown=0.0) for counts in counted), idf=idf)


def runs(stems: Sequence[str]) -> Counter[str]:
    """The runs of letters of the stems, each stem between two marks."""
    marked = [f"_{stem}_" for stem in stems]
    return Counter(
        word[start : start + size]
        for word in marked
        for size in range(SHORTEST, LONGEST + 1)
        for start in range(len(word) - size + 1)
    )


def _weighted(counts: Mapping[str, int], idf: Mapping[str, float], *, unknown: float) -> dict[str, float]:
    """The runs by weight (1 + ln count) idf, scaled to length one."""
    weights = {run: (1 + math.log(count)) * idf.get(run, unknown) for run, count in counts.items()}
    length = math.sqrt(sum(weight * weight for weight in weights.values())) or 1.0
    return {run: weight / length for run, weight in weights.items()}
