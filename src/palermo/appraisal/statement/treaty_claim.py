"""What a passage says of a treaty, checked by machine against the register, which is stronger proof."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from palermo.appraisal import state as states
from palermo.appraisal.provision import instruments
from palermo.appraisal.register import Register
from palermo.appraisal.statement.claim import Check, TreatyMention
from palermo.appraisal.treaty import Act, Standing
from palermo.appraisal.words import Phrase, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the register says: `on` is the day of the act that binds, None where no source dates it."""

    check: Check
    on: date | None
    standing: Standing
    why: Phrase


def checked(
    mention: TreatyMention, state: str, register: Register, *, today: date, spoken_on: date | None = None
) -> Checked:
    """Whether the State is the party that the passage says it is, as far as was known on `today`.

    A register that is older than the statement and knows no act cannot contradict it; one that dates the act
    after the statement does.
    """
    code = states.state(state).code
    standing = register.known_on(today).standing(code, mention.treaty)
    on = standing.act.on if standing.act else None
    check, key = _verdict(mention, standing, on=on, spoken_on=spoken_on)
    values: dict[str, Any] = {"treaty": instruments()[mention.treaty].name}
    if key in {"check.confirmed.dated", "check.later"}:
        values["on"] = on
    if key in {"check.older", "check.not_party", "check.confirmed"}:
        values["as_of"] = standing.known_on
    return Checked(check=check, on=on if standing.party else None, standing=standing, why=say(key, **values))


def _verdict(
    mention: TreatyMention, standing: Standing, *, on: date | None, spoken_on: date | None
) -> tuple[Check, str]:
    if not mention.joined:
        return Check.CANNOT_CHECK, "check.not_claimed"
    if standing.verdict is None:
        return Check.CANNOT_CHECK, "check.no_row"
    if standing.party:
        if on and spoken_on and spoken_on < on:
            return Check.CONTRADICTED, "check.later"
        return Check.CONFIRMED, "check.confirmed.dated" if on else "check.confirmed"
    known_on, act = standing.verdict.as_of, standing.verdict.action.act
    if spoken_on and known_on < spoken_on and act is not Act.DENUNCIATION:
        return Check.CANNOT_CHECK, "check.older"
    return Check.CONTRADICTED, "check.not_party"
