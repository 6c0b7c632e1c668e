"""The pages of releases: prepared, approved by two, made, published, withdrawn; and what anybody may read."""

import io
import re
import shutil
import zipfile
from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from django.conf import settings
from django.urls import reverse

from palermo.node import jobs, release_forms, release_pack
from palermo.node.actions import ledger, release
from palermo.node.models import Release
from palermo.prevention import compiled
from palermo.protection.access import Role
from tests.node.cases import NOW, a_member
from tests.node.estimations import a_person, an_analyst, store
from tests.node.releases import a_real_pack, approved, drafted, made, published, started

pytestmark = pytest.mark.django_db

QUESTION = {
    "title": "Persons met in XA",
    "title_fr": "Personnes rencontrées en XA",
    "purpose": "Yearly figures",
    "purpose_fr": "Chiffres annuels",
    "since": "2022",
    "until": "2026",
    "columns": ["year", "sex"],
    "ways": "2",
    "epsilon": "1",
    "persons": "1000000",
    "rows": "on",
    "seed": "1",
}


@pytest.fixture
def analyst(client):
    client.force_login(a_member(Role.ANALYST, name="hana"))
    return client


@pytest.fixture
def second(client_of):
    other = client_of()
    other.force_login(a_member(Role.ANALYST, name="omar"))
    return other


@pytest.fixture(autouse=True)
def _somebody():
    """A release of nobody is refused."""
    store(a_person(1))


@pytest.fixture(autouse=True)
def _no_pack_left():
    yield
    shutil.rmtree(settings.NODE.home / "packs", ignore_errors=True)


def shown(client, name, *parts, **query):
    answer = client.get(reverse(name, args=parts), query)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def faults(page):
    return re.findall(r"govuk-error-message[^>]*>\s*(?:<span[^>]*>[^<]*</span>)?\s*(.*?)</p>", page, re.S)


def step(client, name, one):
    return client.post(reverse(f"release_{name}", args=[one.pk]), follow=True).content.decode()


# -- the list, the account and the plan ----------------------------------------------------------------------


def test_the_list_says_what_a_release_is_when_there_is_none(analyst):
    page = shown(analyst, "release_list")

    assert "Nothing has been released yet." in page
    assert "Nothing is spent. All releases together may spend epsilon 4 of one person." in page
    assert reverse("release_new") in page


@pytest.mark.parametrize("name", ["release_list", "release_plan", "release_new", "release_look"])
@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.ADMINISTRATOR, Role.SURVIVOR])
def test_who_is_no_statistician_releases_nothing(client, role, name):
    client.force_login(a_member(role))

    assert client.get(reverse(name)).status_code == 403


def test_the_list_shows_what_is_spent_and_what_is_left(analyst):
    started(epsilon=1.0)

    page = shown(analyst, "release_list")

    assert "have spent epsilon 1 of 4." in page
    assert "Persons met in XA" in page
    assert "hana, omar" in page


@pytest.mark.parametrize("standing, some", [("draft", True), ("published", False), ("once", False)])
def test_the_list_is_narrowed_by_state(analyst, standing, some):
    drafted()

    page = shown(analyst, "release_list", standing=standing)

    assert ("Persons met in XA" in page) is some


def test_over_eight_the_account_warns(analyst, monkeypatch):
    monkeypatch.setattr(settings, "NODE", _with_lifetime(20.0))
    started(epsilon=9.0)

    assert "More than epsilon 8 is spent" in shown(analyst, "release_list")


def test_a_year_is_planned_without_a_look_at_any_case(analyst):
    page = shown(analyst, "release_plan")

    assert "What is left, all of it in this year:" in page
    assert page.count("pal-figure__picture--wide") == 1
    assert len(re.findall(r"±\s[\d,]+", page)) > 20


def test_a_budget_that_must_last_longer_buys_less(analyst):
    now, later = (_margins(shown(analyst, "release_plan", **_planned(years))) for years in (1, 10))

    assert all(less > more for more, less in zip(now[:4], later[:4], strict=True))


def test_with_nothing_left_there_is_nothing_to_plan(analyst):
    started(epsilon=4.0)

    assert "Nothing is left of the budget to plan with." in shown(analyst, "release_plan")


def test_a_plan_of_no_year_says_so(analyst):
    page = shown(analyst, "release_plan", **_planned(1) | {"until": "2019"})

    assert "last comes before the first" in page


