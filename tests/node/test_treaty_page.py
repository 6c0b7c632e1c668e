"""The pages on treaties: how far each reaches, and every number leading to the States it counts."""

import csv
import io
import re
from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse

from palermo.appraisal import specimen
from palermo.protection.access import Role
from tests.appraisal.depositary import pages
from tests.appraisal.made import public
from tests.node.cases import a_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path, monkeypatch):
    specimen.lay(tmp_path)
    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, made_up=True, appraisal_data=tmp_path))
    return tmp_path


@pytest.fixture
def reader(client):
    client.force_login(a_member(Role.CASE_WORKER))
    return client


def shown(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


def states(client, treaty, **query):
    """The States that the page's table holds, by name, with their standing."""
    answer = client.get(reverse("treaty_page", args=[treaty]), {**query, "format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return {row["Member State"]: row["Standing"] for row in csv.DictReader(io.StringIO(text))}


def test_every_treaty_of_the_tables_is_listed_with_its_parties_and_its_day(folder, reader):
    page = shown(reader, "treaty_list")

    assert 'href="/appraisal/treaties/UNTOC/"' in page
    assert "28 February 2026" in page


def test_the_list_is_a_csv_too(folder, reader):
    answer = reader.get(reverse("treaty_list"), {"format": "csv"})

    assert b"Trafficking protocol" in b"".join(answer.streaming_content)


def test_a_folder_without_treaties_says_what_to_do(folder, reader):
    (folder / "treaties.csv").unlink()
    (folder / "conventions.csv").unlink()

    assert "Put the tables of the depositaries" in shown(reader, "treaty_list")


@pytest.mark.parametrize(
    "language, words", [("en", "Parties by year"), ("fr", "Parties par année"), ("ar", "الأطراف بحسب السنة")]
)
def test_a_treaty_speaks_the_language_of_the_page(folder, reader, language, words):
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    assert words in shown(reader, "treaty_page", "UNTOC")


def test_a_picture_has_its_table_and_needs_no_script(folder, reader):
    page = shown(reader, "treaty_page", "UNTOC")

    assert page.count('role="img"') == 2
    assert 'id="years"' in page
    assert 'id="regions"' in page
    assert "<script>" not in page
    assert "style=" not in page


def test_an_axis_that_counts_shows_each_whole_number_once(folder, reader):
    page = shown(reader, "treaty_page", "UNTOC")
    picture = page[page.index('id="by-region-title"') : page.index('id="regions"')]

    assert re.findall(r">(\d)</text>", picture) == ["0", "1", "2"]


def test_a_number_leads_to_the_states_it_counts(folder, reader):
    page = shown(reader, "treaty_page", "UNTOC")

    assert 'href="?joined=2006#states"' in page
    assert states(reader, "UNTOC", joined=2006) == {"Country XA (made up)": "Party"}
    assert states(reader, "UNTOC", joined=2007) == {}
    assert len(states(reader, "UNTOC", region="made_up", standing="party")) == 2


def test_each_state_shows_act_day_source_and_line(folder, reader):
    page = shown(reader, "treaty_page", "UNTOC")

    assert "Ratification" in page
    assert "3 April 2006" in page
    assert "Made-up depositary" in page
    assert "treaties.csv:2" in page


def test_a_conflict_of_sources_is_shown_and_can_be_asked_for(folder, reader):
    page = shown(reader, "treaty_page", "TIP", standing="differ")

    assert "Made-up depositary, as of 31 January 2014: not a party" in page
    assert states(reader, "TIP", standing="differ") == {"Country XA (made up)": "Party"}


def test_a_party_without_a_day_is_told_apart(folder, reader):
    page = shown(reader, "treaty_page", "TIP")

    assert "1 party joined on a day that no source gives" in page
    assert states(reader, "TIP", standing="undated") == {"Country XA (made up)": "Party"}


def test_a_signatory_waits_with_its_years(folder, reader):
    page = shown(reader, "treaty_page", "TRAFFIC1949")

    assert "75.0" in page
    assert states(reader, "TRAFFIC1949", standing="waiting") == {"Country XA (made up)": "Signed and waiting"}


def test_a_treaty_without_dates_has_no_picture_by_year(folder, reader):
    page = shown(reader, "treaty_page", "C182")

    assert "Parties by year" not in page
    assert "No complete list of participants was read" in page


def test_a_treaty_whose_place_was_taken_says_so(folder, reader):
    assert "Its place was taken by" not in shown(reader, "treaty_page", "UNTOC")
    assert "Its place was taken by" in shown(reader, "treaty_page", "SLAVERY1926")


def test_a_treaty_of_which_nothing_is_known_still_has_a_page(folder, reader):
    assert set(states(reader, "C189").values()) == {"Not known"}


def test_reservations_that_are_open_and_other_participants_are_shown(folder, reader):
    (folder / "tip.html").write_bytes(pages.untc_html())
    page = shown(reader, "treaty_page", "TIP")

    assert "Country XB does not consider itself bound" in page
    assert "Other participants, not counted among the States" in page
    assert "tip.html:" in page


def test_a_filter_that_makes_no_sense_shows_everything(folder, reader):
    assert len(states(reader, "UNTOC", joined="soon", standing="party")) == 2


def test_an_unknown_treaty_is_not_found(folder, reader):
    answer = reader.get(reverse("treaty_page", args=["TPI"]))

    assert answer.status_code == 404


def test_the_public_tables_fill_the_page_of_the_protocol(reader, monkeypatch):
    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, made_up=False, appraisal_data=public()))
    page = shown(reader, "treaty_page", "TIP")

    assert "170 of 193 States are parties." in page
    assert "27 January 2014" in page
    assert len(states(reader, "TIP", region="africa")) == 54
