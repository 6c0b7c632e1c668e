"""From the cases of a node to data that anyone may read, and to its withdrawal; also without scripts."""

import io
import shutil
import zipfile
from dataclasses import replace
from random import Random
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from palermo.node import jobs, release_pack
from palermo.node.actions import risk
from palermo.node.models import Release
from palermo.prevention.release import verify
from palermo.protection.access import Role
from tests.journeys import browser
from tests.node import risks
from tests.node.cases import NOW, a_member
from tests.node.estimations import a_person, store
from tests.node.releases import a_real_pack, drafted, made
from tests.node.test_release_page import QUESTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PEOPLE = 1150
FORMS = ("ForcedLabour", "SexualExploitation", "Servitude", "ForcedBegging")
BANDS = ("9-17", "18-20", "21-23", "30-38")
COUNTRIES = ("KZ", "BR", "FR")


@pytest.fixture(params=["scripts", "none"])
def visitor(request, chromium):
    if request.param == "scripts":
        yield chromium
    else:
        with browser.chromium(scripts=False) as plain:
            yield plain


@pytest.fixture(autouse=True)
def _made_up(monkeypatch):
    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, made_up=True, state="XA"))
    yield
    shutil.rmtree(settings.NODE.home / "packs", ignore_errors=True)


@pytest.fixture
def enter(visitor, live_server):
    """The browser, taken over by an analyst or an officer."""
    members = {name: a_member(Role.ANALYST, name=name) for name in ("hana", "omar")}
    members["d-haile"] = a_member(Role.DATA_PROTECTION_OFFICER, name="d-haile")

    def entered(name):
        client = Client()
        client.force_login(members[name])
        visitor.enter(live_server.url, client.cookies["sessionid"].value)
        return visitor

    yield entered
    visitor.driver.get("about:blank")  # so that no request is under way when the server ends
    visitor.driver.delete_all_cookies()


def some_cases():
    """Made-up persons, each with a key of their own."""
    chance = Random(7)
    store(*(_person(number, chance) for number in range(PEOPLE)))


def _person(number, chance):
    return {
        "case.ref": f"R-{number}",
        "linkage.person_key": f"P-{number}",
        "person.sex": chance.choice(("f", "f", "m")),
        "person.age_band": chance.choice(BANDS),
        "person.citizenships": [chance.choice(COUNTRIES)],
        "exploitation[0].form": chance.choice(FORMS),
    }


def test_two_people_release_made_up_cases_and_anyone_reads_them(enter, visitor, live_server, look):
    some_cases()
    chromium = enter("hana")
    chromium.open(live_server.url + "/")
    chromium.click(f".pal-card a[href='{reverse('release_list')}']")
    look(chromium, "release-list-empty")
    chromium.click(f"main a[href='{reverse('release_plan')}']")
    look(chromium, "release-plan")

    chromium.open(live_server.url + reverse("release_new"))
    prepares(chromium, look)
    one = Release.objects.get()
    chromium.click("form[action$='approve/'] button")
    assert "Another analyst must approve it as well" in chromium.find("main").text

    chromium = enter("omar")
    chromium.open(live_server.url + "/")
    chromium.click(f".pal-card a[href^='{reverse('release_list')}?']")
    chromium.click("#releases tbody th a")
    look(chromium, "release-second")
    chromium.click("form[action$='countersign/'] button")
    chromium.click("form[action$='start/'] button")
    chromium.wait("progress")
    look(chromium, "release-running", widths=(1280,))
    chromium.driver.get("about:blank")  # the running page asks how far it is, every second

    jobs.release.call(release=one.pk)
    one.refresh_from_db()
    assert one.fault == ""
    assert verify.verify(release_pack.place(one)).faults == []
    chromium.open(live_server.url + reverse("release_page", args=[one.pk]))
    look(chromium, "release-page")
    chromium.click("form[action$='publish/'] button")
    chromium.wait(".govuk-notification-banner")

    reads(visitor, live_server.url, look, one)

    chromium = enter("hana")
    chromium.open(live_server.url + reverse("release_page", args=[one.pk]))
    chromium.click("main a[href$='withdraw/']")
    chromium.type("#id_reason", "Ages were coded wrongly. A corrected release follows.")
    look(chromium, "release-withdraw")
    chromium.click("main form button[type=submit]")
    look(chromium, "release-withdrawn")
    # Another address: what the browser keeps for five minutes still shows the pack.
    chromium.open(f"{live_server.url}{reverse('release_public', args=['en'])}?now")
    assert "Ages were coded wrongly." in chromium.find("main").text
    look(chromium, "release-public-withdrawn")


