"""Texts: gathered from pages and code, and every one in French and Arabic."""

import json

import pytest

from palermo.node import catalogue

PAGE = """{% load i18n %}
    {% translate "Cases" %}
  <p title="{% translate 'It''s open' %}">
{% blocktranslate count n=number trimmed %}
  {{ n }} case
{% plural %}
  {{ n }} cases
{% endblocktranslate %}
        {% blocktranslate with who=name %}Hello {{ who }}{% endblocktranslate %}
  {% translate "May" context "month" %} {{ _("Later") }}
"""
CODE = """
from django.utils.translation import gettext_lazy as _, ngettext
LABEL = _("Open")
LONG = _(
    "First part, "
    "second part."
)
def words(n):
    return ngettext("%(n)s row", "%(n)s rows", n), unknown("Not a text")
"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('{% translate "Cases" %}', encoding="utf-8")
    (tmp_path / "code.py").write_text(
        '_("Hello %(who)s"); ngettext("%(n)s row", "%(n)s rows", 2)', encoding="utf-8"
    )
    return tmp_path


def book(site, language="fr"):
    return catalogue.gathered(language, catalogue.texts(site), catalogue.catalogue(language, site))


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_every_text_of_the_node_is_translated(language):
    now = catalogue.gathered(language, catalogue.texts(), catalogue.catalogue(language))

    assert list(catalogue.faults(now)) == []


def test_the_texts_of_a_page_are_found_whatever_its_indents():
    found = list(catalogue.keys(PAGE.replace("''", "&#39;"), template=True))

    assert (None, "Cases") in found
    assert (None, ("%(n)s case", "%(n)s cases")) in found
    assert (None, "Hello %(who)s") in found
    assert ("month", "May") in found
    assert (None, "Later") in found


def test_the_texts_of_code_are_found_whole():
    assert list(catalogue.keys(CODE, template=False)) == [
        (None, "Open"),
        (None, "First part, second part."),
        (None, ("%(n)s row", "%(n)s rows")),
    ]


def test_a_translation_stays_when_texts_are_gathered_again(site):
    first = book(site)
    catalogue.fill(first, {"Cases": "Dossiers"})
    catalogue.write(first, site)

    assert book(site).get("Cases").string == "Dossiers"


def test_a_text_that_is_gone_leaves_the_catalogue(site):
    catalogue.write(book(site), site)
    (site / "templates" / "page.html").write_text("", encoding="utf-8")

    assert book(site).get("Cases") is None


def test_gathering_twice_gives_the_same_file(site):
    catalogue.write(book(site), site)
    first = catalogue.path("fr", site).read_bytes()
    catalogue.write(book(site), site)

    assert catalogue.path("fr", site).read_bytes() == first


def test_a_text_nobody_uses_is_named(site):
    assert catalogue.fill(book(site), {"Goodbye": "Adieu"}) == ["Goodbye"]


def test_what_is_not_translated_is_listed(site):
    assert list(catalogue.faults(book(site))) == [
        "fr: not translated: '%(n)s row'",
        "fr: not translated: 'Cases'",
        "fr: not translated: 'Hello %(who)s'",
    ]


@pytest.mark.parametrize("said", ["Bonjour", "Bonjour %(qui)s", "Bonjour %(who)s %(who_else)s"])
def test_a_translation_with_other_placeholders_is_a_fault(site, said):
    now = book(site)
    catalogue.fill(now, {"Hello %(who)s": said})

    assert "fr: other placeholders than the English: 'Hello %(who)s'" in list(catalogue.faults(now))


def test_arabic_wants_its_six_forms(site):
    now = book(site, "ar")
    catalogue.fill(now, {"%(n)s row": ["صف", "صفوف"]})
    too_few = list(catalogue.faults(now))
    catalogue.fill(now, {"%(n)s row": ["لا صفوف", "صف واحد", "صفان", "%(n)s صفوف", "%(n)s صفاً", "%(n)s صف"]})

    assert "ar: not translated: '%(n)s row'" in too_few
    assert "ar: not translated: '%(n)s row'" not in list(catalogue.faults(now))


def test_the_command_fills_from_a_file_and_says_what_is_missing(site, tmp_path, monkeypatch, capsys):
    french = tmp_path / "mine.json"
    french.write_text(json.dumps({"Cases": "Dossiers"}), encoding="utf-8")
    for name in ("texts", "catalogue", "write"):
        function = getattr(catalogue, name)
        monkeypatch.setattr(catalogue, name, lambda *given, function=function: function(*given, site))

    code = catalogue.main(["--fill", "fr", str(french)])

    said = capsys.readouterr().out
    assert code == 1
    assert "fr: not translated: 'Cases'" not in said
    assert "ar: not translated: 'Cases'" in said
