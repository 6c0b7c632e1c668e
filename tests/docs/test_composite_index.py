"""What the documents say of the index is what it does."""

import re
from pathlib import Path

from palermo.appraisal import composite
from palermo.appraisal.composite import aggregation, causes, imputation, normalisation, reading

DOCS = Path(__file__).resolve().parents[2] / "docs"
REFERENCE = (DOCS / "reference" / "composite-index.md").read_text(encoding="utf-8")
HOW_TO = (DOCS / "how-to" / "make-an-index.md").read_text(encoding="utf-8")


def fences(language):
    return re.findall(rf"^```{language}\n(.*?)^```", HOW_TO, flags=re.MULTILINE | re.DOTALL)


def test_every_indicator_stands_in_the_reference_with_its_oldest_year():
    for id, one in causes.indicators().items():
        way = "more" if one["direction"] == 1 else "less"
        (line,) = [line for line in REFERENCE.splitlines() if line.startswith(f"| `{id}` |")]

        assert causes.dimensions()[one["dimension"]]["en"] in line
        assert f"| {way} vulnerable | `{one['table']}` | {one['oldest']} |" in line


def test_every_rule_of_a_step_stands_in_the_reference():
    rules = (*imputation.RULES, *normalisation.RULES, *aggregation.RULES)

    assert [rule for rule in rules if f"`{rule}`" not in REFERENCE] == []


def test_the_table_and_the_tree_of_the_how_to_make_an_index(tmp_path):
    (tmp_path / "table.csv").write_text(next(text for text in fences("text") if text.startswith("unit,")))
    (tmp_path / "tree.toml").write_text(fences("toml")[0])
    plan = reading.plan(tmp_path / "tree.toml")

    made = composite.index(
        reading.table(tmp_path / "table.csv", plan.hierarchy),
        plan.hierarchy,
        normalise=plan.steps.normalise,
        impute=plan.steps.impute,
        aggregate=plan.steps.aggregate,
    )

    assert made.units == ("XA", "XB", "XC")
    assert made.imputed_share("XB") == 0.5


def test_the_notebook_of_the_how_to_runs():
    names = {}

    exec(fences("python")[0], names)

    assert len(names["found"].draws) == 2000
