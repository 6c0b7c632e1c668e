"""Pictures in the reader's language, with a row for every method and no label over another."""

import pytest
import vl_convert

from palermo.prevention import picture
from palermo.prevention.saying import LANGUAGES
from tests.prevention.estimates import REFUSAL, TABLE, an_estimate

REPORT = {"method": "a report", "total": None, "low": 100, "high": 250, "ours": False}


def drawn(spec):
    return vl_convert.vegalite_to_svg(spec)


def test_the_picture_has_a_row_for_every_answer_and_every_refusal():
    answers = (an_estimate(), REFUSAL, an_estimate("bic", interval=None))

    spec = picture.estimates([one.row() for one in answers])

    told = [(row["name"], row["told"]) for row in spec["data"]["values"]]
    assert told == [
        ("Stepwise", "200 (150 to 300)"),
        ("Latent classes", "refused"),
        ("Best model by BIC", "200"),
    ]
    assert "refused" in drawn(spec)


def test_figures_of_others_stand_under_a_heading_of_their_own():
    spec = picture.estimates([an_estimate().row(), REPORT])

    rows = spec["data"]["values"]
    assert [row.get("heading") or row["name"] for row in rows] == [
        "This run",
        "Stepwise",
        "Published by others",
        "A report",
    ]
    assert rows[-1]["told"] == "100 to 250"


@pytest.mark.parametrize(
    "language, name, told",
    [
        ("en", "Stepwise", "11,418 (9,325 to 14,063)"),
        ("fr", "Pas à pas", "11\u202f418 (9\u202f325 à 14\u202f063)"),
        ("ar", "الاختيار المتدرج", "11,418 (من 9,325 إلى 14,063)"),
    ],
)
def test_a_picture_speaks_the_language_and_writes_its_numbers(language, name, told):
    spec = picture.estimates([an_estimate(total=11418.0, low=9325, high=14063).row()], language=language)

    (row,) = spec["data"]["values"]
    assert row["name"].strip("\u2067\u2069") == name
    assert row["told"].strip("\u2067\u2069") == told
    assert spec["config"]["locale"]["number"]["thousands"] == {"fr": "\u202f"}.get(language, ",")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [320, 680])
def test_every_picture_can_be_drawn_wide_and_narrow_in_every_language(language, width):
    curve = [{"top": 1, "low": 5, "high": 9}, {"top": 5, "low": 4, "high": 9}]

    specs = (
        picture.estimates([an_estimate().row(), REPORT], language=language, observed=79, width=width),
        picture.overlaps(TABLE, language=language, width=width),
        picture.stability(curve, over="top", language=language, width=width),
    )

    assert all("<svg" in drawn(spec) for spec in specs)


def test_the_people_known_already_are_marked():
    assert "known: 79" in drawn(picture.estimates([an_estimate().row()], observed=79))


@pytest.mark.parametrize(
    "high, kind", [(300.0, "people in all"), (9000.0, "people in all (logarithmic scale)")]
)
def test_an_axis_that_spans_very_much_is_logarithmic_and_says_so(high, kind):
    assert kind + "<" in drawn(picture.estimates([an_estimate(high=high).row()]))


def test_a_picture_without_any_answer_can_be_drawn():
    assert "Latent classes" in drawn(picture.estimates([REFUSAL.row()]))


def test_overlaps_are_drawn_largest_first():
    rows = picture.overlaps(TABLE)["data"]["values"]

    assert [(row["lists"], row["people"]) for row in rows] == [("A", 40), ("B", 30), ("A + B", 9)]
    assert "A + B" in drawn(picture.overlaps(TABLE))


def test_a_stability_curve_leaves_out_points_without_an_interval():
    spec = picture.stability([{"top": 1}, {"top": 5, "low": 4, "high": 9}], over="top")

    assert [row["top"] for row in spec["data"]["values"]] == [5]
