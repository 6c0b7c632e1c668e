"""What the node takes from its environment: one frozen value, read once, with every fault named.

Every setting is an environment variable `PALERMO_*`. Nothing else configures a node.
"""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from palermo.appraisal.state import is_state
from palermo.errors import PalermoError
from palermo.prevention.release.ledger import Limits

MOST_EPSILON = 100
DEFAULT_HOME = "palermo-data"
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    # FULL keeps an acknowledged write through a power cut; secure_delete leaves no erased page readable.
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
        "PRAGMA busy_timeout=20000; PRAGMA temp_store=MEMORY; "
        "PRAGMA cache_size=-65536; PRAGMA mmap_size=268435456"
    ),
}


class SettingRefused(PalermoError):
    """A `PALERMO_*` variable holds something the node cannot start with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The node's settings; paths are absolute, `database` is Django's dictionary for one database."""

    home: Path
    secret_key: str
    database: Mapping[str, Any]
    hosts: tuple[str, ...]
    keyring: Path
    https: bool
    debug: bool
    made_up: bool
    second_factor_required: bool
    boundaries: Path | None
    appraisal_data: Path
    state: str
    release_epsilon: float


def environment(variables: Mapping[str, str] | None = None) -> Environment:
    """The settings in `variables` (the process's own by default).

    Raises SettingRefused with the variable's name, what stood in it and what would work.
    """
    given = os.environ if variables is None else variables
    home = Path(given.get("PALERMO_HOME", DEFAULT_HOME)).absolute()
    return Environment(
        home=home,
        secret_key=given.get("PALERMO_SECRET_KEY") or _kept_secret(home),
        database=database(given.get("PALERMO_DATABASE_URL", f"sqlite:///{home / 'node.sqlite3'}"), given),
        hosts=tuple(given.get("PALERMO_HOSTS", "localhost,127.0.0.1,[::1]").split(",")),
        keyring=Path(given.get("PALERMO_KEYRING", str(home / "keyring.json"))).absolute(),
        https=_flag(given, "PALERMO_HTTPS"),
        debug=_flag(given, "PALERMO_DEBUG"),
        made_up=_flag(given, "PALERMO_MADE_UP"),
        second_factor_required=_choice(
            given, "PALERMO_SECOND_FACTOR", default="required", allowed=("required", "optional")
        )
        == "required",
        boundaries=Path(given["PALERMO_BOUNDARIES"]) if given.get("PALERMO_BOUNDARIES") else None,
        appraisal_data=Path(given.get("PALERMO_APPRAISAL_DATA", str(home / "appraisal"))).absolute(),
        state=_state(given),
        release_epsilon=_epsilon(given),
    )


def database(url: str, given: Mapping[str, str]) -> dict[str, Any]:
    """Django's settings for the database at `url`: sqlite, sqlcipher or postgresql."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": _path(parts.path), "OPTIONS": SQLITE_OPTIONS}
    if parts.scheme == "sqlcipher":
        return {
            "ENGINE": "palermo.node.sqlcipher",
            "NAME": _path(parts.path),
            "OPTIONS": SQLITE_OPTIONS,
            "PASSWORD": _database_key(given),
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.removeprefix("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {"application_name": "palermo"},
        }
    raise SettingRefused(
        f"PALERMO_DATABASE_URL begins with {parts.scheme or 'nothing'!r}. "
        "Use sqlite:///file, sqlcipher:///file or postgresql://user@host:port/name."
    )


def _path(url_path: str) -> str:
    path = unquote(url_path)
    return path.removeprefix("/") if path.startswith("//") else path


def _database_key(given: Mapping[str, str]) -> str:
    key_file = given.get("PALERMO_DATABASE_KEY_FILE")
    if not key_file or not Path(key_file).is_file():
        raise SettingRefused(
            "A sqlcipher database needs PALERMO_DATABASE_KEY_FILE, a file that holds its key and that "
            "only the node's user can read."
        )
    return Path(key_file).read_text(encoding="utf-8").strip()


def _kept_secret(home: Path) -> str:
    """The secret of cookies and forms, made on first use and kept beside the database (mode 600)."""
    kept = home / "secret-key"
    if not kept.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        _keep_whole(kept, secrets.token_urlsafe(64))
    return kept.read_text(encoding="ascii").strip()


def _keep_whole(kept: Path, secret: str) -> None:
    """Write beside it and link: the file is there whole or not at all, and the first of two to come stays."""
    draft = kept.with_name(f".{kept.name}.{secrets.token_hex(6)}")
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, kept)
    draft.unlink()


def _state(given: Mapping[str, str]) -> str:
    """The State whose victims this node's cases are about; empty where that is not said."""
    code = given.get("PALERMO_STATE", "")
    if code and not is_state(code):
        raise SettingRefused(f"PALERMO_STATE is {code!r}. Use the three-letter code of a State, such as PAK.")
    return code


def _epsilon(given: Mapping[str, str]) -> float:
    """The most epsilon that all releases together may spend of any one person."""
    text = given.get("PALERMO_RELEASE_EPSILON") or str(Limits().lifetime)
    with suppress(ValueError):
        if 0 < (epsilon := float(text)) <= MOST_EPSILON:
            return epsilon
    raise SettingRefused(
        f"PALERMO_RELEASE_EPSILON is {text!r}. Use a number over 0 and at most {MOST_EPSILON}, such as 4."
    )


def _flag(given: Mapping[str, str], name: str) -> bool:
    return _choice(given, name, default="0", allowed=("0", "1")) == "1"


def _choice(given: Mapping[str, str], name: str, *, default: str, allowed: tuple[str, ...]) -> str:
    value = given.get(name) or default
    if value not in allowed:
        raise SettingRefused(f"{name} is {value!r}. Use one of: {', '.join(allowed)}.")
    return value
