"""The appraisal of a State as a page: in the reader's language, with its evidence, without a ranking."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from palermo.appraisal import specimen
from palermo.node import appraised
from palermo.node.actions import estimation, release
from palermo.protection.access import Role
from tests.node import releases
from tests.node.cases import NOW, a_member
from tests.node.estimations import a_population, an_analyst, countersigned, signed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _made_up_tables(tmp_path, monkeypatch):
    specimen.lay(tmp_path)
    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, made_up=True, appraisal_data=tmp_path))


@pytest.fixture
def reader(client):
    client.force_login(a_member(Role.CASE_WORKER))
    return client


def test_the_states_of_the_tables_are_listed_by_name(reader):
    page = reader.get(reverse("appraisal_list")).content.decode()

    places = [page.index(f"Country {code} (made up)") for code in ("XA", "XB")]
    assert places == sorted(places)


def test_a_filter_finds_a_state_by_its_code(reader):
    page = reader.get(reverse("appraisal_list"), {"q": "xb"}).content.decode()

    assert "Country XB" in page
    assert "Country XA" not in page


@pytest.mark.parametrize("language, words", [("en", "Not known after that date"), ("fr", "fictif")])
def test_the_report_speaks_the_language_of_the_page(reader, language, words):
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    page = reader.get(reverse("appraisal_state", args=["XA"])).content.decode()

    assert words in page
    assert f'<article class="app-report" lang="{language}"' in page


def test_a_page_in_arabic_has_arabic_headings_and_marks_what_is_english(reader):
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = "ar"

    page = reader.get(reverse("appraisal_state", args=["XA"])).content.decode()

    assert '<article class="app-report" lang="ar" dir="rtl">' in page
    assert "المعاهدات" in page
    assert '<p class="govuk-body" lang="en" dir="ltr">' in page


def test_the_page_holds_no_style_that_the_policy_would_block(reader):
    page = reader.get(reverse("appraisal_state", args=["XA"])).content.decode()

    assert "style=" not in page
    assert "<style" not in page


def test_the_conflict_of_sources_is_shown(reader):
    page = reader.get(reverse("appraisal_state", args=["XA"])).content.decode()

    assert "Sources differ" in page


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_report_is_a_pdf_too(reader, language):
    answer = reader.get(reverse("appraisal_file", args=["XA", language, "pdf"]))

    assert answer.content.startswith(b"%PDF-")
    assert f"appraisal-XA.{language}.pdf" in answer["Content-Disposition"]


def test_there_is_no_pdf_in_another_language(reader):
    assert reader.get(reverse("appraisal_file", args=["XA", "de", "pdf"])).status_code == 404


@pytest.mark.parametrize(
    "ending, begins, name",
    [
        ("html", b"<!doctype html>", "appraisal-XA.fr.html"),
        ("xlsx", b"PK", "appraisal-XA.fr.xlsx"),
        ("csv", b"PK", "appraisal-XA.fr.csv.zip"),
        ("sdmx", b"PK", "appraisal-XA.sdmx.zip"),
        ("json", b"{", "appraisal-XA.json"),
    ],
)
def test_the_report_is_given_in_every_format(reader, ending, begins, name):
    if ending == "sdmx":
        pytest.importorskip("pysdmx", reason="the extra [sdmx] is not installed")

    answer = reader.get(reverse("appraisal_file", args=["XA", "fr", ending]))

    assert answer.content.startswith(begins)
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'


def test_there_is_no_other_format(reader):
    assert reader.get(reverse("appraisal_file", args=["XA", "en", "docx"])).status_code == 404


def test_a_pillar_stands_over_all_states_by_their_codes(reader):
    page = reader.get(reverse("appraisal_pillar", args=["prevention"])).content.decode()

    places = [page.index(f"Country {code} (made up)") for code in ("XA", "XB")]
    assert places == sorted(places)
    assert "There is no ranking" in page


def test_an_unknown_pillar_is_not_found(reader):
    assert reader.get(reverse("appraisal_pillar", args=["purity"])).status_code == 404


@pytest.mark.parametrize(
    "language, words", [("en", "Universalisation"), ("fr", "Où les données"), ("ar", "عالمية")]
)
def test_the_global_page_counts_treaties_obstacles_and_gaps(reader, language, words):
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    assert words in reader.get(reverse("appraisal_global")).content.decode()


@pytest.mark.parametrize(
    "name, args", [("appraisal_pillar_file", ["treaties"]), ("appraisal_global_file", [])]
)
def test_reports_of_several_states_are_files_too(reader, name, args):
    answer = reader.get(reverse(name, args=[*args, "en", "xlsx"]))

    assert answer.content.startswith(b"PK")


def test_an_unknown_state_is_not_found(reader):
    assert reader.get(reverse("appraisal_state", args=["ZZZ"])).status_code == 404


def test_a_changed_table_changes_the_report(tmp_path):
    before = appraised.report("XA", today=date(2026, 5, 1)).content_hash
    victims = tmp_path / "victims.csv"
    victims.write_text(victims.read_text().replace(",2025,287", ",2025,288"))

    assert appraised.report("XA", today=date(2026, 5, 1)).content_hash != before


@pytest.fixture
def _of_xa(monkeypatch):
    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, state="XA"))


def extent_missing(code="XA", today=date(2026, 6, 1)):
    """Whether the report says that no estimate of the full extent was read."""
    return "reason.extent" in str(appraised.report(code, today=today).sections)


@pytest.mark.usefixtures("_of_xa")
def test_an_estimation_that_two_people_signed_is_the_extent_that_the_plan_asks_for(reader):
    a_population()
    one = signed(until=2026)
    assert extent_missing()

    one = estimation.countersign(one.id, by=an_analyst("omar"), now=NOW)

    page = reader.get(reverse("appraisal_state", args=["XA"])).content.decode()
    assert not extent_missing()
    assert "Estimation from this node" in page
    assert one.id in page
    assert f"{one.report_low:,}" in page
    assert f"{one.report_high:,}" in page


@pytest.mark.usefixtures("_of_xa")
def test_a_withdrawn_estimation_is_cited_no_more():
    a_population()
    one = countersigned()
    assert not extent_missing()

    estimation.withdraw(one.id, reason="A list was wrong.", by=an_analyst(), now=NOW)

    assert extent_missing()


@pytest.mark.usefixtures("_of_xa")
def test_an_estimation_is_not_known_before_the_day_it_was_signed():
    a_population()
    countersigned()

    assert extent_missing(today=NOW.date() - timedelta(days=1))
    assert not extent_missing(today=NOW.date())


@pytest.mark.usefixtures("_of_xa")
def test_an_estimation_says_nothing_of_another_state():
    a_population()
    countersigned()

    assert appraised.signed("XB") == ()
    assert [(one.state, one.series, one.status) for one in appraised.signed("XA")] == [
        ("XA", "estimated_victims", "estimated")
    ]


def test_a_node_of_no_state_cites_nothing():
    a_population()
    countersigned()

    assert appraised.signed("XA") == ()
    assert extent_missing()


@pytest.mark.usefixtures("_of_xa")
def test_a_published_release_is_cited_with_its_day_and_its_page_until_it_is_withdrawn(reader):
    a_population(5)
    one = releases.published()

    page = reader.get(reverse("appraisal_state", args=["XA"])).content.decode()
    assert "Persons met in XA, data published on" in page
    assert f"/published/en/{one.pk}/" in page
    assert appraised.published("XB") == ()

    release.withdraw(one.id, reason="A code was wrong.", by=an_analyst(), now=NOW)
    page = reader.get(reverse("appraisal_state", args=["XA"])).content.decode()
    assert one.pk not in page
