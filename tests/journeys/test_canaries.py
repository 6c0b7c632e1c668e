"""Canaries: names, numbers and addresses planted at every door, and looked for in all that is written."""

import csv
import io
import json
import sqlite3
from contextlib import closing, contextmanager

import pytest

from palermo.standards import record
from tests.journeys import node as nodes
from tests.node import cases

pytestmark = pytest.mark.slow

GIVEN, FAMILY = "Zephyrinella", "Quillfeatherston"
PHONE, PHONE_DIGITS = "+999 555 0147 31", "999555014731"
PASSPORT, PASSPORT_BARE = "QX-7714-0093", "QX77140093"
PLACE, STREET = "Wisteriamoor farm", "Larkspurgate 44"
NUMBERS = (PHONE, PHONE_DIGITS, "5550147", PASSPORT, PASSPORT_BARE)
CANARIES = (GIVEN, FAMILY, *NUMBERS, PLACE, "Wisteriamoor", STREET)
SOUGHT = (("name", f"{GIVEN} {FAMILY}"), ("phone", PHONE), ("document", PASSPORT))
PASSWORD = "copper-lantern-orchard-9"


def a_document(ref="XA-0001", **more):
    return record.document(
        cases.facts(
            **{
                "case.ref": ref,
                **cases.CONSENTED,
                "person.names[0].given": GIVEN,
                "person.names[0].family": FAMILY,
                "person.documents[0].number": PASSPORT,
                "person.contact[0].channel": "mobile_phone",
                "person.contact[0].value": PHONE,
                "exploitation[0].place": PLACE,
            }
            | more
        )
    ) | {"local": {"street": STREET, "nickname": GIVEN}}


def lines(*documents):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in documents).encode()


