"""Made-up tables and statements of the made-up countries XA and XB, to try the appraisal without any data."""

import shutil
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from palermo.appraisal import register


def read() -> register.Register:
    """The register that the made-up tables hold."""
    with as_file(files("palermo.appraisal.specimen").joinpath("tables")) as folder:
        return register.read(folder)


def lay(folder: Path) -> None:
    """Copy the tables into `folder`, for whoever looks there for published ones."""
    with as_file(files("palermo.appraisal.specimen").joinpath("tables")) as tables:
        shutil.copytree(tables, folder, dirs_exist_ok=True)


def statements() -> Iterator[tuple[str, bytes]]:
    """The made-up statements, by file name."""
    folder = files("palermo.appraisal.specimen").joinpath("statements")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        yield file.name, file.read_bytes()
