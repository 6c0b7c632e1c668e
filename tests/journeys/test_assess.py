"""A State is assessed in the browser: one judges, another agrees, the State answers, it is published."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse

from palermo.appraisal import specimen
from palermo.node.models import Judgement, ReferenceCheck
from palermo.protection.access import Role
from tests.node.judgements import agreed, assessed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = ("XA", "GPA-J01")


@pytest.fixture(autouse=True)
def _made_up_tables(tmp_path, monkeypatch):
    specimen.lay(tmp_path)
    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, made_up=True, appraisal_data=tmp_path))


def opened(chromium, live_server, name, *args):
    chromium.open(live_server.url + reverse(name, args=args))


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_pages_are_sound_in_each_language(signed_in, live_server, look, language):
    chromium = signed_in(Role.ANALYST)
    assessed("GPA-J02")
    agreed("GPA-J04", codes=("law_partial",))
    opened(chromium, live_server, "framework_list")
    chromium.speak(language)

    look(chromium, f"framework-{language}")
    for name, args in (
        ("framework_page", ["GPA-P05"]),
        ("assess_list", ["XA"]),
        ("provision_page", ["XA", "GPA-T01"]),
        ("provision_page", ["XA", "GPA-J02"]),
        ("provision_page", ["XA", "GPA-J04"]),
    ):
        opened(chromium, live_server, name, *args)
        look(chromium, f"{name}-{args[-1]}-{language}")


def test_a_provision_is_judged_with_the_keyboard_alone(signed_in, live_server):
    chromium = signed_in(Role.ANALYST)
    opened(chromium, live_server, "provision_page", *PAGE)

    chromium.find("#id_status_3").send_keys(" ")
    for field, words in (
        ("reason", "Section 3 covers all forms."),
        ("title", "Act 7 of 2024"),
        ("place", "Official Gazette 12"),
        ("as_of_0", "1"),
        ("as_of_1", "6"),
        ("as_of_2", "2024"),
    ):
        chromium.type(f"#id_{field}", words)
    chromium.find("#id_grade").send_keys("A")
    chromium.find("button[value=judge]").send_keys("\n")
    chromium.wait(".govuk-summary-list")

    one = Judgement.objects.get()
    assert (one.status, one.assessor, one.brought[0]["grade"]) == ("done", "a-diallo", "A")
    assert not chromium.driver.find_elements("css selector", "button[value=agree]")


def test_a_reference_is_checked_off(signed_in, live_server):
    chromium = signed_in(Role.ANALYST)
    opened(chromium, live_server, "framework_page", "GPA-P05")

    chromium.find("#id_paragraph").clear()
    chromium.type("#id_paragraph", "16")
    chromium.click("main form button[type=submit]")
    chromium.wait("#checks")

    assert ReferenceCheck.objects.get().paragraph == "16"
