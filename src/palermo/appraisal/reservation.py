"""What a State declared about a treaty: reservations, declarations, objections, and their withdrawal.

None of them says whether a State is a party; `treaty.Act` does. A reservation is open while the newest
register that lists reservations lists it, and no withdrawal closed it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from palermo.appraisal import evidence
from palermo.appraisal.evidence import Evidence, Found
from palermo.appraisal.provision import instruments
from palermo.appraisal.words import say

HEADING = 120


class Declared(StrEnum):
    """What was declared."""

    RESERVATION = "reservation"
    DECLARATION = "declaration"
    OBJECTION = "objection"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reservation:
    """One declaration of a State; `heading` is how its text begins, `text_hash` tells the whole text.

    `against` are the States that an objection is aimed at. A withdrawal without a text withdraws everything
    that the State declared before; with one, only what had that text.
    """

    state: str
    treaty: str
    kind: Declared
    on: date | None
    heading: str
    text_hash: str
    found: Found
    against: tuple[str, ...] = ()

    @property
    def evidence(self) -> Evidence:
        says = say(
            "evidence.reservation.dated" if self.on else "evidence.reservation",
            treaty=instruments()[self.treaty].name,
            kind=say(f"declared.{self.kind}"),
            **({"on": self.on} if self.on else {}),
        )
        found = self.found
        id_ = evidence.identity(
            found.source.id, found.as_of, self.state, self.treaty, self.kind, self.on, self.text_hash
        )
        return Evidence(id=id_, says=says, found=found)


def heading(text: str) -> str:
    """How a text begins, in one line."""
    line = " ".join(text.split())
    return line if len(line) <= HEADING else f"{line[: HEADING - 1].rstrip()}…"


def text_hash(text: str) -> str:
    """What tells one text from another, spaces apart; empty for no text."""
    line = " ".join(text.split())
    return hashlib.sha256(line.encode()).hexdigest()[:16] if line else ""


def standing(declared: Iterable[Reservation], *, listed: Iterable[Found]) -> tuple[Reservation, ...]:
    """The reservations and declarations still open of one State to one treaty.

    `listed` are the tables that name every reservation to that treaty: only the newest of them, or a newer
    source beside it, is believed to know what is open.
    """
    known = tuple(declared)
    newest = max((found.as_of for found in listed), default=date.min)
    closed = [one for one in known if one.kind is Declared.WITHDRAWAL]
    open_ = [
        one
        for one in known
        if one.kind in {Declared.RESERVATION, Declared.DECLARATION}
        and one.found.as_of >= newest
        and not any(_closes(withdrawal, one) for withdrawal in closed)
    ]
    return tuple({(one.kind, one.text_hash): one for one in sorted(open_, key=_order)}.values())


def _closes(withdrawal: Reservation, one: Reservation) -> bool:
    earlier = not (withdrawal.on and one.on) or one.on <= withdrawal.on
    return earlier and withdrawal.text_hash in {"", one.text_hash}


def _order(one: Reservation) -> tuple[date, date, str, str]:
    return (one.found.as_of, one.on or date.min, one.kind, one.text_hash)
