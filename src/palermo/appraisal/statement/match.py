"""Which provisions a passage may speak of, best first, and how likely it is that any fits.

A passage is compared with the phrases of each provision in its own language: by meaning (vectors of MiniLM,
the words of the subject cut first), by words (BM25) and by letters. What is no provision competes. A person
decides: no score here does. Weights and their fit: framework/matching.toml, docs/explanation/matching.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from palermo.appraisal import words
from palermo.appraisal.statement import bm25, embedding, keep, topic
from palermo.appraisal.statement.claim import Proposal
from palermo.appraisal.statement.document import MATCHED
from palermo.appraisal.statement.embedding import Embed
from palermo.appraisal.statement.letters import Letters, letters
from palermo.appraisal.statement.term import Subject, subjects

PROPOSED = 5
NEAREST = 3
SHARED_WORDS = 4
ALONE = "alone"
LEAST = 0.02

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a passage compares with every subject of its language, in their order; `nearest` are phrases."""

    scores: Scores
    nearest: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matcher:
    """Proposes provisions. `embed` is None where BM25 works alone, and `why_alone` says why."""

    embed: Embed | None = None
    model: str = ""
    why_alone: str = ""

    @property
    def name(self) -> str:
        return "MiniLM int8 and BM25" if self.embed else "BM25 alone"

    def proposals(self, text: str, language: str) -> tuple[tuple[Proposal, ...], float]:
        """Five provisions, best first, and the probability that any provision fits.

        A passage in a third language is given none, and 0.
        """
        if language not in MATCHED:
            return (), 0.0
        fit = self.compared(text, language)
        listed = subjects(language)
        order = sorted(
            (n for n, one in enumerate(listed) if one.provision), key=lambda n: (-fit.scores[n], n)
        )
        found = tuple(self._proposal(n, fit, text, language) for n in order[:PROPOSED])
        return found, self._match(fit, listed, language)

    def scored(self, text: str, language: str) -> Scores:
        """The scores alone, those of the provisions of the Plan first."""
        return self.compared(text, language).scores

    def compared(self, text: str, language: str) -> Fit:
        """The score of every subject, between 0 and 1."""
        weights = self._weights(language)
        stems = topic.stems(text, language)
        parts = {"words": _by_words(stems, language), "letters": np.zeros(len(subjects(language)))}
        if weights["letters"]:
            parts["letters"] = _by_letters(stems, language)
        nearest: tuple[str, ...] = ()
        if self.embed and weights["meaning"]:
            near = _phrases(language, self.embed, self.model) @ self.embed(topic.cut(text, language))
            parts["meaning"], nearest = _grouped(near, language), _nearest(near, language)
        scores = sum((weights[name] * part for name, part in parts.items()), np.zeros(len(parts["words"])))
        return Fit(scores=np.clip(scores / sum(weights.values()), 0.0, 1.0), nearest=nearest)

    def _weights(self, language: str) -> dict[str, float]:
        return dict(words.table("matching.toml")["weights"][language if self.embed else ALONE])

    def _proposal(self, number: int, fit: Fit, text: str, language: str) -> Proposal:
        subject = subjects(language)[number]
        why = shared(text, subject, language)
        if fit.nearest:
            why = (*why, f"≈ {fit.nearest[number]}")
        return Proposal(provision=subject.id, score=round(float(fit.scores[number]), 4), why=why)

    def _match(self, fit: Fit, listed: Sequence[Subject], language: str) -> float:
        """The probability by a logistic curve over the best score and how far it passes what is none."""
        is_provision = np.array([one.provision for one in listed])
        best, none = float(fit.scores[is_provision].max()), float(fit.scores[~is_provision].max())
        if best <= 0:
            return 0.0
        curve = words.table("matching.toml")["match"][language if self.embed else ALONE]
        ahead = math.log((best + LEAST) / (none + LEAST))
        return round(1 / (1 + math.exp(-(curve["at"] + curve["ahead"] * ahead + curve["best"] * best))), 4)


def matcher(*, embed: bool | None = None) -> Matcher:
    """With embeddings where they are installed; `embed=True` insists on them, `embed=False` does without."""
    if embed is False:
        return Matcher(why_alone="Embeddings were not asked for: BM25 works alone.")
    if embed is None and embedding.missing():
        return Matcher(why_alone=f"No embedding model is installed: BM25 works alone. {embedding.INSTALL}")
    return Matcher(embed=embedding.embedder(), model=embedding.files().identity)


def shared(text: str, subject: Subject, language: str) -> tuple[str, ...]:
    """The words of the passage that the subject's phrases hold too, those that few subjects hold first."""
    index = _index(language)
    known = index.counts[[one.id for one in subjects(language)].index(subject.id)]
    found: dict[str, str] = {}
    for word in topic.WORD.findall(text):
        for stem in topic.stems(word, language):
            if stem in known:
                found.setdefault(stem, word.lower())
    rare = sorted(found, key=lambda stem: (-index.idf[stem], stem))
    return tuple(dict.fromkeys(found[stem] for stem in rare[:SHARED_WORDS]))


def _by_words(stems: Sequence[str], language: str) -> Scores:
    """BM25, as a share of the score that no subject can pass."""
    index = _index(language)
    return np.array(index.scores(stems)) / (index.best(stems) or 1.0)


def _by_letters(stems: Sequence[str], language: str) -> Scores:
    return _grouped(np.array(_letters(language).likeness(stems)), language)


def _grouped(near: NDArray[np.floating], language: str) -> Scores:
    """For each subject the mean of its three nearest phrases: one alone may be near by chance."""
    return np.array([np.sort(near[part])[-NEAREST:].mean() for part in _parts(language)])


def _nearest(near: NDArray[np.floating], language: str) -> tuple[str, ...]:
    listed = subjects(language)
    return tuple(
        one.phrases[int(near[part].argmax())] for one, part in zip(listed, _parts(language), strict=True)
    )


@cache
def _parts(language: str) -> tuple[slice, ...]:
    """Where the phrases of each subject stand among all phrases."""
    ends = np.cumsum([len(one.phrases) for one in subjects(language)]).tolist()
    return tuple(slice(start, end) for start, end in zip([0, *ends], ends, strict=False))


@cache
def _phrases(language: str, embed: Embed, model: str) -> NDArray[np.float32]:
    texts = [topic.cut(phrase, language) for one in subjects(language) for phrase in one.phrases]
    return keep.vectors(texts, embed, model=model)


@cache
def _letters(language: str) -> Letters:
    return letters(topic.stems(phrase, language) for one in subjects(language) for phrase in one.phrases)


@cache
def _index(language: str) -> bm25.Index:
    table = words.table("matching.toml")["bm25"]
    texts = [
        [stem for phrase in (*one.phrases, one.also) for stem in topic.stems(phrase, language)]
        for one in subjects(language)
    ]
    return bm25.index(texts, k1=table["k1"], b=table["b"])
