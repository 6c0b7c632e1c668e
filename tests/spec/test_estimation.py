"""Runs the worked examples of estimation.md: the page that people read is the test."""

import re
from pathlib import Path

import pytest

from palermo.prevention import existence, loglinear, stepwise
from tests.prevention.tables import a_table, shared, terms_of

PAGE = Path(__file__).with_name("estimation.md").read_text("utf-8")


def examples():
    for number, box in enumerate(re.findall(r"```text\n(.*?)```", PAGE, flags=re.DOTALL), start=1):
        drawn, facts = box.split("--\n")
        for fact in facts.strip().splitlines():
            yield pytest.param(drawn, *fact.split(), id=f"{number}: {fact}")


def table_of(drawn):
    if drawn.startswith("shared"):
        return shared(drawn.split()[1])
    rows = {names: int(people) for names, people in (line.split() for line in drawn.strip().splitlines())}
    return a_table(rows, lists=sorted(set("".join(rows))))


@pytest.mark.parametrize("drawn, asked, model, told", list(examples()))
def test_the_example_comes_out_as_the_page_says(drawn, asked, model, told):
    table, terms = table_of(drawn), tuple(terms_of(model))

    if asked == "code":
        assert existence.code(table.counts, terms) == int(told)
    elif asked == "total":
        assert loglinear.fit(table, terms).total == pytest.approx(float(told), rel=1e-6)
    else:
        assert set(stepwise.chosen(table)) == set(terms)
        assert loglinear.fit(table, terms).total == pytest.approx(float(told), rel=1e-6)
