"""The keyring's file: outside the database, readable by its owner alone, written whole or not at all.

It is JSON with mode 0600, replaced by write, fsync, rename and fsync of the folder; where a passphrase is
given it is locked with AES-256-GCM under an Argon2id key. Lose this file and everything sealed is lost.
"""

import base64
import json
import os
import secrets
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from palermo.errors import NotAllowed, Unknown, Unreachable, WrongState
from palermo.node.environment import DEFAULT_HOME
from palermo.node.keyring import AgencyKeys, Keyring, KeyVersion, lost
from palermo.standards import lockfile

FORMAT = "palermo-keyring"
COST = {"iterations": 3, "lanes": 4, "memory_cost": 65_536}
CEILING = {"iterations": 64, "lanes": 64, "memory_cost": 4_194_304}


def place() -> Path:
    """Where the keyring lies: PALERMO_KEYRING; else `keyring.json` in the node's home."""
    home = Path(os.environ.get("PALERMO_HOME") or DEFAULT_HOME)
    return Path(os.environ.get("PALERMO_KEYRING") or home / "keyring.json").absolute()


def passphrase() -> str | None:
    """From PALERMO_KEYRING_PASSPHRASE, or the first line of the file PALERMO_KEYRING_PASSPHRASE_FILE."""
    if direct := os.environ.get("PALERMO_KEYRING_PASSPHRASE"):
        return direct
    path = os.environ.get("PALERMO_KEYRING_PASSPHRASE_FILE")
    return first_line(Path(path)) if path else None


def first_line(path: Path) -> str:
    """The passphrase that a private file holds."""
    return _read(path).decode().split("\n", 1)[0].rstrip("\r")


def current() -> Keyring:
    """The keyring of this process, read again only when the file has changed."""
    path = place()
    try:
        seen = path.stat()
    except FileNotFoundError:
        raise _absent(path) from None
    stamp = (str(path), seen.st_ino, seen.st_mtime_ns, seen.st_size)
    if _CACHE.get("stamp") != stamp:
        _CACHE.update(keyring=load(path, passphrase=passphrase()), stamp=stamp)
    found: Keyring = _CACHE["keyring"]
    return found


def load(path: Path, *, passphrase: str | None = None) -> Keyring:
    """Read a keyring file; refuses one that others may read, a damaged one and a wrong passphrase."""
    try:
        document = json.loads(_read(path))
        if document["format"] != FORMAT or document["version"] != 1:
            raise WrongState(f"{path}: not a keyring that this version of palermo reads.")
        return _from_document(_unlocked(document, path, passphrase) if "lock" in document else document)
    except (ValueError, KeyError, TypeError) as error:
        raise WrongState(f"{path}: not a whole keyring file. Restore a backup.") from error


