"""Files that one process of this machine holds while the others wait."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from palermo.errors import Unreachable


@contextlib.contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock file at `path`, made with its folder if missing; a process that dies lets go of it.

    Unreachable where there can be no such file.
    """
    with _opened(path) as lock:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _opened(path: Path) -> TextIO:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path.open("a", encoding="utf-8")
    except OSError as error:
        remedy = "Give a folder that you may write to; a node's is PALERMO_HOME."
        raise Unreachable(f"{path}: cannot be made ({error.strerror}). {remedy}") from error
