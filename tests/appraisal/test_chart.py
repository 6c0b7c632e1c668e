"""Pictures: the same specification gives the same bytes, and every mark has its number."""

import re
from html import unescape

import pytest

from palermo.appraisal import chart, picture
from palermo.appraisal.report import Point
from palermo.appraisal.words import Language


def drawn(points, language=Language.ENGLISH, name="victims"):
    names = [point.name for point in points]
    spec = picture.PICTURES[name](points, names, language=language, font="sans-serif")
    chart._svg.cache_clear()
    return chart.svg({**spec, "description": 'A "chart" & its table'})


YEARS = [
    Point(name=str(year), low=low, high=high) for year, low, high in [(2019, 32022, 32022), (2021, 1, 4)]
]


@pytest.mark.parametrize(
    "name, points", [("victims", YEARS), ("profile", [Point(name="Prevention", low=0, high=92)])]
)
def test_the_same_picture_has_the_same_bytes(name, points):
    assert drawn(points, name=name) == drawn(points, name=name)


def test_clip_paths_of_two_pictures_do_not_share_a_name():
    one, other = drawn(YEARS), drawn(YEARS[:1])

    assert not set(re.findall(r'id="([^"]+)"', one)) & set(re.findall(r'id="([^"]+)"', other))


def test_a_picture_says_what_it_is_and_carries_no_style_script_or_address():
    text = drawn(YEARS)

    assert unescape(re.search(r'aria-label="([^"]*)"', text)[1]) == 'A "chart" & its table'
    assert " style=" not in text
    assert "<script" not in text
    assert set(re.findall(r"https?://[^\"]+", text)) == {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }


@pytest.mark.parametrize("language, label", [(Language.ENGLISH, "32,022"), (Language.FRENCH, "32\u202f022")])
def test_every_bar_has_its_number_beside_it(language, label):
    text = drawn(YEARS, language)

    assert f">{label}<" in text
    assert ">1–4<" in text


def test_a_year_without_a_figure_has_its_place_on_the_axis():
    assert ">2020<" in drawn(YEARS)


def test_many_years_stand_upright():
    many = [Point(name=str(year), low=year, high=year) for year in range(2003, 2023)]

    assert "rotate(" in drawn(many)
    assert "rotate(" not in drawn(YEARS)
