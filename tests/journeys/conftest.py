"""One browser for all journeys, and a member who is signed in to it."""

import pytest

from palermo.protection.access import Role
from tests.journeys import browser, state
from tests.node import people


@pytest.fixture(scope="session")
def chromium():
    with browser.chromium() as opened:
        yield opened


@pytest.fixture(scope="session")
def xa(tmp_path_factory):
    """The made-up State XA, served by the real server for all journeys; needs no test database."""
    with state.served(tmp_path_factory.mktemp("demo") / "xa") as served:
        yield served


@pytest.fixture
def signed_in(chromium, client, live_server):
    """The browser, taken over by a member with the roles given: `signed_in(Role.CASE_WORKER)`."""

    def enter(*roles: Role):
        client.force_login(people.a_member("a-diallo", *roles, password=None))
        chromium.enter(live_server.url, client.cookies["sessionid"].value)
        return chromium

    yield enter
    chromium.driver.delete_all_cookies()
    chromium.driver.get("about:blank")  # so that no page asks for more while the server ends


def pytest_collection_modifyitems(items):
    """A request may still be under way when its server ends: its thread then fails, which is no fault."""
    under_way = pytest.mark.filterwarnings("default::pytest.PytestUnhandledThreadExceptionWarning")
    for item in items:
        if "live_server" in getattr(item, "fixturenames", ()):
            item.add_marker(under_way)


@pytest.fixture
def look():
    """Nothing sticks out, the console is silent, axe finds nothing where scripts run; and a picture."""

    def looked(chromium, name, *, widths=browser.WIDTHS):
        for width in widths:
            chromium.size(width)
            assert chromium.complaints() == []
            assert chromium.overflow() == 0, name
            assert plain(chromium) or chromium.faults() == []
            chromium.picture(f"{name}-{width}")
        chromium.size(browser.WIDTHS[0])

    return looked


def plain(chromium):
    """Whether the page runs no script: axe-core is one."""
    return "js-enabled" not in (chromium.find("body").get_attribute("class") or "")
