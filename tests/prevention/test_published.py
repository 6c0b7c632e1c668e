"""Published figures are shown for the tables they belong to, with their source, and for no other."""

import tomllib
from importlib.resources import files

import pytest

from palermo.prevention import published
from tests.prevention.mse import reference, shared
from tests.prevention.tables import a_table

BOOK = tomllib.loads(files("palermo.prevention").joinpath("published.toml").read_text("utf-8"))
FIGURES = [one for people in BOOK["people"] for one in people["figures"]]


def test_the_uk_table_has_the_range_of_2014_and_what_was_published_since():
    found = published.of(shared("uk2013_6"))

    ranges = [(one.low, one.high) for one in found if one.method == "range"]
    stepwise = sorted(one.total for one in found if one.method == "stepwise")
    assert ranges == [(10_000, 13_000)]
    assert stepwise == [11_313, 11_418]


def test_the_same_people_on_five_lists_have_the_same_figures():
    assert published.of(shared("uk2013_5")) == published.of(shared("uk2013_6"))


def test_figures_come_with_the_least_total_first():
    places = [one.total or (one.low + one.high) / 2 for one in published.of(shared("netherlands_6"))]

    assert places == sorted(places)


def test_a_table_is_known_whatever_its_lists_are_called():
    table = shared("korea_3")
    renamed = table.merge({"x": ["b"], "y": ["c"], "z": ["d"]}).reordered(["z", "x", "y"])

    assert published.of(renamed) == published.of(table) != ()


def test_a_table_that_is_not_known_has_no_figures():
    assert published.of(a_table({"A": 40, "B": 30, "AB": 9})) == ()


def test_figures_are_those_that_the_reference_answers_cite():
    cited = reference("uk2013_5")["published"]
    best = cited["Silverman, Chan & Vincent 2024 Statistics and Computing 34:44"]["exhaustive_maxorder2"]

    (found,) = (one for one in published.of(shared("uk2013_5")) if one.method == "bic-pairs")
    assert [found.total, found.low, found.high] == best


@pytest.mark.parametrize("figure", FIGURES, ids=lambda one: f"{one['source']} {one['method']}")
def test_a_figure_has_a_source_and_a_total_or_a_range_in_order(figure):
    ends = [figure[name] for name in ("low", "total", "high") if name in figure]

    assert figure["source"] in BOOK["source"]
    assert ends == sorted(ends)
    assert "total" in figure or {"low", "high"} <= set(figure)


def test_a_row_names_the_authors_in_short_and_the_source_in_full():
    first = next(one for one in published.of(shared("uk2013_6")) if one.source.year == 2024)

    assert first.row()["method"] == "Silverman et al. 2024: BIC by downhill search"
    assert first.row("fr")["method"] == "Silverman et al. 2024 : BIC par descente"
    assert first.row()["ours"] is False
    assert str(first.source).startswith("Silverman, Chan & Vincent (2024). Bootstrapping")


def test_a_source_without_a_certain_title_is_cited_without_one():
    dutch = next(one for one in published.of(shared("netherlands_5")) if one.method == "range")

    assert str(dutch.source).endswith(
        "Kragten-Heerdink (2017). UNODC and Dutch National Rapporteur, research"
        " brief on the Netherlands, 2010–2015."
    )
