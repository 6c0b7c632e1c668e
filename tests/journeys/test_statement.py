"""From a speech to a confirmed claim, with the keyboard alone; also without scripts."""

import pytest
from django.test import Client
from django.urls import reverse
from selenium.webdriver.common.keys import Keys

from palermo.appraisal.statement.claim import Standing
from palermo.node import jobs, stated
from palermo.node.models import Statement, StatementPassage
from palermo.protection.access import Role
from tests.journeys import browser
from tests.node.cases import a_member
from tests.node.statements import SPEECH, a_statement, the_passage

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FRENCH = (
    "Déclaration du Représentant permanent du Pays XA\n\n"
    "Nous avons adopté un plan d’action national (2021-2025) contre la traite des personnes ; "
    "nous formons les agents des frontières à la détection des victimes.\n"
)


@pytest.fixture(params=["scripts", "none"])
def visitor(request, chromium):
    if request.param == "scripts":
        yield chromium
    else:
        with browser.chromium(scripts=False) as opened:
            yield opened


@pytest.fixture
def enter(visitor, live_server):
    """The browser, taken over by an analyst."""
    analysts = {name: a_member(Role.ANALYST, name=name) for name in ("ada", "ben")}

    def entered(name):
        client = Client()
        client.force_login(analysts[name])
        visitor.enter(live_server.url, client.cookies["sessionid"].value)
        return visitor

    yield entered
    visitor.driver.get("about:blank")  # so that no request is under way when the server ends


def test_two_analysts_confirm_what_a_state_said(enter, live_server, tmp_path, look):
    speech = tmp_path / "speech of XA.txt"
    speech.write_text(SPEECH, encoding="utf-8")
    chromium = enter("ada")
    chromium.open(live_server.url + reverse("appraisal_list"))
    chromium.click(f"main a[href='{reverse('statement_list')}']")
    look(chromium, "statement-list-empty")
    chromium.type("#id_file", str(speech))
    chromium.type("#id_speaks_for", "XA")
    chromium.click("form[enctype] button[type=submit]")
    one = Statement.objects.get()
    look(chromium, "statement-waiting")
    jobs.read_statement.call(statement=one.pk)

    chromium.open(live_server.url + reverse("statement_page", args=[str(one)]))
    look(chromium, "statement-page")
    row = the_passage("National Action Plan")
    asked = [proposal["provision"] for proposal in row.proposals[:3]]
    confirms(chromium, live_server, row)
    chromium = enter("ben")
    confirms(chromium, live_server, row)

    claim = next(claim for claim in stated.claims_of("XA") if claim.passage.number == row.number)
    assert claim.standing is Standing.CONFIRMED
    assert claim.provisions[0] in asked
    chromium.open(live_server.url + reverse("statement_page", args=[str(one)]))
    assert "Confirmed by two people" in chromium.find("main").text
    look(chromium, "statement-confirmed")


def confirms(chromium, live_server, row):
    """The first of three by the keyboard: the focus stands on it, Space chooses, Enter keeps."""
    chromium.open(live_server.url + reverse("passage_page", args=[str(row.statement), row.number]))
    assert chromium.press(Keys.SPACE) == "INPUT#id_provision_0"
    chromium.press(Keys.ENTER)
    row.refresh_from_db()
    assert row.read_by


def test_a_reader_goes_through_the_whole_desk_with_the_keyboard(enter, live_server, look):
    a_statement()
    a_statement(FRENCH, name="discours.txt", state="XA")
    waiting = StatementPassage.objects.queue(by="ada").count()
    chromium = enter("ada")
    chromium.open(live_server.url + reverse("passage_next"))
    look(chromium, "passage")

    for _passage in range(waiting):
        chromium.wait("#id_provision_0")
        chromium.press(Keys.ARROW_DOWN)
        chromium.press(Keys.ARROW_UP)
        chromium.press(Keys.ENTER)

    chromium.wait("#statements")
    assert "Nothing is left for you to read." in chromium.find("main").text
    assert not StatementPassage.objects.queue(by="ada").exists()


@pytest.mark.parametrize("language, said", [("fr", "Déclarations"), ("ar", "التصريحات")])
def test_the_desk_is_sound_in_french_and_from_right_to_left(enter, live_server, language, said, look):
    one = a_statement(FRENCH, name="discours.txt", state="XA")
    chromium = enter("ada")
    chromium.open(live_server.url + reverse("statement_list"))
    chromium.speak(language)

    assert chromium.find("h1").text == said
    look(chromium, f"statement-list-{language}")
    chromium.open(live_server.url + reverse("statement_page", args=[str(one)]))
    look(chromium, f"statement-page-{language}")
    chromium.open(live_server.url + reverse("passage_page", args=[str(one), 2]))
    look(chromium, f"passage-{language}")
    chromium.open(live_server.url + reverse("statement_describe", args=[str(one)]))
    look(chromium, f"statement-describe-{language}")
