"""`palermo appraisal`: appraise States from a folder of published tables."""

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palermo.cli import (
    appraisal_desk,
    appraisal_framework,
    appraisal_index,
    appraisal_plan,
    appraisal_report,
    appraisal_statement,
    appraisal_treaty,
)

if TYPE_CHECKING:
    from palermo.appraisal.assess import Appraisal
    from palermo.appraisal.register import Register, TableRead
    from palermo.appraisal.report import Report

app = typer.Typer(
    no_args_is_help=True,
    help="Take stock of the Plan for a State: treaties, figures, obstacles and next steps.",
)

SOME_UNREADABLE = 1


class Lang(StrEnum):
    """A language of the reports."""

    en = "en"
    fr = "fr"


@app.callback()
def appraisal() -> None:
    """Take stock of the Plan for a State: treaties, figures, obstacles and next steps."""


@app.command(
    epilog=(
        "Example: palermo appraisal assess PAK KAZ --data tables/ --lang en --lang fr --out reports/   "
        "Exit code: 0 all read, 1 some rows unreadable (see unreadable.jsonl), 2 a table unreadable, "
        "6 unknown State, 7 no such folder, no table in it, or no folder to write to."
    )
)
def assess(
    states: Annotated[list[str], typer.Argument(help="Codes or names: PAK, KAZ, 'Viet Nam'.")],
    data: Annotated[Path, typer.Option(help="Folder of the published tables.")],
    out: Annotated[Path, typer.Option(help="Folder for the reports; made if missing.")],
    lang: Annotated[list[Lang], typer.Option(help="Language; give it twice for both.")] = [Lang.en, Lang.fr],  # noqa: B006
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Appraise as on that day (default: today).")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Also write the report models to this JSON file.")] = None,
    tables_only: Annotated[
        bool, typer.Option(help="Leave out what the node of this machine keeps of the States.")
    ] = False,
) -> None:
    """Write an HTML page and a PDF for each State and language, and print a summary.

    Where this machine has a node, its statements, plans and judgements of the States are read beside the
    tables.
    """
    from palermo.appraisal import assess as appraised
    from palermo.appraisal import beside, chapter, dataset, register, state
    from palermo.appraisal.output import PAGE_AND_PDF, Package
    from palermo.appraisal.words import Language
    from palermo.cli.appraisal_dossier import dossiers
    from palermo.cli.appraisal_files import make_folder, write_problems, written

    asked = {one.code: one for one in map(state.state, states)}
    read = register.read(data)
    day = today.date() if today else date.today()  # noqa: DTZ011  the day where the command is run
    kept = dossiers(sorted(asked), tables_only=tables_only)
    appraisals = tuple(
        appraised.state(asked[code], register=read, today=day, dossier=kept[code]) for code in kept
    )
    aside = beside.read(data, read)
    reports = [chapter.report(one, aside.of(one.state.code)) for one in appraisals]
    make_folder(out)
    packages = [
        Package(report=one, data=dataset.of([found])) for one, found in zip(reports, appraisals, strict=True)
    ]
    languages = [Language(one.value) for one in lang]
    files = [path for one in packages for path in written(one, PAGE_AND_PDF, languages, out)]
    if json:
        _write_json(reports, json)
    for line in (*_summary(appraisals), *_accounts(read), *(f"wrote {path}" for path in files)):
        typer.echo(line)
    if read.problems:
        typer.echo(f"unreadable rows are in {write_problems(read, out)}", err=True)
        raise typer.Exit(SOME_UNREADABLE)


def _write_json(reports: "list[Report]", path: Path) -> None:
    import json

    documents = [one.document() for one in reports]
    path.write_text(
        json.dumps(documents, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def _summary(appraisals: "tuple[Appraisal, ...]") -> list[str]:
    """One line a State, in alphabetical order: there is no ranking."""
    header = ("State", "Trafficking protocol", "Detected victims", "Obstacles")
    lines = [header, *(_summary_row(one) for one in appraisals)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    rows = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return [
        *rows,
        "",
        "National definitions differ: the figures show each State by itself and rank none.",
        "",
    ]


def _summary_row(one: "Appraisal") -> tuple[str, str, str, str]:
    from palermo.appraisal import obstacle

    standing = one.standing("TIP")
    party = {True: "party", False: "not a party", None: "not known"}[standing.party]
    known = f", as of {standing.known_on}" if standing.known_on else ""
    conflict = f" (conflict: {standing.conflicting[0].as_of} says otherwise)" if standing.conflicting else ""
    name = f"{one.state.code} {one.state.name.en}"
    return (name, f"{party}{known}{conflict}", _victims(one), str(len(obstacle.merged(one.obstacles))))


def _victims(one: "Appraisal") -> str:
    from palermo.appraisal import picture
    from palermo.appraisal.words import Language

    if not one.victims:
        return "no figure"
    newest = one.victims[max(one.victims)][0]
    value = picture.interval(newest.bounds.low, newest.bounds.high, Language.ENGLISH)
    return f"{value} ({newest.period}; {newest.found.source.id}, as of {newest.found.as_of})"


def _accounts(read: "Register") -> list[str]:
    """What became of every file and row."""
    lines = [_account(one) for one in read.tables]
    other = f"not read, not in the catalogue: {', '.join(read.files_not_read)}"
    return [*lines, *([other] if read.files_not_read else []), ""]


def _account(one: "TableRead") -> str:
    unused = sum(count for _, count in one.unused)
    parts = f"{one.used:,} used + {unused:,} not needed + {len(one.problems):,} unreadable"
    return f"{one.file}: {one.rows:,} rows = {parts}"


app.add_typer(appraisal_desk.statements, name="statements")
app.command(epilog=appraisal_index.EPILOG)(appraisal_index.index)
app.command(
    epilog="Example: palermo appraisal propose   Exit code: 0 all were read, 1 some could not be read."
)(appraisal_desk.propose)
app.add_typer(appraisal_treaty.app, name="treaties")
app.command(epilog=appraisal_treaty.UNIVERSAL_EPILOG)(appraisal_treaty.universal)
app.add_typer(appraisal_plan.app, name="plan")
app.command(epilog=appraisal_report.EPILOG)(appraisal_report.report)
app.command(epilog=appraisal_statement.EPILOG)(appraisal_statement.match)
app.command(epilog=appraisal_framework.EPILOG)(appraisal_framework.framework)
