"""The index of downloaded files: which form, treaty and day each has, and how to ask whether it changed."""

import json
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from palermo.errors import InvalidRecord, Problem

INDEX = "downloads.toml"
HEAD = "# Written by `palermo appraisal treaties download`. What sources.toml says goes before it.\n"
FIELDS = ("reader", "treaty", "as_of", "url", "etag", "last_modified", "sha256")


def read(folder: Path) -> dict[str, Any]:
    """What `downloads.toml` of a folder says of each file; nothing where there is none."""
    path = folder / INDEX
    if not path.is_file():
        return {}
    try:
        return dict(tomllib.loads(path.read_text("utf-8")).get("table", {}))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        problem = Problem(
            rule="downloads",
            path="file",
            wrong=f"is not TOML: {error}.",
            remedy="Delete it and download again.",
        )
        raise InvalidRecord(INDEX, [problem]) from error


def write(folder: Path, files: Mapping[str, Any]) -> None:
    """Write the index anew, in one step."""
    parts = [HEAD]
    for file in sorted(files):
        lines = [f"{name} = {_toml(files[file][name])}" for name in FIELDS if files[file].get(name)]
        parts.append("\n".join([f"[table.{json.dumps(file)}]", *lines, ""]))
    part = folder / f"{INDEX}.part"
    part.write_text("\n".join(parts), encoding="utf-8")
    part.replace(folder / INDEX)


def _toml(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else json.dumps(str(value))
