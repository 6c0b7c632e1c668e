"""What the interface refuses, and that each refusal is a problem document."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from palermo.node import api, maintainer
from palermo.node.actions import agency, token
from palermo.node.api import holder
from palermo.node.models import Agency, ApiToken, Case
from tests.node import people
from tests.node.cases import CANARY, inside
from tests.node.systems import ROOT, a_document, a_system, problem

pytestmark = pytest.mark.django_db

OPERATIONS = [
    (
        method,
        path.replace("{case_id}", "C-1")
        .replace("{run_id}", "1")
        .replace("{code}", "KZ")
        .replace("{name}", "sex"),
    )
    for path, operations in api.document()["paths"].items()
    for method in operations
]


@pytest.mark.parametrize("method, path", OPERATIONS, ids=[f"{method} {path}" for method, path in OPERATIONS])
@pytest.mark.parametrize("shown", [None, "Bearer", "Bearer palermo_wrong", "Basic YTpi", "palermo_wrong"])
def test_every_operation_asks_for_a_token(method, path, shown):
    headers = {"Authorization": shown} if shown else {}

    response = getattr(Client(), method)(path, headers=headers)

    problem(response, 401)
    assert response["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("end", ["revoked", "expired", "agency closed"])
def test_a_token_that_ended_opens_nothing(end):
    system, now = a_system(), timezone.now()
    if end == "revoked":
        token.revoke(system.token, by=maintainer.actor(), now=now)
    elif end == "expired":
        ApiToken.objects.update(expires_at=now - timedelta(seconds=1))
    else:
        agency.close(Agency.objects.get(), by=maintainer.actor(), now=now)

    problem(system.get("/cases"), 401)


def test_a_member_who_is_signed_in_is_no_token(client):
    client.force_login(people.a_member("a-diallo", "case_worker", password=None))

    problem(client.get(f"{ROOT}/cases"), 401)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe{}",
        b'{"a": NaN}',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": "\\u0000"}',
        b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}",
        b"[" * 100_000,
    ],
    ids=["empty", "cut", "not utf-8", "nan", "half", "half name", "nul", "deep", "very deep"],
)
def test_a_body_that_is_not_plain_json_is_refused(body):
    response = a_system().post("/cases", body)

    problem(response, 422 if not body else 400)
    with inside():
        assert Case.objects.count() == 0


@pytest.mark.parametrize("body", [b"[]", b"7", b'"text"', b"null"])
def test_a_body_that_is_no_object_is_refused(body):
    assert problem(a_system().post("/cases", body), 422)["problems"][0]["path"].startswith("body")


@pytest.mark.parametrize(
    "path",
    [
        "/cases?sex=' OR 1=1",
        "/cases?year=20261",
        "/cases/C_1",
        "/cases/C-1?tier=T1",
        "/cases/C-1?purpose=immigration_enforcement",
        "/imports/0",
        "/imports/99999999999999999999",
        "/imports/x",
        "/imports/1/faults?after=-1",
        "/states/K/appraisal",
        "/standard/vocabularies/Sex1",
    ],
)
def test_a_parameter_that_does_not_fit_is_named(path):
    assert problem(a_system().get(path), 422)["problems"]


@pytest.mark.parametrize(
    "path",
    [
        "/cases/C-1",
        "/imports/77",
        "/imports/77/faults",
        "/states/XQ/appraisal",
        "/standard/vocabularies/none",
        "/nothing",
    ],
)
def test_what_is_not_here_is_unknown(path):
    problem(a_system().get(path), 404)


def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_takes():
    response = Client().delete(f"{ROOT}/cases")

    problem(response, 405)
    assert set(response["Allow"].split(", ")) == {"GET", "POST"}


@pytest.mark.parametrize("kind", ["body", "file"])
def test_a_request_that_is_too_large_is_refused(settings, kind):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 1000
    large = b'{"a": "' + b"x" * 2000 + b'"}'

    system = a_system()
    if kind == "body":
        problem(system.post("/cases", large), 413)
    else:
        problem(system.send("/imports", file=SimpleUploadedFile("cases.jsonl", large)), 413)


def test_a_fault_of_the_node_is_a_problem_document_without_a_word_about_the_record(monkeypatch, caplog):
    def fails(*args, **kwargs):
        raise RuntimeError(CANARY)

    monkeypatch.setattr("palermo.node.actions.case.insert", fails)

    body = problem(a_system().post("/cases", a_document()), 500)

    assert CANARY not in json.dumps(body)
    with inside():
        assert Case.objects.count() == 0


def test_refusals_are_told_in_the_language_asked_for():
    system = a_system()

    response = system.client.get(f"{ROOT}/cases", headers={"Accept-Language": "fr"})

    assert problem(response, 401)["title"] != problem(system.client.get(f"{ROOT}/cases"), 401)["title"]


def test_a_token_that_asks_too_often_waits_and_another_does_not(monkeypatch):
    clock = [120.5]
    throttle = holder.EachToken(3, clock=lambda: clock[0])
    monkeypatch.setattr("palermo.node.api.holder.EachToken.allow_request", throttle.allow_request)
    monkeypatch.setattr("palermo.node.api.holder.EachToken.wait", throttle.wait)
    eager, calm = a_system(name="eager"), a_system(name="calm")

    asked = [eager.get("/figures") for _ in range(4)]

    assert [one.status_code == 429 for one in asked] == [False, False, False, True]
    problem(asked[-1], 429)
    assert asked[-1]["Retry-After"] == "60"
    assert calm.get("/figures").status_code != 429
    clock[0] = 180.0
    assert eager.get("/figures").status_code != 429


def test_a_token_is_counted_alone_however_many_ask_at_once():
    throttle = holder.EachToken(100, clock=lambda: 0.0)
    requests = [SimpleNamespace(auth=SimpleNamespace(digest=b"%d" % (number % 2))) for number in range(400)]

    with ThreadPoolExecutor(8) as pool:
        allowed = list(pool.map(throttle.allow_request, requests))

    assert sum(allowed) == 200
