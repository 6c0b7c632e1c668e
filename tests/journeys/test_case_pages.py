"""What a form's answer shows, and so the tour does not: a running import, a case with its parts open."""

import pytest
from django.urls import reverse

from palermo.node import jobs
from palermo.node.models import ImportRun
from palermo.protection.access import Role
from tests.node.cases import CANARY, FIRST, IDENTITY, WORKER, a_case, a_file, a_record, an_agency

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def some_cases(agency: str = "shelter") -> str:
    """Cases with and without identity; the identifier of the first."""
    an_agency(agency)
    first = a_case(agency=agency, **IDENTITY | {"case.support": "in_support"})
    for number in range(8):
        a_case(agency=agency, **{"case.ref": f"XA-1{number:03}", "person.sex": "m"})
    return first.pk


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_an_import_and_of_an_opened_case(signed_in, live_server, tmp_path, language):
    case = some_cases()
    file = tmp_path / "cases.jsonl"
    rows = [a_record(**{"case.ref": f"R{number}"}).document for number in range(3)]
    rows[1]["person"]["sex"]["value"] = "nonsense"
    file.write_bytes(a_file(rows).getvalue())
    chromium = signed_in(FIRST, WORKER)

    def checked(name: str) -> None:
        assert chromium.faults() == [], name
        assert chromium.complaints() == [], name

    chromium.open(live_server.url + reverse("import_list"))
    chromium.speak(language)
    chromium.type("input[type=file]", str(file))
    chromium.click("main form button[type=submit]")
    checked("import_preview")
    chromium.click("form[action$='start/'] button")
    chromium.wait("#progress")
    checked("import_running")
    jobs.import_file.func(run=ImportRun.objects.get().pk)
    chromium.wait("#faults")
    checked("import_report")

    chromium.open(live_server.url + reverse("case_page", args=[case]))
    chromium.click("details summary[class]")
    for box in ("[name=tiers][value=T3]", "[name=tiers][value=T4]", "[name=purpose][value=support]"):
        chromium.click(box)
    chromium.click("form[action$='open/'] button")
    assert chromium.wait("main .govuk-inset-text")
    assert CANARY.split()[0] in chromium.find("main").text
    checked("case_opened")


def test_what_an_officer_sees_of_a_case(signed_in, live_server):
    case = some_cases()
    chromium = signed_in(Role.DATA_PROTECTION_OFFICER)

    chromium.open(live_server.url + reverse("case_page", args=[case]))

    assert chromium.faults() == []
