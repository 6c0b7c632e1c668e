"""Real Chromium for tests: open pages, read its complaints, run axe-core, take pictures.

with browser.chromium() as chromium:
    chromium.open(live_server.url + "/kit", width=360)
    assert chromium.faults() == []
    assert chromium.complaints() == []
    chromium.picture("kit-360")
"""

import base64
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.common.exceptions import (
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
    WebDriverException,
)
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
PICTURES = Path(os.environ.get("PALERMO_PICTURES", ROOT / "docs" / "_build" / "pictures"))
WIDTHS = (1280, 360)
LEAVING = 5  # seconds that a page may take to be left after a click
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--lang=en",
)
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
RUN_AXE = """
const done = arguments[arguments.length - 1];
const where = (rule) => rule.nodes.map((node) => node.target.join(" ")).join(", ");
axe.run(document, {runOnly: {type: "tag", values: arguments[0]}, resultTypes: ["violations"]}).then(
  (found) => done(found.violations.map((rule) => rule.id + ": " + where(rule))),
  (fault) => done([String(fault)]));
"""


@dataclass(frozen=True, slots=True)
class Chromium:
    """One browser with one page."""

    driver: webdriver.Chrome

    def open(self, url: str, *, width: int = 1280, height: int = 900) -> None:
        """Goes to `url` in a window of this size."""
        self.size(width, height)
        self.driver.get(url)

    def size(self, width: int, height: int = 900) -> None:
        measures = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", measures)

    def find(self, css: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def click(self, css: str) -> None:
        """Clicks; where that leaves the page, waits until it is left, so that nothing old is found next."""
        page, element = self.find("html"), self.find(css)
        leaves = _leaves(element)
        element.click()
        if leaves:
            with suppress(TimeoutException):  # a form that a script sent leaves the page where it is
                WebDriverWait(self.driver, LEAVING, poll_frequency=0.02).until(lambda _: _gone(page))

    def type(self, css: str, text: str) -> None:
        self.find(css).send_keys(text)

    def wait(self, css: str, *, seconds: float = 10) -> WebElement:
        """The element, once it is there."""
        return WebDriverWait(self.driver, seconds, ignored_exceptions=_GONE).until(lambda _: self.find(css))

    def enter(self, url: str, session: str) -> None:
        """Takes over a session that the test client opened: `client.cookies["sessionid"].value`."""
        self.driver.get(f"{url}/healthz")
        self.driver.delete_all_cookies()
        self.driver.add_cookie({"name": "sessionid", "value": session})
        self.complaints()

    def speak(self, language: str) -> None:
        """Changes the language by the buttons on the page that is open."""
        self.click(f"button[name=language][value={language}]")
        self.wait(f"html[lang={language}]")

    def press(self, *keys: str) -> str:
        """Presses keys where the focus is; returns what has the focus then, as `tag#id` or its text."""
        ActionChains(self.driver).send_keys(*keys).perform()
        where = "const it = document.activeElement; return it.id ? it.tagName + '#' + it.id : it.innerText"
        return str(self.driver.execute_script(where)).strip()

    def faults(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 A and AA and its own good practice."""
        if not AXE.is_file():
            pytest.skip("axe-core is not installed: run `python hatch_build.py`")
        self.driver.execute_script(AXE.read_text(encoding="utf-8"))
        found: list[str] = self.driver.execute_async_script(RUN_AXE, list(RULES))
        return found

    def complaints(self) -> list[str]:
        """What the console says since the last call: blocked by the policy, not found, thrown."""
        said = (entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE")
        return [message for message in said if "/favicon.ico" not in message]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window; 0 when nothing sticks out."""
        wider = "const page = document.documentElement; return page.scrollWidth - page.clientWidth"
        return int(self.driver.execute_script(wider))

    def picture(self, name: str, *, whole: bool = True) -> Path:
        """A picture of the whole page, or of the window."""
        PICTURES.mkdir(parents=True, exist_ok=True)
        options = {"format": "png", "captureBeyondViewport": whole}
        if whole:
            size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            options["clip"] = {**size, "scale": 1}
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", options)
        file = PICTURES / f"{name}.png"
        file.write_bytes(base64.b64decode(shot["data"]))
        return file


@contextmanager
def chromium(*, scripts: bool = True) -> Iterator[Chromium]:
    """A browser, with or without scripts; the test is skipped where there is none."""
    program, driver = _program("chromium", "chromium-browser", "google-chrome"), _program("chromedriver")
    if not (program and driver):
        pytest.skip("Chromium or its driver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = program
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--blink-settings=scriptEnabled={str(scripts).lower()}"):
        options.add_argument(flag)
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=driver))
    try:
        opened.set_script_timeout(60)
        yield Chromium(opened)
    finally:
        opened.quit()


_GONE = (NoSuchElementException, StaleElementReferenceException)


def _gone(page: WebElement) -> bool:
    """Whether the page that this is the root of has been left."""
    try:
        page.is_enabled()
    except WebDriverException:  # stale, or asked for in the moment between two pages
        return True
    return False


def _leaves(element: WebElement) -> bool:
    """Whether a click on it asks for another page: a link, but no anchor, or a button that sends a form."""
    if element.tag_name == "a":
        return not (element.get_dom_attribute("href") or "#").startswith("#")
    return element.tag_name == "button" and element.get_dom_attribute("type") in {None, "submit"}


def _program(*names: str) -> str | None:
    return next((found for found in map(shutil.which, names) if found), None)
