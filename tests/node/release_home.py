"""A node of its own, in a file, whose processes are killed; test_release_crash runs it and reads it.

python -m tests.node.release_home crash     killed at every statement and every flush to the disk in turn
python -m tests.node.release_home race      four processes that start four releases at once
"""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # Django first
from django.db import connection, connections  # noqa: E402

from palermo.errors import Disclosive  # noqa: E402
from palermo.node import jobs  # noqa: E402
from palermo.node.actions import ledger, release  # noqa: E402
from palermo.node.models import Release  # noqa: E402
from tests.node.cases import NOW  # noqa: E402
from tests.node.estimations import a_person, an_analyst, store  # noqa: E402
from tests.node.releases import a_pack, approved  # noqa: E402

HOME = Path(os.environ["PALERMO_HOME"])
KEPT = HOME.with_name("kept")
ASKED = HOME / "asked"


def clock():
    return NOW


def prepared(epsilon: float, count: int) -> list[str]:
    """Approved releases of a few people, and a copy of the whole home."""
    call_command("migrate", verbosity=0)
    store(*(a_person(number) for number in range(12)))
    ids = [approved(epsilon=epsilon).pk for _ in range(count)]
    connections.close_all()
    shutil.copytree(HOME, KEPT)
    return ids


def forked(work: Callable[[], Any]) -> int:
    """The status of a process of its own that did the work."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitpid(child, 0)[1]


def build(one, asked, persons):
    """Leave a mark wherever the data was asked, and make a pack."""
    with ASKED.open("a", encoding="ascii") as file:
        file.write("x")
    return a_pack(one, asked, persons)


def killed_at(point: int) -> None:
    """Kill this process, as power would, when it comes to this statement or flush."""
    left, flush = [point], os.fsync

    def pass_by():
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(execute, *given):
        pass_by()
        return execute(*given)

    def flushed(handle):
        pass_by()
        flush(handle)

    connection.execute_wrappers.append(statement)
    os.fsync = flushed


def crash() -> None:
    (name,) = prepared(epsilon=1.0, count=1)
    point, status = 0, 1
    while status:
        point += 1
        shutil.rmtree(HOME)
        shutil.copytree(KEPT, HOME)
        status = forked(partial(attempt, name, point))
        forked(partial(told, name, point))


def attempt(name: str, point: int) -> None:
    killed_at(point)
    release.carry_out(release.start(name, by=an_analyst(), now=NOW), clock=clock, build=build)


def told(name: str, point: int) -> None:
    """What the next worker finds and does, then what stands."""
    asked = len(ASKED.read_text("ascii")) if ASKED.exists() else 0
    spent = ledger.kept().spent
    jobs.resume()
    one = release.carry_out(Release.objects.get(pk=name), clock=clock, build=build)
    entries = [entry.state.value for entry in ledger.kept().entries]
    again = len(ASKED.read_text("ascii")) if ASKED.exists() else 0
    packs = [found.name for found in (HOME / "packs").glob("*")] if (HOME / "packs").exists() else []
    found = {"point": point, "asked": asked, "again": again, "spent": spent, "rho": one.rho_micro}
    print(json.dumps(found | {"state": one.state, "entries": entries, "packs": packs}), flush=True)


def race() -> None:
    names = prepared(epsilon=2.0, count=4)
    reading, writing = os.pipe()
    connections.close_all()
    children = []
    for name in names:
        child = os.fork()
        if child == 0:
            os.close(writing)
            os.read(reading, 1)
            os._exit(start(name))
        children.append(child)
    os.close(writing)
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]
    kept = ledger.kept()
    print(json.dumps({"codes": codes, "spent": kept.spent, "epsilon": kept.epsilon()}))


def start(name: str) -> int:
    try:
        release.start(name, by=an_analyst(), now=NOW)
    except Disclosive as refused:
        return refused.exit_code
    return 0


if __name__ == "__main__":
    {"crash": crash, "race": race}[sys.argv[1]]()
