"""A node of its own in a folder: its commands, its server, and what it wrote, each in real processes.

with node.at(tmp_path).serving() as server:
    server.post("/cases", document, key="1")
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PALERMO = (sys.executable, "-m", "palermo.cli")
SETUP = "import django; django.setup()\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """The folder and the environment of one node."""

    home: Path
    environment: dict[str, str]

    @property
    def log(self) -> Path:
        """Everything that its servers wrote to standard output and standard error."""
        return self.home / "server.log"

    def run(
        self, *arguments: str, code: int | None = 0, given: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """One `palermo` command, to its end; `given` stands on its standard input."""
        return self._ended([*PALERMO, *arguments], code, given)

    def start(self, *arguments: str, **pipes: Any) -> subprocess.Popen[bytes]:
        """One `palermo` command, begun, in a group of processes of its own."""
        return subprocess.Popen([*PALERMO, *arguments], env=self.environment, start_new_session=True, **pipes)

    def start_python(self, program: str, *arguments: str) -> subprocess.Popen[bytes]:
        """A program inside the node, begun, in a group of processes of its own."""
        command = [sys.executable, "-c", SETUP + program, *arguments]
        return subprocess.Popen(
            command,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def python(self, program: str) -> Any:
        """What a program inside the node prints as JSON."""
        return json.loads(self._ended([sys.executable, "-c", SETUP + program], 0).stdout)

    def _ended(
        self, command: list[str], code: int | None, given: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        ended = subprocess.run(
            command,
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            cwd=self.home,
            check=False,
        )
        assert code is None or ended.returncode == code, ended.stdout + ended.stderr
        return ended

    @contextmanager
    def serving(self, *options: str) -> Iterator["Server"]:
        """Its server, until the block ends or it is killed."""
        port = free_port()
        with self.log.open("ab") as log:
            process = self.start(
                "serve", "--port", str(port), "--workers", "1", *options, stdout=log, stderr=log
            )
        server = Server(port=port, process=process)
        try:
            server.wait()
            yield server
        finally:
            server.kill()


@dataclass(slots=True, kw_only=True)
class Server:
    """One running server, and requests to it."""

    port: int
    process: subprocess.Popen[bytes]
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait(self, seconds: float = 60) -> None:
        """Until it answers."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.address}/healthz", timeout=5).close()
                return
            time.sleep(0.05)
        raise AssertionError("the server did not come up")

    def kill(self) -> None:
        """SIGKILL to the server and its workers, all at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def ask(
        self, path: str, body: bytes | None = None, *, method: str | None = None, **headers: str
    ) -> tuple[int, bytes]:
        """The status and the body of one request; cookies are kept, and a redirect is followed."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        request = urllib.request.Request(
            self.address + path, data=body, headers=sent | {"Cookie": cookies}, method=method
        )
        try:
            with urllib.request.build_opener(NoRedirect).open(request, timeout=60) as answer:
                status, content, found = answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as refusal:
            status, content, found = refusal.code, refusal.read(), refusal.headers
        for cookie in found.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if status in {301, 302, 303}:
            return self.ask(found["Location"])
        return status, content

    def api(self, path: str, token: str, document: Any = None, *, key: str = "") -> tuple[int, Any]:
        """One request of the interface."""
        headers = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
        headers |= {"Idempotency_Key": key} if key else {}
        body = None if document is None else json.dumps(document).encode()
        status, content = self.ask(f"/api/v1{path}", body, **headers)
        return status, json.loads(content)

    def form(
        self, path: str, *, page: str = "", files: dict[str, tuple[str, bytes]] | None = None, **fields: str
    ) -> tuple[int, bytes]:
        """A page's form, sent as a browser sends it: with the token of the page, and files as parts."""
        _, shown = self.ask(page or path)
        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
        values = {"csrfmiddlewaretoken": found[1].decode() if found else ""} | fields
        kind, body = multipart(values, files or {})
        return self.ask(path, body, Content_Type=kind, Referer=self.address + path)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer like any other."""

    def redirect_request(self, *_: Any) -> None:
        return None


def multipart(fields: dict[str, str], files: dict[str, tuple[str, bytes]]) -> tuple[str, bytes]:
    """The content type and the body of a form with files."""
    mark = "----palermo-test-form"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    for name, (file_name, content) in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{file_name}"\r\n'
        parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content + b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join(parts) + f"--{mark}--\r\n".encode()


def at(home: Path, **settings: str) -> Node:
    """An empty node in `home`, on SQLite, without a passphrase."""
    environment = os.environ | {
        "PALERMO_HOME": str(home),
        "PALERMO_DATABASE_URL": f"sqlite:///{home}/node.sqlite3",
        "PALERMO_KEYRING": f"{home}/keyring.json",
        "PALERMO_HOSTS": "127.0.0.1",
        "PALERMO_SECOND_FACTOR": "optional",
        "DJANGO_SETTINGS_MODULE": "palermo.node.settings",
    }
    return Node(home=home, environment=environment | settings)


def prepared(home: Path, **settings: str) -> Node:
    """A node with its tables and one agency, `xa-shelter`."""
    node = at(home, **settings)
    node.run("node", "migrate")
    node.python(OPEN)
    return node


OPEN = """
from datetime import UTC, datetime
from palermo.node import maintainer
from palermo.node.actions import agency
agency.open(
    code="xa-shelter", name="Shelter", kind="NGO", country="XA", by=maintainer.actor(), now=datetime.now(UTC)
)
print("null")
"""
ISSUE = """
import json
from datetime import UTC, datetime, timedelta
from palermo.node import maintainer
from palermo.node.actions import token
from palermo.node.models import Agency
now = datetime.now(UTC)
issued = token.issue(
    agency=Agency.objects.get(pk="xa-shelter"), name="intake", roles=["case_worker", "first_responder"],
    expires_at=now + timedelta(days=1), by=maintainer.actor(), now=now,
)
print(json.dumps(issued.secret))
"""


def token_of(node: Node) -> str:
    """The secret of a token of `xa-shelter`."""
    return str(node.python(ISSUE))


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
