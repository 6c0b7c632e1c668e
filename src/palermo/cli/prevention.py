"""`palermo prevention`: estimate how many victims nobody has found; publish data that finds no one."""

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO

import typer

from palermo.cli import prevention_inside, prevention_pack, prevention_release, prevention_sdg
from palermo.cli.prevention_output import REFUSED, STANDARD_OUTPUT, document, insist, put
from palermo.cli.prevention_progress import progress

if TYPE_CHECKING:
    from palermo.prevention.answer import Answer
    from palermo.prevention.cache import Cache
    from palermo.prevention.estimate import Estimate
    from palermo.prevention.sheet import Sheet

STANDARD_INPUT = Path("-")

app = typer.Typer(no_args_is_help=True, help="Estimate the victims nobody found; publish what finds no one.")
app.command("sdg", epilog=prevention_sdg.EPILOG)(prevention_sdg.sdg)
app.command("release", epilog=prevention_release.EPILOG)(prevention_release.release)
app.command("release-schema", epilog=prevention_pack.SCHEMA_EPILOG)(prevention_pack.release_schema)
app.command("risk", epilog=prevention_inside.RISK_EPILOG)(prevention_inside.risk)
app.command("anonymous", epilog=prevention_inside.ANONYMOUS_EPILOG)(prevention_inside.anonymous)
app.command("verify", epilog=prevention_pack.VERIFY_EPILOG)(prevention_pack.verify)


class Name(StrEnum):
    """A method of estimation, or all of them."""

    stepwise = "stepwise"
    bic = "bic"
    bic_average = "bic-average"
    bayes_threshold = "bayes-threshold"
    graphs = "graphs"
    latent = "latent"
    all = "all"


class Language(StrEnum):
    """A language of pages and readings."""

    en = "en"
    fr = "fr"
    ar = "ar"


@app.callback()
def prevention() -> None:
    """Estimate how many victims nobody has found; publish data that finds no one."""


@app.command(
    epilog=(
        "Example: palermo prevention estimate lists.csv --method all --json estimates.json   "
        "Exit code: 0 answered, 2 the table is not right, 3 refused, with the reason."
    )
)
def estimate(
    table: Annotated[
        Path,
        typer.Argument(help="CSV: one 0/1 column a list, `count`; - for standard input.", dir_okay=False),
    ],
    more: Annotated[
        list[str] | None, typer.Argument(help="Further columns of --strata.", hidden=True)
    ] = None,
    method: Annotated[Name, typer.Option(help="The method; `all` shows how far they differ.")] = Name.all,
    order: Annotated[
        int, typer.Option(min=2, max=3, help="Lists in one interaction at most (bic, bayes).")
    ] = 2,
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
    smallest: Annotated[int, typer.Option(min=1, help="People that each list has at least.")] = 1,
    trials: Annotated[
        bool, typer.Option("--trials", help="Try each method without each list and on hidden lists.")
    ] = False,
    processes: Annotated[int, typer.Option(min=1, help="That share the strata; they change no answer.")] = 1,
    cache: Annotated[
        Path | None, typer.Option(help="Keep answers of strata in this folder.", file_okay=False)
    ] = None,
    json: Annotated[Path | None, typer.Option(help="Write the answers here; - for standard output.")] = None,
    html: Annotated[
        Path | None, typer.Option(help="Write a page with pictures here.", dir_okay=False)
    ] = None,
    language: Annotated[Language, typer.Option(help="Of the page and of what is told.")] = Language.en,
    top: Annotated[int | None, typer.Option(min=0, help="Models in each replicate (bic); 0 for all.")] = None,
    ratio: Annotated[
        float | None, typer.Option(min=0, help="Mean over deviation to keep a pair (bayes).")
    ] = None,
    variance: Annotated[
        float | None, typer.Option(min=1e-6, help="Of the prior of each pair (bayes).")
    ] = None,
    delta: Annotated[
        float | None, typer.Option(min=1e-9, help="Prior people a cell (graphs); 2^-lists.")
    ] = None,
    reach: Annotated[
        int | None, typer.Option(min=2, help="Times the observed, hidden at most (graphs).")
    ] = None,
    steps: Annotated[
        int | None, typer.Option(min=100, help="Of each walk, from 7 lists on (graphs).")
    ] = None,
    chains: Annotated[int | None, typer.Option(min=8, help="Of the sampler (latent).")] = None,
    burn: Annotated[int | None, typer.Option(min=0, help="Sweeps of each chain to forget (latent).")] = None,
    longest: Annotated[
        int | None, typer.Option(min=0, help="Draws of a chain that settles late (latent).")
    ] = None,
    ladders: Annotated[
        int | None, typer.Option(min=0, help="Heated chains that weigh a split (latent); 0 for none.")
    ] = None,
    classes: Annotated[int | None, typer.Option(min=2, help="At most (latent).")] = None,
    draws: Annotated[
        int | None,
        typer.Option(min=100, help="Of the posterior (bayes, pooled; a chain: latent)."),
    ] = None,
) -> None:
    """Estimate from an overlap table how many people there are in all, found or not."""
    insist(json=json, html=html)
    given_table = _given(table)
    from palermo.prevention import compiled

    asked = [one.value for one in Name if one is not Name.all] if method is Name.all else [method.value]
    if not compiled.prepared(asked):
        typer.echo(compiled.FIRST, err=True)

    from palermo.prevention import sheet

    if more and not strata:
        raise typer.BadParameter(f"{' '.join(more)}: give one table, and stratum columns after --strata.")
    columns = [*(strata or ()), *(more or ()), *([year] if year else ())]
    options = {
        "order": order,
        "threshold": threshold,
        "replicates": replicates,
        "level": level,
        "seed": seed,
        "threads": threads,
        "smallest": smallest,
        "trials": trials,
        "processes": processes,
        "cache": cache and _kept(cache),
        "top": top,
        "ratio": ratio,
        "variance": variance,
        "delta": delta,
        "reach": reach,
        "steps": steps,
        "runs": chains,
        "burn": burn,
        "longest": longest,
        "ladders": ladders,
        "classes": classes,
        "draws": draws,
    }
    given = {name: value for name, value in options.items() if value is not None}
    read = sheet.read(given_table, columns=columns)
    found = _answered(read, () if method is Name.all else (method.value,), year=year, options=given)
    _write(found, json=json, html=html, language=language.value)
    raise typer.Exit(0 if found.estimable else REFUSED)


