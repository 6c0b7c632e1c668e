"""What the node makes is its user's alone; reports keep the umask of whoever asked for them."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli import node_at

TREATIES = (
    "iso3,name,treaty,signature_date,action,action_date,as_of,source,status\n"
    "XA,Made up,TIP,,accession,2010-01-13,2014-01-27,zmjones/untreaties,party\n"
)
ASKED = "import os, palermo.node.wsgi; print(oct(os.umask(0)))"


@pytest.fixture
def everyone():
    """The umask of many machines: all may read what is made."""
    old = os.umask(0o022)
    yield
    os.umask(old)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("everyone")
def test_what_migrate_makes_is_its_users_alone(tmp_path):
    node = node_at.environment(tmp_path)

    ended = node_at.palermo(node, "node", "migrate")

    home = Path(node["PALERMO_HOME"])
    assert ended.returncode == 0, ended.stderr
    assert mode(home) == 0o700
    assert mode(home / "node.sqlite3") == 0o600
    assert {mode(path) for path in home.iterdir()} == {0o600}


@pytest.mark.usefixtures("everyone")
def test_the_served_node_too_makes_files_for_its_user_alone(tmp_path):
    told = subprocess.run(
        [sys.executable, "-c", ASKED],
        env=node_at.environment(tmp_path),
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == "0o77"


@pytest.mark.usefixtures("everyone")
def test_reports_keep_the_umask_of_whoever_asked_for_them(tmp_path):
    (tmp_path / "treaty_status.csv").write_text(TREATIES, encoding="utf-8")
    words = ["XA", "--data", tmp_path, "--out", tmp_path / "out", "--lang", "en"]

    node_at.palermo(node_at.environment(tmp_path), "appraisal", "assess", *words)

    assert {path.name: mode(path) for path in (tmp_path / "out").iterdir()} == {
        "XA.en.html": 0o644,
        "XA.en.pdf": 0o644,
    }
