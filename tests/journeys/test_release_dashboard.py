"""The dashboard of a pack in real Chromium, opened as a file: looked at, filtered, and without any script."""

import pytest
from selenium.webdriver.common.keys import Keys

from palermo.prevention.release import codebook, dashboard, pack
from tests.journeys import browser
from tests.prevention.release import packs

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    rows = packs.rows(1500)
    counts = packs.figures(rows)
    files = pack.files(packs.card(rows, counts), counts, list(zip(*rows, strict=True)), signed=False)
    folder = tmp_path_factory.mktemp("published") / "pack"
    pack.write(files, folder)
    return folder.as_uri()


PAGES = [
    *(f"{dashboard.name(one)}{part}" for one in dashboard.LANGUAGES for part in ("", "#v1")),
    *map(codebook.name, codebook.LANGUAGES),
]


@pytest.mark.parametrize("width", browser.WIDTHS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_no_fault_and_fits(chromium, published, page, width):
    chromium.open("about:blank", width=width)
    chromium.open(f"{published}/{page}", width=width)

    assert chromium.faults() == []
    assert chromium.complaints() == []
    assert chromium.overflow() == 0
    chromium.picture(f"release-{page.replace('.html', '').replace('#', '-')}-{width}")


def test_filters_work_with_a_keyboard_and_without_scripts(published):
    with browser.chromium(scripts=False) as plain:
        plain.open(f"{published}/dashboard.html")
        assert plain.find("#all").is_displayed()

        plain.find(".filters summary").send_keys(Keys.ENTER)
        plain.find(".filters a").send_keys(Keys.ENTER)

        shown = plain.find(".view:target")
        assert shown.find_element("css selector", "h2").text == "Country: Country XA"
        assert not plain.find("#all").is_displayed()
        shown.find_element("css selector", ".clear").send_keys(Keys.ENTER)
        assert plain.find("#all").is_displayed()


def test_two_at_a_time_open_and_scroll_by_themselves(chromium, published):
    chromium.open(f"{published}/dashboard.html", width=360)
    chromium.click(".all .grid summary")

    assert chromium.find(".all .grid table").is_displayed()
    assert chromium.overflow() == 0
    assert chromium.faults() == []
