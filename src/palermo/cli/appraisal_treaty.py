"""`palermo appraisal treaties` and `universal`: keep the treaty register, and see how far treaties reach."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from palermo.appraisal.depositary.download import Fetched
    from palermo.appraisal.register import Register
    from palermo.appraisal.reservation import Reservation
    from palermo.appraisal.treaty import TreatyAction
    from palermo.appraisal.universal import Universal

app = typer.Typer(no_args_is_help=True, help="Fetch and read what depositaries publish on treaties.")

SOME_UNREADABLE, SOME_NOT_HAD = 1, 7
WAITING_SHOWN = 3


@app.callback()
def treaties() -> None:
    """Fetch and read what depositaries publish on treaties."""


@app.command(
    epilog=(
        "Example: palermo appraisal treaties download --treaty TIP --treaty C105 --out tables/   "
        "Exit code: 0 all had, 6 unknown treaty, 7 some could not be had: what to fetch by hand is told."
    )
)
def download(
    out: Annotated[Path, typer.Option(help="Folder for the files; made if missing.")],
    treaty: Annotated[
        list[str] | None, typer.Option(help="A treaty's id; give it again for more (default: all).")
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(help="Ask this site in place of the depositaries, such as a mirror.")
    ] = None,
    pause: Annotated[float, typer.Option(help="Seconds between two requests to one site.", min=0)] = 5.0,
) -> None:
    """Fetch the status of treaties from their depositaries, only what has changed since the last time."""
    from palermo.appraisal import universal
    from palermo.appraisal.depositary import download as downloading
    from palermo.appraisal.depositary.client import Client, Patience

    asked = [universal.treaty(one) for one in treaty] if treaty else list(downloading.places())
    missing = False
    for one in downloading.download(
        dict.fromkeys(asked),
        out,
        client=Client(patience=Patience(pause=pause)),
        today=date.today(),  # noqa: DTZ011  the day where the command is run
        base_url=base_url,
    ):
        missing |= _told(one)
    if missing:
        raise typer.Exit(SOME_NOT_HAD)


def _told(one: "Fetched") -> bool:
    """Say what became of a treaty; whether it could not be had."""
    if one.told:
        typer.echo(f"{one.treaty}: not had. {one.told}", err=True)
        return True
    typer.echo(f"{one.treaty}: {one.outcome}, {one.file}")
    return False


@app.command(
    epilog=(
        "Example: palermo appraisal treaties read TIP.html   "
        "Exit code: 0 all read, 1 some rows unreadable, 2 no page of a known form, 7 no such file."
    )
)
def read(
    files: Annotated[list[Path], typer.Argument(help="Saved pages, exports or tables of treaties.")],
) -> None:
    """Say what a file holds before it goes into the register: treaties, acts, declarations, faults."""
    from palermo.appraisal import register
    from palermo.errors import Unreachable

    if missing := [str(path) for path in files if not path.is_file()]:
        raise Unreachable(f"{', '.join(missing)}: no such file. Give saved pages or tables, not a folder.")
    unreadable = False
    for path in files:
        found = register.table_read(path)
        for line in _account(found):
            typer.echo(line)
        for _, problem in found.problems:
            unreadable = True
            typer.echo(f"  {problem}", err=True)
    if unreadable:
        raise typer.Exit(SOME_UNREADABLE)


def _account(found: "Register") -> list[str]:
    (table,) = found.tables
    held: list[TreatyAction | Reservation] = [*found.actions, *found.beside, *found.declared]
    treaties = ", ".join(sorted({one.treaty for one in held})) or "no treaty"
    days = ", ".join(sorted({str(one.found.as_of) for one in held})) or "no day"
    unused = [f"  {count:,} rows not needed: {why}" for why, count in table.unused]
    return [
        f"{table.file}: {treaties}; as of {days}",
        f"  {table.rows:,} rows, {table.used:,} used, {len(table.problems):,} unreadable",
        f"  {len(held) - len(found.declared):,} acts; {len(found.declared):,} declarations of any kind",
        *unused,
    ]


def universal(
    data: Annotated[Path, typer.Option(help="Folder of the published tables.")],
    treaty: Annotated[
        list[str] | None, typer.Argument(help="Ids of treaties such as TIP (default: all that are known).")
    ] = None,
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As known on that day (default: today).")
    ] = None,
    json: Annotated[
        Path | None, typer.Option(help="Write every number with what it opens to, as JSON.")
    ] = None,
    csv: Annotated[Path | None, typer.Option(help="Write one row a treaty and State, as CSV.")] = None,
) -> None:
    """Count parties of the 193 by treaty, region and year, and who signed and waits for how long."""
    from palermo.appraisal import register
    from palermo.appraisal import universal as counting

    asked = [counting.treaty(one) for one in treaty or ()]
    day = today.date() if today else date.today()  # noqa: DTZ011  the day where the command is run
    known = register.read(data).known_on(day)
    found = [counting.universal(known, one) for one in dict.fromkeys(asked or counting.treaties(known))]
    for line in _summary(found):
        typer.echo(line)
    if json:
        _write_json(found, known, json)
    if csv:
        _write_csv(found, known, csv)
    if known.problems:
        typer.echo(
            f"{len(known.problems):,} rows could not be read: see `palermo appraisal assess`.", err=True
        )
        raise typer.Exit(SOME_UNREADABLE)


UNIVERSAL_EPILOG = (
    "Example: palermo appraisal universal TIP UNTOC --data tables/ --json universal.json   "
    "Exit code: 0 all read, 1 some rows unreadable, 2 a table unreadable, 6 unknown treaty, "
    "7 no such folder, no table in it, or no file to write to."
)


def _summary(found: "Sequence[Universal]") -> list[str]:
    """One line a treaty, in the order of the framework."""
    header = (
        "Treaty",
        "Parties",
        "Others",
        "Waiting",
        "Complete list of",
        "Not known after",
        "Longest waiting",
    )
    lines = [header, *(_summary_row(one) for one in found)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]


def _summary_row(one: "Universal") -> tuple[str, ...]:
    longest = (f"{waits.state} {waits.years}" for waits in one.waiting[:WAITING_SHOWN] if waits.years)
    return (
        one.treaty,
        f"{len(one.parties)} of {len(one.states)}",
        str(sum(bool(other.party) for other in one.outside)),
        str(len(one.waiting)),
        str(one.complete_on or "none"),
        str(one.known_on or "nothing known"),
        ", ".join(longest),
    )


def _write_json(found: "Sequence[Universal]", known: "Register", path: Path) -> None:
    import json

    from palermo.appraisal import universal_document

    documents = [universal_document.document(one, known) for one in found]
    _write(path, json.dumps(documents, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def _write_csv(found: "Sequence[Universal]", known: "Register", path: Path) -> None:
    import csv
    import io

    from palermo.appraisal import universal_document

    stream = io.StringIO()
    writer = csv.DictWriter(stream, universal_document.COLUMNS, lineterminator="\n")
    writer.writeheader()
    for one in found:
        writer.writerows(universal_document.flat(row) for row in universal_document.rows(one, known))
    _write(path, stream.getvalue())


def _write(path: Path, text: str) -> None:
    from palermo.errors import Unreachable

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unreachable(f"{path}: cannot be written ({error.strerror}). Name another file.") from error
    typer.echo(f"wrote {path}")
