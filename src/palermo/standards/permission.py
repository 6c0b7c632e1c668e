"""What may be held and shared: consent to services (R08), to sharing (R09), refusal (R14)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from palermo.errors import Problem, Severity
from palermo.standards import tree
from palermo.standards.age import is_child
from palermo.standards.answer import any_said, code, plain
from palermo.standards.child import is_outgoing
from palermo.standards.consent import covers, live
from palermo.standards.field import Gate, Tier, fields
from palermo.standards.rule import rule
from palermo.standards.tree import Document


@cache
def held_by_consent() -> Mapping[str, frozenset[str]]:
    """For each entity the keys that need a consent to services: gate S in tiers T3 and T4."""
    keys: dict[str, set[str]] = {}
    for each in fields():
        if each.gate is Gate.S and each.tier in {Tier.T3, Tier.T4}:
            first = each.path.split(".")[1].removesuffix("[]")
            keys.setdefault(each.entity, set()).add(first)
    return MappingProxyType({name: frozenset(held) for name, held in keys.items()})


def identity_without_consent(document: Document, today: date | None) -> Iterator[Problem]:
    if any(live(entry, purpose="services", today=today) for entry in document.get("consent", ())):
        return
    for entity, keys in held_by_consent().items():
        if entity in document:
            yield from _without_consent(document, entity, keys)
    if document.get("local"):
        yield rule("R08").at("local")


def _without_consent(document: Document, entity: str, keys: frozenset[str]) -> Iterator[Problem]:
    many = isinstance(document[entity], list)
    for at, held in tree.objects(document, entity + "[]" * many):
        if not keys.isdisjoint(held):
            yield from (rule("R08").at(f"{at}.{key}") for key in held if key in keys and any_said(held[key]))


MOVING: Final = frozenset(
    {
        "consent_checked",
        "capacity_held",
        "sent",
        "delivered",
        "acknowledged",
        "accepted",
        "info_requested",
        "resent",
        "scheduled",
        "started",
    }
)


def referral_without_consent(document: Document, today: date | None) -> Iterator[Problem]:
    """A referral on its way needs it; one without a state is history from elsewhere, so only warned of."""
    for number, referral in enumerate(document.get("referral", ())):
        state = code(referral.get("state"))
        outgoing = is_outgoing(referral) and (code(referral.get("direction")) or plain(referral.get("to")))
        if not outgoing or (state and state not in MOVING):
            continue
        if not any(_permits(entry, referral, document, today) for entry in document.get("consent", ())):
            found = rule("R09").at(f"referral[{number}]")
            yield found if state else replace(found, severity=Severity.WARNING)


def _permits(
    entry: Mapping[str, Any], referral: Mapping[str, Any], document: Document, today: date | None
) -> bool:
    cited = plain(referral.get("consent_id"))
    return (
        (not cited or cited == plain(entry.get("id")))
        and live(entry, purpose="share", today=today)
        and covers(entry, recipient=plain(referral.get("to")), scope=referral.get("payload_scope") or ())
        and (not is_child(document.get("person", {}), today=today) or _child_heard(entry, document))
    )


def _child_heard(entry: Mapping[str, Any], document: Document) -> bool:
    heard = plain(entry.get("child_view_heard")) is True or any(
        plain(each.get("views_of_child")) for each in document.get("best_interests", ())
    )
    return code(entry.get("given_by")) == "guardian" and heard


def more_than_statistics(document: Document, _: date | None) -> Iterator[Problem]:
    if code(document.get("case", {}).get("consent")) != "refused":
        return
    confidential = (part for tier, part in tree.split(document).items() if tier is not Tier.T1)
    for entity in dict.fromkeys(name for part in confidential for name in part):
        yield rule("R14").at(entity)