def save(keyring: Keyring, path: Path, *, passphrase: str | None = None) -> None:
    """Write the whole file beside the old one, then swap: a crash leaves either the old or the new."""
    document = _document(keyring)
    text = json.dumps(_locked(document, passphrase) if passphrase else document, indent=1, sort_keys=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    except OSError as error:
        raise Unreachable(f"{path}: cannot be written ({error.strerror}). Nothing was changed.") from error
    finally:
        draft.unlink(missing_ok=True)
    _sync_folder(path.parent)


def change(path: Path, step: Callable[[Keyring], Keyring], *, passphrase: str | None = None) -> Keyring:
    """Apply `step` to the file's keyring (or to a new one) while no other command does: both then count."""
    with lockfile.held(_lock(path)):
        new = step(load(path, passphrase=passphrase) if path.exists() else Keyring())
        save(new, path, passphrase=passphrase)
    return new


def backup(keyring: Keyring, path: Path, *, passphrase: str | None) -> None:
    """Write a locked copy; refuses to write keys in clear, or over a file that is there."""
    if not passphrase:
        raise NotAllowed("keyring: a backup is always locked. Give a passphrase.")
    if path.exists():
        raise WrongState(f"{path}: exists. Name a new file: a backup never replaces another.")
    save(keyring, path, passphrase=passphrase)


def restore(copy: Path, path: Path, *, copy_passphrase: str | None, passphrase: str | None) -> Keyring:
    """Put a backup in the keyring's place, unless that would lose a key which the present file holds."""
    with lockfile.held(_lock(path)):
        new = load(copy, passphrase=copy_passphrase)
        missing = lost(load(path, passphrase=passphrase), new) if path.exists() else ()
        if missing:
            raise WrongState(
                f"{path}: holds keys that the backup lacks ({', '.join(missing)}). "
                "Move the file aside first if they are truly not needed."
            )
        save(new, path, passphrase=passphrase)
    return new


_CACHE: dict[str, Any] = {}


def _lock(path: Path) -> Path:
    """A key made by one command must not be written over by another."""
    return path.with_name(f"{path.name}.lock")


def _absent(path: Path) -> Unknown:
    return Unknown(f"{path}: no keyring here. Make a first key: palermo keys make AGENCY")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            if os.name == "posix" and os.fstat(stream.fileno()).st_mode & 0o077:
                raise NotAllowed(f"{path}: others may read or change this file. Run: chmod 600 {path}")
            return stream.read()
    except FileNotFoundError:
        raise _absent(path) from None
    except OSError as error:
        raise Unreachable(f"{path}: cannot be read ({error.strerror}).") from error


def _document(keyring: Keyring) -> dict[str, Any]:
    agencies = {
        agency: {"index": _text(keys.index), "versions": [_version(version) for version in keys.versions]}
        for agency, keys in keyring.agencies.items()
    }
    own = {"signing": _text(keyring.signing), "linkage": _text(keyring.linkage)}
    return {"format": FORMAT, "version": 1, **own, "agencies": agencies}


def _version(version: KeyVersion) -> dict[str, Any]:
    return {
        "number": version.number,
        "made_on": version.made_on.isoformat(),
        "retired_on": version.retired_on.isoformat() if version.retired_on else None,
        "secret": _text(version.secret) if version.secret else None,
    }


def _from_document(document: Mapping[str, Any]) -> Keyring:
    agencies = {
        agency: AgencyKeys(
            agency=agency,
            index=_key(keys["index"]),
            versions=tuple(_from_version(version) for version in keys["versions"]),
        )
        for agency, keys in document["agencies"].items()
    }
    return Keyring(agencies=agencies, signing=_key(document["signing"]), linkage=_key(document["linkage"]))


def _from_version(document: Mapping[str, Any]) -> KeyVersion:
    retired = document["retired_on"]
    return KeyVersion(
        number=int(document["number"]),
        made_on=date.fromisoformat(document["made_on"]),
        retired_on=date.fromisoformat(retired) if retired else None,
        secret=None if document["secret"] is None else _key(document["secret"]),
    )


def _locked(document: Mapping[str, Any], passphrase: str) -> dict[str, Any]:
    lock = {"kdf": "argon2id", "salt": _text(secrets.token_bytes(16)), **COST}
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(_stretched(passphrase, lock)).encrypt(nonce, json.dumps(document).encode(), _aad(lock))
    return {"format": FORMAT, "version": 1, "lock": lock, "nonce": _text(nonce), "sealed": _text(sealed)}


def _unlocked(document: Mapping[str, Any], path: Path, passphrase: str | None) -> dict[str, Any]:
    if not passphrase:
        raise NotAllowed(f"{path}: is locked. Set PALERMO_KEYRING_PASSPHRASE, or give its passphrase file.")
    lock = document["lock"]
    cipher = AESGCM(_stretched(passphrase, lock))
    try:
        clear = cipher.decrypt(_bytes(document["nonce"]), _bytes(document["sealed"]), _aad(lock))
    except InvalidTag:
        raise NotAllowed(f"{path}: the passphrase is wrong, or the file was altered.") from None
    opened: dict[str, Any] = json.loads(clear)
    return opened


def _stretched(passphrase: str, lock: Mapping[str, Any]) -> bytes:
    if lock["kdf"] != "argon2id" or any(not 0 < lock[name] <= top for name, top in CEILING.items()):
        raise ValueError("lock")
    iterations, lanes, memory = (int(lock[name]) for name in COST)
    salt = _bytes(lock["salt"])
    kdf = Argon2id(salt=salt, length=32, iterations=iterations, lanes=lanes, memory_cost=memory)
    return kdf.derive(passphrase.encode())


def _aad(lock: Mapping[str, Any]) -> bytes:
    return json.dumps([FORMAT, 1, lock], sort_keys=True, separators=(",", ":")).encode()


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)


def _key(value: str) -> bytes:
    secret = _bytes(value)
    if len(secret) != 32:
        raise ValueError("key length")
    return secret


def _sync_folder(folder: Path) -> None:
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