def _planned(years):
    return {"since": "2022", "until": "2026", "columns": ["year", "sex"], "ways": "1", "years": years}


def _margins(page):
    return [int(one.replace(",", "")) for one in re.findall(r"±\s([\d,]+)", page)]


def _with_lifetime(epsilon):
    return replace(settings.NODE, release_epsilon=epsilon)


# -- the question --------------------------------------------------------------------------------------------


def test_the_look_says_in_words_how_wrong_counts_will_be(analyst):
    page = shown(analyst, "release_look", **QUESTION)

    assert re.search(r"A count of 100 will be between about \d+ and \d+\.", page)
    assert "It would spend epsilon 1." in page
    assert not Release.objects.exists()


@pytest.mark.parametrize(
    "more, said",
    [
        ({"title": ""}, "This field is required."),
        ({"until": "2019"}, "last comes before the first"),
        ({"columns": []}, "This field is required."),
        ({"epsilon": "0.001"}, "cannot be divided among the tables"),
        ({"epsilon": "much"}, "Enter a number."),
        ({"persons": "0"}, "bound of persons"),
    ],
)
def test_a_question_with_a_fault_is_asked_again(analyst, more, said):
    page = shown(analyst, "release_look", **QUESTION | more)

    assert any(said in fault for fault in faults(page)), faults(page)
    assert "See what it would be like" in page


def test_what_the_budget_does_not_hold_cannot_be_saved(analyst):
    page = shown(analyst, "release_look", **QUESTION | {"epsilon": "5"})

    assert "Of epsilon 4 for a lifetime 0 is spent; with this release it would be" in page
    assert "Save as a draft" not in page


def test_a_draft_is_saved_with_its_texts(analyst):
    answer = analyst.post(reverse("release_draft"), QUESTION)

    one = Release.objects.get()
    assert answer.url == reverse("release_page", args=[one.pk])
    assert one.texts["title"] == {"en": "Persons met in XA", "fr": "Personnes rencontrées en XA"}
    assert (one.state, one.drafted_by) == ("draft", "hana")


def test_arabic_words_stand_on_arabic_pages_and_come_back_in_the_form(analyst):
    analyst.post(
        reverse("release_draft"), QUESTION | {"title_ar": "أشخاص في XA", "purpose_ar": "أرقام سنوية"}
    )
    one = Release.objects.get()

    analyst.cookies["django_language"] = "ar"
    page = shown(analyst, "release_page", one.pk)

    assert "أشخاص في XA" in page
    assert "أرقام سنوية" in page
    assert parse_qs(release_forms.query(one))["title_ar"] == ["أشخاص في XA"]


def test_what_the_budget_does_not_hold_is_told_in_arabic(analyst):
    analyst.cookies["django_language"] = "ar"

    page = shown(analyst, "release_look", **QUESTION | {"epsilon": "5"})

    assert "اطلب إبسيلون أصغر" in page
    assert "Ask for a smaller epsilon" not in page


def test_without_french_words_the_english_ones_stand_for_them(analyst):
    analyst.post(reverse("release_draft"), QUESTION | {"title_fr": "", "purpose_fr": " "})

    assert Release.objects.get().text("purpose", "fr") == "Yearly figures"


def test_a_draft_with_a_fault_is_asked_again(analyst):
    page = analyst.post(reverse("release_draft"), QUESTION | {"title": ""}).content.decode()

    assert faults(page) == ["This field is required."]
    assert not Release.objects.exists()


def test_the_question_is_filled_in_again_from_its_address(analyst):
    page = shown(analyst, "release_new", **QUESTION | {"epsilon": "2.5"})

    assert 'value="2.5"' in page
    assert page.count("checked") == 4  # two columns, the ways, the rows


# -- approval, work and outcome ------------------------------------------------------------------------------


def test_two_people_approve_and_neither_of_them_twice(analyst, second):
    one = drafted()

    assert "Another analyst must approve it as well" in step(analyst, "approve", one)
    assert "Approve as the second person" not in shown(analyst, "release_page", one.pk)
    assert analyst.post(reverse("release_countersign", args=[one.pk])).status_code == 403
    assert "Approved by two people." in step(second, "countersign", one)
    assert "Make the release" in shown(analyst, "release_page", one.pk)


