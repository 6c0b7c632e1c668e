"""Starts an import again and again and kills each with signal 9 once it acknowledged more rows.

One prepared process forks every importer, so that a round costs what the import costs and no start of Python.
"""

import json
import os
import signal
import sqlite3
import sys
import time
from pathlib import Path


def main(file: Path, rounds: int) -> None:
    from palermo.cli.node_setup import setup

    setup()
    from django.db import connections

    from palermo.cli import case_import

    connections.close_all()
    seen, before = [], 0
    for _ in range(rounds):
        child = os.fork()
        if not child:
            _import(case_import, file)
        acknowledged = _moved(before, child)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        before = _asked("SELECT stored FROM node_importrun")
        seen.append((acknowledged, before, _asked("SELECT count(*) FROM node_case")))
    print(json.dumps(seen))


def _import(case_import, file: Path) -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    try:
        case_import.import_file(file, format=None, agency="local", as_json=True)
    finally:
        os._exit(0)


def _moved(before: int, child: int) -> int:
    """Wait until the import has acknowledged more rows than before; how many it has."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if (stored := _asked("SELECT stored FROM node_importrun")) > before:
            return stored
        time.sleep(0.002)
    raise TimeoutError(f"process {child} stored nothing in a minute")


def _asked(sql: str) -> int:
    place = Path(os.environ["PALERMO_HOME"]) / "node.sqlite3"
    database = sqlite3.connect(f"file:{place}?mode=ro", uri=True)
    try:
        found = database.execute(sql).fetchone()
        return found[0] if found else 0
    finally:
        database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
