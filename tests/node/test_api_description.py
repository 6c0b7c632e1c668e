"""The interface's description: committed, current, and the same on every run."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation

from palermo.node import api

COMMITTED = Path(__file__).parents[2] / "docs" / "reference" / "openapi.json"


def test_the_committed_description_is_the_present_one():
    assert json.loads(COMMITTED.read_text("utf-8")) == api.document(), (
        "The interface changed: palermo node openapi --out docs/reference/openapi.json"
    )


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_command_prints_the_same_bytes_on_every_run(seed):
    command = [sys.executable, "-m", "palermo.cli", "node", "openapi"]

    printed = subprocess.run(
        command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
    )

    assert printed.stdout == COMMITTED.read_bytes()


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_description_does_not_depend_on_who_asks(client, language):
    with translation.override(language):
        served = client.get("/api/v1/openapi.json", headers={"Accept-Language": language})

    assert served.json() == json.loads(COMMITTED.read_text("utf-8"))


def test_every_refusal_is_described_as_a_problem_document():
    described = api.document()

    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            refused = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
            assert {"400", "401", "403", "404", "409", "422", "429"} <= set(refused), (method, path)
            assert all(
                answer == {"$ref": f"#/components/responses/Refused{status}"}
                for status, answer in refused.items()
            )
    contents = [answer["content"] for answer in described["components"]["responses"].values()]
    assert all(list(content) == ["application/problem+json"] for content in contents)


def test_operations_have_names_of_their_own_that_no_module_path_shows():
    names = [
        operation["operationId"] for path in api.document()["paths"].values() for operation in path.values()
    ]

    assert len(set(names)) == len(names)
    assert "case_store" in names
    assert not any("palermo" in name for name in names)
