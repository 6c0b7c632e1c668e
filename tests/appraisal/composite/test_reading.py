"""An index of one's own from CSV and TOML: numbers as people write them, faults with their line."""

import csv

import pytest

from palermo.appraisal import composite
from palermo.appraisal.composite import page, reading
from palermo.errors import InvalidRecord, Unreachable

TREE = """
[index]
id = "chances"
name = "Chances"

[group.body]
[group.mind]
weight = 2

[indicator.food]
parent = "body"
[indicator.school]
parent = "mind"
direction = -1
denominator = "people"
[indicator.books]
parent = "mind"
goalposts = [0, 10]

[steps]
aggregate = ["arithmetic", "geometric"]
weigh = "given"
[steps.normalise]
low = 1
[steps.impute]
rule = "group_mean"
by = "region"
[steps.coverage]
least = 2
"""
TABLE = """unit,name,region,food,food.year,school,people,books
XA,Alpha,n,"1,234",2019,5,10,1
XB,Beta,n,1 234.5,2020,6,10,
XC,Gamma,s,7e2,,7,10,3
XD,=HYPERLINK(),s,..,2018,9,10,4
"""


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "tree.toml").write_text(TREE)
    return tmp_path / "tree.toml"


def table(tmp_path, text=TABLE):
    (tmp_path / "table.csv").write_text(text)
    return tmp_path / "table.csv"


def made(tree, tmp_path):
    plan = reading.plan(tree)
    read = reading.table(table(tmp_path), plan.hierarchy)
    steps = plan.steps
    return composite.index(
        read,
        plan.hierarchy,
        coverage=steps.coverage,
        impute=steps.impute,
        normalise=steps.normalise,
        aggregate=steps.aggregate,
    )


def test_a_table_and_a_tree_make_an_index(tree, tmp_path):
    found = made(tree, tmp_path)

    assert found.hierarchy.top == "chances"
    assert found.hierarchy.weights["mind"] == 2
    assert found.denominated[0].tolist() == [1234, 0.5, 1]
    assert found.imputed[1].tolist() == [1234.5, 0.6, 1]
    assert found.years[:, 0].tolist() == [2019, 2020, 0, 2018]
    assert found.treatments == ()


def test_the_csv_gives_each_cell_with_its_year_and_no_formula(tree, tmp_path):
    found = composite.uncertainty(made(tree, tmp_path), draws=100)

    rows = {one["unit"]: one for one in csv.DictReader(page.as_csv(found).splitlines())}

    assert rows["XA"]["food.year"] == "2019"
    assert (rows["XD"]["food.imputed"], rows["XD"]["name"]) == ("1", "'=HYPERLINK()")
    assert int(rows["XA"]["rank_low_90"]) <= int(rows["XA"]["rank_high_90"])


def test_the_page_stands_alone_and_marks_what_was_filled_in(tree, tmp_path):
    told = page.document(composite.uncertainty(made(tree, tmp_path), draws=100))

    assert told.startswith("<!doctype html>")
    assert "<script" not in told
    assert "700 *" in told
    assert "1234 (2019)" in told


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("7e2", "NaN"), "line 4, food: is not a number"),
        (("7e2", "inf"), "line 4, food: is not a number"),
        (("7e2", "<5"), "line 4, food: is a suppressed count"),
        (("7e2", "12,34"), "row: has 9 cells"),
        (("2019", "19"), "line 2, food.year: is not a year"),
        (("XB", " "), "line 3, unit: is empty"),
        (("XB", "XA"), "unit XA: stands twice"),
        (("food,", "feed,"), "food: the column is missing"),
    ],
)
def test_what_a_table_may_not_hold_is_named_with_its_line(tree, tmp_path, change, said):
    given = table(tmp_path, TABLE.replace(*change, 1))

    with pytest.raises(InvalidRecord, match=said):
        reading.table(given, reading.plan(tree).hierarchy)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("[group.body]", "[group.body"), "is not TOML"),
        (("[group.body]", "[groups.body]"), "unknown part 'groups'"),
        (("weight = 2", "heavy = 2"), "group mind: has no 'heavy'"),
        (("weight = 2", 'weight = "2"'), "group mind: must be real number"),
        (("[steps.coverage]", "[steps.covrage]"), "no step 'covrage'"),
        (("least = 2", "at_least = 2"), "steps.coverage: has no 'at_least'"),
        (('parent = "body"', 'parent = "soul"'), "'soul', which is no group"),
        (("[indicator.food]", "[indicator.detected_victims]"), "counts victims that were found"),
    ],
)
def test_what_a_tree_may_not_hold_is_named(tmp_path, change, said):
    (tmp_path / "tree.toml").write_text(TREE.replace(*change, 1))

    with pytest.raises(InvalidRecord, match=said):
        reading.plan(tmp_path / "tree.toml")


def test_one_mean_may_be_given_by_its_name(tmp_path):
    (tmp_path / "tree.toml").write_text(
        '[indicator.a]\n[steps]\naggregate = "harmonic"\n[steps.treat]\npoints = 2\n'
    )
    plan = reading.plan(tmp_path / "tree.toml")

    assert plan.steps.aggregate.rules == ("harmonic",)
    assert plan.steps.treat.points == 2
    assert plan.hierarchy.top == "index"


def test_a_tree_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Unreachable, match=r"none\.toml: cannot be read"):
        reading.plan(tmp_path / "none.toml")
