"""Look-ups and figures through the interface."""

import io
import json
import logging
from dataclasses import replace

import pytest

from palermo.appraisal import specimen
from palermo.node.models import AuditEvent
from palermo.node.redaction import JsonFormatter
from palermo.protection.access import Role
from tests.node.cases import CANARY, IDENTITY, PASSPORT, PHONE
from tests.node.systems import a_document, a_system, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def said():
    """What the node logs meanwhile, as it would stand on standard error."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonFormatter())
    loggers = [logging.getLogger(name) for name in ("palermo", "django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def stored(system):
    return system.post("/cases", a_document(**IDENTITY)).json()["id"]


@pytest.mark.parametrize("kind, value", [("name", CANARY), ("phone", PHONE), ("document", PASSPORT)])
def test_an_exact_value_gives_the_cases_of_the_agency_that_hold_it(kind, value):
    system = a_system()
    case_id = stored(system)

    assert system.post("/look-ups", {"kind": kind, "value": value}).json() == {"cases": [case_id]}
    assert system.post("/look-ups", {"kind": kind, "value": value + "7"}).json() == {"cases": []}


def test_another_agency_finds_nothing():
    stored(a_system())

    abroad = a_system(agency="xa-police")

    assert abroad.post("/look-ups", {"kind": "phone", "value": PHONE}).json() == {"cases": []}


def test_what_was_sought_stands_nowhere_afterwards(said):
    system = a_system()
    stored(system)

    system.post("/look-ups", {"kind": "phone", "value": PHONE})
    system.post("/look-ups", {"kind": "nickname", "value": CANARY})
    system.post("/look-ups", {"kind": "name", "value": CANARY * 20})
    system.client.get("/api/v1/look-ups", {"value": CANARY})

    audited = json.dumps(list(AuditEvent.objects.values("action", "object", "detail", "purpose")))
    logged = said.getvalue()
    assert '"route":"api/v1/look-ups"' in logged
    for canary in (PHONE, PHONE.replace(" ", ""), *CANARY.split()):
        assert canary not in audited
        assert canary not in logged


def test_a_refused_look_up_says_why_and_not_what():
    body = problem(a_system(Role.ANALYST).post("/look-ups", {"kind": "phone", "value": PHONE}), 403)

    assert body["reasons"]
    assert PHONE not in json.dumps(body)
    assert AuditEvent.objects.filter(action="case.look_up.refused").exists()


@pytest.mark.parametrize("value", ["", "x" * 201, 7, None])
def test_a_value_that_cannot_be_sought_is_refused_without_repeating_it(value):
    body = problem(a_system().post("/look-ups", {"kind": "phone", "value": value}), 422)

    assert [fault["path"] for fault in body["problems"]] == ["body.sought.value"]
    assert "xxx" not in json.dumps(body)


def test_an_analyst_reads_figures_and_no_small_cell():
    worker = a_system()
    for _ in range(3):
        stored(worker)

    cells = a_system(Role.ANALYST, name="statistics").get("/figures").json()

    assert cells
    assert not any(0 < cell["low"] == cell["high"] < 5 for cell in cells)
    assert {cell["shown"] for cell in cells if cell["low"] == 1} <= {"<5"}


def test_figures_without_a_case_are_empty_and_a_role_without_figures_is_refused():
    assert a_system(Role.ANALYST).get("/figures").json() == []
    problem(a_system(Role.PEER_NODE, name="peer").get("/figures"), 403)


def test_the_standard_is_there_for_those_who_send_records():
    system = a_system()

    schema = system.get("/standard/schema").json()
    codes = system.get("/standard/vocabularies/sex").json()

    assert "person" in schema["properties"]
    assert {"code", "label", "broader"} == set(codes[0])
    assert set(codes[0]["label"]) == {"en", "fr", "ar"}


def test_a_state_is_appraised_as_data(settings, tmp_path):
    specimen.lay(tmp_path / "appraisal")
    settings.NODE = replace(settings.NODE, appraisal_data=tmp_path / "appraisal")

    report = a_system().get("/states/KZ/appraisal").json()

    assert report["sections"]
    assert report["content_hash"]


def test_a_node_without_tables_says_so_and_not_where_it_looked(settings, tmp_path):
    settings.NODE = replace(settings.NODE, appraisal_data=tmp_path / "nothing-here")

    body = problem(a_system().get("/states/KZ/appraisal"), 404)

    assert "nothing-here" not in json.dumps(body)
