"""What the node needs before it can serve, each need with what to do about it."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from palermo.errors import PalermoError
from palermo.node import keyfile

LEAST_FREE_BYTES = 200 * 1024 * 1024
BUILT = Path(__file__).parent / "static" / "palermo" / "built"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One need: whether it is met, and otherwise the step that meets it."""

    name: str
    passed: bool
    remedy: str


def checks(*names: str) -> tuple[Check, ...]:
    """Every need, or those named, in the order an operator would meet them."""
    asked = {name: need for name, need in _NEEDS.items() if not names or name in names}
    return tuple(Check(name=name, passed=passed(), remedy=remedy) for name, (passed, remedy) in asked.items())


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone())
    except (DatabaseError, ImproperlyConfigured):
        return False


def _migrated() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, ImproperlyConfigured):
        return False


def _keyring() -> bool:
    try:
        keyfile.current()
    except PalermoError:
        return False
    return True


def _disk() -> bool:
    home = settings.NODE.home
    return home.exists() and shutil.disk_usage(home).free >= LEAST_FREE_BYTES


def _assets() -> bool:
    return BUILT.is_dir() and any(BUILT.iterdir())


_NEEDS: dict[str, tuple[Callable[[], bool], str]] = {
    "database": (_database, "Start the database, or correct PALERMO_DATABASE_URL."),
    "migrations": (_migrated, "Run palermo node migrate."),
    "keyring": (_keyring, "Run palermo keys make AGENCY, or restore the keyring from its backup."),
    "disk": (_disk, "Free at least 200 MB on the disk of PALERMO_HOME."),
    "assets": (_assets, "Run make install, which builds the pages' style sheets and scripts."),
}
