"""Where commands of estimation write: files whole or not at all, and one thing at most to standard output."""

import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

REFUSED = 3
"""The exit code where no number is given."""
STANDARD_OUTPUT = Path("-")


def insist(**places: Path | None) -> None:
    """End with 2, before anything is computed, where an option names a place that cannot be written."""
    asked = {f"--{name}": place for name, place in places.items() if place}
    piped = [option for option, place in asked.items() if place == STANDARD_OUTPUT]
    if len(piped) > 1:
        raise typer.BadParameter(
            f"{' and '.join(piped)}: standard output takes one. Name a file for the other."
        )
    for option, place in asked.items():
        if place != STANDARD_OUTPUT and (reason := _against(place)):
            raise typer.BadParameter(f"{option} {place}: {reason}")


def document(found: Mapping[str, Any]) -> str:
    """A JSON document as it is written."""
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def put(text: str, place: Path) -> None:
    """Write a text; a file that was there stays whole where the disk does not take the new one."""
    try:
        if place == STANDARD_OUTPUT:
            sys.stdout.write(text)
            sys.stdout.flush()
        elif place.exists() and not place.is_file():
            place.write_text(text, encoding="utf-8")
        else:
            _replace(place.resolve(), text)
    except BrokenPipeError:
        raise
    except OSError as fault:
        raise typer.BadParameter(f"{place}: {fault.strerror}. Make room, or name another place.") from fault


def _against(place: Path) -> str | None:
    """Why nothing can be written there; None where it can."""
    if place.is_dir():
        return "It is a folder. Name a file in it."
    if not place.parent.is_dir():
        return f"There is no folder {place.parent}. Make it, or name another."
    if not os.access(place.parent, os.W_OK) and not place.is_char_device():
        return "You may not write there. Name another place."
    return None


def _replace(place: Path, text: str) -> None:
    unfinished = place.with_name(f".{place.name}.unfinished")
    try:
        unfinished.write_text(text, encoding="utf-8")
        if place.exists():
            shutil.copymode(place, unfinished)
        unfinished.replace(place)
    finally:
        unfinished.unlink(missing_ok=True)
