"""The folder that commands of the appraisal write to, and the account of rows that could not be read."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from palermo.appraisal.register import Register


def make_folder(out: Path) -> None:
    from palermo.errors import Unreachable

    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        wrong = f"{out}: cannot be the folder of the reports ({error.strerror})."
        raise Unreachable(f"{wrong} Name another with --out.") from error


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
