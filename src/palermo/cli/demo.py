"""`palermo demo`: a State that does not exist, made in a folder and served on this machine."""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from palermo.node.demo import Account

app = typer.Typer(help="Make a State with made-up data, and serve it.")

ACCOUNTS = "accounts.json"


@app.command(epilog="Example: palermo demo --port 8080 --dir state-xa")
def demo(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8000,
    folder: Annotated[Path, typer.Option("--dir", help="Folder for its data.")] = Path("demo"),
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve it after it is made.")] = True,
    cases: Annotated[int, typer.Option(min=100, max=1_000_000, help="How many made-up cases.")] = 5_000,
    seed: Annotated[int, typer.Option(help="The same seed makes the same cases.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the accounts as JSON.")] = False,
) -> None:
    """Make country XA with 12 agencies, 5,000 made-up cases and a user for every role; then serve it.

    A folder that holds a demonstration already is served as it is. Exit code 2: the folder holds something
    else.
    """
    if serve:
        from palermo.cli.serve import insist_free

        insist_free("127.0.0.1", port)
    typer.echo(f"palermo demonstration in {folder}: made-up data, no real person.", err=True)
    environment = _environment(folder)
    accounts = folder / ACCOUNTS
    if not accounts.exists():
        _refuse_foreign(folder)
        _make(folder, accounts, cases=cases, seed=seed)
    _print(json.loads(accounts.read_text("utf-8")), as_json=as_json)
    if serve:
        typer.echo(f"\nOpen http://localhost:{port}/ (stop with Ctrl-C)", err=True)
        sys.stdout.flush()
        command = [sys.executable, "-m", "palermo.cli", "serve", "--port", str(port), "--workers", "1"]
        os.execve(sys.executable, command, environment)  # noqa: S606  # our own command, our own arguments


def _environment(folder: Path) -> dict[str, str]:
    """The node's settings for the demonstration, put into this process too."""
    home = folder.absolute()
    os.environ.update(
        {
            "PALERMO_HOME": str(home),
            "PALERMO_DATABASE_URL": f"sqlite:///{home / 'node.sqlite3'}",
            "PALERMO_KEYRING": str(home / "keyring.json"),
            "PALERMO_APPRAISAL_DATA": str(home / "appraisal"),
            "PALERMO_STATE": "XA",
            "PALERMO_MADE_UP": "1",
            "PALERMO_SECOND_FACTOR": "optional",
            "PALERMO_HTTPS": "0",
        }
    )
    return dict(os.environ)


def _refuse_foreign(folder: Path) -> None:
    from palermo.errors import WrongState

    half_made = (folder / "making").exists()
    if folder.exists() and any(folder.iterdir()) and not half_made:
        raise WrongState(f"{folder} holds other files. Give an empty folder: palermo demo --dir FOLDER")
    if half_made:
        _empty(folder)


def _empty(folder: Path) -> None:
    """Take away what a demonstration that was cut off had begun; `making` marks it as ours, and goes last."""
    import shutil

    for path in sorted(folder.iterdir(), key=lambda path: path.name == "making"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _make(folder: Path, accounts: Path, *, cases: int, seed: int) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "making").touch()
    from palermo.cli.node_setup import setup

    setup()
    from django.core.management import call_command

    from palermo.appraisal import specimen as tables
    from palermo.node import demo as demonstration

    typer.echo("Making the database ...", err=True)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    today = datetime.now(UTC).date()
    tables.lay(folder / "appraisal")
    with typer.progressbar(length=cases, label="Making cases", file=sys.stderr) as bar:
        made = demonstration.build(
            records_wanted=cases,
            seed=seed,
            today=today,
            progress=lambda done: bar.update(done - bar.pos),
        )
    _keep(accounts, made)
    (folder / "making").unlink()


def _keep(path: Path, made: "Iterable[Account]") -> None:
    """The passwords of people who do not exist, so that a second start can print them again."""
    rows = [
        {"name": one.name, "password": one.password, "role": one.role.value, "who": one.shown} for one in made
    ]
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(rows, file, ensure_ascii=False, indent=2)


def _print(rows: list[dict[str, str]], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    width = max(len(row["name"]) for row in rows)
    typer.echo("\nSign in as:")
    for row in rows:
        typer.echo(f"  {row['name']:<{width}}  {row['password']}   {row['who']}")
