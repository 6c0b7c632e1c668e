"""The pages of cases, imports and the audit in real Chromium: no faults, no complaints, nothing sticks out."""

import pytest
from django.urls import reverse

from palermo.protection.access import Role
from tests.journeys.browser import WIDTHS
from tests.node.cases import FIRST, IDENTITY, WORKER, a_case, an_agency

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def some_cases(agency: str = "shelter") -> str:
    """Cases with and without identity; the identifier of the first."""
    an_agency(agency)
    first = a_case(agency=agency, **IDENTITY | {"case.support": "in_support"})
    for number in range(8):
        a_case(agency=agency, **{"case.ref": f"XA-1{number:03}", "person.sex": "m"})
    return first.pk


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_pages_of_a_case_worker(signed_in, live_server, language, width):
    case = some_cases()
    chromium = signed_in(FIRST, WORKER, Role.SUPERVISOR)

    for name, path in (
        ("home", "/"),
        ("case_list", reverse("case_list")),
        ("case_page", reverse("case_page", args=[case])),
        ("import_list", reverse("import_list")),
        ("audit_list", reverse("audit_list")),
    ):
        chromium.open(live_server.url + path, width=width)
        chromium.speak(language)
        chromium.picture(f"{name}-{language}-{width}")
        assert chromium.faults() == [], name
        assert chromium.complaints() == [], name
        assert chromium.overflow() == 0, name
