"""`palermo prevention release-schema` and `verify`: what goes before a release, and what comes after it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from palermo.errors import Problem

SCHEMA_EPILOG = "Example: palermo prevention release-schema cases.csv > schema.toml"
VERIFY_EPILOG = (
    "Example: palermo prevention verify pack --key PUBLIC_KEY   "
    "Exit code: 0 sound, 1 something is wrong with it, 2 no pack."
)
NOT_PRIVATE = (
    "Finding values is not private: compare every list with what the public knows before you close it."
)
FAULTY, NO_PACK = 1, 2


def release_schema(
    table: Annotated[
        Path, typer.Argument(help="CSV or workbook: one row a person.", dir_okay=False, exists=True)
    ],
) -> None:
    """Write a first schema of a table, every list still open, for a person to close."""
    from palermo.prevention.release import discovery

    typer.echo(discovery.discovered(table), nl=False)
    typer.echo(f"! {NOT_PRIVATE}", err=True)


def verify(
    pack: Annotated[Path, typer.Argument(help="The folder of a pack.", file_okay=False, exists=True)],
    key: Annotated[
        str | None, typer.Option(metavar="BASE64", help="The publisher's public key, told you elsewhere.")
    ] = None,
) -> None:
    """Check a pack: files, signature, card, budget, counts against rows, pages against counts."""
    from palermo.prevention.release.verify import verify as verified

    verdict = verified(pack, public_key=key)
    for problem in verdict.faults:
        typer.echo(f"{problem.rule}: {_line(problem)}", err=True)
    for problem in verdict.notes:
        typer.echo(f"! {_line(problem)}", err=True)
    if not verdict.sound:
        found = {problem.rule for problem in verdict.faults}
        raise typer.Exit(NO_PACK if found == {"no-manifest"} else FAULTY)
    card = verdict.card
    if card is not None:
        typer.echo(
            f"{pack}: sound. Epsilon {card['epsilon']:g} at delta {card['delta']:g}, unit {card['unit']}, "
            f"about {card['persons']['about']:,} persons, released {card['released_on']}."
        )


def _line(problem: "Problem") -> str:
    return f"{problem.path}: {problem.wrong} {problem.remedy}"
