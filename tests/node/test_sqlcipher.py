"""SQLCipher: the whole node runs on an encrypted file, which tells nothing without its key."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("sqlcipher3", reason="sqlcipher3 is not installed: pip install palermo[cipher]")

CANARY = "canary-agency-name-7731"
MAKE = f"""
import django; django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from palermo.node.models import Agency
Agency.objects.create(code="a", name="{CANARY}", kind="NGO", country="XA")
print(Agency.objects.get(name__iregex="^CANARY").name)
"""
READ = """
import django; django.setup()
from palermo.node.models import Agency
print(Agency.objects.get().name)
"""


def run(code: str, home: Path, key: str) -> subprocess.CompletedProcess[str]:
    key_file = home / "key"
    key_file.write_text(key)
    environment = os.environ | {
        "PALERMO_HOME": str(home),
        "PALERMO_DATABASE_URL": f"sqlcipher:///{home / 'node.sqlite3'}",
        "PALERMO_DATABASE_KEY_FILE": str(key_file),
        "DJANGO_SETTINGS_MODULE": "palermo.node.settings",
    }
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


@pytest.mark.parametrize("key", ["ab" * 32, "a passphrase with 'quotes'"])
def test_a_node_lives_in_a_file_that_only_its_key_opens(tmp_path, key):
    made = run(MAKE, tmp_path, key)
    again = run(READ, tmp_path, key)
    stranger = run(READ, tmp_path, "another key")

    assert made.stdout.strip() == again.stdout.strip() == CANARY, made.stderr[-2000:]
    assert stranger.returncode != 0
    assert "file is not a database" in stranger.stderr
    for file in tmp_path.glob("node.sqlite3*"):
        assert CANARY.encode() not in file.read_bytes()
    assert not (tmp_path / "node.sqlite3").read_bytes().startswith(b"SQLite format 3")
