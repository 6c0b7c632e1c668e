"""The pages of national plans: taken in, mapped, looked at, reported on, carried over, withdrawn."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from palermo.appraisal.plan import stored
from palermo.node.models import NationalPlan, PlanFile
from palermo.node.planned import plans_of
from palermo.protection.access import Role
from tests.appraisal.plan.books import ACTION, a_book
from tests.appraisal.plan.plans import a_milestone, an_action
from tests.node.cases import a_member
from tests.node.plans import a_kept_plan, a_paper, a_sheet

pytestmark = pytest.mark.django_db

KEEPERS = [Role.ANALYST, Role.COMPETENT_AUTHORITY]
EXPIRED = {"starts_on": date(2021, 1, 1), "ends_on": date(2025, 12, 31)}


@pytest.fixture
def ada(client):
    client.force_login(a_member(Role.ANALYST, name="ada"))
    return client


def shown(client, name, *parts, **query):
    answer = client.get(reverse(name, args=parts), query)
    assert answer.status_code == 200
    return answer.content.decode()


def uploaded(given):
    return SimpleUploadedFile(given.name, given.content)


def takes_in(client, given, **more):
    return client.post(reverse("plan_list"), {"file": uploaded(given)} | more, follow=True)


def a_report(**more):
    told = {"on_0": "1", "on_1": "3", "on_2": "2026", "progress": "done", "text": "It is open."}
    return told | more


def a_map(page, **more):
    """What the form of a mapping sends: what it shows, and the plan's own facts."""
    form = page.context["form"]
    initial = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    return (
        initial
        | {"id": "NAP", "state": "XA", "ends_on_0": "31", "ends_on_1": "12", "ends_on_2": "2029"}
        | more
    )


def test_a_spreadsheet_is_taken_in_and_its_plan_shown_over_time(ada):
    answer = takes_in(ada, a_sheet(an_action("1.1", milestones=(a_milestone(),))))
    page = answer.content.decode()

    one = NationalPlan.objects.get()
    assert answer.redirect_chain == [(reverse("plan_page", args=[one.pk]), 302)]
    assert "1.1" in page
    assert page.count("<svg") == 2
    assert "Milestone missed" in page
    assert "0 of 1" in page


def test_every_fault_of_a_spreadsheet_is_shown_with_its_cell(ada):
    stream = a_book(Actions=[{**ACTION, "Pillar": "Kindness", "Due on": "soon"}])
    page = ada.post(
        reverse("plan_list"), {"file": SimpleUploadedFile("p.xlsx", stream.getvalue())}
    ).content.decode()

    assert "Actions!B2: this is not one of the words of the list." in page
    assert "Actions!D2: this is no day." in page
    assert not NationalPlan.objects.exists()


def test_a_list_without_a_file_asks_for_one(ada):
    assert "Choose a file" in ada.post(reverse("plan_list"), {}).content.decode()


def test_a_written_plan_is_mapped_by_a_person_and_then_kept(ada):
    page = takes_in(ada, a_paper())
    held = PlanFile.objects.get()
    assert page.redirect_chain == [(reverse("plan_map", args=[str(held)]), 302)]
    assert "Column “responsible institution”" in page.content.decode()

    answer = ada.post(reverse("plan_map", args=[str(held)]), a_map(page), follow=True)

    assert [one.title for one in plans_of("XA")[0].actions] == [
        "Run a campaign",
        "Train inspectors",
        "Open two shelters",
    ]
    assert "This plan was made by a committee." in answer.content.decode()


def test_a_mapping_with_faults_is_shown_beside_its_fields(ada):
    page = takes_in(ada, a_paper())
    held = PlanFile.objects.get()
    none = {name: "nothing" for name in page.context["form"].fields if name.startswith("use-")}

    answer = ada.post(reverse("plan_map", args=[str(held)]), a_map(page, state="Atlantis", **none))

    form = answer.context["form"]
    assert "no State has this code" in form.errors["state"][0]
    assert "used as an action" in form.errors["__all__"][0]
    assert not NationalPlan.objects.exists()


def test_an_action_is_reported_on_with_a_document_that_can_be_had_again(ada):
    one = a_kept_plan(an_action("1/1 ä", reports=()))
    address = reverse("plan_action", args=[one.pk, 1])
    minutes = SimpleUploadedFile("minutes.pdf", b"%PDF minutes")

    answer = ada.post(address, a_report(document=minutes), follow=True)
    page = answer.content.decode()

    kept = stored.plan(NationalPlan.objects.get().document).actions[0].reports[0]
    assert "It is open." in page
    assert kept.document.startswith("minutes.pdf (")
    link = reverse("plan_file", args=[kept.document[-11:-1]])
    assert link in page
    assert ada.get(link).content == b"%PDF minutes"


