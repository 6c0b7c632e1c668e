"""An estimate never stands as a number alone: what it carries."""

import json
from html import escape

import pytest

from palermo.errors import InvalidRecord
from palermo.prevention.estimate import ASSUMPTIONS, Estimate
from tests.prevention.estimates import REFUSAL, an_estimate


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


def test_one_estimate_draws_itself():
    (line,) = an_estimate().plot()["data"]["values"]

    assert (line["name"], line["told"]) == ("Stepwise", "200 (150 to 300)")
