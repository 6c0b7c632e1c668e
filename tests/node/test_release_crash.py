"""Processes of a node that are killed with -9 at every point of a release, and several that start at once.

The node is a SQLite file: what one process leaves there, another finds.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from palermo.errors import Disclosive
from palermo.prevention.release import budget

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def printed(tmp_path, mode):
    """The JSON lines that the node of the test prints."""
    home = tmp_path / "home"
    home.mkdir()
    given = {
        "PALERMO_HOME": str(home),
        "PALERMO_KEYRING": str(home / "keyring.json"),
        "PALERMO_DATABASE_URL": f"sqlite:///{home / 'node.sqlite3'}",
        "DJANGO_SETTINGS_MODULE": "palermo.node.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    ran = subprocess.run(
        [sys.executable, "-m", "tests.node.release_home", mode],
        env=os.environ | given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.mark.slow
def test_a_kill_at_any_point_never_counts_less_than_was_asked(tmp_path):
    points = printed(tmp_path, "crash")

    assert len(points) > 20
    for found in points:
        assert found["again"] <= 1, found
        assert found["spent"] >= found["asked"] * found["rho"], found
        reserved = found["entries"].count("reserved")
        assert reserved == (found["state"] != "approved") >= found["again"], found
        assert (found["state"] == "done") == (found["entries"] == ["reserved", "finished"]), found
        assert len(found["packs"]) == (found["state"] == "done"), found
    assert {found["state"] for found in points} == {"approved", "done", "failed"}
    assert points[-1]["state"] == "done"


def test_of_processes_that_start_at_once_no_two_spend_the_same_budget(tmp_path):
    (found,) = printed(tmp_path, "race")

    fit = found["codes"].count(0)
    assert sorted(found["codes"]) == [0] * fit + [Disclosive.exit_code] * (4 - fit)
    assert 1 <= fit <= 3
    assert found["spent"] == fit * budget.rho(2.0, budget.delta(100_000))
    assert found["epsilon"] <= 4.0
