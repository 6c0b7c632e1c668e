"""The world map: codes, classes, boundaries that can be replaced."""

import csv
import json
from importlib.resources import files

import pytest
from django.utils import translation

from palermo.errors import Unknown
from palermo.node import world

SQUARE = {
    "type": "Topology",
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [{"type": "Polygon", "arcs": [[0]], "id": "586", "properties": {"name": "Square"}}],
        }
    },
    "arcs": [[[0, 0], [0, 9], [9, 0], [0, -9], [-9, 0]]],
    "transform": {"scale": [1, 1], "translate": [0, 0]},
}


@pytest.fixture
def boundaries(tmp_path, monkeypatch):
    file = tmp_path / "ours.json"
    file.write_text(json.dumps(SQUARE), encoding="utf-8")
    monkeypatch.setattr(world, "chosen", lambda: file)
    return file


def classes(spec):
    rows = spec["layer"][1]["transform"][1]["from"]["data"]["values"]
    return {row["id"]: row["class"] for row in rows}


def test_a_country_is_known_by_either_of_its_codes():
    assert world.number("PAK") == world.number("PK") == "586"
    assert world.number("XA") == ""


def test_every_country_of_the_vocabulary_has_one_number():
    with files("palermo.standards").joinpath("vocabularies/country.csv").open(encoding="utf-8") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    real = [code for code in codes if len(code) == 2 and not code.startswith("X")]
    numbers = [world.number(code) for code in real]

    assert all(numbers)
    assert len(set(numbers)) == len(numbers)


@pytest.mark.parametrize(
    "value, label",
    [
        (0, "under 5"),
        (4.9, "under 5"),
        (5, "5 to under 1,000"),
        (999, "5 to under 1,000"),
        (1000, "1,000 and over"),
    ],
)
def test_a_value_falls_into_the_class_that_its_words_say(boundaries, value, label):
    spec = world.choropleth({"PAK": value}, legend="People", steps=(5, 1000))

    assert classes(spec) == {"586": label}


def test_classes_are_worded_in_the_language_of_the_page():
    with translation.override("fr"):
        assert world.labels((5, 1000)) == ["moins de 5", "de 5 à moins de 1\xa0000", "1\xa0000 et plus"]


def test_a_made_up_country_is_on_no_map(boundaries):
    assert classes(world.choropleth({"XA": 3}, legend="People", steps=(5,))) == {}


def test_the_boundaries_are_those_that_the_node_names(boundaries):
    spec = world.choropleth({"PAK": 3}, legend="People", steps=(5,))
    shapes = spec["layer"][1]["data"]["values"]["objects"]["countries"]["geometries"]

    assert [shape["properties"]["name"] for shape in shapes] == ["Square"]


def test_a_small_boundary_keeps_every_point(boundaries):
    assert world.topology(boundaries)["arcs"] == SQUARE["arcs"]


def test_a_long_boundary_is_thinned_and_still_closes(tmp_path):
    steps = [[0, 0], *[[1, 0]] * 3000, *[[0, 1]] * 3000, *[[-1, 0]] * 3000, *[[0, -1]] * 3000]
    file = tmp_path / "long.json"
    file.write_text(
        json.dumps(SQUARE | {"arcs": [steps], "transform": {"scale": [0.01, 0.01], "translate": [0, 0]}}),
        encoding="utf-8",
    )

    (arc,) = world.topology(file)["arcs"]

    assert len(arc) < len(steps) / 10
    assert (sum(step[0] for step in arc), sum(step[1] for step in arc)) == (0, 0)


@pytest.mark.parametrize(
    "content, word",
    [("{", "readable"), ('{"objects": {}}', "countries"), ('"text"', "countries"), ("[]", "countries")],
)
def test_a_boundary_file_that_is_none_is_refused_by_name(tmp_path, content, word):
    file = tmp_path / "wrong.json"
    file.write_text(content, encoding="utf-8")

    with pytest.raises(Unknown, match=rf"wrong\.json .*{word}"):
        world.topology(file)


def test_a_boundary_file_that_is_not_there_is_refused_by_name(tmp_path):
    with pytest.raises(Unknown, match=r"gone\.json"):
        world.topology(tmp_path / "gone.json")


def test_boundaries_that_were_never_built_are_asked_for(monkeypatch):
    monkeypatch.setattr(world, "SHIPPED", "palermo/built/geography/none.json")

    with pytest.raises(Unknown, match=r"python hatch_build\.py"):
        world.chosen()
