"""A made-up State, made and served as `palermo demo` does it: own folder, own server, own background worker.

with state.served(folder) as served:
    served.sign_in(chromium, Role.CASE_WORKER)
    served.open(chromium, "/cases/")
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from palermo.protection.access import Role
from tests.journeys.browser import Chromium

PALERMO = (sys.executable, "-m", "palermo.cli")
CASES = 2000 if "PALERMO_PICTURES" in os.environ else 150


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Where it is served, and who may sign in; each role signs in once and keeps its session."""

    url: str
    accounts: Mapping[str, Mapping[str, str]]
    sessions: dict[Role, str] = field(default_factory=dict)

    def open(self, chromium: Chromium, path: str, *, width: int = 1280) -> None:
        chromium.open(self.url + path, width=width)

    def sign_in(self, chromium: Chromium, role: Role) -> None:
        """Through the form, as a person does; leaves the browser on their home page."""
        account = self.accounts[role]
        chromium.open(self.url + "/account/login/")
        chromium.driver.delete_all_cookies()
        chromium.open(self.url + "/account/login/")
        chromium.type("#id_login", account["name"])
        chromium.type("#id_password", account["password"])
        chromium.click("main form button[type=submit]")
        chromium.wait(".pal-header__member")
        cookie = chromium.driver.get_cookie("sessionid")
        assert cookie
        self.sessions[role] = cookie["value"]

    def return_as(self, chromium: Chromium, role: Role | None) -> None:
        """The browser in the session that this role has already, or in nobody's."""
        if role is not None and role not in self.sessions:
            self.sign_in(chromium, role)
        chromium.enter(self.url, self.sessions[role] if role else "")


@contextmanager
def served(folder: Path) -> Iterator[State]:
    """Makes the State in `folder` and serves it on a free port until the end."""
    made = subprocess.run(
        [*PALERMO, "demo", "--dir", str(folder), "--cases", str(CASES), "--no-serve"],
        capture_output=True,
        text=True,
        env=_clean(),
        timeout=180,
    )
    assert made.returncode == 0, made.stderr
    port = _free_port()
    command = [*PALERMO, "demo", "--dir", str(folder), "--port", str(port)]
    with (folder / "server.log").open("ab") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=_clean())
    try:
        yield State(url=_once_up(f"http://localhost:{port}", server), accounts=_accounts(folder))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def _accounts(folder: Path) -> dict[str, dict[str, str]]:
    return {row["role"]: row for row in json.loads((folder / "accounts.json").read_text("utf-8"))}


def _clean() -> dict[str, str]:
    """The environment of someone who has set nothing."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PALERMO_", "DJANGO_"))}


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _once_up(base: str, server: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        assert server.poll() is None, "the server ended by itself"
        try:
            urllib.request.urlopen(base + "/healthz", timeout=5)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
        else:
            return base
    raise AssertionError("the server did not answer within a minute")
