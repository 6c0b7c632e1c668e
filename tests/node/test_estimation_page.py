"""The pages of estimation: asked, looked at, answered, signed by two, withdrawn; never an exact count."""

import csv
import io
import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from palermo.node import jobs
from palermo.node.actions import case, population
from palermo.node.models import AuditEvent, Estimation
from palermo.protection.access import Role
from palermo.standards import record as records
from tests.node.cases import FIRST, NOW, a_case, a_member, an_actor, facts
from tests.node.lists import LINE, POLICE, SHARED, SHELTER, some_lists

pytestmark = pytest.mark.django_db

QUESTION = {
    "title": "Hidden in 2026",
    f"list-{SHELTER}": "Shelters",
    f"list-{POLICE}": "Police",
    f"list-{LINE}": "Helpline",
    "methods": ["stepwise", "bic", "graphs"],
    "replicates": "40",
    "level": "0.95",
    "seed": "1",
}
BY_SEX = {"methods": ["stepwise", "covariates"], "strata": ["sex"]}
PEOPLE = "sex,population,source,date\nf,1200000,Census,2025\nm,1100000,Census,2025\n"


@pytest.fixture
def analyst(client):
    client.force_login(a_member(Role.ANALYST, name="hana"))
    return client


@pytest.fixture(autouse=True)
def _no_population_left():
    """The database forgets each test; so does the node's folder."""
    yield
    (settings.NODE.home / population.FILE).unlink(missing_ok=True)


@pytest.fixture
def second(client_of):
    other = client_of()
    other.force_login(a_member(Role.ANALYST, name="omar"))
    return other


def asked(client, **more):
    """An estimation that was asked on the page and answered by the job."""
    answer = client.post(reverse("estimation_start"), QUESTION | more)
    assert answer.status_code == 302, shown_faults(answer)
    one = Estimation.objects.latest("asked_at")
    jobs.estimate.call(estimation=one.pk)
    one.refresh_from_db()
    assert one.state == "done", one.fault
    return one


def shown(client, name, *parts, **query):
    return client.get(reverse(name, args=parts), query).content.decode()


def shown_faults(answer):
    return re.findall(r"govuk-error-message[^>]*>\s*(.*?)</p>", answer.content.decode(), re.S)


def numbers(page):
    """The numbers of the cells of all tables."""
    return [int(cell) for cell in re.findall(r'pal-table__number">\s*(\d+)\s*<', page)]


def a_report(one, **more):
    """What the signing page wants, its range as it proposes it."""
    judged = {f"judged_{place}": "on" for place in range(12)}
    notes = {f"note_{place}": "Looked at with the agencies." for place in range(12)}
    return judged | notes | {"low": 200, "high": 900, "method": "range"} | more


def signed(client, one, **more):
    return client.post(reverse("estimation_sign", args=[one.pk]), a_report(one, **more))


# -- the list and the question ------------------------------------------------------------------------------


def test_the_list_explains_what_an_estimation_needs_when_there_is_none(analyst):
    page = shown(analyst, "estimation_list")

    assert "Nobody has asked for an estimation yet." in page
    assert reverse("estimation_new") in page


@pytest.mark.parametrize("name", ["estimation_list", "estimation_new", "estimation_look"])
@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.ADMINISTRATOR, Role.SURVIVOR])
def test_who_is_no_statistician_estimates_nothing(client, role, name):
    client.force_login(a_member(role))

    assert client.get(reverse(name)).status_code == 403


def test_without_a_case_there_is_nothing_to_make_lists_of(analyst):
    assert "no cases to make lists of yet" in shown(analyst, "estimation_new")


def test_the_question_proposes_a_list_for_each_kind_of_agency(analyst):
    some_lists()

    assert shown(analyst, "estimation_new").count('value="Non-governmental organisation"') == 3


def test_the_question_proposes_a_list_for_each_agency_when_asked_to(analyst):
    some_lists()

    page = shown(analyst, "estimation_new", grouping="agency")

    assert 'value="Xa-Police"' in page


