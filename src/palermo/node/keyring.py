"""The keyring: every agency's keys, as a frozen value; `make`, `rotate` and `retire` return a new one.

Nothing here touches a file (see `keyfile`), the database or the clock.
"""

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from palermo.errors import Unknown, WrongState

AGENCY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyVersion:
    """One key-encryption key of an agency; a retired one keeps its dates and loses its secret."""

    number: int
    made_on: date
    retired_on: date | None = None
    secret: bytes | None = field(default=None, repr=False)

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that tell two keys apart and tell nothing about the key."""
        return hashlib.sha256(b"palermo key " + self.secret).hexdigest()[:12] if self.secret else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyKeys:
    """What one agency holds: its key versions, oldest first, and the key of its blind index."""

    agency: str
    versions: tuple[KeyVersion, ...]
    index: bytes = field(repr=False)

    @property
    def current(self) -> KeyVersion:
        return self.versions[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyring:
    """The keys of every agency of this node, and two that are the node's own.

    `signing` is the seed of the key that signs heads of the audit chain; `linkage` tells which cases of
    different agencies are about one person (see `person_key`). Both are made with the keyring, and neither
    rotates: another linkage key would take the cases stored before it for other people.
    """

    agencies: Mapping[str, AgencyKeys] = field(default_factory=dict)
    signing: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    linkage: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def keys(self, agency: str) -> AgencyKeys:
        if agency not in self.agencies:
            raise Unknown(f"keyring: agency '{agency}' has no key. Make one: palermo keys make {agency}")
        return self.agencies[agency]

    def secret(self, agency: str, number: int) -> bytes:
        """The key of that version; Unknown when it was never made here or has been retired."""
        for version in self.keys(agency).versions:
            if version.number == number and version.secret is not None:
                return version.secret
        raise Unknown(
            f"keyring: agency '{agency}' has no usable key version {number}. "
            "Restore a backup that holds it: palermo keys restore FILE"
        )


def make(keyring: Keyring, agency: str, *, today: date) -> Keyring:
    """The keyring with a first key for `agency`; WrongState if it has one."""
    if not AGENCY.fullmatch(agency):
        raise WrongState("keyring: an agency's code is 1 to 64 letters, digits, dots, dashes or underscores.")
    if agency in keyring.agencies:
        raise WrongState(f"keyring: agency '{agency}' has a key. For a new one: palermo keys rotate {agency}")
    first = KeyVersion(number=1, made_on=today, secret=secrets.token_bytes(32))
    return _with(keyring, AgencyKeys(agency=agency, versions=(first,), index=secrets.token_bytes(32)))


def rotate(keyring: Keyring, agency: str, *, today: date) -> Keyring:
    """The keyring with a newer key for `agency`; older ones stay until they are retired.

    The index key does not rotate: a new one would break every look-up until all rows are indexed again.
    """
    keys = keyring.keys(agency)
    new = KeyVersion(number=keys.current.number + 1, made_on=today, secret=secrets.token_bytes(32))
    return _with(keyring, replace(keys, versions=(*keys.versions, new)))


def retire(keyring: Keyring, agency: str, number: int, *, today: date) -> Keyring:
    """The keyring without that version's secret. What is still wrapped by it can never be opened again."""
    keys = keyring.keys(agency)
    keyring.secret(agency, number)
    if number == keys.current.number:
        raise WrongState(f"keyring: version {number} is in use. Rotate first: palermo keys rotate {agency}")
    versions = tuple(
        replace(version, secret=None, retired_on=today) if version.number == number else version
        for version in keys.versions
    )
    return _with(keyring, replace(keys, versions=versions))


def lost(old: Keyring, new: Keyring) -> tuple[str, ...]:
    """Keys that `old` can use and `new` cannot, as `AGENCY/version`, and `linkage` where any agency is in
    `old`; empty means `new` may replace `old`.
    """
    linkage = ("linkage",) if old.agencies and old.linkage != new.linkage else ()
    return linkage + tuple(
        f"{agency}/{version.number}"
        for agency, keys in sorted(old.agencies.items())
        for version in keys.versions
        if version.secret is not None and not _holds(new, keys, version)
    )


def faults(keyring: Keyring, *, passphrase: str | None) -> tuple[str, ...]:
    """What a careful operator would mend; empty means all is well."""
    found: tuple[str, ...] = ()
    if not passphrase:
        found += ("The file has no passphrase: whoever copies it can read every case.",)
    if not keyring.agencies:
        found += ("No agency has a key yet. Make one: palermo keys make AGENCY",)
    spread = [keys.current.secret for keys in keyring.agencies.values()]
    if len(set(spread)) < len(spread):
        found += ("Two agencies share a key. Rotate one of them: palermo keys rotate AGENCY",)
    return found


def _with(keyring: Keyring, keys: AgencyKeys) -> Keyring:
    return replace(keyring, agencies={**keyring.agencies, keys.agency: keys})


def _holds(keyring: Keyring, keys: AgencyKeys, version: KeyVersion) -> bool:
    there = keyring.agencies.get(keys.agency)
    return there is not None and there.index == keys.index and version in there.versions
