"""`palermo prevention sdg`: the table of indicator 16.2.2 from an overlap table and a population."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from palermo.cli.prevention_output import REFUSED, STANDARD_OUTPUT, document, insist, put
from palermo.cli.prevention_progress import progress

if TYPE_CHECKING:
    from palermo.prevention.covariates import Stratified
    from palermo.prevention.sdg import Sdg
    from palermo.prevention.sheet import Sheet

EPILOG = (
    "Example: palermo prevention sdg lists.csv --population people.csv --strata sex age_band form "
    "--csv table.csv   Exit code: 0 answered, 2 a file is not right, 3 refused, with the reason."
)


class Joint(StrEnum):
    """A method that answers for all strata together."""

    covariates = "covariates"
    pooled = "pooled"


def sdg(
    table: Annotated[
        Path, typer.Argument(help="CSV: one 0/1 column a list, strata, `count`.", dir_okay=False, exists=True)
    ],
    population: Annotated[
        Path,
        typer.Option(
            help="CSV: `year`, `sex`, `age`, `population`, `source`, `date`.", dir_okay=False, exists=True
        ),
    ],
    more: Annotated[
        list[str] | None, typer.Argument(help="Further columns of --strata.", hidden=True)
    ] = None,
    strata: Annotated[
        list[str] | None,
        typer.Option(metavar="COLUMN", help="Columns of strata; sex=Gender where a dimension is so named."),
    ] = None,
    apart: Annotated[
        list[str] | None,
        typer.Option(metavar="VALUE", help="A value without a population, such as unknown: in totals alone."),
    ] = None,
    year: Annotated[str | None, typer.Option(metavar="COLUMN", help="The column of years.")] = None,
    method: Annotated[Joint, typer.Option(help="How the strata are joined.")] = Joint.covariates,
    replicates: Annotated[
        int, typer.Option(min=0, help="Of the bootstrap (covariates); 0 for no interval.")
    ] = 1000,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Of the intervals.")] = 0.95,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same answer.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="They change no answer.")] = 2,
    json: Annotated[Path | None, typer.Option(help="Write the table here; - for standard output.")] = None,
    csv: Annotated[
        Path | None, typer.Option(help="Write one line a row here; - for standard output.")
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="Draw the table here.", dir_okay=False)] = None,
) -> None:
    """Give SDG 16.2.2: victims per 100,000 population by sex, age group and form, found or not."""
    insist(json=json, csv=csv, svg=svg)
    from palermo.prevention import compiled

    if not compiled.prepared([method.value]):
        typer.echo(compiled.FIRST, err=True)

    from palermo.prevention import dimension, sheet
    from palermo.prevention import population as people
    from palermo.prevention.sdg import table as made

    if not (strata or year) or (more and not strata):
        raise typer.BadParameter("Name the columns of sex, age group and form with --strata.")
    named, columns = _columns([*(strata or ()), *(more or ())], year)
    given, read = people.read(population), sheet.read(table, columns=columns)
    options = {"replicates": replicates, "level": level, "seed": seed, "threads": threads, "year": year}
    dimension.numbered(read, year)
    found = made(_joined(read, method, options), given, named=named, apart=apart or ())
    _write(found, json=json, csv=csv, svg=svg)
    raise typer.Exit(0 if found.whole.estimable else REFUSED)


def _columns(strata: list[str], year: str | None) -> tuple[dict[str, str], list[str]]:
    """The columns named for a dimension (`sex=Gender`, the year), and all of them."""
    parted = [given.partition("=") for given in strata]
    named = {name: column for name, sign, column in parted if sign}
    columns = [column if sign else name for name, sign, column in parted]
    return named | ({"year": year} if year else {}), [*columns, *([year] if year else [])]


def _joined(read: "Sheet", method: Joint, options: dict[str, Any]) -> "Stratified":
    """The joint answer; a bar on a terminal says that the work goes on."""
    from palermo.prevention import methods

    with progress(1) as done:
        found = methods.joined(read, method.value, **options)
        done()
    return found


def _write(found: "Sdg", *, json: Path | None, csv: Path | None, svg: Path | None) -> None:
    if json:
        put(document(found.document()), json)
    if csv:
        put(found.csv(), csv)
    if svg:
        from palermo.prevention.page import svg as drawn

        put(drawn(found.plot()), svg)
    if STANDARD_OUTPUT not in {json, csv, svg}:
        typer.echo("\n".join(_lines(found)))


def _lines(found: "Sdg") -> list[str]:
    """The table for a terminal, what is doubtful below it."""
    head = f"{'year':<6}{'sex':<12}{'age':<12}{'form':<26}{'known':>10}{'in all':>12}{'per 100,000':>14}"
    rows = [
        f"{row.year:<6}{row.sex:<12}{row.age:<12}{row.form:<26}{row.observed:>10,}"
        f"{_number(row.total, ',.0f'):>12}{_number(row.rate, ',.1f'):>14}"
        + (f"   {row.rate_interval.low:,.1f} to {row.rate_interval.high:,.1f}" if row.rate_interval else "")
        for row in found.rows
    ]
    doubts = [*found.whole.warnings, *found.whole.cautions, *found.problems]
    return [head, *rows, "", *_sources(found), *(f"! {doubt}" for doubt in doubts)]


def _sources(found: "Sdg") -> list[str]:
    """By what the table was made, and from whose count of the population."""
    from palermo.prevention.words import level

    whole, other = found.whole, next(name for name in Joint if name != found.whole.method)
    spans = f", with intervals of {level(whole.interval.level)}" if whole.interval else ""
    people = dict.fromkeys(f"{row.population.source}, {row.population.date}" for row in found.rows)
    return [
        f"By {whole.method}, one model of all groups{spans}.",
        f"Compare --method {other} and `palermo prevention estimate`: never report one method alone.",
        f"Population: {'; '.join(people)}.",
    ]


def _number(value: float | None, form: str) -> str:
    return "refused" if value is None else format(value, form)
