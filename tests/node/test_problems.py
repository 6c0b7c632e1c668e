"""Refusals on pages: the reasons in words, in the page's language; codes are for the interface."""

import pytest
from django.urls import reverse

from palermo.protection.access import Reason, Role
from tests.node.cases import WORKER, a_case, a_member
from tests.node.systems import a_system, problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("page", ["administration", "agency_list"])
def test_a_refusal_says_why_in_the_readers_language_and_in_no_codes(client, page, language):
    client.force_login(a_member(Role.BORDER_OFFICER, agency="xa-border"))

    response = client.get(reverse(page), headers={"Accept-Language": language})

    shown = response.content.decode()
    assert response.status_code == 403
    assert Reason.ROLE.text(language) in shown
    assert Reason.ROLE.value not in shown
    assert "xa-border:" not in shown


def test_a_refused_step_on_a_case_says_so_too(client):
    kept = a_case()
    client.force_login(a_member(WORKER))

    response = client.post(
        f"{reverse('case_page', args=[kept.pk])}move/", {"track": "support", "to": "closed"}
    )

    assert response.status_code == 403
    assert Reason.ROLE.text("en") in response.content.decode()
    assert Reason.ROLE.value not in response.content.decode()


def test_a_refusal_without_reasons_keeps_its_own_words(client):
    client.force_login(a_member(Role.ANALYST))

    shown = client.get(reverse("import_list")).content.decode()

    assert "Files of cases are brought in by those who write cases down" in shown


def test_the_interface_keeps_the_codes():
    found = problem(
        a_system(Role.ANALYST).post("/look-ups", {"kind": "name", "value": "x", "purpose": "support"}), 403
    )

    assert Reason.ROLE.value in found["reasons"]
