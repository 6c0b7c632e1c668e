"""`palermo member` and `palermo agency`, as an operator types them."""

import json
import os
import subprocess
import sys

import pytest

PASSWORD = "copper-lantern-orchard-9"


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    """A node of its own with its tables; runs a command and gives its end."""
    home = tmp_path_factory.mktemp("node")
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PALERMO_")}
    environment = clean | {"PALERMO_HOME": str(home)}

    def run(*arguments, given=None):
        return subprocess.run(
            [sys.executable, "-c", "from palermo.cli.main import run; run()", *arguments],
            capture_output=True,
            text=True,
            input=given,
            env=environment,
            check=False,
        )

    assert run("node", "migrate").returncode == 0
    opened = run("agency", "open", "shelter", "--name", "Shelter", "--kind", "Shelter", "--country", "XA")
    assert opened.returncode == 0, opened.stderr
    return run


def adding(node, name, *more, given=None):
    return node(
        "member",
        "add",
        name,
        "--agency",
        "shelter",
        "--role",
        "case_worker",
        "--display-name",
        "Someone",
        *more,
        given=given,
    )


def test_an_agency_is_listed_and_has_a_key(node):
    listed = map(json.loads, node("agency", "list", "--json").stdout.splitlines())

    assert "shelter" in [one["code"] for one in listed]
    assert "shelter" in node("agency", "list").stdout
    assert "shelter" in node("keys", "list").stdout


def test_an_agency_that_does_not_fit_ends_with_every_fault(node):
    ended = node("agency", "open", "no code", "--name", "x", "--kind", "KING", "--country", "x")

    assert ended.returncode == 2
    assert {"code:", "kind:", "country:"} <= set(ended.stderr.split())


def test_an_agency_is_closed_and_opened_again(node):
    node("agency", "open", "old", "--name", "Old", "--kind", "NGO", "--country", "XA")

    assert node("agency", "close", "old").stdout == "old is closed.\n"
    assert node("agency", "close", "old").returncode == 5
    assert node("agency", "reopen", "old").stdout == "old is open again.\n"
    assert node("agency", "reopen", "old").returncode == 5


def test_a_member_is_added_with_a_one_time_code(node):
    ended = adding(node, "a-diallo", "--json")

    told = json.loads(ended.stdout)
    assert told["name"] == "a-diallo"
    assert len(told["code"]) == 19
    assert "valid for 48 hours" in node("member", "code", "a-diallo").stdout


def test_a_password_is_read_from_standard_input_and_not_repeated(node):
    ended = adding(node, "b-keita", "--password-stdin", given=f"{PASSWORD}\n")

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "b-keita is added.\n"


def test_a_weak_password_adds_nobody(node):
    ended = adding(node, "c-weak", "--password-stdin", given="short\n")

    assert ended.returncode == 2
    assert "c-weak" not in node("member", "list").stdout


def test_roles_are_changed_and_printed(node):
    adding(node, "d-roles")

    assert node("member", "roles", "d-roles", "--grant", "supervisor").stdout == "case_worker supervisor\n"
    assert json.loads(node("member", "roles", "d-roles", "--revoke", "case_worker", "--json").stdout) == {
        "name": "d-roles",
        "roles": ["supervisor"],
    }
    assert node("member", "roles", "d-roles").stdout == "supervisor\n"


def test_a_member_is_deactivated_and_listed_so(node):
    adding(node, "e-gone")

    assert node("member", "deactivate", "e-gone").returncode == 0
    lines = [json.loads(line) for line in node("member", "list", "--json").stdout.splitlines()]
    assert {"name": "e-gone", "agency": "shelter", "roles": ["case_worker"], "state": "deactivated"} in lines


def test_an_unknown_member_ends_with_its_own_exit_code(node):
    assert node("member", "deactivate", "nobody").returncode == 6
