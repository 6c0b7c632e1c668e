"""`palermo keys`: make, rotate, list, check and back up the keys that seal what is confidential.

No command prints a key. A passphrase comes from the environment, a private file or a prompt, never from an
argument that other users of the machine could see.
"""

import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from palermo.errors import NotAllowed

if TYPE_CHECKING:
    from palermo.node.keyring import Keyring

app = typer.Typer(help="Make, rotate and back up the sealing keys.", no_args_is_help=True)

Agency = Annotated[str, typer.Argument(help="The agency's code, such as XA-SHELTER.", show_default=False)]
AsJSON = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of lines.")]
File = Annotated[Path, typer.Argument(help="The backup's file.", show_default=False)]
PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="A file only you can read, whose first line is the backup's passphrase; asked for otherwise.",
    ),
]


@app.command(epilog="Example: palermo keys make XA-SHELTER")
def make(agency: Agency, as_json: AsJSON = False) -> None:
    """Make an agency's first key, and the keyring's file if there is none."""
    from palermo.node import keyring

    ring = _changed(lambda ring: keyring.make(ring, agency, today=_today()))
    _say(_shown(ring, agency), f"{agency}: key version 1 made.", as_json=as_json)


@app.command(epilog="Example: palermo keys rotate XA-SHELTER")
def rotate(agency: Agency, as_json: AsJSON = False) -> None:
    """Make a newer key for an agency, and wrap the data keys in the node's database under it."""
    from palermo.node import keyring

    ring = _changed(lambda ring: keyring.rotate(ring, agency, today=_today()))
    rewrapped = _rewrapped(agency)
    number = ring.keys(agency).current.number
    rows = "no database" if rewrapped is None else f"{rewrapped} data keys wrapped anew"
    _say(
        _shown(ring, agency) | {"rewrapped": rewrapped},
        f"{agency}: key version {number} made; {rows}. Older versions stay until they are retired.",
        as_json=as_json,
    )


@app.command(epilog="Example: palermo keys retire XA-SHELTER 1 --yes")
def retire(
    agency: Agency,
    version: Annotated[int, typer.Argument(min=1, help="The version to destroy.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJSON = False,
) -> None:
    """Destroy an old key version, after wrapping anew whatever it still wraps.

    A backup of the database made before the rotation cannot be opened with it any more.
    """
    from palermo.node import keyring

    if not yes:
        typer.confirm(f"Destroy key version {version} of {agency} for good?", abort=True)
    rewrapped = _rewrapped(agency)
    if rewrapped is None:
        raise NotAllowed(
            "keyring: no database here can show that nothing is left under this key. Nothing was done."
        )
    ring = _changed(lambda ring: keyring.retire(ring, agency, version, today=_today()))
    _say(_shown(ring, agency), f"{agency}: key version {version} destroyed.", as_json=as_json)


@app.command("list", epilog="Example: palermo keys list --json")
def list_(as_json: AsJSON = False) -> None:
    """List the key versions of every agency with their dates and fingerprints."""
    ring = _loaded()
    shown = {"agencies": [_shown(ring, agency) for agency in sorted(ring.agencies)]}
    lines = [
        f"{agency['agency']}  version {key['number']}  made {key['made_on']}  "
        + (f"retired {key['retired_on']}" if key["retired_on"] else key["fingerprint"])
        for agency in shown["agencies"]
        for key in agency["versions"]
    ]
    _say(shown, "\n".join(lines) or "No agency has a key yet.", as_json=as_json)


@app.command(epilog="Example: palermo keys backup /media/usb/keyring-2026.json --passphrase-file backup.txt")
def backup(file: File, passphrase_file: PassphraseFile = None, as_json: AsJSON = False) -> None:
    """Write a locked copy of the keyring to a new file; keep it and its passphrase in two places."""
    from palermo.node import keyfile

    ring = _loaded()
    keyfile.backup(ring, file, passphrase=_passphrase(passphrase_file, confirm=True))
    _say({"file": str(file), "agencies": len(ring.agencies)}, f"{file}: written, locked.", as_json=as_json)


@app.command(epilog="Example: palermo keys restore /media/usb/keyring-2026.json --passphrase-file backup.txt")
def restore(file: File, passphrase_file: PassphraseFile = None, as_json: AsJSON = False) -> None:
    """Put a backup in the keyring's place; refused if that would lose a key."""
    from palermo.node import keyfile

    secret = _passphrase(passphrase_file, confirm=False)
    path = keyfile.place()
    ring = keyfile.restore(file, path, copy_passphrase=secret, passphrase=keyfile.passphrase())
    _say(
        {"file": str(path), "agencies": sorted(ring.agencies)},
        f"{path}: restored, {len(ring.agencies)} agencies.",
        as_json=as_json,
    )


@app.command(epilog="Example: palermo keys check")
def check(as_json: AsJSON = False) -> None:
    """Open the keyring and say what should be mended; exit code 1 if anything should."""
    from palermo.node import keyfile, keyring

    ring = _loaded()
    faults = keyring.faults(ring, passphrase=keyfile.passphrase())
    _say({"faults": list(faults)}, "\n".join(faults) or "The keyring is in order.", as_json=as_json)
    raise typer.Exit(int(bool(faults)))


def _loaded() -> "Keyring":
    from palermo.node import keyfile

    return keyfile.load(keyfile.place(), passphrase=keyfile.passphrase())


def _changed(step: "Callable[[Keyring], Keyring]") -> "Keyring":
    from palermo.node import keyfile

    return keyfile.change(keyfile.place(), step, passphrase=keyfile.passphrase())


def _rewrapped(agency: str) -> int | None:
    """How many data keys the node's database wrapped anew; None where there is no database yet."""
    if not _has_database():
        return None
    from palermo.cli.node_setup import setup

    setup()
    from palermo.node import maintainer
    from palermo.node.actions import key

    return key.rewrap(agency=agency, by=maintainer.actor(), now=datetime.now(UTC))


def _has_database() -> bool:
    from palermo.node.environment import DEFAULT_HOME, database

    home = Path(os.environ.get("PALERMO_HOME") or DEFAULT_HOME).absolute()
    url = os.environ.get("PALERMO_DATABASE_URL") or f"sqlite:///{home / 'node.sqlite3'}"
    chosen = database(url, os.environ)
    return chosen["ENGINE"].endswith("postgresql") or Path(chosen["NAME"]).exists()


def _passphrase(file: Path | None, *, confirm: bool) -> str:
    from palermo.node import keyfile

    if file is not None:
        return keyfile.first_line(file)
    prompted: str = typer.prompt("Passphrase of the backup", hide_input=True, confirmation_prompt=confirm)
    return prompted


def _shown(ring: "Keyring", agency: str) -> dict[str, Any]:
    """What may be seen of an agency's keys."""
    versions = [
        {
            "number": version.number,
            "made_on": version.made_on.isoformat(),
            "retired_on": version.retired_on.isoformat() if version.retired_on else None,
            "fingerprint": version.fingerprint,
        }
        for version in ring.keys(agency).versions
    ]
    return {"agency": agency, "versions": versions}


def _say(values: dict[str, Any], text: str, *, as_json: bool) -> None:
    typer.echo(json.dumps(values, indent=2) if as_json else text)


def _today() -> date:
    return datetime.now(UTC).date()
