"""The pages of risk reports: read by analysts and officers, signed by officers; and the comparison."""

import json
import re
import shutil
from html import unescape

import pytest
from django.conf import settings
from django.urls import reverse

from palermo.node import jobs, risk_shown
from palermo.node.actions import release, risk
from palermo.node.models import AuditEvent, RiskReport
from palermo.prevention.release import risk_document, risk_text
from palermo.protection.access import Role
from tests.node import risks
from tests.node.cases import NOW, a_member
from tests.node.estimations import a_person, an_analyst, store
from tests.node.releases import an_asked, approved, drafted, made
from tests.node.risks import reported, waiting
from tests.node.test_release_page import shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(client_of):
    own = client_of()
    own.force_login(a_member(Role.ANALYST, name="hana"))
    return own


@pytest.fixture
def officer(client_of):
    own = client_of()
    own.force_login(a_member(Role.DATA_PROTECTION_OFFICER, name="d-haile"))
    return own


@pytest.fixture(autouse=True)
def _somebody():
    store(*(a_person(number, **{"person.sex": "fm"[number % 2]}) for number in range(30)))


@pytest.fixture(autouse=True)
def _no_pack_left():
    yield
    shutil.rmtree(settings.NODE.home / "packs", ignore_errors=True)


def step(client, name, reference):
    return client.post(reverse(f"risk_{name}", args=[reference]), follow=True).content.decode()


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.ADMINISTRATOR, Role.SURVIVOR, Role.PROSECUTOR])
@pytest.mark.parametrize("name", ["risk_list", "risk_page", "risk_compare", "risk_progress"])
def test_nobody_else_reads_a_report(client, role, name):
    parts = [] if name == "risk_list" else [risks.made_with_rows().pk]
    client.force_login(a_member(role))

    assert client.get(reverse(name, args=parts)).status_code == 403


def test_with_no_release_the_list_says_what_will_stand_there(officer):
    assert "No release has been made yet." in shown(officer, "risk_list")


def test_an_officer_finds_the_report_from_the_first_page_and_signs_it(officer):
    kept = reported()

    assert "Risk reports that wait for your signature" in shown(officer, "home")
    assert "Persons met in XA" in shown(officer, "risk_list", standing="unread")
    page = step(officer, "sign", kept.pk)

    assert "You have signed that you read the report." in page
    assert "d-haile, data-protection officer, has read it and signed on" in page
    assert "I have read this report" not in page
    assert "Persons met in XA" not in shown(officer, "risk_list", standing="unread")
    assert "wait for your signature" not in shown(officer, "home")
    assert AuditEvent.objects.filter(action="risk.sign", actor="d-haile").count() == 1


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_report_is_told_in_the_language_of_the_page(officer, language):
    kept = reported()
    officer.cookies["django_language"] = language

    page = unescape(shown(officer, "risk_page", kept.pk))

    sections = risk_text.sections(risk_document.read(kept.found), an_asked().schema, language)
    for section in sections:
        assert section.title in page
        assert section.open in page
        assert all(line in page for line in section.found)


def test_an_analyst_reads_the_report_and_cannot_sign_it(analyst):
    kept = reported()

    page = shown(analyst, "risk_page", kept.pk)

    assert "For use inside only." in page
    assert "No data-protection officer has signed yet." in page
    assert "I have read this report" not in page
    assert f'href="{reverse("release_page", args=[kept.pk])}"' in page
    assert analyst.post(reverse("risk_sign", args=[kept.pk])).status_code == 403


def test_an_officer_is_not_led_to_pages_that_are_not_theirs(officer):
    kept = reported()

    assert f'href="{reverse("release_page", args=[kept.pk])}"' not in shown(officer, "risk_page", kept.pk)
    assert officer.get(reverse("release_page", args=[kept.pk])).status_code == 403


def test_the_page_of_the_release_says_that_nobody_has_signed(analyst):
    kept = reported()
    page = shown(analyst, "release_page", kept.pk)

    assert "No data-protection officer has signed its risk report yet." in page
    assert reverse("risk_page", args=[kept.pk]) in page
    assert "Waits for a signature" in page


def test_a_report_of_a_release_without_rows_has_nothing_to_wait_for(analyst):
    one = made()
    page = shown(analyst, "risk_page", one.pk)

    assert "There is nothing to report on" in page
    assert "Have the report worked out" not in page
    assert risk_shown.settled(one)


def test_a_report_says_how_far_it_is_and_asks_for_the_page_when_it_has_ended(officer):
    kept = waiting()
    assert "It waits for its turn." in shown(officer, "risk_page", kept.pk)

    RiskReport.objects.update(state="running", progress=0.4)
    part = officer.get(reverse("risk_progress", args=[kept.pk])).content.decode()

    assert 'value="40"' in part
    assert "Releases are made and searched for persons." in part
    RiskReport.objects.update(state="failed")
    assert officer.get(reverse("risk_progress", args=[kept.pk])).headers["HX-Refresh"] == "true"


