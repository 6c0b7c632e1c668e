"""The web page: accessible structure, no outside address, no script, texts escaped."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from palermo.appraisal import page
from palermo.appraisal.words import Language, Text
from tests.appraisal.made import a_report, an_action, an_observation
from tests.appraisal.test_report import FACTS, Page


@pytest.fixture(scope="module", params=list(Language))
def document(request):
    return page.document(a_report(*FACTS), request.param)


def test_a_document_asks_nothing_of_the_outside(document):
    fetched = [
        value
        for tag, given in Page(document).tags
        for name, value in given.items()
        if name in {"src", "srcset", "data"}
    ]

    assert fetched == []
    assert "<script" not in document
    assert "@import" not in document
    assert "url(" not in document.replace("url(#", "")
    assert not re.search(r"<link\b", document)


def test_headings_go_down_one_level_at_a_time(document):
    levels = Page(document).headings

    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_ids_are_used_once(document):
    ids = Page(document).ids

    assert len(ids) == len(set(ids))


def test_every_table_has_a_caption_and_scoped_headers(document):
    tables = re.findall(r"<table.*?</table>", document, flags=re.DOTALL)

    assert tables
    for table in tables:
        assert "<caption" in table
        assert 'scope="col"' in table
        assert all('scope="' in header for header in re.findall(r"<th\b[^>]*>", table))
        assert len(re.findall(r"<tr\b", table)) == len(re.findall(r'scope="row"', table)) + 1


def test_every_picture_says_what_it_is_and_is_followed_by_its_table(document):
    pictures = re.findall(r'<svg role="img" aria-label="([^"]+)"', document)

    assert len(pictures) == 2
    assert all("table" in text or "tableau" in text or "الجدول" in text for text in pictures)
    assert re.search(r"</figure>\s*<div class=\"app-table-scroll\"", document)


def test_a_scrolling_table_can_be_reached_by_keyboard(document):
    scrolling = [given for tag, given in Page(document).tags if given.get("class") == "app-table-scroll"]

    assert all(one.get("tabindex") == "0" and one.get("aria-label") for one in scrolling)


def test_a_fragment_has_no_style_of_its_own_and_says_its_language():
    text = page.fragment(a_report(*FACTS), Language.FRENCH)

    assert "<style" not in text
    assert " style=" not in text
    assert "<html" not in text
    assert 'lang="fr"' in text


def test_the_rules_for_a_layout_name_only_the_reports_own_parts():
    selectors = re.findall(r"^([^{@/]+)\{", page.style(), flags=re.MULTILINE)

    assert selectors
    assert all(".app-" in one for one in selectors)


def test_a_name_from_a_table_cannot_become_markup():
    action = an_action()
    source = replace(action.found.source, publisher=Text(en="<b>&", fr="<b>&"), name=Text(en="<i>", fr="<i>"))
    hostile = replace(action, found=replace(action.found, source=source, file='"><script>'))

    text = page.document(a_report(hostile, an_observation()), Language.ENGLISH)

    assert "<b>" not in text
    assert "<i>" not in text
    assert "<script" not in text
    assert "&lt;i&gt;" in text
