"""`palermo doctor`: what is present on this machine, what is missing and what to do about it.

Each check returns one finding. What a node cannot run without is `missing` and makes the exit code 1; what
only some tasks need is `absent` and does not.
"""

import dataclasses
import importlib
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import palermo
from palermo.errors import PalermoError

if TYPE_CHECKING:
    from palermo.node.environment import Environment
    from palermo.node.readiness import Check

app = typer.Typer(help="Say what is present, what is missing and what to do.")

PACKAGE = Path(palermo.__file__).parent
BUILT = PACKAGE / "node" / "static" / "palermo" / "built"
LOCALE = PACKAGE / "node" / "locale"
OLDEST_PYTHON = (3, 11)
LEAST_DISK = 1 << 30
ASKED_OF_THE_NODE = ("database", "migrations")
OTHERS = stat.S_IRWXG | stat.S_IRWXO
EXTRAS = {
    "server": ("psycopg", "a PostgreSQL database"),
    "cipher": ("sqlcipher3", "an encrypted SQLite database"),
    "sdmx": ("pysdmx", "SDMX files"),
    "spark": ("pyspark", "ledgers beyond one machine"),
}
PROGRAMS = {
    "Node": ("npm", "build the pages from a checkout", "Install Node 20 or newer, or run make install."),
    "PostgreSQL client": (
        "pg_dump",
        "back up a PostgreSQL node",
        "On Debian: apt-get install postgresql-client.",
    ),
    "Chromium": ("chromium", "run the browser tests", "On Debian: apt-get install chromium chromium-driver."),
}


class State(StrEnum):
    """What a check found."""

    PRESENT = "present"
    MISSING = "missing"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `remedy` is empty where it is present."""

    name: str
    state: State
    found: str
    remedy: str = ""


@app.command(epilog="Example: palermo doctor --json")
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list instead of lines.")] = False,
) -> None:
    """Say what is present, what is missing and what to do; exit code 1 if the node cannot run."""
    findings = []
    for finding in examine():
        findings.append(finding)
        if not as_json:
            typer.echo(line(finding))
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
    raise typer.Exit(exit_code(findings))


def examine() -> Iterator[Finding]:
    """Every finding, in the order of CHECKS and then of what the settings name."""
    for check in CHECKS:
        yield from check()
    try:
        chosen = settings()
    except PalermoError as refusal:
        yield Finding(
            name="Settings", state=State.MISSING, found=str(refusal), remedy="Correct the variable."
        )
        return
    yield Finding(name="Settings", state=State.PRESENT, found=f"data in {chosen.home}")
    for look in NODE_CHECKS:
        yield from look(chosen)


def exit_code(findings: list[Finding]) -> int:
    return int(any(finding.state is State.MISSING for finding in findings))


def line(finding: Finding) -> str:
    text = f"{finding.state:8} {finding.name}: {finding.found}"
    return f"{text}\n         {finding.remedy}" if finding.remedy else text


def python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    fits = sys.version_info[:2] >= OLDEST_PYTHON
    yield verdict("Python", fits, found=version, remedy="Install Python 3.11 or newer.")


def extras() -> Iterator[Finding]:
    for name, (module, purpose) in EXTRAS.items():
        yield verdict(
            f"Extra [{name}]",
            find_spec(module) is not None,
            found=f"{module}, for {purpose}",
            remedy=f"Only if you need {purpose}: pip install 'palermo[{name}]'.",
            otherwise=State.ABSENT,
        )


def programs() -> Iterator[Finding]:
    for name, (program, purpose, remedy) in PROGRAMS.items():
        where = shutil.which(program)
        found = where or f"no {program} on the PATH; needed only to {purpose}"
        yield verdict(name, bool(where), found=found, remedy=remedy, otherwise=State.ABSENT)


def pages() -> Iterator[Finding]:
    remedy = "From a checkout: make install. An installed wheel carries them: install it again."
    for name, pattern in (("Style sheets", "*.css"), ("Scripts", "*.js"), ("Fonts", "*.woff2")):
        built = len(list(BUILT.rglob(pattern)))
        yield verdict(name, built > 0, found=f"{built} built", remedy=remedy)


def catalogues() -> Iterator[Finding]:
    sources = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))
    unbuilt = [source.parts[-3] for source in sources if not source.with_suffix(".mo").exists()]
    found = f"{len(sources) - len(unbuilt)} of {len(sources)} built"
    yield verdict("Message catalogues", not unbuilt, found=found, remedy="From a checkout: make install.")


def renderers() -> Iterator[Finding]:
    for name, module in (("Reports (typst)", "typst"), ("Charts (vl-convert)", "vl_convert")):
        yield _loads(name, module)


def _loads(name: str, module: str) -> Finding:
    try:
        found = getattr(importlib.import_module(module), "__version__", "loads")
    except ImportError as failure:
        return Finding(
            name=name,
            state=State.MISSING,
            found=str(failure),
            remedy="Install palermo again from requirements.lock.",
        )
    return Finding(name=name, state=State.PRESENT, found=str(found))


def clock() -> Iterator[Finding]:
    now = datetime.now(UTC)
    installed = datetime.fromtimestamp(Path(palermo.__file__).stat().st_mtime, UTC)
    yield verdict(
        "Clock",
        now >= installed,
        found=f"{now:%Y-%m-%d %H:%M} UTC",
        remedy="It stands before the day palermo was installed: set it. Legal deadlines rely on it.",
    )


def settings() -> "Environment":
    """The node's settings, without leaving a secret key behind where there is no node yet."""
    from palermo.node.environment import environment

    return environment({"PALERMO_SECRET_KEY": "unused", **os.environ})


