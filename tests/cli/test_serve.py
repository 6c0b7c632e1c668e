"""`palermo serve`: a real server on this machine alone, that ends when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

COMMAND = [sys.executable, "-m", "palermo.cli", "serve", "--workers", "1"]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def answers(port, address="127.0.0.1"):
    try:
        with socket.create_connection((address, port), timeout=1):
            return True
    except OSError:
        return False


@pytest.fixture
def served(tmp_path):
    port = free_port()
    environment = os.environ | {
        "PALERMO_HOME": str(tmp_path),
        "PALERMO_DATABASE_URL": f"sqlite:///{tmp_path}/node.sqlite3",
    }
    subprocess.run([*COMMAND[:3], "node", "migrate"], env=environment, capture_output=True, check=True)
    process = subprocess.Popen(
        [*COMMAND, "--no-jobs", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None and not answers(port):
        time.sleep(0.1)
    yield process, port
    process.kill()
    process.wait()


def test_a_node_answers_on_its_own_machine_and_ends_when_told_to(served):
    process, port = served

    with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
        assert answer.status == 200
    process.send_signal(signal.SIGTERM)

    assert process.wait(timeout=30) == 0


def test_nobody_else_reaches_it_unless_asked_for(served):
    _, port = served
    others = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), port, socket.AF_INET)}

    assert not any(answers(port, address) for address in others if not address.startswith("127."))


@pytest.mark.parametrize("arguments", [["--port", "0"], ["--port", "70000"], ["--workers", "0"]])
def test_a_port_or_a_number_of_workers_that_cannot_be_is_refused(arguments):
    ended = subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert "Invalid value" in ended.stderr


def ended(arguments, home):
    environment = os.environ | {
        "PALERMO_HOME": str(home),
        "PALERMO_DATABASE_URL": f"sqlite:///{home}/node.sqlite3",
    }
    return subprocess.run(
        [sys.executable, "-m", "palermo.cli", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize("command", [["serve"], ["demo", "--dir"]], ids=["serve", "demo"])
def test_two_nodes_never_share_a_port(command, tmp_path):
    arguments = [*command, str(tmp_path / "demo")] if "--dir" in command else command
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()

        found = ended([*arguments, "--port", str(listener.getsockname()[1])], tmp_path)

    assert found.returncode == 5
    assert "Choose another one: --port" in found.stderr
    assert not (tmp_path / "demo").exists()


@pytest.mark.parametrize(
    "arguments",
    [["agency", "list"], ["member", "list"], ["audit", "verify"], ["node", "work"], ["serve"]],
    ids=" ".join,
)
def test_a_node_without_tables_says_what_to_run(arguments, tmp_path):
    more = ["--port", str(free_port())] if arguments == ["serve"] else []

    found = ended([*arguments, *more], tmp_path)

    assert (found.returncode, found.stderr) == (
        5,
        "palermo: migrations: not ready on this node. Run palermo node migrate.\n",
    )