def test_the_question_says_how_many_cases_an_agency_has_only_roughly(analyst):
    some_lists({(SHELTER,): 13, (POLICE,): 1, (LINE,): 22}, keyless=0)

    page = shown(analyst, "estimation_new")

    assert re.findall(r"about (\d+) cases?", page) == ["20", "0", "15"]


@pytest.mark.parametrize(
    "more, said",
    [
        ({f"list-{LINE}": "Police"}, "Make three lists or more."),
        ({"title": ""}, "This field is required."),
        ({"since": "2026", "until": "2021"}, "Enter a year that is not before the first one."),
        ({"since": "26"}, "1900"),
        ({"replicates": "20000"}, "10000"),
        ({"methods": []}, "This field is required."),
        ({"methods": ["covariates"]}, "Choose a method that needs no groups, or tell people apart."),
    ],
    ids=[
        "two lists",
        "no title",
        "years that go back",
        "no year",
        "too many replicates",
        "no method",
        "a method of groups without groups",
    ],
)
@pytest.mark.parametrize("step", ["estimation_look", "estimation_start"])
def test_a_question_that_makes_no_sense_is_shown_again_with_its_faults(analyst, more, said, step):
    some_lists()
    send = analyst.post if step == "estimation_start" else analyst.get

    answer = send(reverse(step), QUESTION | more)

    assert any(said in fault for fault in shown_faults(answer))
    assert not Estimation.objects.exists()


def test_twenty_one_lists_are_too_many(analyst):
    agencies = [f"xa-{number:02}" for number in range(21)]
    for agency in agencies:
        a_case(agency=agency)

    answer = analyst.get(
        reverse("estimation_look"), {"title": "All"} | {f"list-{code}": code for code in agencies}
    )

    assert any("Make twenty lists at most." in fault for fault in shown_faults(answer))


# -- a look at the table ------------------------------------------------------------------------------------


def test_a_look_at_the_table_shows_rounded_counts_alone(analyst):
    some_lists()

    page = shown(analyst, "estimation_look", **QUESTION)

    assert "Start the estimation" in page
    assert numbers(page)
    assert all(number % 5 == 0 for number in numbers(page))
    assert page.count("pal-figure__picture--wide") == 1
    assert AuditEvent.objects.filter(action="estimation.preview", actor="hana").exists()


def test_a_look_warns_of_lists_that_share_nobody_and_of_cases_without_a_key(analyst):
    some_lists(SHARED | {(POLICE, LINE): 0, (SHELTER, POLICE, LINE): 0}, keyless=90)

    page = shown(analyst, "estimation_look", **QUESTION)

    assert "Police and Helpline share nobody." in page or "Helpline and Police share nobody." in page
    assert "too little about the person to be matched" in page


def test_a_table_that_no_method_can_use_is_not_started(analyst):
    some_lists({(SHELTER,): 9, (POLICE,): 9, (LINE,): 9})

    page = shown(analyst, "estimation_look", **QUESTION)

    assert "Fewer than 50 people" in page
    assert "Start the estimation" not in page


def test_the_question_can_be_changed_after_a_look(analyst):
    some_lists()

    page = shown(analyst, "estimation_new", **QUESTION)

    assert 'value="Hidden in 2026"' in page
    assert 'value="Helpline"' in page


# -- the answer ---------------------------------------------------------------------------------------------


def test_an_estimation_that_waits_says_how_far_it_is(analyst):
    some_lists()
    analyst.post(reverse("estimation_start"), QUESTION)
    one = Estimation.objects.get()

    page = shown(analyst, "estimation_page", one.pk)
    part = analyst.get(reverse("estimation_progress", args=[one.pk]))

    assert "It waits for its turn." in page
    assert 'http-equiv="refresh"' in page
    assert "HX-Refresh" not in part.headers


def test_when_the_answer_is_there_the_whole_page_is_asked_for(analyst):
    some_lists()
    one = asked(analyst)

    assert analyst.get(reverse("estimation_progress", args=[one.pk])).headers["HX-Refresh"] == "true"


