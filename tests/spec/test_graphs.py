"""Runs the worked examples of graphs.md: the page that people read is the test."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy.special import gammaln

from palermo.prevention import chordal, graphs

PAGE = Path(__file__).with_name("graphs.md").read_text("utf-8")
BOXES = re.findall(r"```text\n(.*?)--\n(.*?)```", PAGE, flags=re.DOTALL)
LISTS = "ABC"


def told(text):
    return dict(line.split(maxsplit=1) for line in text.strip().splitlines())


def log_prior(words, totals):
    """1/T, or a Poisson number whose mean is gamma distributed with this shape and rate."""
    if words == "1/T":
        return -np.log(totals)
    shape, rate = (float(word) for word in words.split()[1:])
    return (
        totals * np.log(rate)
        - (totals + shape) * np.log1p(rate)
        + gammaln(totals + shape)
        - gammaln(totals + 1)
        - gammaln(shape)
    )


def believed(asked):
    counts = np.zeros(8, dtype=np.int64)
    for names, people in asked.items():
        if set(names) <= set(LISTS):
            counts[sum(1 << LISTS.index(name) for name in names)] = int(people)
    first, last = (int(end) for end in asked["hidden"].split(" to "))
    hidden = np.arange(first, last + 1.0)
    return graphs.posterior(
        counts,
        hidden=hidden,
        graphs=chordal.graphs(3),
        delta=float(asked["delta"]),
        log_prior=log_prior(asked["prior"], hidden + counts.sum()),
    )


def cliques(belief):
    heaviest = int(belief.graphs[np.argmax(belief.weights)])
    masks = chordal.cliques(heaviest, vertices=3)
    return " ".join(sorted("".join(name for i, name in enumerate(LISTS) if mask >> i & 1) for mask in masks))


ANSWERS = {
    "graphs": lambda asked: str(len(chordal.graphs(int(asked["lists"])))),
    "estimate": lambda asked: f"{believed(asked).relative:.0f}",
    "mode": lambda asked: f"{believed(asked).mode:.0f}",
    "median": lambda asked: f"{believed(asked).quantile(0.5):.0f}",
    "low": lambda asked: f"{believed(asked).quantile(0.025):.0f}",
    "high": lambda asked: f"{believed(asked).quantile(0.975):.0f}",
    "weight": lambda asked: f"{believed(asked).weights.max():.2f}",
    "complete": lambda asked: f"{believed(asked).weight(chordal.complete(3)):.2f}",
    "cliques": lambda asked: cliques(believed(asked)),
}


@pytest.mark.parametrize("asked, expected", [pytest.param(*box, id=box[0][:8].strip()) for box in BOXES])
def test_the_example_comes_out_as_the_page_says(asked, expected):
    answers = told(expected)

    assert {name: ANSWERS[name](told(asked)) for name in answers} == answers


def test_the_page_has_every_example():
    assert len(BOXES) == 6