def database(chosen: "Environment") -> Iterator[Finding]:
    engine, name = str(chosen.database["ENGINE"]).rpartition(".")[2], str(chosen.database["NAME"])
    if engine != "postgresql" and not Path(name).exists():
        yield Finding(
            name="Database", state=State.MISSING, found=f"no file {name}", remedy="Run palermo node migrate."
        )
        return
    for check in _readiness():
        if check.name in ASKED_OF_THE_NODE:
            yield verdict(check.name.capitalize(), check.passed, found=engine, remedy=check.remedy)


def _readiness() -> "tuple[Check, ...]":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "palermo.node.settings")
    django.setup()
    from palermo.node import readiness

    return readiness.checks()


def keyring(chosen: "Environment") -> Iterator[Finding]:
    if not chosen.keyring.exists():
        yield Finding(
            name="Keyring",
            state=State.MISSING,
            found=f"no file {chosen.keyring}",
            remedy="Run palermo keys make AGENCY. After a move, put the keyring's backup back instead.",
        )
        return
    mode = stat.S_IMODE(chosen.keyring.stat().st_mode)
    yield verdict(
        "Keyring",
        mode & OTHERS == 0,
        found=f"{chosen.keyring}, mode {mode:o}",
        remedy=f"Others can read it. Run chmod 600 {chosen.keyring}",
    )


def disk(chosen: "Environment") -> Iterator[Finding]:
    folder = next(place for place in (chosen.home, *chosen.home.parents) if place.exists())
    free = shutil.disk_usage(folder).free
    yield verdict(
        "Disk",
        free >= LEAST_DISK,
        found=f"{free / (1 << 30):.1f} GiB free",
        remedy="Keep at least 1 GiB free: a full disk refuses new cases.",
    )


def verdict(name: str, holds: bool, *, found: str, remedy: str, otherwise: State = State.MISSING) -> Finding:
    """Present where `holds`, else `otherwise` with the remedy."""
    if holds:
        return Finding(name=name, state=State.PRESENT, found=found)
    return Finding(name=name, state=otherwise, found=found, remedy=remedy)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    python,
    clock,
    extras,
    pages,
    catalogues,
    renderers,
    programs,
)
NODE_CHECKS: tuple[Callable[["Environment"], Iterator[Finding]], ...] = (database, keyring, disk)
