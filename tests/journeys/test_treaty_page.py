"""The pages on treaties in Chromium, full of public figures: three languages, two widths, no script."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse

from palermo.protection.access import Role
from tests.appraisal.made import public

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reader(signed_in, live_server, monkeypatch):
    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, made_up=False, appraisal_data=public()))
    chromium = signed_in(Role.ANALYST)

    def opened(name, *args, query=""):
        chromium.open(f"{live_server.url}{reverse(name, args=args)}{query}")
        return chromium

    return opened


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_treaty_and_the_list_are_sound_in_every_language_and_width(reader, look, language):
    reader("home").speak(language)

    look(reader("treaty_list"), f"treaties-{language}")
    look(reader("treaty_page", "TIP", query="?standing=waiting"), f"treaty-{language}")


def test_a_number_of_the_regions_leads_to_its_states(reader):
    chromium = reader("treaty_page", "TIP")
    chromium.click("#regions tbody tr:first-child td:nth-child(2) a")
    chromium.wait("#states")

    rows = chromium.driver.find_elements("css selector", "#states tbody tr")
    assert len(rows) == int(chromium.find("#regions tbody tr:first-child td:nth-child(2) a").text)