def test_an_answer_never_stands_without_its_interval_source_and_assumptions(analyst):
    some_lists()
    one = asked(analyst)

    page = shown(analyst, "estimation_page", one.pk)

    assert re.search(r"Stepwise.{0,200}?\d+ to \d+", page, re.S)
    assert "Source: Cases on this node" in page
    assert "The population was closed" in page
    assert one.table_hash in page


def test_no_exact_count_of_people_reaches_the_page(analyst):
    some_lists()
    one = asked(analyst, **BY_SEX)

    page = shown(analyst, "estimation_page", one.pk)

    people = [number for number in numbers(page) if number < 1000]
    assert people
    assert one.answer["table"]["observed"] == sum(SHARED.values())
    assert f">{sum(SHARED.values())}<" not in page


@pytest.mark.parametrize(
    "language, said",
    [("fr", "La population était fermée"), ("ar", "كانت الفئة السكانية مغلقة")],
)
def test_the_answer_is_told_in_the_language_of_the_reader(analyst, language, said):
    some_lists()
    one = asked(analyst)
    analyst.cookies["django_language"] = language

    assert said in shown(analyst, "estimation_page", one.pk)


def test_a_refused_method_says_why_and_what_could_help(analyst):
    some_lists({**SHARED, (SHELTER, POLICE): 0, (SHELTER, POLICE, LINE): 0})
    one = asked(analyst, methods=["stepwise", "bayes-threshold", "latent"])

    page = shown(analyst, "estimation_page", one.pk)

    refused = [found for found in one.shown_answer["results"] if not found["estimable"]]
    assert all(found["warnings"][0] in page.replace("&#x27;", "'") for found in refused)
    assert page.count("Refused") >= len(refused)


def test_groups_have_totals_with_intervals_from_one_model(analyst):
    some_lists()
    one = asked(analyst, **BY_SEX)

    page = shown(analyst, "estimation_page", one.pk)

    assert "By sex" in page
    assert "Female" in page
    assert "Each group apart" in page


def test_people_of_no_year_are_no_hindrance_to_telling_years_apart(analyst):
    some_lists()
    known = facts(**{"case.ref": "Y-1", "linkage.person_key": "NRM-Y"})
    del known["case.year_registered"]
    record = records.read(records.document(known), where="test")
    case.store(record, agency=SHELTER, by=an_actor(FIRST, name="first"), now=NOW)

    one = asked(analyst, methods=["covariates"], strata=["year"])

    assert "2026" in shown(analyst, "estimation_page", one.pk)


def test_a_method_can_be_tried_on_what_is_known(analyst):
    some_lists()
    one = asked(analyst, methods=["stepwise"], trials="on", replicates="10")

    assert "could not be tried on what is known" in shown(analyst, "estimation_page", one.pk)


def test_an_estimation_that_failed_says_why_and_offers_to_ask_again(analyst):
    some_lists({(SHELTER,): 9, (POLICE,): 9, (LINE,): 9})
    analyst.post(reverse("estimation_start"), QUESTION)
    one = Estimation.objects.get()
    jobs.estimate.call(estimation=one.pk)

    page = shown(analyst, "estimation_page", one.pk)

    assert "Fewer than 50 people" in page
    again = re.search(r'href="([^"]+)">Ask the same question again', page)[1].replace("&amp;", "&")
    assert 'value="Helpline"' in analyst.get(again).content.decode()


def test_nobody_opens_an_estimation_that_is_not_there(analyst):
    assert analyst.get(reverse("estimation_page", args=["no-such-one"])).status_code == 404


# -- signatures ---------------------------------------------------------------------------------------------


def test_the_range_is_filled_in_from_the_spread_of_the_intervals(analyst):
    some_lists()
    one = asked(analyst)
    held = [found["interval"] for found in one.shown_answer["results"] if found["interval"]]

    page = shown(analyst, "estimation_sign", one.pk)

    assert f'value="{min(ends["low"] for ends in held)}"' in page
    assert f'value="{max(ends["high"] for ends in held)}"' in page


