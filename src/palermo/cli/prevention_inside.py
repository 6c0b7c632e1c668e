"""`palermo prevention risk` and `anonymous`: made of real records, for use inside a State alone."""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from palermo.cli.prevention_output import STANDARD_OUTPUT, insist, put
from palermo.cli.prevention_progress import note, steps

if TYPE_CHECKING:
    from palermo.prevention.release.anonymous import Anonymous
    from palermo.prevention.release.schema import Schema

RISK_EPILOG = (
    "Example: palermo prevention risk cases.csv --schema schema.toml --pack pack --html report.html   "
    "Exit code: 0 nothing broken was found, 1 the promise is broken, 2 a file is not right, 5 no rows."
)
ANONYMOUS_EPILOG = (
    "Example: palermo prevention anonymous cases.csv --schema schema.toml --k 5 --out for-the-ministry   "
    "Exit code: 0 written, 2 a file is not right, 3 it would hide nobody."
)
BROKEN = 1
MAKING = 0.15
"""The part of a bar before the first trial."""

Table = Annotated[
    Path, typer.Argument(help="CSV, workbook or Parquet: one row a person.", dir_okay=False, exists=True)
]
Toml = Annotated[Path, typer.Option(help="TOML: the columns and their lists.", dir_okay=False, exists=True)]


class Language(StrEnum):
    """A language of reports and labels."""

    en = "en"
    fr = "fr"
    ar = "ar"


def risk(
    table: Table,
    schema: Toml,
    pack: Annotated[
        Path, typer.Option(help="The pack that was made of the table.", file_okay=False, exists=True)
    ],
    known: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="That an attacker may know; year, sex, age, country if none."),
    ] = None,
    sensitive: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN", help="That is to stay hidden; all others if none.")
    ] = None,
    trials: Annotated[int, typer.Option(min=1, help="Releases of half the persons.")] = 5,
    runs: Annotated[int, typer.Option(min=20, help="Releases with the rarest person, and without.")] = 100,
    among: Annotated[int, typer.Option(min=1, help="How many others those have.")] = 2_000,
    seed: Annotated[int, typer.Option(min=0, help="Of the trials; noise has no seed.")] = 1,
    language: Annotated[Language, typer.Option(help="Of the text and of the page.")] = Language.en,
    json: Annotated[bool, typer.Option("--json", help="Print JSON in the place of text.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write a page to sign here.", dir_okay=False)] = None,
) -> None:
    """Try to find persons in a release of them, and report it for a data-protection officer to sign."""
    insist(html=html)
    if html and html.resolve().is_relative_to(pack.resolve()):
        raise typer.BadParameter(f"--html {html} is in the pack, which is published. Write it elsewhere.")
    with steps() as reach:
        reach("Checking", 0)
        from palermo.prevention import compiled
        from palermo.prevention.release import (
            intake,
            packed,
            risk_document,
            risk_page,
            risk_text,
            schema_text,
        )
        from palermo.prevention.release import risk as engine

        lists = schema_text.opened(schema)
        held = packed.read(pack, lists)
        if not compiled.prepared(["release"]):
            note(compiled.FIRST)
        usual = engine.usual(lists)
        more = {"trials": trials, "runs": runs, "among": among, "seed": seed}
        names = _sides(known, sensitive, usual, [column.name for column in lists.columns])
        wanted = engine.asked(lists, known=names[0], sensitive=names[1], **more)
        reach("Reading", 0.05)
        persons = intake.read(table, lists).persons
        reach("Trying", MAKING)
        found = engine.report(
            persons,
            held,
            asked=wanted,
            moved=lambda part: reach("Trying", MAKING + (1 - MAKING) * part),
        )
    if html:
        title = held.card.text("title", language.value)
        put(risk_page.page(found, lists, language=language.value, title=title), html)
    if html != STANDARD_OUTPUT:
        text = risk_text.text(found, lists, language.value)
        typer.echo(risk_document.written(found, lists) if json else text, nl=False)
    raise typer.Exit(BROKEN if found.broken else 0)


def _sides(
    known: Sequence[str] | None,
    sensitive: Sequence[str] | None,
    usual: tuple[Sequence[str], Sequence[str]],
    names: Sequence[str],
) -> tuple[Sequence[str], Sequence[str]]:
    """What an attacker knows and what is to stay hidden: as given, and the usual for what is not."""
    if known and not sensitive:
        return known, [name for name in names if name not in known]
    if sensitive and not known:
        left = [name for name in usual[0] if name not in sensitive]
        return left or [name for name in names if name not in sensitive], sensitive
    return (known, sensitive) if known and sensitive else usual


def anonymous(
    table: Table,
    schema: Toml,
    out: Annotated[Path, typer.Option(help="The folder of the table, new or empty.")],
    k: Annotated[int, typer.Option(help="Persons that each row is of, at the least; 3 or more.")] = 11,
    ways: Annotated[int, typer.Option(min=1, max=3, help="Columns that a count combines at most.")] = 3,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="That is protected; again for more. All if none."),
    ] = None,
    language: Annotated[Language, typer.Option(help="Of what is printed.")] = Language.en,
) -> None:
    """Blank a table until each row is of k persons: for one use inside a State, never to be published."""
    with steps() as reach:
        reach("Checking", 0)
        from palermo.prevention.release import anonymous as engine
        from palermo.prevention.release import folder, intake, schema_text

        engine.insist(k)
        lists = schema_text.opened(schema)
        folder.ready(out)
        chosen = engine.chosen(lists, column) if column else None
        reach("Reading", 0.1)
        read = intake.read(table, lists)
        if read.left_out:
            note(f"Columns that the schema does not name are left out: {', '.join(read.left_out)}.")
        reach("Blanking", 0.4)
        found = engine.made(read.persons, k=k, ways=ways, chosen=chosen)
        reach("Writing", 0.9)
        texts = engine.written(found, lists)
        folder.put({name: text.encode() for name, text in texts.items()}, out)
    typer.echo("\n".join(_lines(found, lists, out, language.value)))


def _lines(found: "Anonymous", lists: "Schema", out: Path, language: str) -> Iterator[str]:
    """What was written, for a terminal: first of all what it must not be used for."""
    from palermo.prevention.release import anonymous as engine

    yield engine.label(found, lists, language)
    yield f"{out}: {len(found.rows()):,} rows for one use; read NOT-FOR-PUBLICATION.txt first."
