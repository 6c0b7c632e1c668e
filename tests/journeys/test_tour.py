"""A tour of every page in Chromium, for every role that may open it, in three languages and two widths."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.urls import URLPattern, get_resolver, reverse
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.common.virtual_authenticator import Protocol, Transport, VirtualAuthenticatorOptions

from palermo.protection.access import Role
from palermo.standards import specimen
from tests.journeys.browser import Chromium
from tests.journeys.state import State
from tests.node import people

LANGUAGES = {"en": "ltr", "fr": "ltr", "ar": "rtl"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of urls.py; `link` finds its address on the page `on`, where the address holds a number."""

    name: str
    on: str = ""
    link: str = ""
    more: str = ""
    query: str = ""
    answer: int = 200

    def __str__(self) -> str:
        return f"{self.name}{self.query[:40] or self.link}"


def page(name: str, **more) -> Page:
    return Page(name=name, **more)


def question(title: str) -> str:
    """What the page of a new estimation sends: three lists of all agencies, women and men apart."""
    lists = {
        f"list-{one.code}": ("Helpers", "State", "Lines")[place % 3]
        for place, one in enumerate(specimen.agencies())
    }
    asked = {"title": title, "strata": "sex", "methods": ["stepwise", "covariates"], "replicates": "50"}
    return urlencode(lists | asked | {"level": "0.95", "seed": "1"}, doseq=True)


def release_question() -> str:
    """What the page of a new release sends: women and men by age."""
    asked = {"title": "Persons met in XA", "purpose": "Tour", "since": "2020", "until": "2026"}
    more = {"columns": ["sex", "age_band"], "ways": "2", "epsilon": "0.5", "persons": "1000000", "seed": "1"}
    return urlencode(asked | more, doseq=True)


NOWHERE = "no-such-page"
HOME, CASES, AUDIT = page("home"), page("case_list"), page("audit_list")
STATES, XA = page("appraisal_list"), page("appraisal_state", on="appraisal_list", link="#states tbody th a")
ANSWERED = "#estimations tbody tr:first-child th a"
SIGNED = "#estimations tbody tr:last-child th a"
DRAFTED = "#releases tbody tr:first-child th a"
STATED = "#statements tbody tr:first-child th a"
PLANNED = "#plans tbody tr:first-child th a"
CASE = page("case_page", on="case_list", link="#cases tbody th a")

