"""`palermo prevention`: estimate how many victims nobody has found."""

import json as notation
import sys
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from palermo.prevention.estimate import Estimate
    from palermo.prevention.overlap import Overlap
    from palermo.prevention.sheet import Sheet

app = typer.Typer(no_args_is_help=True, help="Estimate how many victims nobody has found.")

REFUSED = 3
STANDARD_OUTPUT = Path("-")


class Name(StrEnum):
    """A method of estimation, or all of them."""

    stepwise = "stepwise"
    bic = "bic"
    bic_average = "bic-average"
    bayes_threshold = "bayes-threshold"
    graphs = "graphs"
    latent = "latent"
    all = "all"


@app.callback()
def prevention() -> None:
    """Estimate how many victims nobody has found."""


@app.command(
    epilog=(
        "Example: palermo prevention estimate lists.csv --method all --json estimates.json   "
        "Exit code: 0 answered, 2 the table is not right, 3 refused, with the reason."
    )
)
def estimate(
    table: Annotated[
        Path, typer.Argument(help="CSV: one 0/1 column a list, `count`.", dir_okay=False, exists=True)
    ],
    more: Annotated[
        list[str] | None, typer.Argument(help="Further columns of --strata.", hidden=True)
    ] = None,
    method: Annotated[Name, typer.Option(help="The method; `all` shows how far they differ.")] = Name.all,
    order: Annotated[int, typer.Option(min=2, max=3, help="Lists in one interaction at most (bic).")] = 2,
    threshold: Annotated[float, typer.Option(min=0, max=1, help="p-value to add a pair (stepwise).")] = 0.02,
    replicates: Annotated[int, typer.Option(min=0, help="Of the bootstrap; 0 for no interval.")] = 1000,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Of the intervals.")] = 0.95,
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same answer.")] = 1,
    threads: Annotated[int, typer.Option(min=1, help="They change no answer.")] = 2,
    strata: Annotated[
        list[str] | None, typer.Option(metavar="COLUMN", help="Estimate each apart too.")
    ] = None,
    year: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="The column of years, a stratum too.")
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write the answers here; - for standard output.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with pictures here.", dir_okay=False)
    ] = None,
) -> None:
    """Estimate from an overlap table how many people there are in all, found or not."""
    from palermo.prevention import sheet

    if more and not strata:
        raise typer.BadParameter(f"{' '.join(more)}: give one table, and stratum columns after --strata.")
    columns = [*(strata or ()), *(more or ()), *([year] if year else ())]
    read = sheet.read(table, columns=columns)
    options = {
        "order": order,
        "threshold": threshold,
        "replicates": replicates,
        "level": level,
        "seed": seed,
        "threads": threads,
    }
    whole, apart = _answers(read, method, options)
    margins: dict[str, Any] = {}
    if columns and method is Name.all:
        joint, margins = _joined(read, year=year, options=options)
        whole = (*whole, joint)
    _write(read, whole, apart, margins=margins, json=json, html=html)
    raise typer.Exit(0 if any(one.estimable for one in whole) else REFUSED)


def _answers(
    read: "Sheet", method: Name, options: dict[str, Any]
) -> tuple[tuple["Estimate", ...], list[tuple["Estimate", ...]]]:
    """The answers for everyone, and for each stratum; a bar on a terminal shows how far the work is."""
    from palermo.prevention import methods

    names = methods.available() if method is Name.all else (method.value,)
    tables = [read.whole, *read.strata.values()]
    jobs, hidden = len(tables) * len(names), not sys.stderr.isatty()
    with typer.progressbar(length=jobs, label="Estimating", file=sys.stderr, hidden=hidden) as bar:
        whole, *apart = [
            methods.all_methods(one, names=names, ended=lambda _: bar.update(1), **options) for one in tables
        ]
    return whole, apart


def _joined(
    read: "Sheet", *, year: str | None, options: dict[str, Any]
) -> tuple["Estimate", dict[str, list[dict[str, Any]]]]:
    """One model of all strata together, and its totals by each column, which add up to the whole."""
    from palermo.prevention import covariates, methods

    known = ("replicates", "level", "seed", "threads")
    found = covariates.estimate(read, year=year, **{name: options[name] for name in known})
    answer = methods.gated(found.whole)
    if not answer.estimable:
        return answer, {}
    margins = {
        column: [
            {
                "value": value,
                "observed": one.observed,
                "total": one.total,
                "interval": asdict(one.interval) if one.interval else None,
            }
            for (value,), one in found.by(column).items()
        ]
        for column in read.columns
    }
    return answer, margins


def _write(
    read: "Sheet",
    whole: tuple["Estimate", ...],
    apart: list[tuple["Estimate", ...]],
    *,
    margins: dict[str, Any],
    json: Path | None,
    html: Path | None,
) -> None:
    from palermo.prevention.reading import reading

    words = reading(whole, observed=read.whole.observed, lists=len(read.whole.lists))
    strata = zip(read.strata.items(), apart, strict=True)
    document = {
        "table": _described(read.whole),
        "results": [one.document() for one in whole],
        "strata": [
            {
                "stratum": dict(zip(read.columns, values, strict=True)),
                "table": _described(table),
                "results": [one.document() for one in results],
            }
            for (values, table), results in strata
        ],
        "margins": margins,
        "reading": words,
    }
    if json:
        _put(notation.dumps(document, ensure_ascii=False, indent=2) + "\n", json)
    if html:
        from palermo.prevention.page import page

        _put(page(read.whole, whole, reading=words), html)
    if json != STANDARD_OUTPUT:
        typer.echo("\n".join([*map(_line, whole), "", words["en"]]))


def _described(table: "Overlap") -> dict[str, Any]:
    return {"lists": list(table.lists), "observed": table.observed, "hash": table.hash}


def _put(text: str, path: Path) -> None:
    if path == STANDARD_OUTPUT:
        sys.stdout.write(text)
    else:
        path.write_text(text, encoding="utf-8")


def _line(one: "Estimate") -> str:
    """One method's answer on one line of a terminal, its warnings below it."""
    told = "refused" if one.total is None else f"{one.total:>12,.0f}"
    if one.interval:
        span = f"{one.interval.low:,.0f} to {one.interval.high:,.0f}"
        told += f"   {one.interval.level:.0%} {one.interval.kind}: {span}"
    return "\n".join([f"{one.method:<16}{told}", *(f"{'':<16}! {warning}" for warning in one.warnings)])
