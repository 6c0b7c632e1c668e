"""The kit in a real browser: three languages, two widths, no script, keyboard alone."""

import pytest
from selenium.webdriver.common.keys import Keys

from palermo.protection.access import Role
from tests.journeys import browser
from tests.node import people

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.journeys.kit_urls"),
]


@pytest.fixture
def kit(signed_in, live_server):
    """The browser on the kit's page."""
    chromium = signed_in(Role.CASE_WORKER)
    chromium.open(f"{live_server.url}/kit")
    return chromium


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("width", browser.WIDTHS)
def test_every_part_is_accessible_fits_its_window_and_breaks_no_policy(kit, live_server, language, width):
    kit.speak(language)
    kit.open(f"{live_server.url}/kit", width=width)

    assert kit.faults() == []
    assert kit.complaints() == []
    assert kit.overflow() == 0
    kit.picture(f"kit-{language}-{width}")


def test_arabic_runs_from_right_to_left_but_its_charts_do_not(kit):
    kit.speak("ar")

    assert kit.find("html").get_attribute("dir") == "rtl"
    assert kit.find(".pal-header__home").location["x"] > kit.find(".pal-languages").location["x"]
    assert kit.find(".pal-figure [role=img]").get_attribute("dir") == "ltr"


def test_the_keyboard_goes_through_the_frame_in_the_order_of_reading(kit, live_server):
    kit.open(f"{live_server.url}/no-such-page")
    reached = [kit.press(Keys.TAB) for _ in range(7)]

    assert reached == [
        "Skip to main content",
        "palermo",
        "Member a-diallo",
        "Sign out",
        "English",
        "français",
        "العربيّة",
    ]


def test_the_skip_link_leads_to_the_main_part(kit, live_server):
    kit.open(f"{live_server.url}/no-such-page")
    kit.press(Keys.TAB)

    assert kit.press(Keys.ENTER) == "MAIN#main-content"


def test_the_first_fault_of_a_form_is_one_step_from_its_summary(kit):
    kit.click("form[enctype] button[type=submit]")

    summary = kit.wait(".govuk-error-summary")
    assert kit.driver.switch_to.active_element == summary
    assert kit.driver.title.startswith("Error:")
    kit.click(".govuk-error-summary a")
    assert kit.driver.switch_to.active_element.get_attribute("id") == "id_name"
    assert kit.faults() == []


def test_the_menu_folds_away_on_a_narrow_screen(kit, live_server):
    kit.open(f"{live_server.url}/kit", width=360)
    folded = kit.find("#navigation").is_displayed()
    kit.click(".govuk-service-navigation__toggle")

    assert not folded
    assert kit.find("#navigation").is_displayed()


def test_every_part_is_there_without_scripts(client, live_server):
    client.force_login(people.a_member("a-diallo", Role.CASE_WORKER, password=None))
    with browser.chromium(scripts=False) as plain:
        plain.enter(live_server.url, client.cookies["sessionid"].value)
        plain.open(f"{live_server.url}/kit", width=360)

        assert plain.find("#navigation").is_displayed()
        assert not plain.find(".govuk-service-navigation__toggle").is_displayed()
        plain.speak("fr")
        assert plain.find("html").get_attribute("lang") == "fr"
        plain.click("form[enctype] button[type=submit]")
        assert plain.find(".govuk-error-summary").is_displayed()