def a_table(*rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


WITH_FAULTS = a_document("XA-0002") | {"case": {"ref": "XA-0002", "year_registered": f"{GIVEN} {FAMILY}"}}
MISPLACED = a_document("XA-0003")
MISPLACED["person"]["sex"] = {"value": f"{GIVEN} {FAMILY}", "state": "answered"}
UNKNOWN_NAME = a_document("XA-0004") | {f"{GIVEN} {FAMILY}": PHONE}
FILES = {
    "good.jsonl": lines(a_document(), a_document("XA-0005")),
    "faulty.jsonl": lines(WITH_FAULTS, MISPLACED, UNKNOWN_NAME),
    "cut.jsonl": lines(a_document("XA-0006"))[:-40],
    "shifted.csv": a_table(
        ["case.ref", "person.sex", "person.age_band", "exploitation[0].form"],
        ["XA-0007", f"{GIVEN} {FAMILY}", PHONE, PLACE],
        [f"{GIVEN} {FAMILY}", "f", PASSPORT, STREET],
    ),
    "headless.csv": a_table([GIVEN, FAMILY, PHONE, PASSPORT], [FAMILY, GIVEN, PHONE, STREET]),
    "odd-columns.csv": a_table(["case.ref", "person.sex", "Street"], ["XA-0008", "f", STREET]),
    "prose.jsonl": f"{GIVEN} {FAMILY}, {PHONE}, {PASSPORT}, {STREET}\n".encode() * 3,
}
KEPT = """
import json
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
import base64, pickle
sessions = [session.get_decoded() for session in Session.objects.all()]
with connection.cursor() as cursor:
    cursor.execute("SELECT cache_key, value FROM node_cache")
    cached = [[key, repr(pickle.loads(base64.b64decode(value)))] for key, value in cursor.fetchall()]
print(json.dumps([repr(sessions), cached], ensure_ascii=False))
"""
ERASE = """
import json
from datetime import UTC, datetime
from palermo.node.actions import approval, case, erasure
from palermo.node.actor import Actor
from palermo.node.models import Case
from palermo.node.sealing import Kind
from palermo.protection.access import Role
now = datetime.now(UTC)
officer = frozenset({Role.DATA_PROTECTION_OFFICER})
officers = [Actor(name=name, agency="xa-shelter", roles=officer) for name in ("o-one", "o-two")]
worker = Actor(name="w-one", agency="xa-shelter", roles=frozenset({Role.CASE_WORKER}))
sought = {Kind.NAME: NAME, Kind.PHONE: PHONE, Kind.DOCUMENT: PASSPORT}
def found():
    return [len(case.look_up(kind=kind, value=value, by=worker, now=now)) for kind, value in sought.items()]
before = found()
for case_id in list(Case.objects.values_list("pk", flat=True)):
    approval.give(case_id, step="erase", by=officers[0], now=now)
    erasure.erase(case_id, by=officers[1], now=now)
print(json.dumps([before, found()]))
"""


@contextmanager
def held_open(home):
    """A reader that keeps the write-ahead log and its index from going away."""
    with closing(sqlite3.connect(home / "node.sqlite3")) as database:
        database.execute("SELECT count(*) FROM node_agency").fetchall()
        yield


def clear_in(home, *, but=()):
    """Every canary found in a file of the node, with the file's name; nothing of it is in clear."""
    found = []
    for path in sorted(path for path in home.rglob("*") if path.is_file() and path not in but):
        content = path.read_bytes().lower()
        for canary in CANARIES:
            spellings = {canary.lower().encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be")}
            spellings.add(canary.lower().replace(" ", "+").encode())
            spellings.add(canary.lower().replace(" ", "%20").encode())
            found += [(path.name, canary) for spelling in spellings if spelling in content]
    return found


@pytest.fixture
def node(tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    made = nodes.prepared(home)
    for name, role in (("w-one", "case_worker"), ("w-two", "first_responder"), ("s-one", "supervisor")):
        add = ["member", "add", name, "--agency", "xa-shelter", "--role", role, "--display-name", name]
        made.run(*add, "--password-stdin", given=PASSWORD + "\n")
    return made


def sign_in(server, name, password=PASSWORD):
    server.cookies.clear()
    return server.form("/account/login/", login=name, password=password)


def by_command(node, folder):
    """Every file through the command line, with its quarantine file; what was printed."""
    printed = []
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
        ended = node.run("case", "import", str(folder / name), "--agency", "xa-shelter", code=None)
        assert ended.returncode in {0, 1, 2}, ended.stderr
        printed += [ended.stdout, ended.stderr]
    return printed


def by_api(server, token):
    for document in (a_document("XA-0100"), WITH_FAULTS, MISPLACED, UNKNOWN_NAME):
        yield server.api("/cases", token, document, key=f"key-{document['case']['ref']}")
    for kind, value in (*SOUGHT, (GIVEN, PLACE)):
        yield server.api("/look-ups", token, {"kind": kind, "value": value})
    yield server.api(f"/standard/vocabularies/{GIVEN}", token)
    for name, content in FILES.items():
        kind, body = nodes.multipart({}, {"file": (f"{GIVEN}-{name}", content + b"\n")})
        yield server.ask("/api/v1/imports", body, Authorization=f"Bearer {token}", Content_Type=kind)


def by_pages(server):
    yield sign_in(server, f"{GIVEN}-{FAMILY}", PHONE)
    yield sign_in(server, "w-one", f"{GIVEN} {PHONE}")
    yield sign_in(server, "w-one")
    for name, content in FILES.items():
        yield server.form("/imports/", files={"file": (f"{GIVEN} {name}", content + b"\n\n")}, format="")
    yield server.ask("/imports/")
    for kind, value in SOUGHT:
        yield server.form("/cases/look-up/", page="/cases/", kind=kind, value=value)
    yield server.ask(f"/cases/{GIVEN}-{FAMILY}/")
    yield server.ask(f"/{GIVEN}/{FAMILY}?q={PASSPORT}")


def open_a_case(server, case_id):
    page = f"/cases/{case_id}/"
    return server.form(f"{page}open/", page=page, tiers="T3", purpose="support")


def test_what_names_a_person_is_found_nowhere_in_clear(node, tmp_path):
    given = tmp_path / "given"
    given.mkdir()
    token, inputs = nodes.token_of(node), {given / name for name in FILES}
    printed = by_command(node, given)
    quarantined = [path.read_text("utf-8") for path in given.iterdir() if path not in inputs]

    with held_open(node.home), node.serving("--no-jobs") as server:
        api = list(by_api(server, token))
        pages = list(by_pages(server))
        waiting = sorted((node.home / "uploads").iterdir())
        case_id = server.api("/cases", token)[1]["cases"][0]["id"]
        status, opened = open_a_case(server, case_id)
        sign_in(server, "s-one")
        export = server.form("/cases/export/", page="/cases/")
        assert (node.home / "node.sqlite3-wal").stat().st_size
        clear_while_running = clear_in(node.home)
    node.run("node", "work", "--until-empty")

    kept = json.dumps(node.python(KEPT), ensure_ascii=False)
    assert {canary for _, canary in clear_in(given)} >= {GIVEN, FAMILY, PHONE, PASSPORT, PLACE, STREET}
    assert len(quarantined) >= 3
    assert [status for status, _ in api[:4]] == [201, 422, 422, 422]
    assert [len(body["cases"]) > 0 for _, body in api[4:7]] == [True] * 3
    assert {status for status, _ in api[7:9]} == {422}
    assert len(waiting) >= len(FILES) - 1
    assert {status for status, _ in pages} <= {200, 404}, [status for status, _ in pages]
    assert (status, GIVEN.encode() in opened) == (200, True), "the page that was asked for it shows it"
    assert not [word for word in CANARIES if word in kept]
    assert not [word for word in CANARIES if word in "".join(quarantined)]
    assert not [word for word in CANARIES if word in "".join(printed)]
    assert not [word for word in CANARIES if word.encode() in export[1]]
    assert not [word for word in CANARIES if any(word.encode() in body for _, body in api[9:])]
    answers = [body for _, body in pages[2 : 4 + len(FILES)]]
    assert not [word for word in CANARIES if any(word.encode() in body for body in answers)]
    assert clear_while_running == []
    assert clear_in(node.home) == []


def test_after_an_erasure_no_page_of_the_database_opens_again_and_nothing_is_found(node, tmp_path):
    (tmp_path / "good.jsonl").write_bytes(FILES["good.jsonl"])
    node.run("case", "import", str(tmp_path / "good.jsonl"), "--agency", "xa-shelter")
    names = f"NAME, PHONE, PASSPORT = {f'{GIVEN} {FAMILY}'!r}, {PHONE!r}, {PASSPORT!r}\n"
    sealed = node.python(SEALED)

    with held_open(node.home):
        before, after = node.python(names + ERASE)
        assert (node.home / "node.sqlite3-wal").exists()
        while_running = b"".join(path.read_bytes() for path in node.home.glob("node.sqlite3*"))

    pages = b"".join(path.read_bytes() for path in node.home.glob("node.sqlite3*"))
    assert (before, after) == ([2, 2, 2], [0, 0, 0])
    assert sealed
    assert not [one for one in sealed if bytes.fromhex(one) in pages + while_running]
    assert clear_in(node.home) == []


SEALED = """
import json
from palermo.node.models import BlindToken, SealedPart
parts = SealedPart.objects.values_list("wrapped_key", "ciphertext")
tokens = BlindToken.objects.values_list("token", flat=True)
print(json.dumps([bytes(one).hex() for part in parts for one in part] + [bytes(one).hex() for one in tokens]))
"""
