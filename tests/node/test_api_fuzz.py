"""The interface under a fuzzer: every answer is one that its description allows."""

import shutil

import pytest
import schemathesis
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from palermo.node.wsgi import application
from palermo.protection.access import Role
from tests.node.cases import IDENTITY
from tests.node.systems import a_document, a_system

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
BOUNDED = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture
def system(settings, monkeypatch):
    settings.ALLOWED_HOSTS = ["*"]
    # The end of a request must not close the connection that holds the test's own transaction.
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)
    yield a_system(Role.CASE_WORKER, Role.FIRST_RESPONDER, Role.ANALYST)
    shutil.rmtree(settings.NODE.home / "uploads", ignore_errors=True)


@pytest.fixture
def here(system):
    """What the addresses of the interface can name on this node."""
    run = system.send("/imports", file=SimpleUploadedFile("cases.jsonl", b"{}\n")).json()["id"]
    return {
        "case_id": system.post("/cases", a_document(**IDENTITY)).json()["id"],
        "run_id": run,
        "code": "KZ",
        "name": "exploitation_form",
    }


@SCHEMA.parametrize()
@BOUNDED
def test_every_answer_is_one_that_the_description_allows(case, system):
    case.call_and_validate(headers={"Authorization": f"Bearer {system.secret}"}, checks=CHECKS)


@SCHEMA.include(path_regex="{").parametrize()
@BOUNDED
def test_so_is_every_answer_about_something_that_is_here(case, system, here):
    case.path_parameters = {name: here[name] for name in case.path_parameters or {}}

    case.call_and_validate(headers={"Authorization": f"Bearer {system.secret}"}, checks=CHECKS)
