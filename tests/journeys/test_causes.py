"""Root causes from the map to one State's drivers, on a telephone and a desk, in three languages."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from palermo.appraisal import specimen
from palermo.protection.access import Role
from tests.node.cases import a_member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _made_up_tables(tmp_path, monkeypatch):
    specimen.lay(tmp_path)
    made = replace(settings.NODE, made_up=True, appraisal_data=tmp_path, state="XA")
    monkeypatch.setattr(settings, "NODE", made)


@pytest.fixture
def reader(chromium, live_server):
    client = Client()
    client.force_login(a_member(Role.ANALYST, name="hana"))
    chromium.enter(live_server.url, client.cookies["sessionid"].value)
    yield chromium
    chromium.driver.get("about:blank")  # so that no request is under way when the server ends


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_a_reader_goes_from_the_list_of_states_to_what_drives_one(reader, live_server, language):
    reader.open(live_server.url + reverse("appraisal_list"))
    reader.speak(language)
    reader.click(f"a[href='{reverse('causes_list')}']")
    found = _looked_over(reader)
    reader.click("#causes tbody th a")
    found += _looked_over(reader)

    assert reader.find(".pal-figure__picture svg")
    assert found == []


def _looked_over(reader):
    """What is wrong with the page in a telephone's width and in a desk's."""
    found = []
    for width in (360, 1280):
        reader.size(width)
        found += [f"{width}: {fault}" for fault in (*reader.faults(), *reader.complaints())]
        found += [f"{width}: sticks out"] if reader.overflow() else []
    return found
