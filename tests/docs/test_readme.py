"""The README's two commands, run as they are written, in a clean clone and an empty environment."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 420

pytestmark = [pytest.mark.clone, pytest.mark.slow]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clean") / "palermo"
    cloned = subprocess.run(["git", "clone", "-q", ROOT, folder], capture_output=True, text=True, check=False)
    if cloned.returncode:
        pytest.skip(f"not a git checkout, so there is nothing to clone: {cloned.stderr}")
    return folder


def commands_of(name):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.search(rf"<!-- run: {name} -->\n```console\n(.*?)```", text, re.DOTALL).group(1)


def empty(**variables):
    """The environment of someone who has just signed in."""
    return {name: os.environ[name] for name in ("HOME", "PATH")} | variables


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def page(address, *, process, log):
    """What the address answers, once it does; the server's own words if it ends or takes too long."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    pytest.fail(f"{address} did not answer; exit code {process.poll()}\n{log.read_text()[-4000:]}")


def test_the_demo_starts_from_a_clean_clone_and_its_pages_answer(clone, tmp_path):
    log, port = tmp_path / "demo.log", free_port()
    with log.open("w") as out:
        demo = subprocess.Popen(
            ["sh", "-ec", commands_of("demo")],
            cwd=clone,
            env=empty(PORT=str(port)),
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        health = page(f"http://127.0.0.1:{port}/healthz", process=demo, log=log)
        front = page(f"http://127.0.0.1:{port}/", process=demo, log=log)
        sheet = re.search(r'<link[^>]+href="([^"]+\.css)"', front).group(1)
        style = page(f"http://127.0.0.1:{port}{sheet}", process=demo, log=log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(demo.pid, signal.SIGINT)
        demo.wait(timeout=60)

    assert health
    assert "<h1" in front
    assert "govuk" in style
    assert "case_worker" in log.read_text() or "case worker" in log.read_text().lower()


def test_the_test_command_runs_in_a_clean_clone_and_ends_with_pytests_closing_line(clone):
    ended = subprocess.run(
        ["sh", "-ec", commands_of("test")],
        cwd=clone,
        env=empty(ARGS="tests/test_lanes.py -q"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert re.fullmatch(r"\d+ passed, \d+ deselected in .*s", ended.stdout.strip().splitlines()[-1])
