"""A folder of files that appears whole or not at all, and never takes the place of another."""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from palermo.errors import Unreachable
from palermo.prevention.release.finding import refusal


def ready(folder: Path) -> None:
    """Refuse a folder that cannot be written to; to be asked before anything is spent or read."""
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise refusal(folder.name, "not-empty", path="out")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        _tried(folder)
    except OSError as error:
        raise _unwritten(folder, error) from error


def _tried(folder: Path) -> None:
    """Give the name away and take it back: what no file may take, such as a link or a mount, says so now."""
    beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        if folder.is_dir():
            folder.replace(beside)
            beside.replace(folder)
        else:
            beside.replace(folder)
            folder.rmdir()
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def put(found: Mapping[str, bytes], folder: Path) -> None:
    """The files in a new folder, which takes its name only when all are on the disk."""
    ready(folder)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        for name, content in found.items():
            _put(made / name, content)
        made.chmod(0o755)
        made.replace(folder)
    except OSError as error:
        raise _unwritten(folder, error) from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _put(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _unwritten(folder: Path, error: OSError) -> Unreachable:
    return Unreachable(
        f"{folder}: {error.strerror}. Name a new folder, on a disk with room that you may write to."
    )
