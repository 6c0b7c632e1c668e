"""The first five minutes of README and tutorial, walked by the people they name, with scripts and without."""

import os
import re
import time

import pytest
from django.urls import reverse
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from palermo.protection.access import Role
from tests.journeys import browser
from tests.journeys.browser import Chromium

pytestmark = [pytest.mark.browser, pytest.mark.slow]

HEADER = "case.ref,person.sex,person.citizenships,exploitation[].form"
MOST_BYTES = 150_000


@pytest.fixture(scope="module", params=["scripts", "no-scripts"])
def visitor(request, chromium):
    """A browser as most have it, and one that runs no script."""
    if request.param == "scripts":
        yield chromium
    else:
        with browser.chromium(scripts=False) as plain:
            yield plain


def open_a_case(xa, chromium: Chromium) -> None:
    """One of the State's own cases: they hold an identity, those that a test imported do not."""
    xa.open(chromium, reverse("case_list") + "?reference=COA")
    chromium.click("#cases tbody th a")
    chromium.wait(".pal-timeline")


def texts(chromium: Chromium, css: str) -> list[str]:
    return [one.text for one in chromium.driver.find_elements(By.CSS_SELECTOR, css)]


def sound(chromium: Chromium) -> bool:
    """No complaint and nothing that sticks out; the tour looks for faults, with a script of its own."""
    return chromium.complaints() == [] and chromium.overflow() == 0


def shown(chromium: Chromium, name: str, *, height: int = 900, top: str = "html") -> None:
    """Take a picture for the documents, when they are asked for: the window, from `top` down."""
    if "PALERMO_PICTURES" not in os.environ:
        return
    chromium.size(1280, height)
    chromium.driver.execute_script("arguments[0].scrollIntoView()", chromium.find(top))
    file = chromium.picture(name, whole=False)
    assert file.stat().st_size < MOST_BYTES, f"{file.name} is too heavy for a page"


# -- a case worker ------------------------------------------------------------------------------------------


def test_a_case_worker_finds_a_case_by_its_reference_and_is_seen_to_look(xa, visitor):
    xa.return_as(visitor, Role.CASE_WORKER)
    xa.open(visitor, reverse("case_list"))
    reference = texts(visitor, "#cases tbody th a")[3]

    visitor.type("#id_reference", reference)
    visitor.click(".pal-filter button")
    visitor.wait(".pal-filter a")
    assert texts(visitor, "#cases tbody th a") == [reference]
    visitor.click("#cases tbody th a")

    visitor.wait(".pal-timeline")
    assert visitor.find("h1").text == f"Case {reference}"
    assert {"Case", "Person", "Exploitation"} <= set(texts(visitor, ".govuk-summary-card__title"))
    assert "The case arrived." in visitor.find(".pal-timeline").text
    assert "Opened the case page" in visitor.find("#looks").text
    assert sound(visitor)


def test_a_case_worker_opens_an_identity_for_a_purpose_and_the_case_says_so(xa, visitor):
    xa.return_as(visitor, Role.CASE_WORKER)
    open_a_case(xa, visitor)
    assert "Family name" not in visitor.find("main").text

    visitor.click("[aria-labelledby=sealed] summary")
    visitor.click("[aria-labelledby=sealed] label[for=id_tiers_1]")
    visitor.click("[aria-labelledby=sealed] label[for=id_purpose_1]")
    visitor.click("[aria-labelledby=sealed] form button")
    visitor.wait("[aria-labelledby=sealed] .govuk-inset-text")

    assert "Family name" in visitor.find("main").text
    assert re.search(r"Opened sealed parts\s+To help and support the person", visitor.find("#looks").text)
    assert sound(visitor)
    open_a_case(xa, visitor)
    assert "Family name" not in visitor.find("main").text


def test_an_identity_is_not_opened_without_a_purpose(xa, visitor):
    xa.return_as(visitor, Role.CASE_WORKER)
    open_a_case(xa, visitor)

    visitor.click("[aria-labelledby=sealed] summary")
    visitor.click("[aria-labelledby=sealed] label[for=id_tiers_1]")
    visitor.click("[aria-labelledby=sealed] form button")

    visitor.wait(".govuk-error-summary")
    assert "Family name" not in visitor.find("main").text


# -- a supervisor brings in a file --------------------------------------------------------------------------


def test_a_supervisor_sees_what_a_file_holds_before_a_worker_stores_it(xa, visitor, request, tmp_path):
    tag = "S" if visitor is request.getfixturevalue("chromium") else "P"
    file = tmp_path / "two.csv"
    file.write_text(f"{HEADER}\n{tag}-1,f,XA,SexualExploitation\n{tag}-2,purple,XA,ForcedLabour\n")
    xa.return_as(visitor, Role.SUPERVISOR)
    xa.open(visitor, reverse("import_list"))
    visitor.type("input[type=file]", str(file))
    visitor.click("main form button")

    visitor.wait("form[action$='start/']")
    assert "Of 2 rows, 1 would be kept out. Nothing is stored yet." in visitor.find(".pal-lead").text
    assert sound(visitor)
    shown(visitor, "import-preview", height=1100)
    visitor.click("form[action$='start/'] button")
    until_ended(visitor)

    assert texts(visitor, ".pal-card__number") == ["2", "1", "1"]
    assert "person.sex" in visitor.find("#faults").text
    assert "purple" not in visitor.find("main").text
    assert sound(visitor)
    visitor.click(".pal-card a")
    visitor.type("#id_reference", f"{tag}-1")
    visitor.click(".pal-filter button")
    visitor.wait(".pal-filter a")
    assert texts(visitor, "#cases tbody th a") == [f"{tag}-1"]


