"""Matching of passages with provisions: ours beside BM25 alone, the bare embedding and others.

    python benchmarks/statements.py [--draws 2000] [--fit]

Two sets. The labelled documents are the figure: three statements, 45 sentences and clauses, and in French the
sentences of the same documents that say the same. Sentences of our own, two or three for each provision and
some far from the subject, guard against fitting three documents; their writer wrote the key terms too,
so figures on them are too good. Printed for each: how often the first proposal is right, one of the first
three, the pillar of the first; and the area under the curve for any provision against none; each with a 90%
bootstrap interval over sentences. The probability is judged too with its curve fitted on two documents and
read on the third. `--fit` prints the curves of framework/matching.toml: fitted on the labelled documents, and
on our own sentences at a fifth of their weight, since no labelled document speaks of something else entirely.
"""

import argparse
import csv
import json
import math
import platform
import sys
import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from palermo.appraisal import provision, words
from palermo.appraisal.statement import bm25, embedding, match, topic
from palermo.appraisal.statement.opening import opened
from palermo.appraisal.statement.passage import passages

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "shared" / "data"
OWN = HERE / "statements_own" / "sentences.toml"
RESULTS = HERE / "results" / "statements.json"
SAME_IN_FRENCH = {number: number + 16 for number in (*range(6, 17), 18, 19)}
"""Passages of document 004 in English, and the passages that say the same in French."""
TARGETS = {"first": 0.78, "first three": 0.90, "pillar": 0.92, "match or none": 0.85}
PRIOR = (0.0, 3.0, 2.0)
OWN_WEIGHT = 0.2
Compare = Callable[[str, str], np.ndarray]
Row = tuple[tuple[float, float], bool, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One labelled sentence; `right` is empty where none fits."""

    document: str
    language: str
    text: str
    right: frozenset[str]


def labelled() -> list[Item]:
    """The labelled sentences, and those of document 004 that say the same in French."""
    with (DATA / "appraisal" / "statement_gold_dev.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    english = [
        Item(
            document=row["seed"], language="en", text=row["text"], right=frozenset(row["provisions"].split())
        )
        for row in rows
    ]
    texts = {one.number: one.text for one in passages(opened(next((DATA / "statements").glob("004*.txt"))))}
    known = {" ".join(one.text.split()): one.right for one in english}
    french = [
        Item(document="004", language="fr", text=texts[there], right=known[" ".join(texts[here].split())])
        for here, there in SAME_IN_FRENCH.items()
    ]
    return english + french


def our_own() -> list[Item]:
    listed = tomllib.loads(OWN.read_text(encoding="utf-8"))
    return [
        Item(document="own", language=language, text=text, right=frozenset(right.split()))
        for right, texts in listed.items()
        for language in ("en", "fr")
        for text in texts[language]
    ]


def methods() -> dict[str, Compare]:
    """Every method by name: from a text to a score for each subject, provisions first."""
    found = {"BM25, text of provisions": _bare_words, "BM25 alone": match.matcher(embed=False).scored}
    if not embedding.missing():
        embed = embedding.embedder()
        found |= {
            "embedding, raw": lambda text, language: _bare(embed, text, language, lambda one, _: one),
            "embedding, topic words cut": lambda text, language: _bare(embed, text, language, topic.cut),
            "ours": match.matcher().scored,
        }
    return found


def _bare_words(text: str, language: str) -> np.ndarray:
    texts = [topic.stems(one.text.in_language(language), language) for one in provision.plan()]
    table = words.table("matching.toml")["bm25"]
    scores = bm25.index(texts, k1=table["k1"], b=table["b"]).scores(topic.stems(text, language))
    return np.array([*scores, 0.0])


def _bare(embed: embedding.Embed, text: str, language: str, cut: Callable[[str, str], str]) -> np.ndarray:
    texts = [cut(one.text.in_language(language), language) for one in provision.plan()]
    return np.array([*(np.array([_kept(embed, one) for one in texts]) @ embed(cut(text, language))), 0.0])


_VECTORS: dict[str, np.ndarray] = {}


def _kept(embed: embedding.Embed, text: str) -> np.ndarray:
    if text not in _VECTORS:
        _VECTORS[text] = embed(text)
    return _VECTORS[text]


IDS = [one.id for one in provision.plan()]
PILLARS = {one.id: one.pillar for one in provision.plan()}


def judged(scores: np.ndarray, right: frozenset[str]) -> tuple[float, float, float]:
    """Whether the first, one of the first three, and the pillar of the first are right."""
    best = [IDS[number] for number in np.argsort(-scores[: len(IDS)], kind="stable")[:3]]
    return (
        float(best[0] in right),
        float(bool(set(best) & right)),
        float(PILLARS[best[0]] in {PILLARS[one] for one in right}),
    )


def area(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a sentence with a provision stands above one with none."""
    if not len(positive) or not len(negative):
        return math.nan
    above = np.subtract.outer(np.array(positive), np.array(negative))
    return float((above > 0).mean() + (above == 0).mean() / 2)


def features(scores: np.ndarray) -> tuple[float, float]:
    best, none = float(scores[: len(IDS)].max()), float(scores[len(IDS) :].max())
    return math.log((max(best, 0) + match.LEAST) / (max(none, 0) + match.LEAST)), best


def fitted(rows: Iterable[tuple[tuple[float, float], bool, float]], *, pull: float = 0.1) -> np.ndarray:
    """The logistic curve of least loss over features, answer and weight, pulled a little to a prior curve."""
    listed = list(rows)
    design = np.array([[1.0, *one] for one, _, _ in listed])
    answer = np.array([float(yes) for _, yes, _ in listed])
    heavy = np.array([weight for _, _, weight in listed])
    prior, weight = np.array(PRIOR), np.diag([0.01, pull, pull])

    def loss(at: np.ndarray) -> float:
        score = design @ at
        return float(
            heavy @ np.logaddexp(0, np.where(answer > 0, -score, score))
            + (at - prior) @ weight @ (at - prior) / 2
        )

    return np.asarray(minimize(loss, prior).x)


def left_out(items: list[Item], scores: list[np.ndarray], extra: list[Row]) -> list[float]:
    """For each item the probability by a curve fitted without its document."""
    rows = [
        (one.document, features(score), bool(one.right)) for one, score in zip(items, scores, strict=True)
    ]
    curves = {
        name: fitted([(found, yes, 1.0) for document, found, yes in rows if document != name] + extra)
        for name in {one.document for one in items}
    }
    return [1 / (1 + math.exp(-float(np.array([1.0, *found]) @ curves[name]))) for name, found, _ in rows]


def figures(items: list[Item], scores: list[np.ndarray], chances: Sequence[float], *, draws: int) -> dict:
    """Each figure with its interval over sentences drawn anew."""
    marks = np.array(
        [judged(s, one.right) if one.right else (math.nan,) * 3 for one, s in zip(items, scores, strict=True)]
    )
    fits = np.array([bool(one.right) for one in items])
    chance = np.array(chances)

    def read(chosen: np.ndarray) -> list[float]:
        yes, no = chosen[fits[chosen]], chosen[~fits[chosen]]
        means = marks[yes].mean(axis=0).tolist() if len(yes) else [math.nan] * 3
        return [*means, area(chance[yes], chance[no])]

    rng = np.random.default_rng(20201)
    every = np.array([read(rng.integers(0, len(items), len(items))) for _ in range(draws)])
    low, high = np.nanquantile(every, [0.05, 0.95], axis=0)
    point = read(np.arange(len(items)))
    return {
        name: (round(p, 3), round(a, 3), round(b, 3))
        for name, p, a, b in zip(TARGETS, point, low, high, strict=True)
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--draws", type=int, default=2000, help="bootstrap draws (default: 2000)")
    parser.add_argument("--fit", action="store_true", help="print the curves of framework/matching.toml")
    asked = parser.parse_args()
    if not (DATA / "appraisal" / "statement_gold_dev.csv").is_file():
        print(f"Skipped: no labelled sentences in {DATA}.")
        return 0
    sets = {
        "documents, en": [one for one in labelled() if one.language == "en"],
        "documents, fr": [one for one in labelled() if one.language == "fr"],
        "our own, en": [one for one in our_own() if one.language == "en"],
        "our own, fr": [one for one in our_own() if one.language == "fr"],
    }
    results: dict[str, dict] = {}
    for name, method in methods().items():
        for of, items in sets.items():
            scores = [method(one.text, one.language) for one in items]
            chances = chance(name, items, scores)
            results.setdefault(of, {})[name] = figures(items, scores, chances, draws=asked.draws)
            if of == "documents, en" and name in {"ours", "BM25 alone"}:
                results[of][f"{name}, document left out"] = figures(
                    items,
                    scores,
                    left_out(items, scores, rows_of(sets["our own, en"], method, weight=OWN_WEIGHT)),
                    draws=asked.draws,
                )
    show(sets, results)
    if asked.fit:
        fit(sets)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


def chance(name: str, items: list[Item], scores: list[np.ndarray]) -> list[float]:
    """What a method says of any provision against none: ours its probability, the others their best score."""
    if name not in {"ours", "BM25 alone"}:
        return [float(one[: len(IDS)].max()) for one in scores]
    matcher = match.matcher(embed=None if name == "ours" else False)
    return [matcher.proposals(one.text, one.language)[1] for one in items]


def show(sets: dict[str, list[Item]], results: dict[str, dict]) -> None:
    print(f"Python {platform.python_version()}, {platform.machine()}; 90% bootstrap intervals over sentences")
    for of, rows in results.items():
        fit_some = sum(bool(one.right) for one in sets[of])
        print(
            f"\n{of}: {len(sets[of])} sentences, {fit_some} with a provision, "
            f"{len(sets[of]) - fit_some} with none"
        )
        print(f"  {'':34}" + "".join(f"{name:>20}" for name in TARGETS))
        for name, row in rows.items():
            cells = "".join(f"{f'{p:.2f} ({a:.2f}-{b:.2f})':>20}" for p, a, b in row.values())
            print(f"  {name:34}{cells}")
    print(f"\n  {'asked of ours, en':34}" + "".join(f"{one:>20.2f}" for one in TARGETS.values()))


def rows_of(items: Iterable[Item], method: Compare, *, weight: float) -> list[Row]:
    return [(features(method(one.text, one.language)), bool(one.right), weight) for one in items]


def fit(sets: dict[str, list[Item]]) -> None:
    """The curves as the table holds them."""
    print("\n[match]")
    for key, languages in {"en": ["en"], "fr": ["fr"], "alone": ["en", "fr"]}.items():
        method = match.matcher(embed=False if key == "alone" else None).scored
        rows = [
            row
            for language in languages
            for of, weight in (("documents", 1.0), ("our own", OWN_WEIGHT))
            for row in rows_of(sets[f"{of}, {language}"], method, weight=weight)
        ]
        at = fitted(rows)
        print(f"{key} = {{ at = {at[0]:.2f}, ahead = {at[1]:.2f}, best = {at[2]:.2f} }}")


if __name__ == "__main__":
    sys.exit(main())