def test_a_report_from_the_future_is_refused_beside_its_day(ada):
    one = a_kept_plan(an_action())

    answer = ada.post(reverse("plan_action", args=[one.pk, 1]), a_report(on_2="2999"))

    assert "in the future" in answer.context["form"].errors["on"][0]


def test_an_expired_plan_says_so_and_its_actions_are_carried_over(ada):
    old = a_kept_plan(an_action("1"), id="OLD", **EXPIRED)
    assert "The plan expired on 31 December 2025." in shown(ada, "plan_page", old.pk)
    assert "No other plan of this State" in shown(ada, "plan_carry", old.pk)
    new = a_kept_plan(an_action("2"), id="NEW", starts_on=date(2020, 1, 1))
    assert not re.search(r"\bP1\b", shown(ada, "plan_carry", old.pk))

    ada.post(reverse("plan_carry", args=[old.pk]), {"into": new.pk})

    assert [
        one.carried_from for one in stored.plan(NationalPlan.objects.get(pk=new.pk).document).actions
    ] == [
        "",
        "1",
    ]
    assert "Nothing to look at" in shown(ada, "plan_page", old.pk)


def test_a_plan_is_not_carried_into_an_older_one(ada):
    old = a_kept_plan(an_action("1"), id="OLD", **EXPIRED)
    new = a_kept_plan(an_action("2"), id="NEW")

    answer = ada.post(reverse("plan_carry", args=[new.pk]), {"into": old.pk})

    assert "ends before" in answer.context["form"].errors["into"][0]


def test_a_withdrawn_plan_shows_why_and_takes_no_report(ada):
    one = a_kept_plan(an_action())

    page = ada.post(reverse("plan_withdraw", args=[one.pk]), {"reason": "A newer text"}, follow=True)

    assert "Withdrawn by ada: A newer text" in page.content.decode()
    assert "Report progress" not in shown(ada, "plan_action", one.pk, 1)


def test_the_list_is_narrowed_by_state_and_empty_says_what_to_do(ada):
    assert "No plan is kept here." in shown(ada, "plan_list")
    a_kept_plan(title="Plan of XA")
    a_kept_plan(title="Plan of XB", state="XB")

    page = shown(ada, "plan_list", q="XB")

    assert "Plan of XB" in page
    assert "Plan of XA" not in page


def test_a_plan_without_actions_has_no_picture(ada):
    one = a_kept_plan()
    plan = stored.plan(one.document)
    NationalPlan.objects.filter(pk=one.pk).update(document=stored.document(replace(plan, actions=())))

    assert "Timeline" not in shown(ada, "plan_page", one.pk)


def test_a_changed_plan_lists_its_versions(ada):
    one = a_kept_plan(an_action("1"))
    ada.post(reverse("plan_action", args=[one.pk, 1]), a_report())

    assert "Versions before this one" in shown(ada, "plan_page", one.pk)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_template_can_be_had(ada, language):
    answer = ada.get(reverse("plan_template", args=[language]))

    assert answer.content.startswith(b"PK")
    assert ada.get(reverse("plan_template", args=["xx"])).status_code == 404


def test_an_action_that_is_not_there_is_not_found(ada):
    one = a_kept_plan(an_action())

    assert ada.get(reverse("plan_action", args=[one.pk, 2])).status_code == 404
    assert ada.get(reverse("plan_page", args=["none"])).status_code == 404


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_pages_are_shown_in_every_language(ada, language):
    one = a_kept_plan(an_action(milestones=(a_milestone(),), owner="", budget=(), indicators=(), reports=()))
    ada.post(reverse("set_language"), {"language": language})

    for name, parts in (("plan_list", ()), ("plan_page", (one.pk,)), ("plan_action", (one.pk, 1))):
        assert f'lang="{language}"' in shown(ada, name, *parts)


@pytest.mark.parametrize("role", [one for one in Role if one not in (*KEEPERS, Role.PEER_NODE)], ids=str)
def test_the_pages_are_for_who_keeps_plans(client, role):
    one = a_kept_plan(an_action())
    client.force_login(a_member(role, name="cy"))

    assert client.get(reverse("plan_list")).status_code == 403
    assert client.get(reverse("plan_page", args=[one.pk])).status_code == 403
    assert client.get(reverse("plan_file", args=[str(one.file)])).status_code == 403


def test_a_competent_authority_finds_the_plans_among_the_parts_of_the_appraisal(client):
    client.force_login(a_member(Role.COMPETENT_AUTHORITY, name="cy"))

    assert reverse("plan_list") in shown(client, "appraisal_list")