def test_a_draft_waits_on_the_list_for_a_second_person(analyst):
    one = drafted()
    step(analyst, "approve", one)

    assert "Waits for a second person" in shown(analyst, "release_list")


def test_a_release_of_few_people_says_why_it_has_no_rows(analyst):
    one = made(
        build=lambda *asked: replace(a_real_pack(*asked), files=_without_rows(a_real_pack(*asked).files))
    )

    assert "No rows were made: they need 1,000 people at the least." in shown(analyst, "release_page", one.pk)


def _without_rows(files):
    return {name: content for name, content in files.items() if not name.startswith("rows.")}


def test_the_first_release_after_an_installation_says_that_it_prepares(analyst, monkeypatch):
    monkeypatch.setattr(compiled, "prepared", lambda methods: False)
    one = started()
    Release.objects.update(begun_at=NOW)

    assert "prepares the work for about half a minute" in shown(analyst, "release_page", one.pk)


def test_a_release_that_was_started_says_how_far_it_is(analyst, monkeypatch):
    put = []
    monkeypatch.setattr(jobs, "put_release", put.append)
    one = approved()

    page = step(analyst, "start", one)

    assert "It waits for its turn." in page
    assert put == [one]
    assert ledger.kept().spent == one.rho_micro
    part = analyst.get(reverse("release_progress", args=[one.pk]))
    assert "<html" not in part.content.decode()


def test_a_release_that_has_ended_asks_for_the_whole_page(analyst):
    one = made(build=a_real_pack)

    assert analyst.get(reverse("release_progress", args=[one.pk])).headers["HX-Refresh"] == "true"


def test_a_release_that_failed_says_why_and_what_stays_spent(analyst):
    one = release.cut_off(started(), now=NOW)

    page = shown(analyst, "release_page", one.pk)

    assert "stays spent" in page
    again = re.search(r'href="([^"]*releases/new/[^"]*)"', page)[1].replace("&amp;", "&")
    form = analyst.get(again).content.decode()
    assert 'value="Persons met in XA"' in form
    assert faults(form) == []


def test_a_release_that_is_done_shows_figures_with_intervals_and_its_entry(analyst):
    one = made(build=a_real_pack)

    page = shown(analyst, "release_page", one.pk)

    assert "Made, not published" in page
    assert page.count("pal-figure__picture--wide") == 6
    assert re.search(r"<td[^>]*>\s*\d[\d,]* to \d[\d,]*\s*</td>", page)
    assert "How wrong the counts are" in page
    assert f"{one.rho_micro:,} micro-rho" in page
    assert one.digest in page


def test_the_pack_is_one_file_to_download_the_same_each_time(analyst):
    one = made(build=a_real_pack)
    first, again = (_file(analyst, "release_file", one, "pack.zip") for _ in range(2))

    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        names = {name.split("/")[1] for name in archive.namelist()}

    assert first == again
    assert {"counts.csv", "rows.csv", "card.json", "manifest.json", "dashboard.ar.html"} <= names


def test_the_dashboard_is_shown_under_its_own_policy(analyst):
    one = made(build=a_real_pack)

    answer = analyst.get(reverse("release_file", args=[one.pk, "dashboard.html"]))

    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "attachment" not in answer.headers["Content-Disposition"]


@pytest.mark.parametrize("name", ["nothing.csv", "..", "%2e%2e", "manifest.json~"])
def test_a_file_that_is_not_of_the_pack_is_unknown(analyst, name):
    one = made(build=a_real_pack)

    assert analyst.get(f"{reverse('release_page', args=[one.pk])}files/{name}").status_code == 404


def test_a_pack_that_is_gone_from_the_disk_is_said_to_be(analyst):
    one = made(build=a_real_pack)
    shutil.rmtree(release_pack.place(one))

    answer = analyst.get(reverse("release_page", args=[one.pk]))

    assert answer.status_code == 404
    assert "has no pack here" in answer.content.decode()


def test_publishing_and_withdrawing_stand_on_the_page(analyst):
    one = made(build=a_real_pack)

    assert "Anyone can read it without signing in." in step(analyst, "publish", one)
    assert reverse("release_public_pack", args=["en", one.pk]) in shown(analyst, "release_page", one.pk)
    assert "Notice for the public" in shown(analyst, "release_withdraw", one.pk)
    page = analyst.post(
        reverse("release_withdraw", args=[one.pk]), {"reason": "Sex was coded wrongly."}, follow=True
    ).content.decode()
    assert "The release is withdrawn." in page
    assert "Sex was coded wrongly." in page
    assert "Withdraw it" not in page