def until_ended(chromium: Chromium) -> None:
    """A running import's page moves on by itself: by script, or by the refresh that it has without one."""
    for _ in range(240):
        if "pal-card__number" in chromium.driver.page_source:
            return
        time.sleep(0.25)
    raise AssertionError(f"the import did not end within a minute: {chromium.find('main').text}")


# -- an analyst ---------------------------------------------------------------------------------------------


def test_an_analyst_reads_figures_and_opens_no_case(xa, visitor):
    xa.return_as(visitor, Role.ANALYST)
    xa.open(visitor, "/")
    visitor.click(f".pal-card a[href='{reverse('figures')}']")

    assert visitor.find("h1").text == "National figures"
    assert len(texts(visitor, ".pal-figure svg, .pal-figure img")) == 4
    assert "<5" in visitor.find("main").text
    assert "Cases" not in texts(visitor, "header nav a")
    assert sound(visitor)
    shown(visitor, "figures", height=1000, top="h1")
    xa.open(visitor, reverse("case_list"))
    assert visitor.find("h1").text != "Cases"


def test_the_appraisal_opens_to_its_evidence_in_english_and_in_french(xa, visitor):
    xa.return_as(visitor, Role.ANALYST)
    xa.open(visitor, reverse("appraisal_list"))
    visitor.click("#states tbody th a")
    visitor.wait(".app-contents")
    assert "Appraisal of the Global Plan of Action" in visitor.find("h1").text
    shown(visitor, "appraisal-en", height=1000, top=".app-report__header")
    evidence = visitor.find(".app-ref").get_attribute("href").partition("#")[2]
    assert visitor.find(f"[id='{evidence}']").text

    visitor.speak("fr")

    visitor.wait("html[lang=fr] .app-contents")
    assert "Évaluation du Plan d’action mondial" in visitor.find("h1").text
    assert visitor.find(f"[id='{evidence}']").text
    visitor.speak("en")


# -- an administrator ---------------------------------------------------------------------------------------


def test_an_administrator_sees_no_case(xa, visitor):
    xa.return_as(visitor, Role.ADMINISTRATOR)
    xa.open(visitor, "/")
    assert "Cases" not in texts(visitor, "header nav a")

    xa.open(visitor, reverse("audit_list"))
    assert visitor.driver.find_elements(By.CSS_SELECTOR, "#audit a[href*='/cases/']") == []
    xa.open(visitor, reverse("case_list"))

    assert visitor.find("h1").text != "Cases"
    assert texts(visitor, "#cases") == []


# -- by keyboard alone --------------------------------------------------------------------------------------


def test_a_case_is_found_and_opened_by_keyboard_alone(xa, chromium):
    xa.return_as(chromium, None)
    xa.open(chromium, "/")
    account = xa.accounts[Role.CASE_WORKER]
    walk(chromium, "INPUT#id_login")
    keys(chromium, account["name"], Keys.TAB, account["password"], Keys.ENTER)
    chromium.wait(".pal-header__member")

    walk(chromium, "Cases")
    keys(chromium, Keys.ENTER)
    reference = chromium.wait("#cases tbody th a").text
    walk(chromium, "INPUT#id_reference")
    keys(chromium, reference, Keys.ENTER)
    chromium.wait(".pal-filter a")
    walk(chromium, reference)
    keys(chromium, Keys.ENTER)

    chromium.wait(".pal-timeline")
    assert chromium.find("h1").text == f"Case {reference}"


def keys(chromium: Chromium, *pressed: str) -> None:
    ActionChains(chromium.driver).send_keys(*pressed).perform()


def walk(chromium: Chromium, to: str) -> None:
    """Press Tab until the focus is there."""
    if not any(chromium.press(Keys.TAB) == to for _ in range(80)):
        raise AssertionError(f"the keyboard did not reach {to}")


# -- pictures for the documents -----------------------------------------------------------------------------


def test_the_documents_show_a_home_a_list_and_a_case(xa, chromium):
    xa.return_as(chromium, Role.CASE_WORKER)
    for name, path, language in (
        ("home", "/", "en"),
        ("case-list", reverse("case_list"), "en"),
        ("case-list-ar", reverse("case_list"), "ar"),
    ):
        xa.open(chromium, "/")
        chromium.speak(language)
        xa.open(chromium, path)
        assert chromium.find("h1").text
        shown(chromium, name)
    chromium.speak("en")
    open_a_case(xa, chromium)
    shown(chromium, "case-page", height=1100)


def test_the_documents_show_what_the_appraisal_is_made_of(xa, chromium):
    xa.return_as(chromium, Role.ANALYST)
    xa.open(chromium, reverse("statement_list"))
    chromium.driver.find_element(By.LINK_TEXT, "xa-2025.txt").click()
    chromium.wait(".pal-statement")
    assert "Confirmed by two people" in chromium.find("main").text
    shown(chromium, "statement-page", height=560, top="main .govuk-grid-row")
    for name, page, *parts in (
        ("assess-page", "provision_page", "XA", "GPA-J01"),
        ("treaty-page", "treaty_page", "UNTOC"),
    ):
        xa.open(chromium, reverse(page, args=parts))
        assert chromium.find("h1").text
        shown(chromium, name)
