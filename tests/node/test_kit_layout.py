"""The frame of every page: language and direction, menu, messages, errors, headers."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template import RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from palermo.node import navigation, security
from palermo.node.table import Link
from palermo.protection.access import Role

ERROR_PAGES = ("400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html")


def page(text='{% extends "layout.html" %}', **given):
    request = RequestFactory().get("/cases/?sort=ref")
    request.user = AnonymousUser()
    return Template(text).render(RequestContext(request, given))


@pytest.mark.parametrize(
    "language, direction, sheet",
    [("en", "ltr", "palermo.css"), ("fr", "ltr", "palermo.css"), ("ar", "rtl", "palermo.rtl.css")],
)
def test_a_page_says_its_language_and_direction(language, direction, sheet):
    with translation.override(language):
        html = page()

    assert f'lang="{language}"' in html
    assert f'dir="{direction}"' in html
    assert f"built/{sheet}" in html


def test_the_skip_link_is_the_first_thing_to_reach_and_leads_to_the_main_part():
    html = page()

    assert html.index("govuk-skip-link") < html.index("<header")
    assert '<main class="govuk-main-wrapper" id="main-content">' in html


def test_the_language_switch_stays_on_the_page():
    html = page()

    assert '<input type="hidden" name="next" value="/cases/?sort=ref">' in html
    assert [f'value="{code}"' in html for code in ("en", "fr", "ar")] == [True] * 3


@pytest.mark.parametrize("made_up", [True, False])
def test_made_up_data_is_said_on_every_page(settings, made_up):
    settings.NODE = replace(settings.NODE, made_up=made_up)

    assert ("Made-up data." in page()) is made_up


def test_no_page_of_the_kit_holds_code_or_style_in_itself():
    for name in ERROR_PAGES:
        html = render_to_string(name)
        assert " style=" not in html
        assert "<style" not in html
        assert "javascript:" not in html
        assert html.count("<script") == html.count("<script src=")


@pytest.mark.parametrize("name", ERROR_PAGES)
@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_an_error_page_needs_no_request_and_says_what_to_do(name, language):
    with translation.override(language):
        html = render_to_string(name)

    assert '<h1 class="govuk-heading-l">' in html
    assert 'href="/"' in html


def test_breadcrumbs_end_at_the_page_itself():
    html = page('{% trail "Home" "/" "Cases" "/cases" "A-17" %}')

    assert html.count("<a ") == 2
    assert 'aria-current="page">A-17' in html


def test_a_summary_list_shows_pairs_and_their_next_step():
    html = page("{% summary_list rows %}", rows=[("Case", "A-17"), ("State", "", Link("Change", "/change"))])

    assert "A-17" in html
    assert 'href="/change"' in html
    assert "–" in html


def test_the_menu_holds_only_what_the_roles_may_open():
    pages = {entry.page for entry in navigation.entries({Role.ANALYST})}

    assert {"home", "figures"} <= pages
    assert not pages & {"case_list", "administration", "audit_list"}


def test_an_administrator_is_never_led_to_cases():
    assert "case_list" not in {entry.page for entry in navigation.entries({Role.ADMINISTRATOR})}


def test_every_role_has_a_page_to_start_from():
    assert all("home" in {entry.page for entry in navigation.entries({role})} for role in Role)


def test_no_role_no_menu():
    assert navigation.entries(()) == ()


def test_every_line_of_the_menu_has_a_page():
    steps = navigation.steps(Role, path="/")

    assert len(steps) == len(navigation.ENTRIES)


def test_the_menu_marks_the_page_and_the_part_the_reader_is_in():
    below = {str(step.label): step.here for step in navigation.steps(Role, path="/administration/members/")}
    itself = {str(step.label): step.here for step in navigation.steps(Role, path="/administration/")}

    assert (below["Administration"], below.get("Home", "")) == ("true", "")
    assert itself["Administration"] == "page"


def answer(**given):
    view = lambda request: HttpResponse("", **given)  # noqa: E731  # a view in one line
    return security.SecurityHeaders(view)(RequestFactory().get("/cases/"))


def test_the_policy_lets_nothing_in_that_is_not_ours():
    policy = answer()["Content-Security-Policy"]

    assert policy == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert "unsafe" not in policy


@pytest.mark.parametrize("header", ["Referrer-Policy", "X-Content-Type-Options", "Permissions-Policy"])
def test_the_other_headers_are_there(header):
    assert answer()[header] == security.HEADERS[header]


def test_a_page_is_not_kept_by_the_browser():
    assert answer()["Cache-Control"] == "no-store, private"


def test_a_style_sheet_may_be_kept():
    view = lambda request: HttpResponse("")  # noqa: E731  # a view in one line
    response = security.SecurityHeaders(view)(RequestFactory().get(f"{settings.STATIC_URL}palermo.css"))

    assert "Cache-Control" not in response


def test_a_view_may_set_a_header_of_its_own():
    assert answer(headers={"Cache-Control": "max-age=60"})["Cache-Control"] == "max-age=60"


def test_the_policy_of_the_settings_wins(settings):
    settings.SECURE_CSP = {"default-src": [security.NONE]}

    assert answer()["Content-Security-Policy"] == "default-src 'none'"