# What each role opens. A page that several roles see alike stands with one of them; refusals stand here too.
PAGES: dict[Role | None, tuple[Page, ...]] = {
    None: (
        page("account_login"),
        page("account_code"),
        page("account_inactive"),
    ),
    Role.FIRST_RESPONDER: (
        HOME,
        CASES,
        page("import_list"),
        page("import_page", on="import_list", link="#imports tbody tr:nth-child(1) a"),
        page("import_page", on="import_list", link="#imports tbody tr:nth-child(2) a"),
        page("figures", answer=403),
    ),
    Role.CASE_WORKER: (
        HOME,
        CASES,
        page("case_list", query="?sex=f&year=1901"),
        CASE,
        page("import_list"),
        AUDIT,
        page("member_list", answer=403),
        page(NOWHERE, answer=404),
    ),
    Role.SUPERVISOR: (HOME, CASES, CASE, AUDIT, page("member_list")),
    Role.COMPETENT_AUTHORITY: (HOME, CASES, CASE, page("plan_list")),
    Role.SERVICE_PROVIDER: (
        HOME,
        CASES,
        page("account"),
        page("account_change_password"),
        page("account_logout"),
        page("account_reauthenticate"),
        page("mfa_index"),
        page("mfa_reauthenticate"),
        page("mfa_deactivate_totp"),
        page("mfa_view_recovery_codes"),
        page("mfa_generate_recovery_codes"),
        page("mfa_list_webauthn"),
        page("mfa_add_webauthn"),
        page("mfa_reauthenticate_webauthn"),
        page("mfa_edit_webauthn", on="mfa_list_webauthn", link="main a[href*=edit]"),
        page("mfa_remove_webauthn", on="mfa_list_webauthn", link="main a[href*=remove]"),
        page("usersessions_list"),
    ),
    Role.GUARDIAN: (HOME, CASES, CASE),
    Role.PROSECUTOR: (HOME, CASES, AUDIT),
    Role.BORDER_OFFICER: (HOME, AUDIT, page("case_list", answer=403)),
    Role.SURVIVOR: (HOME, page("case_page", on="home", link=".pal-card a"), page("mfa_activate_totp")),
    Role.ANALYST: (
        HOME,
        page("figures"),
        page("estimation_list"),
        page("estimation_list", query="?standing=withdrawn"),
        page("estimation_new"),
        page("estimation_look", query=f"?{question('Tour')}"),
        page("estimation_page", on="estimation_list", link=ANSWERED),
        page("estimation_sign", on="estimation_list", link=ANSWERED, more="sign/"),
        page("estimation_withdraw", on="estimation_list", link=SIGNED, more="withdraw/"),
        page("estimation_sdg", on="estimation_list", link=ANSWERED, more="sdg/"),
        page("release_list"),
        page("release_list", query="?standing=withdrawn"),
        page("release_plan"),
        page("release_new"),
        page("release_look", query=f"?{release_question()}"),
        page("release_page", on="release_list", link=DRAFTED),
        page("release_withdraw", on="release_list", link=DRAFTED, more="withdraw/"),
        page("plan_list"),
        page("plan_page", on="plan_list", link=PLANNED),
        page("plan_action", on="plan_list", link=PLANNED, more="actions/1/"),
        page("plan_carry", on="plan_list", link=PLANNED, more="carry/"),
        page("plan_withdraw", on="plan_list", link=PLANNED, more="withdraw/"),
        page("statement_list"),
        page("statement_page", on="statement_list", link=STATED),
        page("statement_describe", on="statement_list", link=STATED, more="describe/"),
        page("statement_withdraw", on="statement_list", link=STATED, more="withdraw/"),
        page("framework_list"),
        page("framework_page", on="framework_list", link="#provisions tbody th a"),
        page("assess_list", on="appraisal_list", link="#states tbody th a", more="assess/"),
        page("provision_page", on="appraisal_list", link="#states tbody th a", more="GPA-T01/"),
        STATES,
        XA,
        page("appraisal_global"),
        page("appraisal_pillar", on="appraisal_global", link=".pal-pillars li:first-child a"),
        page("causes_list"),
        page("causes_page", on="causes_list", link="#causes tbody th a"),
        page("treaty_list"),
        page("treaty_page", on="treaty_list", link="#treaties tbody tr:first-child th a"),
        page("treaty_page", on="treaty_list", link="#treaties tbody tr:nth-child(2) th a"),
        page("case_list", answer=403),
    ),
    Role.DATA_PROTECTION_OFFICER: (
        HOME,
        AUDIT,
        page("risk_list"),
        page("risk_list", query="?standing=unread"),
        page("case_page", on="audit_list", link="#audit a[href*='/cases/']"),
    ),
    Role.ADMINISTRATOR: (
        HOME,
        AUDIT,
        page("administration"),
        page("agency_list"),
        page("agency_open"),
        page("agency_close", on="agency_list", link="#agencies a[href*=close]"),
        page("member_list"),
        page("member_add"),
        page("member_page", on="member_list", link="#members tbody th a"),
        page("token_list"),
        page("token_issue"),
        page("token_revoke", on="token_list", link="#tokens a[href*=revoke]"),
        page("session_list"),
        page("session_end", on="session_list", link="#sessions a[href*=end]"),
    ),
}
# Names of urls.py that are no page one opens, each with its reason.
SENT = "a form is sent to it"
FETCHED = "not a page: it is fetched"
NOT_TOURED = {
    "case_look_up": SENT,
    "case_export": SENT,
    "case_list_approve": SENT,
    "emergency_answer": SENT,
    "case_unseal": SENT,
    "case_move": SENT,
    "case_approve": SENT,
    "case_erase": SENT,
    "case_emergency": SENT,
    "import_start": SENT,
    "estimation_start": SENT,
    "estimation_countersign": SENT,
    "release_draft": SENT,
    "release_approve": SENT,
    "release_countersign": SENT,
    "release_start": SENT,
    "release_publish": SENT,
    "risk_ask": SENT,
    "risk_sign": SENT,
    "import_discard": SENT,
    "agency_reopen": "the made-up node closes no agency",
    "audit_verify": SENT,
    "set_language": SENT,
    "member_step": SENT,
    "import_progress": FETCHED,
    "estimation_progress": FETCHED,
    "release_progress": FETCHED,
    "statement_file": FETCHED,
    "plan_file": FETCHED,
    "plan_template": FETCHED,
    "plan_map": "half-way through taking a plan in: test_plan.py looks it over",
    "passage_next": "leads on to the next passage",
    "passage_page": "two clicks away: test_statement.py looks it over",
    "release_file": FETCHED,
    "release_public_file": FETCHED,
    "risk_page": "the made-up node makes no release: test_release.py looks it over",
    "risk_compare": "the made-up node makes no release: test_release.py looks it over",
    "risk_progress": FETCHED,
    "risk_file": FETCHED,
    "release_public": "leads on to the language of the reader: test_release.py looks it over",
    "release_public_pack": "the made-up node publishes nothing: test_release.py looks it over",
    "import_faults": FETCHED,
    "favicon": FETCHED,
    "healthz": FETCHED,
    "readyz": FETCHED,
    "appraisal_style": FETCHED,
    "appraisal_file": FETCHED,
    "appraisal_pillar_file": FETCHED,
    "appraisal_global_file": FETCHED,
    "mfa_download_recovery_codes": FETCHED,
    "mfa_login_webauthn": FETCHED,
    "account_set_password": "leads on to account_code",
    "mfa_authenticate": "half-way through signing in: test_sign_in.py looks it over",
}


