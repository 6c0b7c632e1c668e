"""The node's environment in tests: a home of its own, made before Django reads its settings."""

import atexit
import os
import shutil
import tempfile

HOME = tempfile.mkdtemp(prefix="palermo-test-")
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

os.environ.update(
    {
        "PALERMO_HOME": HOME,
        "PALERMO_KEYRING": f"{HOME}/keyring.json",
        "PALERMO_HOSTS": "localhost,127.0.0.1,testserver",
        "PALERMO_SECOND_FACTOR": "optional",
    }
)
os.environ.setdefault("PALERMO_DATABASE_URL", f"sqlite:///{HOME}/node.sqlite3")