def test_no_fault_of_the_form_is_told_twice(analyst):
    some_lists()
    one = asked(analyst)
    page = analyst.post(reverse("estimation_sign", args=[one.pk]), {"low": "10"}).content.decode()

    summary = re.search(r"govuk-error-summary__list.*?</ul>", page, re.S)[0]
    told = [
        " ".join(re.sub(r"<[^>]+>", "", line).split()) for line in re.findall(r"<li>.*?</li>", summary, re.S)
    ]
    assert len(told) == len(set(told)) == 2 + page.count("How you judged it")


@pytest.mark.parametrize(
    "more, said",
    [
        ({"note_0": ""}, "Write how you judged"),
        ({"judged_0": "", "note_0": ""}, "Tick it once you have judged it"),
        ({"low": 900, "high": 200}, "Enter a number that is not below the lowest one."),
    ],
    ids=["an assumption without a note", "one that was not judged", "ends the wrong way round"],
)
def test_a_range_is_signed_only_with_every_assumption_judged(analyst, more, said):
    some_lists()
    one = asked(analyst)

    answer = signed(analyst, one, **more)

    assert any(said in fault for fault in shown_faults(answer))
    one.refresh_from_db()
    assert not one.signed_at


def test_a_range_more_exact_than_an_estimate_is_not_signed(analyst):
    some_lists()
    one = asked(analyst)

    answer = signed(analyst, one, low=203)

    assert "A figure is more exact than an estimate may be." in answer.content.decode()


def test_two_people_sign_and_the_page_names_both(analyst, second):
    some_lists()
    one = asked(analyst)

    signed(analyst, one)
    waiting = shown(second, "estimation_page", one.pk)
    second.post(reverse("estimation_countersign", args=[one.pk]))
    page = shown(analyst, "estimation_page", one.pk)

    assert "Sign as the second person" in waiting
    assert "200 to 900" in page
    assert "hana" in page
    assert "omar" in page
    assert "Looked at with the agencies." in page
    assert Estimation.objects.get().standing


def test_the_first_person_is_not_offered_the_second_signature(analyst):
    some_lists()
    one = asked(analyst)
    signed(analyst, one)

    page = shown(analyst, "estimation_page", one.pk)

    assert "Sign as the second person" not in page
    assert "Another analyst must sign" in page
    assert analyst.post(reverse("estimation_countersign", args=[one.pk])).status_code == 403


def test_the_home_page_says_what_waits_for_a_second_signature(analyst, second):
    some_lists()
    signed(analyst, asked(analyst))

    assert "Estimations that wait for your signature" in second.get("/").content.decode()
    assert "Estimations that wait for your signature" not in analyst.get("/").content.decode()


def test_a_signed_estimation_is_withdrawn_with_a_reason(analyst):
    some_lists()
    one = asked(analyst)
    signed(analyst, one)
    place = reverse("estimation_withdraw", args=[one.pk])

    without = analyst.post(place, {"reason": ""})
    analyst.post(place, {"reason": "A list was counted twice."})
    page = shown(analyst, "estimation_page", one.pk)

    assert shown_faults(without)
    assert "A list was counted twice." in page
    assert "Report a range and sign" not in page


@pytest.mark.parametrize(
    "step, said", [("sign", "It was signed already."), ("withdraw", "Nobody has signed it.")]
)
def test_a_step_that_cannot_be_taken_now_says_why_before_anything_is_filled_in(analyst, step, said):
    some_lists()
    one = asked(analyst)
    if step == "sign":
        signed(analyst, one)

    answer = analyst.get(reverse(f"estimation_{step}", args=[one.pk]), follow=True)

    assert answer.redirect_chain[-1][0] == reverse("estimation_page", args=[one.pk])
    assert said in answer.content.decode()


@pytest.mark.parametrize(
    "standing, there", [("none", False), ("once", True), ("twice", False), ("withdrawn", False), ("", True)]
)
def test_the_list_is_narrowed_down_by_signatures(analyst, standing, there):
    some_lists()
    signed(analyst, asked(analyst))

    page = shown(analyst, "estimation_list", standing=standing)

    assert ("200 to 900" in page) is there