def test_a_draft_that_is_withdrawn_stays_with_its_reason(analyst):
    one = drafted()
    analyst.post(reverse("release_withdraw", args=[one.pk]), {"reason": "Not needed."})

    page = shown(analyst, "release_page", one.pk)

    assert "Not needed." in page
    assert "The pack" not in page


def test_a_withdrawal_needs_a_notice(analyst):
    one = made(build=a_real_pack)

    page = analyst.post(reverse("release_withdraw", args=[one.pk]), {"reason": " "}).content.decode()

    assert faults(page) == ["This field is required."]


def test_what_runs_cannot_be_withdrawn(analyst):
    one = started()

    answer = analyst.get(reverse("release_withdraw", args=[one.pk]), follow=True)

    assert answer.redirect_chain
    assert "govuk-notification-banner" in answer.content.decode()


# -- what anybody may read -----------------------------------------------------------------------------------


def test_nothing_stands_on_the_public_page_before_it_is_published(client):
    made(build=a_real_pack)

    page = shown(client, "release_public", "en")

    assert "Nothing is published yet." in page
    assert "Persons met in XA" not in page


def test_a_published_pack_is_read_without_signing_in(client):
    one = published(build=a_real_pack)

    listed, page = shown(client, "release_public", "en"), shown(client, "release_public_pack", "en", one.pk)

    assert "Yearly figures" in listed
    assert reverse("release_public_file", args=[one.pk, "pack.zip"]) in listed
    assert page.count("pal-figure__picture--wide") == 6
    assert "hana" not in page + listed
    assert _file(client, "release_public_file", one, "counts.csv").startswith(b"columns,values,count")


@pytest.mark.parametrize("parts", [("release_public",), ("release_public_pack", "pk")])
def test_public_pages_set_no_cookie_and_may_be_kept(client, analyst, parts):
    one = published(build=a_real_pack)
    address = reverse(parts[0], args=["en", *[one.pk for _ in parts[1:]]])

    answer = client.get(address)

    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Vary" not in answer.headers
    assert not answer.cookies
    assert "csrf" not in answer.content.decode()
    assert answer.headers["Content-Language"] == "en"


def test_a_member_sees_the_public_page_as_everyone_does(client_of, analyst):
    published(build=a_real_pack)
    address = reverse("release_public", args=["fr"])

    assert analyst.get(address).content == client_of().get(address).content


@pytest.mark.parametrize("language, said", [("fr", "Données publiées"), ("ar", "البيانات المنشورة")])
def test_the_public_pages_speak_three_languages(client, language, said):
    one = published(build=a_real_pack)

    page = shown(client, "release_public", language)

    assert said in page
    assert f'lang="{language}"' in page
    assert f"dashboard.{language}.html" in shown(client, "release_public_pack", language, one.pk)


def test_the_public_page_without_a_language_leads_to_the_readers(client):
    answer = client.get(reverse("release_public"), headers={"accept-language": "fr"})

    assert answer.url == reverse("release_public", args=["fr"])
    assert answer.headers["Vary"] == "Accept-Language"


def test_a_language_that_is_not_spoken_is_unknown(client):
    assert client.get(reverse("release_public", args=["xx"])).status_code == 404


def test_a_withdrawn_pack_leaves_its_notice_and_hands_out_nothing(client):
    one = published(build=a_real_pack)
    release.withdraw(one.pk, reason="Sex was coded wrongly.", by=an_analyst(), now=NOW)

    listed, page = shown(client, "release_public", "en"), shown(client, "release_public_pack", "en", one.pk)

    assert "Sex was coded wrongly." in listed
    assert "Sex was coded wrongly." in page
    assert "<svg" not in page
    assert client.get(reverse("release_public_file", args=[one.pk, "counts.csv"])).status_code == 404


@pytest.mark.parametrize("parts", [("release_public_pack", "en"), ("release_public_file",)])
def test_what_is_not_published_is_unknown_to_the_public(client, parts):
    one = made(build=a_real_pack)
    name, *before = parts
    after = [] if before else ["counts.csv"]

    assert client.get(reverse(name, args=[*before, one.pk, *after])).status_code == 404


def _file(client, name, one, file):
    answer = client.get(reverse(name, args=[one.pk, file]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)
