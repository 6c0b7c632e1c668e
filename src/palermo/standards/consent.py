"""When an entry of the consent ledger stands, and what it lets be shared."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from palermo.standards.answer import code, plain
from palermo.standards.edtf import stated
from palermo.standards.field import fields


def live(entry: Mapping[str, Any], *, purpose: str, today: date | None) -> bool:
    """Whether an entry for a purpose stands today: given or overridden, begun, not expired, not withdrawn.

    An override for a vital interest counts only when logged: with its reason and its time. Without `today` a
    withdrawal at any time ends it, and no date begins or expires it.
    """
    return code(entry.get("purpose")) == purpose and _granted(entry) and _in_time(entry, today)


def covers(entry: Mapping[str, Any], *, recipient: str | None, scope: Iterable[str]) -> bool:
    """Whether an entry names the recipient and all tiers or paths of a scope; an empty one is not covered."""
    named = plain(entry.get("recipient"))
    asked = [token for token in scope if isinstance(token, str)]
    allowed = [token for token in entry.get("scope") or () if isinstance(token, str)]
    same = bool(named and recipient) and str(named).casefold() == str(recipient).casefold()
    return same and bool(asked) and all(_allowed(token, allowed) for token in asked)


def _granted(entry: Mapping[str, Any]) -> bool:
    if code(entry.get("basis")) == "vital_interest":
        return bool(plain(entry.get("basis_reason")) and plain(entry.get("given_at")))
    return code(entry.get("basis")) in {"", "consent"} and plain(entry.get("given")) is True


def _in_time(entry: Mapping[str, Any], today: date | None) -> bool:
    begun, ended, stopped = (stated(entry.get(key)) for key in ("given_at", "expires_at", "withdrawn_at"))
    if today is None:
        return stopped is None
    return not (
        (begun is not None and begun.first > today)
        or (ended is not None and ended.last < today)
        or (stopped is not None and stopped.first <= today)
    )


def _allowed(token: str, allowed: Iterable[str]) -> bool:
    tiers = _tiers_of(token)
    return any(each == token or token.startswith(f"{each}.") for each in allowed) or (
        bool(tiers) and tiers <= frozenset(allowed)
    )


@cache
def _tiers_of(token: str) -> frozenset[str]:
    """The tiers of the fields at or under a path; none where no field stands there."""
    paths = ((each.path.replace("[]", ""), each.tier.value) for each in fields())
    return frozenset(tier for path, tier in paths if path == token or path.startswith(f"{token}."))
