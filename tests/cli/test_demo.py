"""The demonstration: a folder with a State that does not exist, made once, served by the real server."""

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

PALERMO = [sys.executable, "-m", "palermo.cli"]
CASES = 150


def demo(folder: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [*PALERMO, "demo", "--dir", str(folder), "--cases", str(CASES), "--no-serve", *more]
    return subprocess.run(command, capture_output=True, text=True, env=clean(), timeout=120)


def clean() -> dict[str, str]:
    """The environment of someone who has set nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PALERMO_", "DJANGO_"))}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "state"
    done = demo(folder)
    assert done.returncode == 0, done.stderr
    return folder


def accounts(folder: Path) -> dict[str, dict[str, str]]:
    return {row["role"]: row for row in json.loads((folder / "accounts.json").read_text())}


def test_there_is_a_user_for_every_role_of_a_person(made):
    from palermo.protection.access import Role

    assert set(accounts(made)) == {role.value for role in Role} - {"peer_node"}


def test_the_demonstration_holds_an_estimation_that_two_people_signed(made, served):
    account = accounts(made)["case_worker"]
    visitor = Visitor(served)
    visitor.sign_in(account["name"], account["password"])

    assert "Estimation from this node" in visitor.get("/appraisal/XA/")


def test_a_second_start_prints_the_same_passwords(made):
    before = json.loads((made / "accounts.json").read_text())

    again = demo(made, "--json")

    assert json.loads(again.stdout) == before


def test_only_the_owner_may_read_what_is_made(made):
    secret = ("accounts.json", "keyring.json", "secret-key")

    assert [oct((made / name).stat().st_mode & 0o777) for name in secret] == ["0o600"] * 3


def test_a_folder_with_other_files_is_refused(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine")

    refused = demo(tmp_path)

    assert refused.returncode == 5
    assert "Give an empty folder" in refused.stderr
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_a_demonstration_that_was_cut_off_is_made_anew(tmp_path):
    (tmp_path / "making").touch()
    (tmp_path / "node.sqlite3").write_text("half")

    done = demo(tmp_path)

    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "making").exists()
    assert accounts(tmp_path)


def test_the_same_seed_makes_the_same_cases():
    from palermo.standards import specimen

    one, other = (list(specimen.specimens(40, seed=7)) for _ in range(2))

    assert one == other
    assert one != list(specimen.specimens(40, seed=8))


def test_a_person_is_known_to_several_agencies():
    from palermo.standards import specimen

    made = list(specimen.specimens(400, seed=1))

    assert len({one.person for one in made}) < len(made)
    assert len({(one.person, one.agency.code) for one in made}) == len(made)


def test_every_specimen_fits_the_standard():
    from palermo.standards import record, specimen

    for one in specimen.specimens(300, seed=3):
        assert record.read(one.document, where="specimen").problems == ()


class Visitor:
    """A browser without scripts: keeps cookies, follows redirects, sends forms."""

    def __init__(self, base: str) -> None:
        self.base = base
        jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))

    def get(self, path: str) -> str:
        with self.opener.open(self.base + path, timeout=30) as answer:
            return answer.read().decode()

    def sign_in(self, name: str, password: str) -> str:
        page = self.get("/account/login/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        form = {"csrfmiddlewaretoken": token[1], "login": name, "password": password, "next": "/"}
        request = urllib.request.Request(
            self.base + "/account/login/",
            data=urllib.parse.urlencode(form).encode(),
            headers={"Referer": self.base + "/account/login/"},
        )
        with self.opener.open(request, timeout=30) as answer:
            return answer.read().decode()


@pytest.fixture(scope="module")
def served(made):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*PALERMO, "demo", "--dir", str(made), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean())
    try:
        yield _once_up(f"http://127.0.0.1:{port}", server)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def _once_up(base: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        assert server.poll() is None, "the server ended by itself"
        try:
            urllib.request.urlopen(base + "/healthz", timeout=5)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return base
    raise AssertionError("the server did not answer within 30 seconds")


@pytest.mark.slow
def test_the_served_demonstration_is_ready(served):
    with urllib.request.urlopen(served + "/readyz", timeout=30) as answer:
        assert json.loads(answer.read())["status"] == "ready"


@pytest.mark.slow
@pytest.mark.parametrize(
    "role, path, words",
    [
        ("case_worker", "/", "made-up"),
        ("case_worker", "/cases/", "Cases"),
        ("analyst", "/figures/", "By form of exploitation"),
        ("analyst", "/appraisal/XA/", "Country XA"),
        ("administrator", "/administration/", "Administration"),
    ],
)
def test_the_pages_of_the_demonstration_can_be_fetched(made, served, role, path, words):
    account = accounts(made)[role]
    visitor = Visitor(served)
    visitor.sign_in(account["name"], account["password"])

    assert words.lower() in visitor.get(path).lower()
