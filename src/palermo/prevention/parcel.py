"""An estimate as bytes, to be sent between processes or kept on disk: JSON, and then its replicates.

The same answer gives the same bytes. They begin with a mark and their own SHA-256, so that what was cut short
or changed on the way is seen. Replicates are kept as hidden people in four bytes each, about 4 kB a thousand.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from hashlib import sha256
from typing import Any

import numpy as np

from palermo.errors import InvalidRecord, Problem
from palermo.prevention.estimate import Estimate, Interval
from palermo.prevention.saying import Saying

MARK = b"palermo estimate 1\n"
FAULT = "fault"
"""The name in `details` of an error that nobody foresaw: the answer may be another next time."""

_DIGEST = sha256().digest_size
_HIDDEN = np.dtype("<f4")
_WRITTEN = tuple(one.name for one in fields(Estimate) if one.name not in {"interval", "drawn"})


def pack(answer: Estimate) -> bytes:
    """The answer as bytes."""
    written = {name: _plain(getattr(answer, name)) for name in _WRITTEN}
    limits = answer.interval and {one.name: getattr(answer.interval, one.name) for one in fields(Interval)}
    text = json.dumps({**written, "interval": limits}, ensure_ascii=False, default=_number)
    hidden = b"" if answer.drawn is None else (answer.drawn - answer.observed).astype(_HIDDEN).tobytes()
    body = text.encode() + b"\n" + hidden
    return MARK + sha256(body).digest() + body


def unpack(parcel: bytes) -> Estimate:
    """The answer of these bytes; tuples within `details` have become lists."""
    if not whole(parcel):
        raise InvalidRecord("estimate", [_DAMAGED])
    text, _, rest = parcel[len(MARK) + _DIGEST :].partition(b"\n")
    known = json.loads(text)
    limits = known["interval"]
    told = {name: tuple(_spoken(one) for one in known[name]) for name in ("warnings", "assumptions")}
    hidden = np.frombuffer(rest, dtype=_HIDDEN).astype(np.float64)
    replaced = {
        "lists": tuple(known["lists"]),
        "model": tuple(tuple(term) for term in known["model"]),
        "interval": Interval(**limits) if limits else None,
        "drawn": hidden + known["observed"] if rest else None,
    }
    return Estimate(**{**known, **told, **replaced})


def whole(parcel: bytes) -> bool:
    """Are these the bytes of an answer, all of them and unchanged?"""
    start = len(MARK)
    digest, body = parcel[start : start + _DIGEST], parcel[start + _DIGEST :]
    return parcel.startswith(MARK) and sha256(body).digest() == digest


def sound(answer: Estimate) -> bool:
    """Would the same table have the same answer again? Not where an error came that nobody foresaw."""
    return FAULT not in answer.details


def _plain(value: Any) -> Any:
    """Sayings as their rule and values; mappings and sequences likewise, all the way down."""
    if isinstance(value, Saying):
        return {"rule": value.rule, "values": _plain(value.values)}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _spoken(value: Any) -> Any:
    """What `_plain` made of a saying, or of a value within one, as it was."""
    if isinstance(value, dict):
        return Saying(value["rule"], {name: _spoken(one) for name, one in value["values"].items()})
    return tuple(_spoken(one) for one in value) if isinstance(value, list) else value


def _number(value: np.generic) -> Any:
    return value.item()


_DAMAGED = Problem(
    rule="damaged-estimate",
    path="bytes",
    wrong="They are not a whole estimate.",
    remedy="Estimate again.",
)
