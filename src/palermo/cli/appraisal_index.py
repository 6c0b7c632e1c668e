"""`palermo appraisal index`: root-cause vulnerability or another index, with the interval of every rank."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from palermo.appraisal.composite.sensitivity import Sensitivity
    from palermo.appraisal.composite.uncertainty import Uncertainty

EPILOG = (
    "Example: palermo appraisal index --data tables/ --json index.json   "
    "Exit code: 0 made, 1 made and some rows unreadable (named on standard error), 2 a table or a step is "
    "not right, 7 no such file, or the library of --sensitivity is not installed."
)
SOME_UNREADABLE = 1
NAMED = 5
SHOWN = ("Name", "Score", "Rank, 90%", "Quarter", "Imputed")


def index(
    data: Annotated[
        Path | None, typer.Option(help="Folder of the published tables: the root-cause index.")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            help="CSV of another index: `unit`, a column an indicator.", dir_okay=False, exists=True
        ),
    ] = None,
    hierarchy: Annotated[
        Path | None,
        typer.Option(help="TOML of that index: groups, indicators, steps.", dir_okay=False, exists=True),
    ] = None,
    draws: Annotated[int, typer.Option(min=100, help="How many other choices are tried.")] = 2000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same answer.")] = 1,
    sensitivity: Annotated[
        bool, typer.Option(help="Also say which assumption moves the ranks most (extra [index]).")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write everything here, each draw's choices too.")] = None,
    csv: Annotated[Path | None, typer.Option(help="Write scores, intervals and cells here.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page here.")] = None,
) -> None:
    """Make a composite index and say how far its ranks can be trusted."""
    if (data is None) == (table is None) or (table is None) != (hierarchy is None):
        raise typer.BadParameter("give either --data, or --table and --hierarchy together.")
    found, problems = _of_folder(data, draws, seed) if data else _of_table(table, hierarchy, draws, seed)
    shares = _shares(found, seed) if sensitivity else None
    for line in (*_lines(found), *_shared(shares)):
        typer.echo(line)
    _write(found, shares, json=json, csv=csv, html=html)
    for problem in problems:
        typer.echo(problem, err=True)
    if problems:
        raise typer.Exit(SOME_UNREADABLE)


def _of_folder(data: Path, draws: int, seed: int) -> "tuple[Uncertainty, list[str]]":
    from palermo.appraisal.composite import causes

    read = causes.read(data)
    named = [f"{file}: {problem}" for file, problem in read.problems]
    more = [f"... and {len(named) - NAMED:,} more unreadable rows"] if len(named) > NAMED else []
    return causes.vulnerability(read, draws=draws, seed=seed).found, [*named[:NAMED], *more]


def _of_table(
    table: Path | None, hierarchy: Path | None, draws: int, seed: int
) -> "tuple[Uncertainty, list[str]]":
    from dataclasses import fields

    from palermo.appraisal import composite
    from palermo.appraisal.composite import reading

    plan = reading.plan(hierarchy or Path())
    steps = {one.name: getattr(plan.steps, one.name) for one in fields(plan.steps)}
    made = composite.index(reading.table(table or Path(), plan.hierarchy), plan.hierarchy, **steps)
    return composite.uncertainty(made, draws=draws, seed=seed), []


def _shares(found: "Uncertainty", seed: int) -> "Sensitivity":
    from palermo.appraisal.composite.sensitivity import sensitivity

    return sensitivity(found.index, found.vary, seed=seed)


def _lines(found: "Uncertainty") -> list[str]:
    """One line a unit, by name: there is no league table."""
    rows = [SHOWN, *found.rows()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(SHOWN))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    gone = found.index.left_out
    missing = [f"Left out, with too few indicators: {', '.join(gone)}."] if gone else []
    return [*lines, "", found.summary, *missing, *_doubtful(found)]


def _doubtful(found: "Uncertainty") -> list[str]:
    """The indicators that hardly go with their group."""
    from palermo.appraisal.composite.coherence import coherence

    weak = [f"{one.id} ({one.correlation:.2f})" for one in coherence(found.index) if one.doubtful]
    return [f"Hardly goes with its group (correlation under 0.3): {', '.join(weak)}."] if weak else []


def _shared(shares: "Sensitivity | None") -> list[str]:
    if shares is None:
        return []
    return [
        "",
        f"What moves the ranks ({shares.runs:,} runs; share of the variance, alone and with all it acts on):",
        *(
            f"{one.factor:<10} {one.first:6.2f} ± {one.first_half_width:.2f}   "
            f"{one.total:6.2f} ± {one.total_half_width:.2f}"
            for one in shares.effects
        ),
    ]


def _write(
    found: "Uncertainty",
    shares: "Sensitivity | None",
    *,
    json: Path | None,
    csv: Path | None,
    html: Path | None,
) -> None:
    from palermo.appraisal.composite import page

    if json:
        document = found.document(choices=True) | ({"sensitivity": shares.document()} if shares else {})
        _put(json, _as_json(document))
    if csv:
        _put(csv, page.as_csv(found))
    if html:
        _put(html, page.document(found))


def _as_json(document: dict[str, Any]) -> str:
    from json import dumps

    return dumps(document, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def _put(path: Path, text: str) -> None:
    from palermo.errors import Unreachable

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise Unreachable(f"{path}: cannot be written ({error.strerror}). Name another file.") from error
    typer.echo(f"wrote {path}")
