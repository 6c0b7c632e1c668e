"""Appraisals from the node's folder of published tables, read again only when a file has changed."""

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from palermo.appraisal import assess, chapter, register, state
from palermo.appraisal.register import Register
from palermo.appraisal.report import Report
from palermo.appraisal.state import State

Stamp = tuple[tuple[str, int, int], ...]


def report(code: str, *, today: date) -> Report:
    """The report of one State; Unknown for another name, Unreachable where no table is."""
    return _report(state.state(code).code, _folder(), _stamp(_folder()), today)


def states() -> tuple[State, ...]:
    """Every State that can be appraised here: the 193 members, or the made-up ones of a demonstration."""
    if settings.NODE.made_up:
        known = _register(_folder(), _stamp(_folder()))
        codes = {one.state for one in known.actions} | {one.state for one in known.observations}
        return tuple(state.state(code) for code in sorted(codes))
    return tuple(state.states().values())


def _folder() -> Path:
    folder: Path = settings.NODE.appraisal_data
    return folder


def _stamp(folder: Path) -> Stamp:
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    return tuple((file.name, (known := file.stat()).st_mtime_ns, known.st_size) for file in files)


@lru_cache(maxsize=2)
def _register(folder: Path, stamp: Stamp) -> Register:
    return register.read(folder)


@lru_cache(maxsize=64)
def _report(code: str, folder: Path, stamp: Stamp, today: date) -> Report:
    appraisal = assess.state(state.state(code), register=_register(folder, stamp), today=today)
    return chapter.report(appraisal)