def _given(table: Path) -> Path | BinaryIO:
    """The file, or standard input: `allow_dash` of typer knows it for text alone, and not for a Path."""
    if table == STANDARD_INPUT:
        return sys.stdin.buffer
    if not table.exists():
        raise typer.BadParameter(f"file '{table}' does not exist.", param_hint="'table'")
    return table


def _answered(
    read: "Sheet", names: tuple[str, ...], *, year: str | None, options: dict[str, Any]
) -> "Answer":
    """The answer; a bar on a terminal shows how far the work is."""
    from palermo.prevention import answer

    with progress(answer.steps(read, names=names, trials=options["trials"])) as done:
        return answer.answer(read, names=names, year=year, ended=lambda _: done(), **options)


def _kept(folder: Path) -> "Cache":
    from palermo.prevention.cache import Cache

    return Cache(folder=folder)


def _write(found: "Answer", *, json: Path | None, html: Path | None, language: str) -> None:
    if json:
        put(document(found.document()), json)
    if html:
        from palermo.prevention.page import page

        shown = page(
            found.sheet.whole,
            found.whole,
            reading=found.reading,
            language=language,
            checked=found.checks,
            trials=found.trials,
            strata=found.strata,
            on=date.today(),  # noqa: DTZ011  the day where the command is run
        )
        put(shown, html)
    if STANDARD_OUTPUT not in {json, html}:
        lines = [_line(one, language) for one in found.whole]
        typer.echo("\n".join([*lines, "", found.reading[language]]))


def _line(one: "Estimate", language: str) -> str:
    """One method's answer on one line of a terminal, its warnings below it."""
    from palermo.prevention.saying import number, say
    from palermo.prevention.words import level, span

    told = say("refused").text(language) if one.total is None else f"{number(one.total, language):>12}"
    if one.interval:
        low_to_high = span(one.interval.low, one.interval.high).text(language)
        told += f"   {level(one.interval.level).text(language)} {one.interval.kind}: {low_to_high}"
    warnings = [f"{'':<16}! {warning.text(language)}" for warning in one.warnings]
    return "\n".join([f"{one.method:<16}{told}", *warnings])
