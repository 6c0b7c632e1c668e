"""`palermo case`: read, write and describe case records. Only `import` needs a node."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from palermo.cli.case_import import import_file

if TYPE_CHECKING:
    from palermo.standards.quarantine import Quarantine
    from palermo.standards.read import Reading

ALL_READ, SOME_REFUSED, NOTHING_READ = 0, 1, 2

app = typer.Typer(help="Check, read, write and import case records.", no_args_is_help=True)
app.command("import", epilog="Example: palermo case import cases.csv --agency XA-SHELTER")(import_file)

File = Annotated[str, typer.Argument(help="The file of cases, or - for standard input.", show_default=False)]
Format = Annotated[
    str | None,
    typer.Option("--format", help="jsonl, csv, htcds, xlsform or ctdc; told from the file otherwise."),
]
Out = Annotated[Path | None, typer.Option("--out", help="The file to write; standard output otherwise.")]
Encoding = Annotated[str | None, typer.Option("--encoding", help="The encoding, where it is known better.")]
Maps = Annotated[
    list[str] | None,
    typer.Option(
        "--map", help="COLUMN=NAME reads a column as another; COLUMN= skips it.", show_default=False
    ),
]
Where = Annotated[
    Path | None, typer.Option("--quarantine", help="Where refused rows go; beside the file otherwise.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="Print no notes and no progress.")]


@app.command(epilog="Example: palermo case read cases.xlsx --out cases.jsonl")
def read(
    file: File,
    format: Format = None,
    out: Out = None,
    encoding: Encoding = None,
    map: Maps = None,
    quarantine: Where = None,
    quiet: Quiet = False,
) -> None:
    """Read a file of any format and write its records as our JSON lines.

    Refused rows go to FILE.quarantine.jsonl with line, field, what is wrong and what would be right. Exit
    code: 0 all rows are read, 1 some were refused, 2 nothing could be read.
    """
    _convert(
        file,
        to="jsonl",
        format=format,
        out=out,
        encoding=encoding,
        maps=map,
        quarantine=quarantine,
        quiet=quiet,
    )


@app.command(epilog="Example: palermo case write cases.jsonl --to htcds --out cases.xlsx")
def write(
    file: File,
    to: Annotated[str, typer.Option("--to", help="htcds, ctdc, csv or jsonl.", show_default=False)],
    format: Format = None,
    out: Out = None,
    encoding: Encoding = None,
    map: Maps = None,
    quarantine: Where = None,
    loss: Annotated[Path | None, typer.Option("--loss", help="Write the loss report as JSON here.")] = None,
    quiet: Quiet = False,
) -> None:
    """Write records in another format and report what it cannot hold.

    HTCDS is a workbook where the name of the file ends in .xlsx, else CSV. Exit codes as for `case read`.
    """
    _convert(
        file,
        to=to,
        format=format,
        out=out,
        encoding=encoding,
        maps=map,
        quarantine=quarantine,
        quiet=quiet,
        report=loss,
    )


@app.command(epilog="Example: palermo case schema --out case.schema.json")
def schema(out: Out = None) -> None:
    """Print the JSON Schema of a case record."""
    from palermo.standards.schema import json_schema

    _print(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n", out)


@app.command(epilog="Example: palermo case template --out cases.csv")
def template(
    lang: Annotated[str, typer.Option("--lang", help="Language of the example row's texts.")] = "en",
    out: Out = None,
) -> None:
    """Print the CSV template: one column a field that a person may type."""
    from palermo.standards.schema import csv_template

    _print(csv_template(lang), out)


def _print(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
        return
    from palermo.standards.outfile import whole

    with whole(out) as file:
        file.write(text.encode())


def _convert(
    file: str,
    *,
    to: str,
    format: str | None,
    out: Path | None,
    encoding: str | None,
    maps: list[str] | None,
    quarantine: Path | None,
    quiet: bool,
    report: Path | None = None,
) -> None:
    """Reads every row, writes the records, keeps the refused ones apart, and leaves with the exit code."""
    from palermo.errors import Unknown
    from palermo.standards import write as writers
    from palermo.standards.quarantine import Quarantine

    if to not in writers.WRITERS:
        raise Unknown(f"No format is called {to!r}. Use one of {', '.join(writers.WRITERS)}.")
    given: Path | BinaryIO = sys.stdin.buffer if file == "-" else Path(file)
    options = {"workbook": True} if to == "htcds" and out is not None and out.suffix == ".xlsx" else {}
    with (
        _reading(given, format=format, encoding=encoding, maps=maps, quiet=quiet) as reading,
        Quarantine(quarantine or _beside(given)) as kept_out,
    ):
        _tell(
            [f"{reading.name}: {reading.format}; {'; '.join(reading.notes)}", *map(str, reading.problems)],
            quiet,
        )
        target = out or sys.stdout.buffer
        loss = writers.WRITERS[to](_records(reading, kept_out), target, **options)
    tally = reading.tally
    _tell([f"{tally.read} rows read = {tally.kept} kept + {tally.refused} refused"], quiet)
    if tally.refused:
        typer.echo(f"Refused rows: {kept_out.path}", err=True)
    _tell([f"Lost: {each}" for each in loss.lost], quiet)
    if report is not None:
        _print(json.dumps(loss.document(), indent=2) + "\n", report)
    raise typer.Exit(NOTHING_READ if not tally.kept else SOME_REFUSED if tally.refused else ALL_READ)


def _reading(
    given: Path | BinaryIO, *, format: str | None, encoding: str | None, maps: list[str] | None, quiet: bool
) -> "Reading":
    from datetime import UTC, datetime

    from palermo.standards import read as readers

    mapping = dict(_pair(each) for each in maps or ())
    progress = None if quiet or not sys.stderr.isatty() else _Progress()
    today = datetime.now(UTC).date()
    return readers.records(
        given, format=format, mapping=mapping, codec=encoding, today=today, progress=progress
    )


def _pair(given: str) -> tuple[str, str]:
    column, mark, name = given.rpartition("=")
    if not mark:
        raise typer.BadParameter(f"{given!r} is not COLUMN=NAME.")
    return column, name


class _Progress:
    """A line on a terminal that says how far the reading has come."""

    def __call__(self, position: int, size: int | None) -> None:
        share = f"{100 * position // size} %" if size else f"{position >> 20} MiB"
        end = "\n" if size and position >= size else ""
        typer.echo(f"\r{share} read{end}", err=True, nl=False)


def _beside(given: Path | BinaryIO) -> Path:
    from palermo.standards.quarantine import path_for

    return path_for(given if isinstance(given, Path) else Path("input"))


def _records(reading: "Reading", kept_out: "Quarantine") -> Any:
    for row in reading:
        if row.record is None:
            kept_out.add(row)
        else:
            yield row.record


def _tell(lines: list[str], quiet: bool) -> None:
    if not quiet:
        for line in lines:
            typer.echo(line, err=True)
