"""Root causes as pages: groups and intervals by name, a State's drivers, and no league table."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse

from palermo.appraisal import specimen
from palermo.appraisal.composite.ranks import Standing
from palermo.node import cause_figures, vulnerable, world
from palermo.protection.access import Role
from tests.node.cases import a_member

pytestmark = pytest.mark.django_db
OWN = "made_up_causes.csv"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    specimen.lay(tmp_path)
    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, made_up=True, appraisal_data=tmp_path))
    return tmp_path


@pytest.fixture
def reader(client):
    client.force_login(a_member(Role.CASE_WORKER))
    return client


def page(reader, name="causes_list", *, query=None, args=()):
    return reader.get(reverse(name, args=args), query or {}).content.decode()


def test_states_stand_by_name_and_cannot_be_put_in_the_order_of_their_ranks(reader):
    told = page(reader, query={"sort": "interval"})
    body = told[told.index('id="causes"') :].partition("</table>")[0]

    places = [body.index(f"Country X{letter} (made up)") for letter in "ABCDEFGHIJK"]
    assert places == sorted(places)
    assert "sort=interval" not in body


def test_a_name_can_be_turned_round(reader):
    told = page(reader, query={"sort": "-name"})
    body = told[told.index('id="causes"') :]

    assert body.index("Country XK") < body.index("Country XA")


def test_the_page_says_how_little_a_single_place_means(reader):
    told = page(reader)

    assert "2000 times" in told
    assert "read groups" in told
    assert "What moves the places most:" in told
    assert "Too few figures are known of:" in told
    assert "Country XL (made up)" in told


@pytest.mark.parametrize(
    ("query", "seen", "unseen"),
    [({"q": "xb"}, "Country XB", "Country XA"), ({"group": "low"}, 'id="causes"', "Nothing fits")],
)
def test_a_filter_finds_states_by_name_and_by_group(reader, query, seen, unseen):
    body = page(reader, query=query)
    body = body[body.index('id="causes"') :]

    assert seen in body
    assert unseen not in body


def test_every_state_leaves_as_csv(reader):
    lines = (
        b"".join(reader.get(reverse("causes_list"), {"format": "csv"}).streaming_content)
        .decode()
        .splitlines()
    )

    assert lines[0].startswith("\ufeffcode,")
    assert len([line for line in lines if line.startswith("X")]) == 11


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Poverty and inequality"), ("fr", "Pauvreté et inégalités"), ("ar", "الفقر وعدم المساواة")],
)
def test_the_drivers_of_a_state_stand_with_year_source_and_effect(reader, language, words):
    reader.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    told = page(reader, "causes_page", args=["XA"])

    assert words in told
    assert "202" in told
    assert "+" in told


def test_a_state_is_told_which_choice_moves_its_place_most(reader):
    told = page(reader, "causes_page", args=["XC"])

    assert "What moves its place most" in told
    assert "% of the movement)" in told


def test_where_nothing_moves_that_is_said(monkeypatch):
    made = vulnerable.found()
    monkeypatch.setattr(type(made.found), "moved_by", lambda found, unit=None: {})

    assert cause_figures.decided(made) == "No choice moves it."


def test_every_choice_that_can_move_a_place_has_a_name():
    assert set(vulnerable.found().found.moved_by()) <= {*cause_figures.CHOICES, "rest"}


def test_a_figure_that_was_filled_in_is_marked(reader):
    told = page(reader, "causes_page", args=["XH"])

    assert told.count("From the nearest States") == 2
    assert "20%" in told


def test_a_state_with_too_few_figures_is_told_so(reader):
    told = page(reader, "causes_page", args=["XL"])

    assert "Too few figures are known of this State." in told
    assert "6 of 10 indicators" in told


def test_a_code_that_nobody_has_is_not_found(reader):
    assert reader.get(reverse("causes_page", args=["QQQ"])).status_code == 404


def test_without_a_table_the_pages_say_what_to_lay_where(reader, folder):
    (folder / OWN).unlink()

    for told in (page(reader), page(reader, "causes_page", args=["XA"])):
        assert "No table of root causes is here yet." in told


def test_the_index_is_made_again_when_a_table_changes(folder):
    first = vulnerable.found()
    same = vulnerable.found()
    with (folder / OWN).open("a") as file:
        file.write("XA,2025,poverty,69.9\n")

    assert first is same
    assert vulnerable.found().causes.known["XA", "poverty"].value == 69.9


def test_nobody_reads_it_without_signing_in(client):
    assert client.get(reverse("causes_list")).status_code == 302


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [(1, 1, "high"), (1, 2, "upper"), (1, 3, "middle"), (2, 2, "middle"), (3, 4, "lower"), (4, 4, "low")],
)
def test_the_group_that_an_interval_allows(first, last, name):
    assert cause_figures.group(Standing(first=first, last=last)) == name


def test_a_map_of_groups_names_them(monkeypatch):
    monkeypatch.setattr(world, "topology", lambda file: {})
    monkeypatch.setattr(world, "chosen", lambda: None)
    spec = world.choropleth({"PAK": 1.0}, legend="Group", steps=(1,), classes=("low", "high"))

    assert spec["layer"][1]["encoding"]["color"]["scale"]["domain"][:2] == ["low", "high"]


@pytest.mark.parametrize(("effect", "shown"), [(2.34, "+2.3"), (-2.34, "\u22122.3"), (0.01, "0.0")])
def test_an_effect_bears_its_sign(effect, shown):
    assert cause_figures.signed(effect) == shown
