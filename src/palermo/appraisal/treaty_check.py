"""What the State says of treaties in its own statements, each held against the register by machine."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from palermo.appraisal.register import Register
from palermo.appraisal.statement.claim import Claim, TreatyMention
from palermo.appraisal.statement.treaty_claim import Checked, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyCheck:
    """One treaty that a passage of the State names, and what the register says of it."""

    claim: Claim
    mention: TreatyMention
    checked: Checked


def treaty_checks(claims: Iterable[Claim], *, register: Register, today: date) -> tuple[TreatyCheck, ...]:
    """Every mention in which the State speaks of itself, in the order of the claims."""
    return tuple(
        TreatyCheck(claim=claim, mention=mention, checked=_checked(claim, mention, register, today))
        for claim in claims
        if claim.state
        for mention in claim.treaties
    )


def _checked(claim: Claim, mention: TreatyMention, register: Register, today: date) -> Checked:
    spoken_on = claim.document.spoken_on
    return checked(mention, claim.state or "", register, today=today, spoken_on=spoken_on)
