"""`palermo appraisal report`: reports of States, of a pillar or of all States, in every format."""

import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from palermo.appraisal.assess import Appraisal
    from palermo.appraisal.output import Package
    from palermo.appraisal.register import Register
    from palermo.appraisal.state import State

SOME_UNREADABLE = 1
EPILOG = (
    "Example: palermo appraisal report PAK KAZ --data tables/ --lang en --lang fr --format html --format pdf "
    "--format sdmx --out reports/   "
    "Exit code: 0 all read, 1 some rows unreadable (see unreadable.jsonl), 2 a table unreadable, "
    "6 unknown State, 7 no such folder, no table in it, a package or letters missing, nowhere to write."
)


class Lang(StrEnum):
    """A language of the reports; in Arabic stand the headings and labels."""

    en = "en"
    fr = "fr"
    ar = "ar"


class Format(StrEnum):
    """What a report is written as."""

    html = "html"
    pdf = "pdf"
    sdmx = "sdmx"
    csv = "csv"
    xlsx = "xlsx"
    json = "json"


BOTH, TO_READ = [Lang.en, Lang.fr], [Format.html, Format.pdf]


class Pillar(StrEnum):
    """A pillar of the Plan, or the treaty group that cuts across them."""

    prevention = "prevention"
    protection = "protection"
    prosecution = "prosecution"
    partnership = "partnership"
    treaties = "treaties"


def report(
    states: Annotated[
        list[str] | None,
        typer.Argument(help="Codes or names: PAK, KAZ, 'Viet Nam'. All 193 with --global and none named."),
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the reports; made if missing.")] = Path("reports"),
    data: Annotated[
        Path | None, typer.Option(help="Folder of the published tables (default: that of the node here).")
    ] = None,
    lang: Annotated[list[Lang], typer.Option(help="Language; give it again for another.")] = BOTH,
    format_: Annotated[
        list[Format], typer.Option("--format", help="Format; give it again for another.")
    ] = TO_READ,
    pillar: Annotated[
        Pillar | None,
        typer.Option(help="One report of this pillar over the States, in place of one for each."),
    ] = None,
    globe: Annotated[
        bool,
        typer.Option("--global", help="One report of the Plan over the States, all where none is named."),
    ] = False,
    today: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Appraise as on that day (default: today).")
    ] = None,
    tables_only: Annotated[
        bool, typer.Option(help="Leave out what the node of this machine keeps of the States.")
    ] = False,
) -> None:
    """Write reports in every format and language asked for; the same inputs give the same bytes."""
    from palermo.appraisal import output, register
    from palermo.appraisal.words import Language
    from palermo.cli.appraisal_files import make_folder, write_problems, written

    asked = _asked(states or [], everyone=globe)
    folder = data or _node_folder()
    read = register.read(folder)
    make_folder(out)
    day = today.date() if today else date.today()  # noqa: DTZ011  the day where the command is run
    appraisals = _appraised(asked, read, day, tables_only=tables_only)
    packages = _packages(appraisals, read, folder, pillar=pillar, globe=globe)
    formats, languages = [output.Format(one.value) for one in format_], [Language(one.value) for one in lang]
    for package in packages:
        for path in written(package, formats, languages, out):
            typer.echo(f"wrote {path}")
    if read.problems:
        typer.echo(f"unreadable rows are in {write_problems(read, out)}", err=True)
        raise typer.Exit(SOME_UNREADABLE)


def _asked(names: Iterable[str], *, everyone: bool) -> "list[State]":
    """The States by code, each once; all members where none is named and a global report is asked for."""
    from palermo.appraisal import state

    found = {one.code: one for one in map(state.state, names)}
    if not found and not everyone:
        raise typer.BadParameter("Name a State, such as PAK, or ask for --global.")
    return [found[code] for code in sorted(found)] or list(state.states().values())


def _node_folder() -> Path:
    """The tables of the node of this machine."""
    from palermo.cli.node_setup import here, umask_kept

    with umask_kept():
        if not here():
            raise typer.BadParameter("No node is ready here: give the folder of the tables with --data.")
        from django.conf import settings

        folder: Path = settings.NODE.appraisal_data
        return folder


def _appraised(
    asked: "list[State]", read: "Register", day: date, *, tables_only: bool
) -> "tuple[Appraisal, ...]":
    from palermo.appraisal import assess
    from palermo.cli.appraisal_dossier import dossiers

    kept = dossiers([one.code for one in asked], tables_only=tables_only)
    hidden = len(asked) < 10 or not sys.stderr.isatty()
    with typer.progressbar(asked, label="Appraising", file=sys.stderr, hidden=hidden) as bar:
        return tuple(assess.state(one, register=read, today=day, dossier=kept[one.code]) for one in bar)


def _packages(
    appraisals: "tuple[Appraisal, ...]",
    read: "Register",
    folder: Path,
    *,
    pillar: Pillar | None,
    globe: bool,
) -> "Iterator[Package]":
    """One report of a pillar or of all; else one for each State."""
    from palermo.appraisal import beside, chapter, dataset
    from palermo.appraisal import provision as framework
    from palermo.appraisal.chapter import several
    from palermo.appraisal.output import Package

    if pillar or globe:
        rows = dataset.of(appraisals)
        made = [several.pillar_report(framework.Pillar(pillar.value), appraisals)] if pillar else []
        made += [several.global_report(appraisals, read)] if globe else []
        yield from (Package(report=one, data=rows, fonts=_fonts()) for one in made)
        return
    aside = beside.read(folder, read)
    for one in appraisals:
        made_of = chapter.report(one, aside.of(one.state.code))
        yield Package(report=made_of, data=dataset.of([one]), fonts=_fonts())


def _fonts() -> Path:
    """The folder of the letters that come with the front end of the node."""
    from importlib.util import find_spec

    found = find_spec("palermo.node")
    folder = Path(str(found.origin)).parent if found else Path()
    return folder / "static" / "palermo" / "built" / "fonts"