def test_a_report_that_failed_is_asked_for_again(officer, monkeypatch):
    queued = []
    monkeypatch.setattr(jobs, "put_risk", lambda kept: queued.append(kept.pk))
    kept = waiting()
    RiskReport.objects.update(state="failed", fault="No room.")

    page = shown(officer, "risk_page", kept.pk)
    assert "The work was stopped: No room." in page
    assert "It waits for its turn." in step(officer, "ask", kept.pk)
    assert queued == [kept.pk]


def test_a_release_that_nobody_looked_at_can_be_looked_at(officer, monkeypatch):
    monkeypatch.setattr(jobs, "put_risk", lambda kept: None)
    one = risks.made_with_rows()

    assert "Nobody has looked for persons in this release yet." in shown(officer, "risk_page", one.pk)
    assert "It waits for its turn." in step(officer, "ask", one.pk)


def test_a_broken_promise_stands_first_and_in_the_list(officer):
    kept = reported()
    found = kept.found | {"membership": kept.found["membership"] | {"bound": 0.0}}
    found["membership"] |= {"called": {"hits": 20, "of": 20}, "miscalled": {"hits": 0, "of": 20}}
    RiskReport.objects.update(found=found)

    page = shown(officer, "risk_page", kept.pk)

    assert "A test found more than the promise allows. Do not publish this release; report the fault." in page
    assert "No test found more" not in page
    assert "A test found too much" in shown(officer, "risk_list")


def test_cases_that_changed_since_are_a_warning(officer):
    kept = reported()
    RiskReport.objects.update(same_table=False)

    assert "The cases have changed since the release was made" in shown(officer, "risk_page", kept.pk)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_report_is_kept_as_a_page_of_its_own_under_its_own_policy(officer, language):
    kept = reported()
    risk.sign(kept.pk, by=_an_officer(), now=NOW)

    answer = officer.get(reverse("risk_file", args=[kept.pk, f"risk-report.{language}.html"]))

    page = answer.content.decode()
    assert f'lang="{language}"' in page
    assert "d-haile" in page
    assert "____" not in page
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "no-store" in answer.headers["Cache-Control"]


def _an_officer():
    from tests.node.cases import an_actor

    return an_actor(Role.DATA_PROTECTION_OFFICER, name="d-haile", agency="xa-rapporteur")


def test_the_report_is_kept_for_other_programs(analyst):
    kept = reported()

    answer = analyst.get(reverse("risk_file", args=[kept.pk, "risk-report.json"]))

    told = json.loads(answer.content)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert (told["inside_only"], told["known"], told["sensitive"]) == (True, ["year"], ["sex"])


@pytest.mark.parametrize("name", ["risk-report.de.html", "rows.csv", "manifest.json"])
def test_there_is_no_other_file(analyst, name):
    assert analyst.get(reverse("risk_file", args=[reported().pk, name])).status_code == 404


def test_a_report_that_is_not_done_is_not_kept(analyst):
    assert analyst.get(reverse("risk_file", args=[waiting().pk, "risk-report.json"])).status_code == 404


def test_a_comparison_is_explained_before_it_is_asked_and_the_audit_says_who(analyst):
    one = risks.made_with_rows()
    before = shown(analyst, "risk_compare", one.pk)

    assert "This is a query of the real records." in before
    assert "<table" not in before
    assert not AuditEvent.objects.filter(action="risk.compare").exists()
    page = step(analyst, "compare", one.pk)

    assert "do not publish it" in page
    assert "Real, rounded" in page
    assert page.count("<table") == 3
    assert AuditEvent.objects.filter(action="risk.compare", actor="hana").count() == 1


def test_real_counts_are_rounded_as_everywhere_on_the_node(analyst):
    store(a_person(31, **{"person.sex": "f"}), agency="xa-police")
    page = step(analyst, "compare", risks.made_with_rows().pk)

    real = re.findall(r'id="ones".*?</table>', page, re.S)[0]
    assert ">15<" in re.sub(r"\s+", "", real)
    assert ">16<" not in re.sub(r"\s+", "", real)


def test_no_report_is_on_a_public_page(analyst, client):
    kept = reported()
    release.publish(kept.pk, by=an_analyst(), now=NOW)

    page = client.get(reverse("release_public_pack", args=["en", kept.pk])).content.decode()

    assert "risk" not in page.lower()
    name = reverse("release_public_file", args=[kept.pk, "risk-report.json"])
    assert client.get(name).status_code == 404


@pytest.mark.parametrize("start", [drafted, approved])
def test_what_was_not_made_is_not_on_the_list(officer, start):
    one = start()

    assert "No release has been made yet." in shown(officer, "risk_list")
    assert officer.get(reverse("risk_page", args=[one.pk])).status_code == 404