def names(resolver) -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield entry.name or str(entry.pattern)
        elif entry.namespace != "api":
            yield from names(entry)


def test_every_page_of_the_node_is_on_the_tour_or_has_a_reason_not_to_be():
    toured = {page.name for pages in PAGES.values() for page in pages} - {NOWHERE}

    assert toured | set(NOT_TOURED) == set(names(get_resolver()))
    assert not toured & set(NOT_TOURED)


def test_every_role_of_a_person_is_on_the_tour():
    assert set(PAGES) == {None, *Role} - {Role.PEER_NODE}


# -- what must be there for some pages to open --------------------------------------------------------------

HEADER = "case.ref,person.sex,person.citizenships,exploitation[].form\n"
GOOD = HEADER + "T-1,f,XA,ForcedLabour\n"
BAD = HEADER + "T-2,m,XB,ForcedLabour\nT-3,purple,XA,Servitude\n"


@pytest.fixture(scope="module")
def furnished(xa: State, chromium: Chromium, tmp_path_factory) -> State:
    """A case that was looked at, a file that waits, one that was imported, a token, an app and a passkey."""
    xa.return_as(chromium, Role.CASE_WORKER)
    xa.open(chromium, reverse("case_list"))
    chromium.click("#cases tbody th a")
    folder = tmp_path_factory.mktemp("files")
    _uploads(xa, chromium, folder / "good.csv", GOOD)
    _uploads(xa, chromium, folder / "bad.csv", BAD)
    chromium.click("form[action$='start/'] button")
    _until_done(chromium)
    _protects(xa, chromium)
    _issues_a_token(xa, chromium)
    _estimates(xa, chromium)
    _drafts(xa, chromium)
    return xa


def _uploads(xa, chromium, file, text):
    file.write_text(text)
    xa.return_as(chromium, Role.FIRST_RESPONDER)
    xa.open(chromium, reverse("import_list"))
    chromium.type("input[type=file]", str(file))
    chromium.click("main form button[type=submit], main form button.govuk-button")
    chromium.wait("form[action$='start/']")


def _until_done(chromium):
    for _ in range(120):
        if chromium.driver.find_elements("css selector", "#faults"):
            return
        time.sleep(0.25)
    raise AssertionError("the import did not end within half a minute")


def _protects(xa, chromium):
    xa.return_as(chromium, Role.SERVICE_PROVIDER)
    xa.open(chromium, reverse("mfa_activate_totp"))
    secret = chromium.find("main .pal-code").text
    chromium.type("#id_code", people.app_code(secret, now=time.time()))
    chromium.click("main form button[type=submit]")
    chromium.wait("ol .pal-code")
    chromium.driver.add_virtual_authenticator(
        VirtualAuthenticatorOptions(
            protocol=Protocol.CTAP2,
            transport=Transport.INTERNAL,
            has_resident_key=True,
            has_user_verification=True,
            is_user_verified=True,
        )
    )
    xa.open(chromium, reverse("mfa_add_webauthn"))
    chromium.click("[data-passkey-start]")
    chromium.wait(f"main a[href='{reverse('mfa_list_webauthn')}']")
    chromium.driver.remove_virtual_authenticator()


def _issues_a_token(xa, chromium):
    xa.return_as(chromium, Role.ADMINISTRATOR)
    xa.open(chromium, reverse("token_issue"))
    chromium.type("#id_agency", "Coast Shelter")
    chromium.type("#id_name", "register")
    chromium.click("label[for=id_roles_0]")
    last_day = date.today() + timedelta(days=30)
    for place, part in enumerate((last_day.day, last_day.month, last_day.year)):
        chromium.type(f"#id_expires_at_{place}", str(part))
    chromium.click("main form button[type=submit]")
    chromium.wait("main .pal-lead .pal-code")


def _estimates(xa, chromium):
    xa.return_as(chromium, Role.ANALYST)
    xa.open(chromium, f"{reverse('estimation_look')}?{question('Hidden people of XA')}")
    chromium.click("form[action$='start/'] button")
    for _ in range(480):
        if "progress" not in chromium.driver.page_source:
            return
        time.sleep(0.25)
    raise AssertionError("the estimation did not end within two minutes")


def _drafts(xa, chromium):
    xa.return_as(chromium, Role.ANALYST)
    xa.open(chromium, f"{reverse('release_look')}?{release_question()}")
    chromium.click("form[action$='draft/'] button")
    chromium.wait("form[action$='approve/']")


