"""Root-cause vulnerability from the node's folder of tables, made again only when a file changed."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from palermo.appraisal.composite import causes
from palermo.appraisal.composite.causes import Causes, Vulnerability

Stamp = tuple[tuple[str, int, int], ...]


def found() -> Vulnerability | None:
    """The index of every State with enough figures; None where the folder has no table of root causes."""
    stamp = _stamp(_folder())
    return _found(_folder(), stamp) if stamp else None


def _folder() -> Path:
    folder: Path = settings.NODE.appraisal_data
    return folder


def _stamp(folder: Path) -> Stamp:
    """The tables that are there, each with the time and size by which a change is seen."""
    files = [folder / name for name in causes.files()]
    here = [(file, file.stat()) for file in files if file.is_file()]
    return tuple((file.name, known.st_mtime_ns, known.st_size) for file, known in here)


@lru_cache(maxsize=2)
def _found(folder: Path, stamp: Stamp) -> Vulnerability:
    read: Causes = causes.read(folder)
    return causes.vulnerability(read)
