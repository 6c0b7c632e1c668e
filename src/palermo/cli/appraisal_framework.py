"""`palermo appraisal framework`: what the Plan asks, and which references nobody has checked."""

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from palermo.appraisal.provision import Provision

EPILOG = (
    "Example: palermo appraisal framework --unchecked --csv > to-check.csv   "
    "Exit code: 0 printed, 2 both --json and --csv were asked for."
)
FIELDS = (
    "id",
    "set",
    "instrument",
    "part",
    "paragraph",
    "pillar",
    "addressee",
    "scored",
    "reference_status",
    "checked_by",
    "checked_on",
    "valid_from",
    "supersedes",
    "text_en",
    "text_fr",
)
WIDTH = 78


def framework(
    unchecked: Annotated[
        bool, typer.Option("--unchecked", help="Only provisions whose reference nobody has checked.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """What the Plan and the commitments beside it ask; checks made in a node are shown on its pages."""
    from palermo.appraisal.provision import provisions

    if as_json and as_csv:
        typer.echo("palermo: --json and --csv exclude each other. Give one of the two.", err=True)
        raise typer.Exit(2)
    found = [one for one in provisions().values() if not (unchecked and one.reference_checked)]
    if as_csv:
        _write_csv(found)
    else:
        for one in found:
            typer.echo(_json(one) if as_json else _line(one))
    if not (as_json or as_csv):
        typer.echo(f"{len(found)} provisions; {sum(not one.reference_checked for one in found)} not checked.")


def _fact(one: "Provision") -> dict[str, str | bool | None]:
    """A provision as flat values, in the order of the columns."""
    told: dict[str, str | bool | None] = {
        "scored": one.scored,
        "checked_by": one.checked_by,
        "checked_on": one.checked_on.isoformat() if one.checked_on else None,
        "supersedes": "; ".join(one.supersedes),
        "text_en": one.text.en,
        "text_fr": one.text.fr,
    }
    return {name: told[name] if name in told else str(getattr(one, name)) for name in FIELDS}


def _json(one: "Provision") -> str:
    import json

    return json.dumps(_fact(one), ensure_ascii=False)


def _write_csv(found: Iterable["Provision"]) -> None:
    import csv

    table = csv.DictWriter(sys.stdout, FIELDS, lineterminator="\n")
    table.writeheader()
    for one in found:
        table.writerow({name: "" if value is None else value for name, value in _fact(one).items()})


def _line(one: "Provision") -> str:
    """One line for people: id, where it stands, whether that was checked, and how it begins."""
    mark = " " if one.reference_checked else "?"
    place = f"{one.instrument} {one.paragraph}".strip()
    text = one.text.en if len(one.text.en) <= WIDTH else f"{one.text.en[: WIDTH - 1]}…"
    return f"{one.id:8} {mark} {place:22} {text}"
