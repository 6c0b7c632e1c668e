"""The pages of cases, imports and the audit in real Chromium: no faults, no complaints, no overflow."""

import pytest
from django.urls import reverse

from palermo.node import jobs
from palermo.node.models import ImportRun
from palermo.protection.access import Role
from tests.journeys.browser import WIDTHS
from tests.node.cases import CANARY, FIRST, IDENTITY, WORKER, a_case, a_file, a_record, an_agency

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


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_an_import_and_of_an_opened_case(signed_in, live_server, tmp_path, language):
    case = some_cases()
    file = tmp_path / "cases.jsonl"
    rows = [a_record(**{"case.ref": f"R{number}"}).document for number in range(3)]
    rows[1]["person"]["sex"]["value"] = "nonsense"
    file.write_bytes(a_file(rows).getvalue())
    chromium = signed_in(FIRST, WORKER)

    def checked(name: str) -> None:
        chromium.picture(f"{name}-{language}-1280")
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
    chromium.picture("case_inspection-en-1280")

    assert chromium.faults() == []
