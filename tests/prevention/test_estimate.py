"""An estimate never stands as a number alone: what it carries, and how it is shown."""

import json
from html import escape

import pytest
import vl_convert

from palermo.errors import InvalidRecord
from palermo.prevention import page, picture, reading
from palermo.prevention.estimate import ASSUMPTIONS, Estimate, Interval, refused
from palermo.prevention.saying import say
from tests.prevention.tables import a_table

TABLE = a_table({"A": 40, "B": 30, "AB": 9})


def an_estimate(method="stepwise", total=200.0, low=150.0, high=300.0, **known):
    return Estimate(
        **{
            "method": method,
            "lists": TABLE.lists,
            "observed": TABLE.observed,
            "table": TABLE.hash,
            "estimable": True,
            "total": total,
            "hidden": total - TABLE.observed,
            "interval": Interval(level=0.95, kind="bca", low=low, high=high),
            "model": (("A", "B"),),
            **known,
        }
    )


REASON = say("same-list", other="<A>", first="B")
REFUSAL = refused("latent", TABLE, REASON, code=2, seed=7)


@pytest.mark.parametrize(
    "known",
    [{"total": None}, {"estimable": False}, {"estimable": False, "total": None}],
    ids=["no total", "a total all the same", "no reason"],
)
def test_a_total_stands_if_and_only_if_it_is_estimable_and_a_refusal_says_why(known):
    with pytest.raises(InvalidRecord, match="refusal says why"):
        Estimate(
            **{
                "method": "m",
                "lists": ("A",),
                "observed": 9,
                "table": "",
                "estimable": True,
                "total": 20.0,
                **known,
            }
        )


def test_the_document_has_the_fields_that_other_programs_read():
    document = json.loads(an_estimate().to_json())

    assert document["interval"] == {"level": 0.95, "kind": "bca", "low": 150.0, "high": 300.0}
    assert document["model"] == [["A", "B"]]
    assert set(document) >= {
        *("method", "estimable", "code", "total", "hidden", "interval", "model", "aic", "bic"),
        *("acceleration", "replicates", "failed", "warnings", "assumptions", "seed", "versions"),
    }


def test_a_refusal_has_no_total_and_keeps_its_reasons_and_seed():
    document = json.loads(REFUSAL.to_json())

    assert document["total"] is document["interval"] is None
    assert document["warnings"] == ["List <A> holds the same people as B: left out."]
    assert document["warnings_fr"] == ["La liste <A> contient les mêmes personnes que B : elle est omise."]
    assert document["assumptions_ar"] == [one.text("ar") for one in ASSUMPTIONS]
    assert (document["code"], document["seed"], document["estimable"]) == (2, 7, False)


def test_a_notebook_shows_interval_model_warnings_and_assumptions():
    shown = an_estimate()._repr_html_()

    assert "150 to 300" in shown
    assert "A × B" in shown
    assert all(escape(str(assumption)) in shown for assumption in ASSUMPTIONS)
    assert "List &lt;A&gt; holds" in REFUSAL._repr_html_()


def test_the_picture_shows_every_answer_and_names_the_refusals():
    answers = (an_estimate(), REFUSAL, an_estimate("bic", interval=None))
    published = {"method": "a report", "total": None, "low": 100, "high": 250, "ours": False}

    spec = picture.estimates([*(one.row() for one in answers), published])

    assert [row["method"] for row in spec["data"]["values"]] == ["stepwise", "bic", "a report"]
    assert spec["title"]["subtitle"] == "Refused: latent"
    assert "stepwise" in vl_convert.vegalite_to_svg(spec)


def test_one_estimate_draws_itself():
    assert an_estimate().plot()["data"]["values"] == [
        {"method": "stepwise", "total": 200.0, "low": 150.0, "high": 300.0, "ours": True}
    ]


def test_overlaps_are_drawn_largest_first():
    rows = picture.overlaps(TABLE)["data"]["values"]

    assert [(row["lists"], row["people"]) for row in rows] == [("A", 40), ("B", 30), ("A + B", 9)]
    assert "A + B" in vl_convert.vegalite_to_svg(picture.overlaps(TABLE))


def test_a_stability_curve_is_drawn_over_its_variable():
    spec = picture.stability([{"top": 1, "low": 5, "high": 9}, {"top": 5, "low": 4, "high": 9}], over="top")

    assert spec["encoding"]["x"]["field"] == "top"
    assert "<svg" in vl_convert.vegalite_to_svg(spec)


def test_a_page_holds_the_reading_the_pictures_and_their_tables():
    results = (an_estimate(), REFUSAL)
    words = reading.reading(results, observed=79, lists=2)

    shown = page.page(TABLE, results, reading=words)

    assert shown.count("<svg") == 2
    assert '<p lang="fr">' in shown
    assert "<td>200</td><td>150</td><td>300</td>" in shown
    assert "<td>A + B</td><td>9</td>" in shown
    assert "src=" not in shown


@pytest.mark.parametrize(
    "results, english, french",
    [
        ((REFUSAL,), "No method can say", "Aucune méthode"),
        ((an_estimate(),), "One method answers: stepwise", "Une seule méthode"),
        ((an_estimate(), an_estimate("bic", 210.0)), "agree closely", "concordent"),
        ((an_estimate(), an_estimate("bic", 500.0)), "factor of 2.5", "facteur 2,5"),
        ((an_estimate(), REFUSAL), "Refused: latent.", "refusée : latent."),
    ],
    ids=["none", "one", "agree", "differ", "refused"],
)
def test_the_reading_says_in_both_languages_what_the_methods_do(results, english, french):
    words = reading.reading(results, observed=79, lists=2)

    assert english in words["en"]
    assert french in words["fr"]


def test_the_reading_gives_the_range_of_all_intervals_in_three_figures():
    words = reading.reading(
        [an_estimate(total=11417.99, low=9325.1, high=14063.2), an_estimate("bic", 22991.3, high=43894.2)],
        observed=2744,
        lists=6,
    )

    assert "2,744 people" in words["en"]
    assert "11,400 (stepwise) and 23,000 (bic)" in words["en"]
    assert "range is 150 to 43,900" in words["en"]
    assert "de 150 à 43\u202f900" in words["fr"]