def prepares(chromium, look):
    chromium.wait("#id_title")
    for name, text in (("title", "Persons met in XA"), ("title_fr", "Personnes rencontrées en XA")):
        chromium.type(f"#id_{name}", text)
    chromium.type("#id_purpose", "So that services go where people need them.")
    chromium.click("label[for=id_columns_6]")  # no industry
    for name, text in (("since", "2024"), ("until", "2026")):
        chromium.find(f"#id_{name}").clear()
        chromium.type(f"#id_{name}", text)
    chromium.find("#id_epsilon").clear()
    chromium.type("#id_epsilon", "2")
    look(chromium, "release-new")
    chromium.click("main form button[type=submit]")
    chromium.wait("form[action$='draft/']")
    assert "A count of 100 will be between about" in chromium.find("#predicted").text
    look(chromium, "release-look")
    chromium.click("form[action$='draft/'] button")
    chromium.wait("form[action$='approve/']")
    look(chromium, "release-draft")


def reads(chromium, url, look, one):
    """As somebody who is not signed in."""
    chromium.driver.delete_all_cookies()
    chromium.open(url + reverse("release_public", args=["en"]))
    look(chromium, "release-public")
    chromium.click("#packs tbody th a")
    look(chromium, "release-public-pack")
    assert chromium.driver.get_cookies() == []
    for language in ("fr", "ar"):
        chromium.click(f"header a[lang={language}]")
        look(chromium, f"release-public-pack-{language}")
    address = chromium.find("main a[href$='pack.zip']").get_attribute("href")
    with urlopen(address) as answer, zipfile.ZipFile(io.BytesIO(answer.read())) as pack:
        assert f"release-{one.pk}/counts.csv" in pack.namelist()
    chromium.click("main a[href*='dashboard.']")
    look(chromium, "release-dashboard")


def test_an_officer_reads_and_signs_what_was_tried_to_find_a_person(enter, visitor, live_server, look):
    store(*(a_person(number, **{"person.sex": "fm"[number % 2]}) for number in range(30)))
    kept = risks.waiting()
    chromium = enter("d-haile")
    chromium.open(live_server.url + reverse("risk_page", args=[kept.pk]))
    assert "It waits for its turn." in chromium.find("main").text
    look(chromium, "risk-running", widths=(1280,))
    chromium.driver.get("about:blank")
    risk.carry_out(kept, clock=lambda: NOW, build=risks.quick)

    chromium.open(live_server.url + "/")
    chromium.click(f".pal-card a[href^='{reverse('risk_list')}?']")
    look(chromium, "risk-list")
    chromium.click("#reports tbody th a")
    look(chromium, "risk-page")
    chromium.click("form[action$='sign/'] button")
    assert "d-haile, data-protection officer, has read it" in chromium.find("main").text
    look(chromium, "risk-signed")
    chromium.click("main a[href$='risk-report.en.html']")
    assert chromium.complaints() == []
    chromium.picture("risk-report-file")

    chromium.open(live_server.url + reverse("risk_compare", args=[kept.pk]))
    look(chromium, "risk-compare")
    chromium.click("form[action$='compare/'] button")
    assert "This is a query of the real records." in chromium.find("main").text
    look(chromium, "risk-compared")


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_every_page_is_sound_in_french_and_from_right_to_left(enter, live_server, language, look):
    store({"case.ref": "R-1", "linkage.person_key": "P-1"})
    draft, done = drafted(), made(build=a_real_pack)
    kept = risks.reported()
    chromium = enter("d-haile")
    chromium.open(live_server.url + "/")
    chromium.speak(language)
    for name in ("risk_page", "risk_compare"):
        chromium.open(live_server.url + reverse(name, args=[kept.pk]))
        look(chromium, f"{name}-{language}")
    chromium.click("form[action$='compare/'] button")
    look(chromium, f"risk-compared-{language}")
    chromium.speak("en")
    chromium = enter("hana")
    chromium.open(live_server.url + "/")
    chromium.speak(language)
    for name, address in {
        "list": reverse("release_list"),
        "plan": reverse("release_plan"),
        "new": reverse("release_new"),
        "look": f"{reverse('release_look')}?{urlencode(QUESTION, doseq=True)}",
        "draft": reverse("release_page", args=[draft.pk]),
        "page": reverse("release_page", args=[done.pk]),
        "withdraw": reverse("release_withdraw", args=[done.pk]),
    }.items():
        chromium.open(live_server.url + address)
        look(chromium, f"release-{name}-{language}")
    chromium.speak("en")
