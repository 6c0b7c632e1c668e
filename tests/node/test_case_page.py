"""The pages of cases: what each role is shown, and what is asked before anything opens."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from palermo.node import tenancy
from palermo.node.actions import approval, emergency, erasure
from palermo.node.models import AuditEvent, Case, EmergencyOpening
from palermo.protection.access import Role
from tests.node.cases import (
    CANARY,
    FIRST,
    IDENTITY,
    PHONE,
    WORKER,
    a_case,
    a_member,
    an_actor,
    stand,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def enter(client):
    """Sign in with these roles: `enter(Role.CASE_WORKER)`."""

    def signed_in(*roles, **more):
        client.force_login(a_member(*roles, **more))
        return client

    return signed_in


def text(response) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def page_of(kept: Case) -> str:
    return reverse("case_page", args=[kept.pk])


def stored(kept: Case) -> Case:
    """The case as the database has it now."""
    with tenancy.acting_for(kept.agency_id):
        return Case.objects.get(pk=kept.pk)


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_every_role_has_a_home(enter, role):
    a_case()

    assert "<h1" in text(enter(role).get("/"))


def test_a_home_shows_only_the_cards_of_the_members_roles(enter):
    home = text(enter(Role.ADMINISTRATOR).get("/"))

    assert "Administration" in home
    assert "Cases of your team" not in home


def test_a_survivor_finds_their_own_record_from_home(enter):
    kept = a_case()
    stand(kept, "person", "survivor")

    assert page_of(kept) in text(enter(Role.SURVIVOR).get("/"))


def test_the_list_shows_the_cases_one_may_see_and_no_others(enter):
    a_case(**{"case.ref": "OURS-1"})
    a_case(agency="xa-police", **{"case.ref": "THEIRS-1"})

    shown = text(enter(WORKER).get(reverse("case_list")))

    assert "OURS-1" in shown
    assert "THEIRS-1" not in shown


@pytest.mark.parametrize(
    "query, found",
    [
        ({"reference": "XA-1"}, ["XA-10"]),
        ({"year": "2024"}, ["XA-20"]),
        ({"sex": "m"}, ["XA-20"]),
        ({"age_band": "18-20"}, ["XA-10", "XA-20"]),
        ({"form": "ForcedBegging"}, ["XA-20"]),
        ({"citizenship": "KZ"}, ["XA-10", "XA-20"]),
        ({"identification": "screened"}, ["XA-20"]),
        ({"sex": "x"}, []),
    ],
    ids=str,
)
def test_the_list_is_narrowed_down_by_codes(enter, query, found):
    a_case(**{"case.ref": "XA-10"})
    other = {"case.year_registered": 2024, "person.sex": "m", "exploitation[0].form": "ForcedBegging"}
    a_case(**{"case.ref": "XA-20", "case.identification": "screened"} | other)

    shown = text(enter(WORKER).get(f"{reverse('case_list')}?{urlencode(query)}"))

    assert [ref for ref in ("XA-10", "XA-20") if ref in shown] == found


def test_pages_of_the_list_hold_every_case_once(enter):
    for number in range(120):
        a_case(**{"case.ref": f"R{number:03}"}, now=timezone.now() - timedelta(minutes=number // 7))
    client, url, seen = enter(WORKER), reverse("case_list"), []

    while url:
        context = client.get(url).context
        seen += [row["case"].text.text for row in context["cases"].rows]
        after = context["cases"].pages.next
        url = f"{reverse('case_list')}?{urlencode(after)}" if after else ""
        before = context["cases"].pages.previous

    assert sorted(seen) == [f"R{number:03}" for number in range(120)]
    back = client.get(f"{reverse('case_list')}?{urlencode(before)}").context["cases"].rows
    assert [row["case"].text.text for row in back] == seen[50:100]


@pytest.mark.parametrize("key", ["nonsense", "0001-01-01T00:00:00+14:00~A", "2026-01-01T00:00:00Z~\0"])
def test_a_key_that_makes_no_sense_gives_the_first_page(enter, key):
    a_case()

    assert "XA-0001" in text(enter(WORKER).get(reverse("case_list"), {"after": key}))


def test_an_exact_name_is_looked_up_in_the_body_and_stands_in_no_address(enter):
    kept = a_case(**IDENTITY)
    client = enter(WORKER)

    shown = text(client.post(reverse("case_look_up"), {"kind": "name", "value": CANARY}))

    assert page_of(kept) in shown
    assert f"value={CANARY.split()[0]}" not in shown
    assert client.get(reverse("case_look_up")).status_code == 405


def test_a_look_up_without_a_value_says_what_is_missing(enter):
    assert "There is a problem" in text(enter(WORKER).post(reverse("case_look_up"), {"kind": "name"}))


@pytest.mark.parametrize("role", [Role.ANALYST, Role.BORDER_OFFICER, Role.ADMINISTRATOR])
def test_who_may_open_no_case_is_refused_the_list(enter, role):
    assert enter(role).get(reverse("case_list")).status_code == 403


def test_the_case_page_shows_coded_facts_in_words_and_no_identity(enter):
    kept = a_case(**IDENTITY | {"person.gender": {"value": None, "state": "declined"}})

    shown = text(enter(WORKER).get(page_of(kept)))

    assert "Forced labour" in shown
    assert "Declined to answer" in shown
    assert "XA-0001 – palermo" in " ".join(shown.split())
    assert not any(name in shown for name in (*CANARY.split(), PHONE))


@pytest.mark.parametrize("language, word", [("fr", "Travail forcé"), ("ar", "العمل القسري")])
def test_the_case_page_speaks_the_readers_language(enter, language, word):
    kept = a_case()

    assert word in text(enter(WORKER).get(page_of(kept), headers={"accept-language": language}))


def test_sealed_parts_open_for_a_purpose_in_one_answer_only(enter):
    kept = a_case(**IDENTITY)
    client = enter(WORKER)

    opened = client.post(f"{page_of(kept)}open/", {"tiers": ["T3", "T4"], "purpose": "support"})

    assert all(name in text(opened) for name in CANARY.split())
    assert opened.headers["Cache-Control"] == "no-store, private"
    assert CANARY.split()[0] not in text(client.get(page_of(kept)))
    assert AuditEvent.objects.filter(action="case.unseal", purpose="support").count() == 1


def test_opening_without_a_purpose_opens_nothing(enter):
    kept = a_case(**IDENTITY)

    shown = text(enter(WORKER).post(f"{page_of(kept)}open/", {"tiers": ["T3"]}))

    assert "There is a problem" in shown
    assert CANARY.split()[0] not in shown


def test_a_part_that_does_not_open_says_why(enter):
    unconsented = {key: value for key, value in IDENTITY.items() if "scope" not in key}
    kept = a_case(**unconsented)

    shown = text(enter(Role.SUPERVISOR).get(page_of(kept)))

    assert "consent for this does not exist" in shown
    assert "Open in an emergency" in shown


def test_a_case_of_another_agency_is_not_there(enter):
    kept = a_case(agency="xa-police")

    assert enter(WORKER).get(page_of(kept)).status_code == 404


def test_a_step_is_taken_from_the_page(enter):
    kept = a_case()

    answer = enter(WORKER).post(f"{page_of(kept)}move/", {"track": "support", "to": "accepted"}, follow=True)

    assert "Support is now: " in text(answer)
    assert stored(kept).support == "accepted"


@pytest.mark.parametrize(
    "data, status",
    [
        ({"track": "support", "to": ""}, 302),
        ({"track": "nothing", "to": "x"}, 404),
        ({"track": "support", "to": "closed"}, 403),
    ],
    ids=["no choice", "no such track", "not for this role"],
)
def test_a_step_that_makes_no_sense_changes_nothing(enter, data, status):
    kept = a_case()

    assert enter(WORKER).post(f"{page_of(kept)}move/", data).status_code == status
    assert stored(kept).version == 1


def test_the_page_says_why_a_step_cannot_be_taken(enter):
    kept = a_case(**{"case.identification": "referred_to_authority"})

    assert "Your role does not include this step" in text(enter(WORKER).get(page_of(kept)))


def test_two_members_of_the_deciding_body_decide_from_the_page(enter):
    kept = a_case(**{"case.identification": "referred_to_authority"})
    stand(kept, "decision_body", "xa-authority")
    client = enter(Role.COMPETENT_AUTHORITY, name="ama", agency="xa-authority")
    client.post(f"{page_of(kept)}approve/", {"step": "decide_grounds"})

    client = enter(Role.COMPETENT_AUTHORITY, name="ben", agency="xa-authority")
    client.post(f"{page_of(kept)}move/", {"track": "identification", "to": "rg_positive"})

    assert stored(kept).identification == "rg_positive"


def test_an_unknown_step_cannot_be_approved(enter):
    assert enter(WORKER).post(f"{page_of(a_case())}approve/", {"step": "everything"}).status_code == 404


def test_an_officer_sees_what_is_kept_and_never_what_it_says(enter):
    kept = a_case(**IDENTITY)

    shown = text(enter(Role.DATA_PROTECTION_OFFICER).get(page_of(kept)))

    assert "Sealed" in shown
    assert "Forced labour" not in shown
    assert "XA-0001" not in shown
    assert AuditEvent.objects.last().action == "case.inspect"


def test_an_officer_of_another_agency_sees_nothing(enter):
    kept = a_case(**IDENTITY)
    client = enter(Role.DATA_PROTECTION_OFFICER, agency="xa-police")

    assert client.get(page_of(kept)).status_code == 404


def test_two_officers_erase_from_the_page(enter):
    kept = a_case(**IDENTITY)
    approval.give(
        kept.pk, step="erase", by=an_actor(Role.DATA_PROTECTION_OFFICER, name="one"), now=timezone.now()
    )
    client = enter(Role.DATA_PROTECTION_OFFICER, name="two")
    assert page_of(kept) in text(client.get("/"))
    assert "Tick the box first" in text(client.post(f"{page_of(kept)}erase/", follow=True))

    answer = client.post(f"{page_of(kept)}erase/", {"sure": "on"}, follow=True)

    assert "The person is erased" in text(answer)
    assert "Erased for good" in text(answer)


def test_an_officer_proposes_and_then_waits_for_another(enter):
    kept = a_case(**IDENTITY)
    client = enter(Role.DATA_PROTECTION_OFFICER)

    client.post(f"{page_of(kept)}approve/", {"step": "erase"})

    assert "You proposed it" in text(client.get(page_of(kept)))


def test_an_erased_case_says_so(enter):
    kept = a_case(**IDENTITY)
    one, two = (an_actor(Role.DATA_PROTECTION_OFFICER, name=name) for name in ("one", "two"))
    approval.give(kept.pk, step="erase", by=one, now=timezone.now())
    erasure.erase(kept.pk, by=two, now=timezone.now())

    shown = text(enter(WORKER).get(page_of(kept)))

    assert "The person was erased on" in shown
    assert "Nothing is sealed in this case" in shown


def test_an_emergency_is_opened_and_answered_from_pages(enter):
    kept = a_case(**{key: value for key, value in IDENTITY.items() if "scope" not in key})
    client = enter(Role.SUPERVISOR, name="sara")
    opened = client.post(f"{page_of(kept)}emergency/", {"tiers": ["T4"], "reason": "missing"}, follow=True)
    assert "It ends unless a second person confirms" in text(opened)

    client = enter(Role.SUPERVISOR, name="otto")
    assert "Opened by sara" in text(client.get("/"))
    opening = EmergencyOpening.objects.get()
    client.post(reverse("emergency_answer", args=[opening.pk]), {"answer": "confirm"})

    assert EmergencyOpening.objects.get().second == "otto"
    assert emergency.waiting(by=an_actor(Role.SUPERVISOR, name="otto"), now=timezone.now()) == []


def test_an_emergency_without_a_reason_opens_nothing(enter):
    kept = a_case(**IDENTITY)

    enter(Role.SUPERVISOR).post(f"{page_of(kept)}emergency/", {"tiers": ["T4"]})

    assert not EmergencyOpening.objects.exists()


def test_a_refusal_of_an_emergency_is_shown(enter):
    kept = a_case(**{key: value for key, value in IDENTITY.items() if "scope" not in key})
    sara = an_actor(Role.SUPERVISOR, name="sara")
    opening = emergency.open(kept.pk, tiers=["T4"], reason="missing", by=sara, now=timezone.now())
    client = enter(Role.SUPERVISOR, name="otto")

    answer = client.post(reverse("emergency_answer", args=[opening.pk]), {"answer": "refuse"}, follow=True)

    assert "Refused by otto" in text(answer)


def test_who_looked_stands_on_the_page_for_the_person_too(enter):
    kept = a_case()
    stand(kept, "person", "survivor")

    shown = text(enter(Role.SURVIVOR).get(page_of(kept)))

    assert "Who looked at this case" in shown


def test_a_list_leaves_the_node_with_two_supervisors(enter):
    a_case(**IDENTITY)
    client = enter(Role.SUPERVISOR, name="one")
    assert client.post(reverse("case_export")).status_code == 403
    client.post(reverse("case_list_approve"))

    client = enter(Role.SUPERVISOR, name="two")
    answer = client.post(reverse("case_export"), {"sex": "f"})
    lines = b"".join(answer.streaming_content).decode()

    assert "XA-0001,2026,f,18-20,ForcedLabour,KZ" in lines
    assert CANARY.split()[0] not in lines
    assert client.post(reverse("case_export")).status_code == 403


def test_the_export_is_not_offered_to_others(enter):
    assert "Take out the list" not in text(enter(WORKER).get(reverse("case_list")))


def test_an_empty_list_says_what_to_do_next(enter):
    assert reverse("import_list") in text(enter(FIRST, WORKER).get(reverse("case_list")))