# -- the tour -----------------------------------------------------------------------------------------------


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", PAGES, ids=str)
def test_every_page_a_role_opens_is_sound(furnished, chromium, role, language):
    furnished.return_as(chromium, role)
    furnished.open(chromium, "/account/login/" if role is None else "/")
    chromium.speak(language)

    found = {str(page): _looked_over(furnished, chromium, page, language) for page in PAGES[role]}

    assert {page: faults for page, faults in found.items() if faults} == {}


def _looked_over(xa: State, chromium: Chromium, page: Page, language: str) -> list[str]:
    """What is wrong with the page in a telephone's width, and once, in English, in a desk's."""
    path = _address(xa, chromium, page)
    chromium.complaints()
    xa.open(chromium, path, width=360)
    found = [*_said_wrong(chromium, page), *_shape(chromium, page, language)]
    if sticks_out := chromium.overflow():
        found.append(f"{sticks_out} px wider than a telephone")
    found += [f"360: {fault}" for fault in chromium.faults()]
    chromium.size(1280)
    if language == "en":
        found += [f"1280: {fault}" for fault in chromium.faults()]
        found += _order(chromium)
    return found


def _address(xa: State, chromium: Chromium, page: Page) -> str:
    if page.name == NOWHERE:
        return f"/{NOWHERE}"
    if not page.on:
        return reverse(page.name) + page.query
    xa.open(chromium, reverse(page.on))
    return str(chromium.find(page.link).get_attribute("href")).removeprefix(xa.url) + page.more


def _said_wrong(chromium: Chromium, page: Page) -> list[str]:
    status = chromium.driver.execute_script(
        "return performance.getEntriesByType('navigation')[0].responseStatus"
    )
    said = [one for one in chromium.complaints() if f"status of {page.answer}" not in one]
    return said if status == page.answer else [f"answered {status}", *said]


def _shape(chromium: Chromium, page: Page, language: str) -> list[str]:
    """The frame that every page has: its language, direction and title, and one heading."""
    html = chromium.find("html")
    headings = [one.text for one in chromium.driver.find_elements("css selector", "h1")]
    here = {
        "language": (html.get_attribute("lang"), language),
        "direction": (html.get_attribute("dir"), LANGUAGES[language]),
        "title": (chromium.driver.title.endswith(" – palermo"), True),
        "headings": (len([one for one in headings if one.strip()]), 1),
    }
    return [f"{what}: {is_} and not {wanted}" for what, (is_, wanted) in here.items() if is_ != wanted]


# -- the order of the keyboard ------------------------------------------------------------------------------

# Where something was focused or clicked before, and left again, Tab goes on from there: a mark that is put at
# the page's beginning, focused and taken away makes it begin there.
LISTEN = """
window.reached = [];
const region = (it) => it.closest("header") ? 1 : it.closest("footer") ? 3 : it.closest(".pal-page") ? 2 : 0;
const start = document.createElement("span");
start.tabIndex = -1;
document.body.prepend(start);
start.focus();
start.remove();
window.scrollTo(0, 0);
document.addEventListener("focusin", (event) => window.reached.push([region(event.target), event.target]));
"""
REACHED = """
const listed = window.reached.map((one) => one[0]);
const again = window.reached.map((one) => one[1]).filter((it, at, all) => all.indexOf(it) !== at).length;
const first = window.reached.length ? window.reached[0][1].className : "";
const focusable = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
const shown = [...document.querySelectorAll(focusable)].filter((it) =>
  it.checkVisibility({visibilityProperty: true}) && !it.disabled && it.type !== "radio");
const missed = shown.filter((it) => !window.reached.some((one) => one[1] === it));
return {first, listed, again, missed: missed.map((it) => it.outerHTML.slice(0, 120))};
"""
MOST_STEPS = 400


def _order(chromium: Chromium) -> list[str]:
    """Whether Tab meets the skip link first, then the header, the main part and the footer, and all of it."""
    count = chromium.driver.execute_script(
        "return document.querySelectorAll('a[href], button, input, select, summary, [tabindex]').length"
    )
    chromium.driver.execute_script(LISTEN)
    ActionChains(chromium.driver).send_keys(Keys.TAB * min(count, MOST_STEPS)).perform()
    found = chromium.driver.execute_script(REACHED)
    wrong = [] if "govuk-skip-link" in found["first"] else [f"Tab reaches first: {found['first']}"]
    once = found["listed"][: len(found["listed"]) - found["again"]]
    if once != sorted(once):
        wrong.append(f"the keyboard jumps between parts of the page: {once}")
    if count <= MOST_STEPS and found["missed"]:
        wrong.append(f"the keyboard does not reach: {found['missed']}")
    return wrong
