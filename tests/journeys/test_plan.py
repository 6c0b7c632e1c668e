"""From a spreadsheet and a Word file to plans in the node, with and without scripts; all pages looked at."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from palermo.appraisal.plan import stored
from palermo.appraisal.specimen import plans as made_up
from palermo.node.models import NationalPlan
from palermo.protection.access import Role
from tests.journeys import browser
from tests.node.cases import a_member
from tests.node.plans import a_kept_plan, a_paper, a_sheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["scripts", "none"])
def visitor(request, chromium):
    if request.param == "scripts":
        yield chromium
    else:
        with browser.chromium(scripts=False) as opened:
            yield opened


@pytest.fixture
def ada(visitor, live_server):
    """The browser, taken over by an analyst."""
    client = Client()
    client.force_login(a_member(Role.ANALYST, name="ada"))
    visitor.enter(live_server.url, client.cookies["sessionid"].value)
    yield visitor
    visitor.driver.get("about:blank")  # so that no request is under way when the server ends


def kept(folder, given):
    file = folder / given.name
    file.write_bytes(given.content)
    return str(file)


def takes_in(chromium, live_server, file):
    chromium.open(live_server.url + reverse("plan_list"))
    chromium.type("#id_file", file)
    chromium.click("form[enctype] button[type=submit]")


def a_full_sheet():
    _old, new = made_up.plans(date.today())
    return a_sheet(*new.actions, id=new.id, title=new.title, starts_on=new.starts_on, ends_on=new.ends_on)


def test_a_spreadsheet_is_taken_in_and_an_action_reported_on(ada, live_server, tmp_path, look):
    ada.open(live_server.url + reverse("appraisal_list"))
    ada.click(f"main a[href='{reverse('plan_list')}']")
    look(ada, "plan-list-empty")
    takes_in(ada, live_server, kept(tmp_path, a_full_sheet()))
    look(ada, "plan-page")
    assert "Nobody responsible" in ada.find("#findings").text

    ada.click("#actions tbody tr:first-child th a")
    for part, typed in enumerate(("1", "1", str(date.today().year))):
        ada.type(f"#id_on_{part}", typed)
    ada.click("label[for=id_progress_2]")
    ada.type("#id_text", "Every officer was trained.")
    ada.type("#id_document", kept(tmp_path, a_paper()))
    ada.click("form[enctype] button[type=submit]")

    ada.wait("#reports")
    assert "Every officer was trained." in ada.find("#reports").text
    look(ada, "plan-action")
    assert len(stored.plan(NationalPlan.objects.get().document).actions[0].reports) == 2


def test_a_word_file_is_mapped_by_a_person(ada, live_server, tmp_path, look):
    takes_in(ada, live_server, kept(tmp_path, a_paper()))
    ada.wait("#id_id")
    look(ada, "plan-map")
    ada.type("#id_id", "NAP-2026")
    ada.type("#id_state", "XA")
    ada.click("form[method=post][novalidate] button[type=submit]")

    ada.wait("#left")
    assert "This plan was made by a committee." in ada.find("#left").text
    look(ada, "plan-mapped")
    assert NationalPlan.objects.get().code == "NAP-2026"


@pytest.mark.parametrize("language, said", [("fr", "Plans nationaux"), ("ar", "الخطط الوطنية")])
def test_the_pages_are_sound_in_french_and_from_right_to_left(ada, live_server, language, said, look):
    old, new = made_up.plans(date.today())
    one = a_kept_plan(*new.actions, id=new.id, title=new.title, starts_on=new.starts_on, ends_on=new.ends_on)
    a_kept_plan(*old.actions, id=old.id, title=old.title, starts_on=old.starts_on, ends_on=old.ends_on)
    ada.open(live_server.url + reverse("plan_list"))
    ada.speak(language)

    assert ada.find("h1").text == said
    look(ada, f"plan-list-{language}")
    for page, parts in (
        ("plan_page", (one.pk,)),
        ("plan_action", (one.pk, 1)),
        ("plan_carry", (one.pk,)),
        ("plan_withdraw", (one.pk,)),
    ):
        ada.open(live_server.url + reverse(page, args=parts))
        look(ada, f"{page.replace('_', '-')}-{language}")
