"""The dashboard of a pack: nothing to run or load, every figure with its interval, every filter a link."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest

from palermo.prevention.release import codebook, dashboard, view, wording
from palermo.prevention.release.block import asked, blocks
from palermo.prevention.release.figure import Figure
from tests.prevention.release import packs

ROWS = packs.rows(500)
COUNTS = packs.figures(ROWS)
CARD = packs.card(ROWS, COUNTS)


class Tags(HTMLParser):
    """All tags of a page with what they say of themselves."""

    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def of(self, *names):
        return [attrs for tag, attrs in self.found if tag in names]


def _pages():
    for language in dashboard.LANGUAGES:
        yield pytest.param(dashboard.page(CARD, COUNTS, language=language), id=f"dashboard-{language}")
    for language in codebook.LANGUAGES:
        yield pytest.param(codebook.page(CARD, language=language), id=f"codebook-{language}")


PAGES = list(_pages())


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_and_loads_nothing(page):
    tags = Tags(page)

    assert tags.of("script", "link", "img", "iframe", "object", "form", "base") == []
    assert [
        name for _, attrs in tags.found for name in attrs if name.startswith("on") or name == "style"
    ] == []
    assert [attrs["href"] for attrs in tags.of("a") if ":" in attrs["href"]] == []


@pytest.mark.parametrize("page", PAGES)
def test_the_policy_of_a_page_allows_its_one_style_and_nothing_else(page):
    policy = next(one["content"] for one in Tags(page).of("meta") if "http-equiv" in one)
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)

    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    expected = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert policy == expected


def test_every_link_into_the_page_leads_to_one_place():
    page = dashboard.page(CARD, COUNTS, language="en")
    tags = Tags(page)
    named = [attrs["id"] for _, attrs in tags.found if "id" in attrs]

    links = {attrs["href"][1:] for attrs in tags.of("a") if attrs["href"].startswith("#")}
    assert len(named) == len(set(named))
    assert links <= set(named)
    assert len(links) == 1 + sum(one.ways == 1 for one in COUNTS)


def test_a_view_shows_the_figures_of_who_has_the_value():
    page = dashboard.page(CARD, COUNTS, language="en")
    (place,) = re.findall(r'<a href="#(v\d+)"><bdi>Forced labour</bdi>', page)
    section = page.partition(f'id="{place}">')[2].partition("</section>")[0]

    wanted = {one.facts: one for one in COUNTS}[("form", "labour"), ("sex", "F")]
    row = section.partition("<bdi>Female</bdi>")[2].partition("</tr>")[0]
    assert f'<td class="n">{wanted.count}</td><td class="n">{wanted.low} to {wanted.high}</td>' in row


def test_two_filters_at_a_time_show_the_figures_of_three_columns():
    page = dashboard.page(CARD, COUNTS, language="en")
    (place,) = re.findall(r'<a href="#(v\d+)"><bdi>Country XA</bdi>', page)
    section = page.partition(f'id="{place}">')[2].partition("</section>")[0]
    table = section.partition("<summary>Form by Sex</summary>")[2].partition("</table>")[0]

    wanted = {one.facts: one for one in COUNTS}[("country", "XA"), ("form", "labour"), ("sex", "F")]
    row = table.partition("<bdi>Forced labour</bdi>")[2].partition("</tr>")[0]
    assert f'<td class="n">{wanted.count}<small>{wanted.low} to {wanted.high}</small></td>' in row


def test_a_value_without_a_figure_is_not_shown_as_zero():
    few = tuple(one for one in COUNTS if one.facts != (("sex", "M"),))
    page = dashboard.page(packs.card(ROWS, few), few, language="en")

    row = page.partition("<bdi>Male</bdi></th>")[2].partition("</tr>")[0]
    assert "not shown" in row


def test_a_page_that_would_be_too_large_says_what_it_leaves_out(monkeypatch):
    monkeypatch.setattr(view, "MOST", 100)
    page = dashboard.page(CARD, COUNTS, language="en")

    (told,) = re.findall(r"This page holds ([\d,]+) of ([\d,]+) published figures", page)
    shown, everything = (int(number.replace(",", "")) for number in told)
    assert shown <= 100 < everything == len(COUNTS)


def test_names_from_the_table_cannot_become_part_of_the_page():
    document = packs.document(ROWS, ())
    document["columns"][0]["label"] = {"en": "<script>1</script>", "fr": "<b>"}
    document["columns"][0]["codes"][0]["label"] = {"en": '"><img src=x>', "fr": "x"}
    card = packs.cards.Card(document | {"title": {"en": "</title><script>", "fr": "x"}})
    one = Figure(columns=("country",), values=("XA",), count=5, sd=1.0, low=3, high=7)

    for page in (dashboard.page(card, [one], language="en"), codebook.page(card, language="en")):
        assert Tags(page).of("script", "img", "b") == []


def test_a_release_without_figures_has_a_page():
    assert "This page holds 0 of 0" in dashboard.page(packs.card(None, ()), (), language="en")


def test_every_text_is_told_in_all_languages_with_the_same_places():
    for name, texts in wording.book().items():
        places = {language: sorted(re.findall(r"{(\w+)}", text)) for language, text in texts.items()}
        assert list(texts) == list(wording.LANGUAGES), name
        assert places["en"] == places["fr"] == places["ar"], name


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("citizenship", "country"),
        ("CountryOfExploitation", "country"),
        ("ExploitType", "form"),
        ("isForcedLabour", "form"),
        ("gender", "sex"),
        ("ageBroad", "age"),
        ("âge", "age"),
        ("Means Threats", "means"),
        ("control_category", "means"),
        ("Languages", ""),
        ("village", ""),
        ("yearOfRegistration", ""),
    ],
)
def test_what_people_filter_by_is_told_from_a_columns_name(name, kind):
    assert asked(name) == kind


def a_flag(name):
    same = {"en": name, "fr": name}
    codes = [{"code": "1", "label": {"en": "1", "fr": "1"}}]
    return {"name": name, "label": same, "codes": codes, "blank": [""], "split": "", "spellings": {}}


def test_columns_of_one_code_stand_together_by_what_they_tell():
    document = packs.document()
    document["columns"] = [
        a_flag(name) for name in ("Means threats", "Means abuse", "Citizen", "Recruiter friend")
    ]

    found = blocks(packs.cards.Card(document), "en")

    assert [(block.title, list(block.labels.values())) for block in found] == [
        ("Country", ["Citizen"]),
        ("Means of control", ["Means threats", "Means abuse"]),
        ("Recorded facts", ["Recruiter friend"]),
    ]
