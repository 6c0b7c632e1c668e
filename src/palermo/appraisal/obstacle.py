"""What stands in the way, found by rules that one can read, each with its next step and its evidence."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from palermo.appraisal.evidence import Evidence, distinct
from palermo.appraisal.words import Phrase, phrase_text, places, say


class Reason(StrEnum):
    """Why a provision is not shown to be met; the words for each stand in framework/obstacles.toml."""

    NOT_PARTY = "not_party"
    SIGNED_ONLY = "signed_only"
    RESERVATION = "party_with_reservation"
    NO_LAW = "no_law"
    LAW_PARTIAL = "law_partial"
    NO_PLAN = "no_plan"
    PLAN_EXPIRED = "plan_expired"
    NO_BUDGET = "no_budget"
    SERVICE_GAP = "service_gap"
    PROCEDURE_SLOW = "procedure_slow"
    NO_DATA = "no_data"
    NO_REGISTER = "no_register"
    OLD_DATA = "data_older_than_two_years"
    CONFLICT = "conflicting_sources"
    NO_BREAKDOWN = "no_breakdown"
    ONLY_CLAIMED = "claim_without_proof"
    JUDGED_OTHERWISE = "judged_otherwise"
    JUDGEMENT_UNBORNE = "judgement_unborne"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One reason that fired for one provision of one State; `about` names what it fired on."""

    reason: Reason
    provision: str
    about: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    text: Phrase
    step: Phrase
    helper: Phrase


def raised(
    reason: Reason, *, provision: str, about: tuple[str, ...], evidence: tuple[Evidence, ...], **values: Any
) -> Obstacle:
    """The obstacle of that reason, worded from the table with these values."""
    return Obstacle(
        reason=reason,
        provision=provision,
        about=about,
        evidence=evidence,
        text=_worded(reason, "text", values),
        step=_worded(reason, "step", values),
        helper=_worded(reason, "helper", values),
    )


def merged(raised: Iterable[Obstacle]) -> tuple[tuple[Obstacle, tuple[str, ...]], ...]:
    """Obstacles that say the same for several provisions once, each with those provisions, by reason."""
    found: dict[Phrase, tuple[Obstacle, tuple[str, ...]]] = {}
    for one in raised:
        first, provisions = found.get(one.text, (one, ()))
        evidence = distinct([*first.evidence, *one.evidence])
        found[one.text] = (replace(first, evidence=evidence), (*provisions, one.provision))
    order = list(Reason)
    return tuple(sorted(found.values(), key=lambda item: (order.index(item[0].reason), item[1])))


def _worded(reason: Reason, part: str, values: dict[str, Any]) -> Phrase:
    key = f"obstacle.{reason}.{part}"
    wanted = places(phrase_text(key).en)
    return say(key, **{name: values[name] for name in wanted})
