"""Runs the worked examples of bic.md: the page that people read is the test."""

import re
from pathlib import Path

import numpy as np
import pytest

from palermo.prevention import bic, checks, hierarchy
from palermo.prevention.overlap import Overlap

PAGE = Path(__file__).with_name("bic.md").read_text("utf-8")
BOXES = re.findall(r"```text\n(.*?)--\n(.*?)```", PAGE, flags=re.DOTALL)
MOVES = {"low of 1": 3, "low of 2": 3, "low of 6": 3, "high of 1": 51, "high of 2": 30, "high of 6": 30}


def told(text):
    return dict(line.rsplit(maxsplit=1) for line in text.strip().splitlines())


def table(asked):
    cells = {names: int(people) for names, people in asked.items() if names.isupper()}
    lists = tuple(sorted(set("".join(cells))))
    counts = np.zeros(1 << len(lists), dtype=np.int64)
    for names, people in cells.items():
        counts[sum(1 << lists.index(name) for name in names)] = people
    return Overlap(lists=lists, counts=counts)


def answers(asked):
    """Everything a box may ask for, by its words."""
    order = int(asked["order"])
    if "lists" in asked:
        return {"count": str(len(hierarchy.catalogue(int(asked["lists"]), order)))}
    people = table(asked)
    if len(people.lists) == 2:
        return {"chapman AB": f"{checks.chapman(people)['A', 'B'].total:.0f}"}
    found = bic.estimate(people, order=order, replicates=int(asked.get("replicates", 0)))
    mean = bic.estimate(people, order=order, averaged=True, replicates=0)
    curve = {
        f"{end} of {point['top']}": point[end] for point in found.details["curve"] for end in ("low", "high")
    }
    return {
        "models": str(found.details["admissible"]),
        "best": " ".join("".join(term) for term in found.model),
        "total": f"{found.total:.0f}",
        "weight": f"{found.details['weight_of_best']:.2f}",
        "average": f"{mean.total:.0f}",
        **curve,
    }


@pytest.mark.parametrize(
    "asked, expected", [pytest.param(*box, id=f"box {n}") for n, box in enumerate(BOXES)]
)
def test_the_example_comes_out_as_written(asked, expected):
    wanted = re.findall(r"^(.*?)\s+(\S+(?: BC)?)$", expected, re.MULTILINE)
    found = answers(told(asked))

    for words, value in wanted:
        if words in MOVES:
            assert found[words] == pytest.approx(float(value), abs=MOVES[words])
        else:
            assert found[words] == value