def test_the_list_is_narrowed_down_by_words_of_the_title(analyst):
    some_lists()
    analyst.post(reverse("estimation_start"), QUESTION)

    assert "Hidden in 2026</a>" in shown(analyst, "estimation_list", q="hidden").replace("\n", "")
    assert "Nothing fits this filter" in shown(analyst, "estimation_list", q="nothing such")


# -- indicator 16.2.2 ---------------------------------------------------------------------------------------


def upload(client, one, text=PEOPLE):
    content = text if isinstance(text, bytes) else text.encode()
    file = SimpleUploadedFile("people.csv", content, content_type="text/csv")
    return client.post(reverse("estimation_sdg", args=[one.pk]), {"population": file})


def rows_of(answer):
    return list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))


def test_rates_per_100_000_come_with_intervals_and_their_source(analyst):
    some_lists()
    one = asked(analyst, **BY_SEX)

    upload(analyst, one)
    page = shown(analyst, "estimation_sdg", one.pk)
    rows = rows_of(analyst.get(reverse("estimation_sdg", args=[one.pk]), {"format": "csv"}))

    assert "Per 100,000" in page
    assert "Census, 2025" in page
    assert {row["sex"] for row in rows} == {"_T", "f", "m"}
    for row in rows:
        assert int(row["observed_rounded"]) % 5 == 0
        assert float(row["low"]) <= float(row["total"]) <= float(row["high"])
        assert float(row["per_100000"]) == float(f"{int(row['total']) / int(row['population']) * 1e5:.3g}")


def test_the_rows_of_a_sex_add_up_to_everyone_but_for_rounding(analyst):
    some_lists()
    one = asked(analyst, **BY_SEX)
    upload(analyst, one)

    rows = rows_of(analyst.get(reverse("estimation_sdg", args=[one.pk]), {"format": "csv"}))

    totals = {row["sex"]: int(row["total"]) for row in rows}
    assert totals["f"] + totals["m"] == pytest.approx(totals["_T"], abs=10)


def test_the_empty_file_of_the_population_names_the_groups(analyst):
    some_lists()
    one = asked(analyst, **BY_SEX)

    rows = rows_of(analyst.get(reverse("estimation_sdg", args=[one.pk]), {"format": "groups"}))

    assert [row["sex"] for row in rows] == ["f", "m"]
    assert set(rows[0]) == {"sex", "population", "source", "date"}


@pytest.mark.parametrize(
    "text, said",
    [
        ("sex,people\nf,1\n", "There is no column"),
        (b"\xff\xfe", "It is not UTF-8 text."),
        (b"x" * 1_000_001, "It is larger than a megabyte."),
    ],
    ids=["other columns", "no text", "too large"],
)
def test_a_file_that_is_no_population_is_not_kept(analyst, text, said):
    some_lists()
    one = asked(analyst, **BY_SEX)

    answer = upload(analyst, one, text)

    assert any(said in fault for fault in shown_faults(answer))
    assert "Per 100,000" not in shown(analyst, "estimation_sdg", one.pk)


def test_a_population_without_the_groups_of_the_estimation_says_what_is_missing(analyst):
    some_lists()
    one = asked(analyst, **BY_SEX)
    upload(analyst, one, "sex,population,source,date\nf,1200000,Census,2025\n")

    page = shown(analyst, "estimation_sdg", one.pk)

    assert "The file has no line for it." in page


def test_an_estimation_without_groups_has_no_rates(analyst):
    some_lists()
    one = asked(analyst)

    assert "All strata in one model" in shown(analyst, "estimation_sdg", one.pk)


def test_who_may_not_estimate_keeps_no_population(client):
    client.force_login(a_member(Role.CASE_WORKER))

    assert client.post(reverse("estimation_sdg", args=["any"])).status_code == 403


def test_an_agency_that_is_not_here_is_not_asked_about(analyst):
    some_lists()
    analyst.post(reverse("estimation_start"), QUESTION | {"list-no-such-agency": "Others"})

    assert set(Estimation.objects.get().question["lists"]) == {"Shelters", "Police", "Helpline"}
