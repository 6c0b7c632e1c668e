"""Charts: a picture fit for the strict policy, kept by its content, beside its table."""

import datetime as dt
import re
from dataclasses import replace

import pytest
from django.template.loader import render_to_string
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from palermo.appraisal import chart as drawing
from palermo.node import chart, picture
from palermo.node.table import Column, Table

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">{}</svg>'
BARS = {
    "width": 100,
    "height": 80,
    "data": {"values": [{"year": "2024", "people": 3}, {"year": "2025", "people": 7}]},
    "mark": "bar",
    "encoding": {
        "x": {"field": "year", "type": "ordinal"},
        "y": {"field": "people", "type": "quantitative"},
    },
}


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(chart, "_cache", lambda: tmp_path / "charts")


def cleaned(inside):
    return picture.markup(SVG.format(inside), prefix="p")


def a_figure(**given):
    columns = (Column(name="year", label="Year"), Column(name="people", label="People", numeric=True))
    shown = {
        "id": "by-year",
        "title": "People by year",
        "summary": "More people in 2025 than in 2024.",
        "table": Table(id="t", caption="People by year", columns=columns, rows=BARS["data"]["values"]),
        "source": "our own list",
        "as_of": dt.date(2026, 1, 31),
        "spec": BARS,
    }
    return chart.Figure(**(shown | given))


def test_a_style_becomes_attributes_that_the_policy_lets_pass():
    html = cleaned('<path d="M0,0" style="fill: red; stroke-width:2px; position:fixed"/>')

    assert 'fill="red"' in html
    assert 'stroke-width="2px"' in html
    assert "style" not in html
    assert "position" not in html


@pytest.mark.parametrize(
    "outside",
    [
        "<script>alert(1)</script>",
        "<style>*{fill:red}</style>",
        "<foreignObject><b>x</b></foreignObject>",
        '<image href="https://example.org/x.png"/>',
        '<use href="https://example.org/x.svg#a"/>',
        '<a href="https://example.org"><text>x</text></a>',
        '<rect onclick="alert(1)"/>',
        '<rect fill="url(https://example.org/x)"/>',
        '<rect style="fill:url(https://example.org/x)"/>',
        '<rect style="clip-path:image(x)"/>',
        '<animate attributeName="x" to="1"/>',
    ],
)
def test_nothing_from_outside_passes(outside):
    html = cleaned(outside)

    assert not re.search(r"example|alert|script|style|onclick|foreign|image|animate|<b>", html)


def test_two_pictures_share_no_name():
    html = cleaned('<clipPath id="c0"><rect width="1"/></clipPath><g clip-path="url(#c0)"/>')

    assert 'id="p-c0"' in html
    assert 'clip-path="url(#p-c0)"' in html


def test_a_picture_is_silent_for_it_is_named_from_outside():
    html = cleaned('<g role="graphics-object" aria-label="bars"/>')

    assert 'aria-hidden="true"' in html
    assert "role" not in html
    assert "aria-label" not in html


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))))
def test_no_text_of_a_picture_becomes_markup(words):
    escaped = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert cleaned(f"<text>{escaped}</text>").count("<") == 4 if words else True


def test_a_path_is_kept_to_a_tenth_of_a_pixel():
    assert 'd="M0.1,2L3.5,4.1Z"' in cleaned('<path d="M0.123,2L3.456,4.123L3.4999,4.1001Z"/>')


def test_a_document_with_entities_is_refused():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]><svg xmlns="http://www.w3.org/2000/svg"><text>&a;</text></svg>'

    with pytest.raises(ValueError, match="DTD"):
        picture.markup(bomb, prefix="p")


def test_what_vega_draws_keeps_its_bars_and_its_labels():
    html = a_figure().picture()

    assert html.count("#0f6073") == 2
    assert "2025" in html
    assert "style=" not in html


def test_a_picture_is_drawn_once(monkeypatch):
    first = chart.svg(BARS)
    monkeypatch.delattr(drawing, "svg")

    assert chart.svg(dict(reversed(BARS.items()))) == first


def test_another_content_is_another_picture():
    assert chart.svg(BARS) != chart.svg(BARS | {"height": 120})


def test_a_specification_may_say_otherwise_than_the_kit():
    spec = chart.themed({"config": {"axis": {"labelFontSize": 20}, "font": "serif"}})

    assert spec["config"]["axis"]["labelFontSize"] == 20
    assert spec["config"]["axis"]["gridColor"] == chart.THEME["axis"]["gridColor"]
    assert spec["config"]["font"] == "serif"


@pytest.mark.parametrize("language, said", [("en", "2,000"), ("fr", "2\xa0000"), ("ar", "2\u202f000")])
def test_a_picture_writes_its_numbers_as_its_language_does(language, said):
    big = BARS | {"data": {"values": [{"year": "2024", "people": 4000}]}}
    with translation.override(language):
        assert said in chart.svg(big)


def test_a_figure_shows_its_sentence_its_table_and_its_source():
    figure = a_figure()
    html = render_to_string("kit/figure.html", {"figure": figure, "picture": figure.picture()})

    assert "More people in 2025 than in 2024." in html
    assert "<svg" in html
    assert 'dir="ltr"' in html
    assert "<table" in html
    assert "Source: our own list. As of 31 January 2026." in html


def test_a_figure_without_a_specification_is_its_table_alone():
    figure = a_figure(spec=None)
    html = render_to_string("kit/figure.html", {"figure": figure, "picture": figure.picture()})

    assert "<svg" not in html
    assert "<table" in html


def test_a_figure_with_a_narrow_picture_has_one_for_phones_and_one_for_the_rest():
    wide = {"data": {"values": [{"a": 1}]}, "mark": "bar", "width": 500, "encoding": {"x": {"field": "a"}}}
    figure = replace(a_figure(), spec=wide, narrow=chart.narrowed(wide))

    html = render_to_string(
        "kit/figure.html", {"figure": figure, "picture": figure.picture(), "small": figure.small()}
    )

    assert html.count("pal-figure__picture--wide") == html.count("pal-figure__picture--narrow") == 1
    assert 'width="300"' in html


def test_a_figure_without_one_scrolls():
    assert a_figure().small() == ""


def test_a_long_name_is_broken_between_words_and_a_short_one_is_not():
    assert chart.lines("Models averaged by BIC") == ["Models averaged", "by BIC"]
    assert chart.lines("Stepwise") == ["Stepwise"]
    assert chart.lines("") == [""]
