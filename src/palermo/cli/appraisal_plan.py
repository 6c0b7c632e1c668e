"""`palermo appraisal plan`: national plans of action from files; needs no database."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from palermo.appraisal.plan.plan import Plan
    from palermo.appraisal.statement.file import Progress
    from palermo.errors import Problem

app = typer.Typer(
    no_args_is_help=True, help="National plans of action: read, review, draw and carry them over."
)

FOUND = 1
Sheet = Annotated[
    Path, typer.Argument(help="The plan: .xlsx or .ods after the template, or a folder of CSV.")
]
Today = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Look at it as on that day (default: today).")
]


class Lang(StrEnum):
    """A language of headings and words."""

    en = "en"
    fr = "fr"
    ar = "ar"


class Head(StrEnum):
    """A language of the template."""

    en = "en"
    fr = "fr"


@app.command(epilog="Example: palermo appraisal plan template --lang fr > plan.xlsx   Exit code: 0.")
def template(
    lang: Annotated[Head, typer.Option(help="Language of the headings and lists.")] = Head.en,
) -> None:
    """Write the empty spreadsheet of a plan, with its lists to choose from, to standard output."""
    from palermo.appraisal.plan import template as made
    from palermo.appraisal.words import Language

    sys.stdout.buffer.write(made.write(Language(lang.value)))


@app.command(
    epilog=(
        "Example: palermo appraisal plan check plan.xlsx   "
        "Exit code: 0 read whole, 2 faults, each named by sheet and cell, 7 no such file."
    )
)
def check(file: Sheet) -> None:
    """Read a plan and say what it holds, or every fault of it by sheet and cell."""
    from palermo.errors import InvalidRecord

    try:
        plan = _read(file)
    except InvalidRecord as refused:
        typer.echo(f"{refused.where}: faults: {len(refused.problems)}", err=True)
        _tell(refused.problems)
        raise typer.Exit(refused.exit_code) from None
    counts = {"actions": len(plan.actions)}
    for part in ("budget", "milestones", "indicators", "reports"):
        counts[part] = sum(len(getattr(one, part)) for one in plan.actions)
    typer.echo(f"{plan.state} {plan.id} {plan.title}, {plan.years}")
    typer.echo(", ".join(f"{name}: {count}" for name, count in counts.items()))


@app.command(
    epilog=(
        "Example: palermo appraisal plan outline plan.docx > map.json; "
        "palermo appraisal plan outline plan.docx --map map.json > plan.xlsx   "
        "Exit code: 0, 2 a document without text or a mapping with faults, 7 no such file."
    )
)
def outline(
    file: Annotated[Path, typer.Argument(help="The plan as .docx, .pdf, .html or .txt.")],
    map: Annotated[Path | None, typer.Option(help="The mapping, once a person has gone through it.")] = None,
    lang: Annotated[Head, typer.Option(help="Language of the headings of the spreadsheet.")] = Head.en,
    today: Today = None,
) -> None:
    """Propose which part of a written plan is what; with --map, write the spreadsheet that it gives."""
    import json

    from palermo.appraisal.plan import mapping
    from palermo.appraisal.plan import outline as written

    with _opened(file) as stream, _pages(file.name) as progress:
        found = written.read(stream, name=file.name, progress=progress)
    if map is None:
        typer.echo(json.dumps(mapping.proposed(found), ensure_ascii=False, indent=1))
        return
    chart = mapping.confirmed(_mapping(map), found)
    sys.stdout.buffer.write(_as_sheet(written.planned(found, chart, as_of=_day(today)), lang))
    left = written.left(found, chart)
    typer.echo(f"parts of the document that are not in the plan: {len(left)}", err=True)
    for one in left:
        typer.echo(f"  {one.start}-{one.end}  {one.text}", err=True)


@app.command(
    epilog=(
        "Example: palermo appraisal plan review plan.xlsx old.xlsx --today 2026-11-21   "
        "Exit code: 0 nothing to look at, 1 findings, 2 a file with faults, 7 no such file."
    )
)
def review(
    files: Annotated[list[Path], typer.Argument(help="The plans: .xlsx or .ods, or folders of CSV.")],
    lang: Annotated[Lang, typer.Option(help="Language of the findings.")] = Lang.en,
    today: Today = None,
) -> None:
    """Name what is overdue, unfunded, without owner or indicator, expired, missed or silent for a year."""
    from palermo.appraisal.edition import Speech
    from palermo.appraisal.plan import review as reviewed
    from palermo.appraisal.words import Language

    speech = Speech(language=Language(lang.value), numbers={}, font="")
    found = reviewed.findings([_read(one) for one in files], today=_day(today))
    for one in found:
        said = speech.text(one.text.key, **dict(one.text.values))
        typer.echo(f"{one.kind}\t{one.plan.id}\t{one.evidence_id}\t{said}")
    if found:
        raise typer.Exit(FOUND)


@app.command(
    epilog=(
        "Example: palermo appraisal plan timeline plan.xlsx --out plan.svg --lang ar --narrow   "
        "Exit code: 0, 2 a file with faults, 7 no such file, or nowhere to write."
    )
)
def timeline(
    file: Sheet,
    out: Annotated[Path, typer.Option(help="Where the SVG goes.")],
    lang: Annotated[Lang, typer.Option(help="Language of the words in the drawing.")] = Lang.en,
    narrow: Annotated[bool, typer.Option("--narrow", help="Draw it for a phone.")] = False,
    today: Today = None,
) -> None:
    """Draw the plan over time as SVG, and print the same as a table."""
    from palermo.appraisal import chart
    from palermo.appraisal.plan import timeline as drawing
    from palermo.standards.outfile import whole

    plan, day = _read(file), _day(today)
    spec = drawing.spec(plan, today=day, language=lang.value, narrow=narrow)
    with whole(out) as stream:
        stream.write(chart.svg(spec).encode())
    for one in drawing.bars(plan, today=day):
        begins, ends = one.begins or "?", one.ends or "?"
        said = drawing.label(one.standing, lang.value)
        typer.echo(f"{one.action.id}\t{begins}\t{ends}\t{said}\t{one.action.title}")


@app.command(
    epilog=(
        "Example: palermo appraisal plan carry old.xlsx --into new.xlsx > new-with-old.xlsx   "
        "Exit code: 0, 2 a file with faults, 5 not the next plan of that State, 7 no such file."
    )
)
def carry(
    old: Annotated[Path, typer.Argument(help="The plan that ends.")],
    into: Annotated[Path, typer.Option(help="The plan that follows it.")],
    lang: Annotated[Head, typer.Option(help="Language of the headings.")] = Head.en,
) -> None:
    """Write the next plan with what the old one left undone, as a spreadsheet, to standard output."""
    from palermo.appraisal.plan import carry as carrying

    before, after = _read(old), _read(into)
    carried = carrying.carried(before, after)
    sys.stdout.buffer.write(_as_sheet(carrying.joined(before, after), lang))
    typer.echo(f"{len(carried)} of {len(before.actions)} actions carried over", err=True)


def _day(today: datetime | None) -> date:
    return today.date() if today else date.today()  # noqa: DTZ011  the day where the command is run


def _read(file: Path) -> "Plan":
    from palermo.appraisal.plan import sheet

    reading = sheet.read(file, as_of=_day(None))
    _tell(reading.notes)
    return reading.plan


def _tell(problems: "tuple[Problem, ...]") -> None:
    for one in problems:
        typer.echo(f"  {one}", err=True)


def _as_sheet(plan: "Plan", lang: Head) -> bytes:
    from palermo.appraisal.plan import template as made
    from palermo.appraisal.words import Language

    return made.write(Language(lang.value), plan=plan)


def _opened(file: Path) -> Any:
    from palermo.errors import Unreachable

    try:
        return file.open("rb")
    except OSError as error:
        raise Unreachable(
            f"{file.name}: {error.strerror}. Give the path of a file that you may read."
        ) from error


@contextmanager
def _pages(name: str) -> "Iterator[Progress]":
    """A bar of pages on a terminal."""
    with typer.progressbar(length=100, label=name, file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        yield lambda done, whole: bar.update(100 * done // whole - bar.pos)


def _mapping(file: Path) -> dict[str, Any]:
    import json

    from palermo.appraisal.plan import form

    with _opened(file) as stream:
        try:
            given = json.load(stream)
        except ValueError as error:
            raise form.refusal(file.name, "mapping", what="JSON") from error
    if not isinstance(given, dict):
        raise form.refusal(file.name, "mapping", what="JSON")
    return given
