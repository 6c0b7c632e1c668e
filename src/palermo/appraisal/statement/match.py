"""Which provisions a passage may speak of, best first, and how likely it is that any fits.

A person decides: no score here does.
"""

from dataclasses import dataclass
from functools import cache

from palermo.appraisal import provision, words
from palermo.appraisal.statement import bm25, embedding, topic
from palermo.appraisal.statement.claim import Proposal
from palermo.appraisal.statement.document import MATCHED
from palermo.appraisal.statement.embedding import Embed
from palermo.appraisal.words import Language

PROPOSED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Proposes provisions. `embed` is None where BM25 works alone, and `why_alone` says why."""

    embed: Embed | None = None
    why_alone: str = ""

    @property
    def name(self) -> str:
        return "MiniLM int8 and BM25" if self.embed else "BM25 alone"

    def proposals(self, text: str, language: str) -> tuple[tuple[Proposal, ...], float]:
        """At least five proposals, best first, and the probability that any provision fits.

        A passage in a third language is given none, and 0.
        """
        if language not in MATCHED:
            return (), 0.0
        index = _index(language)
        stems = topic.stems(text, language)
        best = index.best(stems) or 1.0
        ranked = sorted(zip(index.scores(stems), ids(), strict=True), key=lambda one: (-one[0], one[1]))
        found = tuple(
            Proposal(provision=id_, score=round(score / best, 4)) for score, id_ in ranked[:PROPOSED]
        )
        return found, found[0].score


def matcher(*, embed: bool | None = None) -> Matcher:
    """With embeddings where they are installed; `embed=True` insists on them, `embed=False` does without."""
    if embed is False:
        return Matcher(why_alone="Embeddings were not asked for: BM25 works alone.")
    if embed is None and embedding.missing():
        return Matcher(why_alone=f"No embedding model is installed: BM25 works alone. {embedding.INSTALL}")
    return Matcher(embed=embedding.embedder())


@cache
def ids() -> tuple[str, ...]:
    """The provisions that are proposed: those of the Plan."""
    return tuple(one.id for one in provision.plan())


@cache
def _index(language: str) -> bm25.Index:
    table = words.table("matching.toml")["bm25"]
    texts = [one.text.in_language(Language(language)) for one in provision.plan()]
    return bm25.index([topic.stems(text, language) for text in texts], k1=table["k1"], b=table["b"])
