"""From the cases of three agencies to a range that two analysts sign and the appraisal cites; also without
scripts."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from palermo.appraisal import specimen
from palermo.node import jobs
from palermo.node.actions import population
from palermo.node.models import Estimation, Member
from palermo.protection.access import Role
from tests.journeys import browser
from tests.node.cases import a_member
from tests.node.lists import LINE, POLICE, SHELTER, some_lists
from tests.node.test_estimation_page import QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = "sex,population,source,date\nf,1200000,Census of XA,2025\nm,1100000,Census of XA,2025\n"
ASSUMPTIONS = 12


@pytest.fixture(params=["scripts", "none"])
def visitor(request, chromium):
    if request.param == "scripts":
        yield chromium
    else:
        with browser.chromium(scripts=False) as plain:
            yield plain


@pytest.fixture(autouse=True)
def _node_of_xa(tmp_path, monkeypatch):
    specimen.lay(tmp_path)
    made = replace(settings.NODE, made_up=True, appraisal_data=tmp_path, state="XA")
    monkeypatch.setattr(settings, "NODE", made)
    yield
    (settings.NODE.home / population.FILE).unlink(missing_ok=True)


@pytest.fixture
def enter(visitor, live_server):
    """The browser, taken over by an analyst."""
    analysts = {name: a_member(Role.ANALYST, name=name) for name in ("hana", "omar")}

    def entered(name):
        client = Client()
        client.force_login(analysts[name])
        visitor.enter(live_server.url, client.cookies["sessionid"].value)
        return visitor

    yield entered
    visitor.driver.get("about:blank")  # so that no request is under way when the server ends


def test_two_analysts_estimate_the_hidden_number_and_the_appraisal_cites_it(
    enter, live_server, tmp_path, look
):
    some_lists()
    chromium = enter("hana")
    chromium.open(live_server.url + "/")
    chromium.click(f".pal-card a[href='{reverse('estimation_list')}']")
    look(chromium, "estimation-list-empty")
    chromium.click(".pal-empty a")

    asks(chromium, look)
    one = Estimation.objects.get()
    assert "It waits for its turn." in chromium.find("main").text
    chromium.driver.get("about:blank")  # the running page asks how far it is, every second
    jobs.estimate.call(estimation=one.pk)
    chromium.open(live_server.url + reverse("estimation_page", args=[one.pk]))
    assert len(chromium.driver.find_elements("css selector", "#table-answers tbody tr")) == 3
    look(chromium, "estimation-page")

    sees_rates(chromium, look, tmp_path, live_server.url, one)
    signs(chromium, look, live_server.url, one)
    assert "Another analyst must sign" in chromium.find("main").text

    chromium = enter("omar")
    chromium.open(live_server.url + "/")
    chromium.click(".pal-card a")
    chromium.click("#estimations tbody th a")
    look(chromium, "estimation-second")
    chromium.click("form[action$='countersign/'] button")
    chromium.wait(".govuk-notification-banner")

    one.refresh_from_db()
    assert (one.signed_by, one.second_by, one.standing) == ("hana", "omar", True)
    chromium.open(live_server.url + reverse("appraisal_state", args=["XA"]))
    report = chromium.find("main").text
    assert one.pk in report
    assert f"{one.report_low:,}" in report
    assert f"{one.report_high:,}" in report


def asks(chromium, look):
    chromium.wait("#id_title")
    for code, name in ((SHELTER, "Shelters"), (POLICE, "Police"), (LINE, "Helpline")):
        box = chromium.find(f"#id_list-{code}")
        box.clear()
        box.send_keys(name)
    chromium.type("#id_title", "Hidden in 2026")
    chromium.click("label[for=id_strata_0]")
    chromium.click("summary.govuk-details__summary")
    for place in (1, 2, 3, 5, 7):  # the quick methods stay
        chromium.click(f"label[for=id_methods_{place}]")
    chromium.find("#id_replicates").clear()
    chromium.type("#id_replicates", "40")
    look(chromium, "estimation-new")
    chromium.click("main form button[type=submit]")
    chromium.wait("form[action$='start/']")
    assert "What the table looks like" in chromium.find("h1").text
    look(chromium, "estimation-look")
    chromium.click("form[action$='start/'] button")
    chromium.wait("progress")
    look(chromium, "estimation-running", widths=(1280,))


def sees_rates(chromium, look, folder, url, one):
    chromium.click(f"a[href='{reverse('estimation_sdg', args=[one.pk])}']")
    file = folder / "people.csv"
    file.write_text(PEOPLE)
    chromium.type("input[type=file]", str(file))
    chromium.click("main form button[type=submit]")
    chromium.wait("#table-rate-sex")
    assert "Census of XA" in chromium.find("main").text
    look(chromium, "estimation-sdg")
    chromium.open(url + reverse("estimation_page", args=[one.pk]))


def signs(chromium, look, url, one):
    chromium.click(f"a[href='{reverse('estimation_sign', args=[one.pk])}']")
    for place in range(ASSUMPTIONS):
        if not chromium.driver.find_elements("css selector", f"#id_note_{place}"):
            break
        chromium.click(f"label[for=id_judged_{place}]")
        chromium.type(f"#id_note_{place}", "Talked over with the three agencies.")
    look(chromium, "estimation-sign")
    chromium.click("main form button[type=submit]")
    chromium.wait(".govuk-notification-banner")


@pytest.mark.parametrize("language, said", [("fr", "Ce que dit chaque méthode"), ("ar", "ما تقوله كل طريقة")])
def test_the_answer_is_sound_in_french_and_from_right_to_left(enter, live_server, language, said, look):
    some_lists()
    chromium = enter("hana")
    client = Client()
    client.force_login(Member.objects.get(name="hana"))
    client.post(reverse("estimation_start"), QUESTION | {"strata": ["sex"], "trials": "on"})
    one = Estimation.objects.get()
    jobs.estimate.call(estimation=one.pk)

    chromium.open(live_server.url + reverse("estimation_page", args=[one.pk]))
    chromium.speak(language)

    assert said in chromium.find("main").text
    look(chromium, f"estimation-page-{language}")
    for page in ("estimation_sign", "estimation_sdg"):
        chromium.open(live_server.url + reverse(page, args=[one.pk]))
        look(chromium, f"{page}-{language}")
    chromium.open(live_server.url + reverse("estimation_new"))
    look(chromium, f"estimation-new-{language}")
    chromium.speak("en")
