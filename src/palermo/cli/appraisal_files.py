"""Where commands of the appraisal write: the folder of the reports, and what could not be read."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palermo.appraisal.output import Format, Package
    from palermo.appraisal.register import Register
    from palermo.appraisal.words import Language


def make_folder(out: Path) -> None:
    """The folder, made if missing; Unreachable where it cannot be."""
    from palermo.errors import Unreachable

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        wrong = f"{out}: cannot be the folder of the reports ({error.strerror})."
        raise Unreachable(f"{wrong} Name another with --out.") from error


def written(
    package: "Package", formats: "Iterable[Format]", languages: "Iterable[Language]", out: Path
) -> Iterator[Path]:
    """Each file of the report, once it is written."""
    from palermo.appraisal import output

    for file in output.files(package, formats, languages):
        path = out / file.name
        path.write_bytes(file.content)
        yield path


def write_problems(read: "Register", out: Path) -> Path:
    """Every row that could not be read: file, line and column, what was wrong, what would be right."""
    import json

    path = out / "unreadable.jsonl"
    rows = [
        {"file": file, "where": one.path, "wrong": one.wrong, "remedy": one.remedy}
        for file, one in read.problems
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path
