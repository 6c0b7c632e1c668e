"""National figures: counted over every agency, protected, and for statistics alone."""

import csv
import io

import pytest
from django.urls import reverse

from palermo.node import national
from palermo.prevention.disclosure import Shown
from palermo.protection.access import Role
from tests.node.cases import a_case, a_member

pytestmark = pytest.mark.django_db


def some_cases() -> None:
    """Nine women and two men in 2025, from two agencies; seven women in 2026."""
    for number in range(9):
        agency = ("xa-shelter", "xa-police")[number % 2]
        a_case(agency=agency, **{"case.year_registered": 2025, "case.ref": f"A-{number}"})
    for number in range(2):
        a_case(**{"case.year_registered": 2025, "person.sex": "m", "case.ref": f"B-{number}"})
    for number in range(7):
        a_case(**{"case.ref": f"C-{number}"})


def test_every_agency_is_counted():
    some_cases()

    release = national.release()

    assert release is not None
    assert (release.cell("sex", "2025").low, release.cell("sex", "2026").low) == (11, 7)


def test_a_small_cell_is_never_shown_and_never_left_alone():
    some_cases()

    release = national.release()

    assert release is not None
    assert release.cell("sex", "2025", "m").shown is not Shown.EXACT
    row = [release.cell("sex", "2025", code) for code in release.columns["sex"]]
    assert sum(cell.shown is not Shown.EXACT for cell in row) > 1


def test_figures_follow_the_cases():
    some_cases()
    before = national.release()
    for number in range(5):
        a_case(**{"case.ref": f"D-{number}"})

    after = national.release()

    assert before is not None
    assert after is not None
    assert after.cell("sex", "2026").low == before.cell("sex", "2026").low + 5


@pytest.mark.parametrize(
    "country, region",
    [("KZ", "142"), ("FR", "150"), ("XSTATELESS", "XSTATELESS"), ("XA", "XA"), ("??", "??")],
)
def test_a_country_is_counted_in_the_widest_region_below_the_world(country, region):
    assert national.region(country) == region


def test_the_page_says_that_there_is_nothing_yet(client):
    client.force_login(a_member(Role.ANALYST))

    page = client.get(reverse("figures"))

    assert page.status_code == 200
    assert "There are no cases to count yet" in page.content.decode()


def test_the_page_shows_four_tables_with_pictures(client):
    some_cases()
    client.force_login(a_member(Role.ANALYST))

    page = client.get(reverse("figures")).content.decode()

    assert page.count("<table") == 4
    assert page.count("<svg") == 4
    assert "style=" not in page


def test_the_file_holds_every_cell_with_its_bounds(client):
    some_cases()
    client.force_login(a_member(Role.ANALYST))

    answer = client.get(reverse("figures"), {"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))

    release = national.release()
    assert release is not None
    assert len(rows) == len(release.cells)
    assert not any(row["Low"] == row["High"] for row in rows if "<5" in row["People"])


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.ADMINISTRATOR, Role.SURVIVOR, Role.FIRST_RESPONDER])
def test_who_is_no_statistician_sees_no_figures(client, role):
    client.force_login(a_member(role))

    assert client.get(reverse("figures")).status_code == 403
