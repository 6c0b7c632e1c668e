"""What the page of one case shows: record, sealed parts, tracks, approvals, emergencies, history, looks."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from palermo.node import audit_words, case_words, permission, record_page
from palermo.node.actions import case_event, case_track, emergency
from palermo.node.actions.case import OVERSIGHT
from palermo.node.actor import Actor
from palermo.node.case_forms import EmergencyForm, EraseForm, UnsealForm
from palermo.node.models import AuditEvent, Case, EmergencyOpening, EmergencyReason, SealedTier
from palermo.node.table import Code, Column, Table
from palermo.protection.access import Decision, Reason
from palermo.protection.track import Step, Track
from palermo.standards import tree

SHOWN = 50
TONES = dict.fromkeys(("at_risk", "missing"), "bad") | dict.fromkeys(("safe", "located"), "good")


def context(case: Case, *, by: Actor, now: datetime, opened: Mapping[str, Any]) -> dict[str, Any]:
    """Everything on the page of a case for a member who may read it."""
    document = tree.merge([case.record, opened]) if opened else case.record
    return {
        **oversight(case, by=by, now=now),
        "title": case.reference or case.pk,
        "summary": _summary(case),
        "sections": record_page.sections(document),
        "opened": bool(opened),
        "sealed": _sealed(case, by=by, now=now),
        "tracks": list(_tracks(case, by=by, now=now)),
        "history": _history(case),
    }


def oversight(case: Case, *, by: Actor, now: datetime) -> dict[str, Any]:
    """What is about the case rather than in it: parts, approvals, erasure, emergencies, who looked."""
    return {
        "case": case,
        "title": case.pk,
        "parts": _parts(case),
        "approvals": [
            (case_words.STEPS.get(given.step, given.step), given.by, given.at)
            for given in case.approvals.filter(used_at=None)
        ],
        "erasure": _erasure(case, by=by, now=now),
        "emergencies": [_opening(one, by=by, now=now) for one in case.emergencies.all()[:10]],
        "looks": _looks(case, by=by, now=now),
    }


def _summary(case: Case) -> list[tuple[Any, ...]]:
    return [
        (_("Identifier"), Code(case.pk)),
        (_("Agency"), case.agency.name),
        (_("Stored"), case.created_at),
        (_("Last changed"), case.updated_at),
    ]


def _parts(case: Case) -> list[tuple[Any, ...]]:
    kept = {part.tier: part for part in case.sealed_parts.all()}
    return [(case_words.TIERS[tier], _state(kept.get(tier))) for tier in SealedTier.values]


def _state(part: Any) -> str:
    if part is None:
        return _("Nothing is kept")
    if part.shredded_at:
        return _("Erased for good")
    return _("Sealed")


# -- opening sealed parts -----------------------------------------------------------------------------------


def _sealed(case: Case, *, by: Actor, now: datetime) -> dict[str, Any]:
    """The form for those parts that open for some purpose; for the others, why not."""
    kept = case.sealed_parts.filter(shredded_at=None).order_by("tier").values_list("tier", flat=True)
    answers = permission.answers(by, "read", case=case, tiers=kept, now=now)
    opens = {tier: [one for one, yes in found.items() if yes] for tier, found in answers.items()}
    tiers = [tier for tier, purposes in opens.items() if purposes]
    purposes = list(dict.fromkeys(one for found in opens.values() for one in found))
    emergencies = [tier for tier in answers if not opens[tier] and _only_consent(answers[tier].values())]
    return {
        "any": bool(answers),
        "form": UnsealForm(tiers=tiers, purposes=purposes) if tiers else None,
        "closed": [
            (case_words.TIERS[tier], case_words.reasons(_nearest(found.values())))
            for tier, found in answers.items()
            if not opens[tier]
        ],
        "emergency": EmergencyForm(tiers=emergencies, auto_id="emergency_%s") if emergencies else None,
    }


def unseal_form(case: Case, data: Any, *, by: Actor, now: datetime) -> UnsealForm:
    """The form as sent, with the parts and purposes that were offered."""
    offered = _sealed(case, by=by, now=now)["form"]
    if offered is None:
        return UnsealForm(data, tiers=SealedTier.values, purposes=case_words.PURPOSES)
    return UnsealForm(data, tiers=offered.tiers, purposes=offered.purposes)


def _only_consent(decisions: Iterable[Decision]) -> bool:
    return any(decision.reasons == (Reason.CONSENT,) for decision in decisions)


def _nearest(decisions: Iterable[Decision]) -> tuple[Reason, ...]:
    """Of several refusals the one that came furthest: nearest to being allowed."""
    rank = list(Reason)
    found = [decision.reasons for decision in decisions if decision.reasons]
    return max(found, key=lambda reasons: rank.index(reasons[-1]), default=(Reason.ROLE,))


# -- tracks -------------------------------------------------------------------------------------------------


def _tracks(case: Case, *, by: Actor, now: datetime) -> Iterator[dict[str, Any]]:
    states = case_event.recorded(case.record)
    steps = case_track.next_steps(case)
    for name in Track:
        choices = [_step(case, one, by=by, now=now) for one in steps if one.track is name]
        yield {
            "name": name.value,
            "title": case_words.TRACKS[name],
            "hint": case_words.TRACK_HINTS[name],
            "state": case_words.state(name, states[name]),
            "tone": TONES.get(states[name], ""),
            "possible": [one for one in choices if not one["reasons"]],
            "against": _grouped(one for one in choices if one["reasons"]),
            "seconds": any(one["seconds"] for one in choices),
        }


def _step(case: Case, one: Step, *, by: Actor, now: datetime) -> dict[str, Any]:
    decision = case_track.may(by, case, one, now=now)
    reasons = [*case_track.against(case, one), *decision.reasons]
    decides = case_track.DEEDS.get(one) == "decide_grounds"
    return {
        "to": one.to,
        "label": case_words.step(one),
        "reasons": case_words.reasons(reasons),
        "seconds": decides and (decision.allowed or decision.awaits_second),
    }


def _grouped(choices: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Steps that are not possible, those with the same reasons together."""
    found: dict[str, list[str]] = {}
    for one in choices:
        found.setdefault(" ".join(one["reasons"]), []).append(one["label"])
    return [(_(", ").join(labels), reasons) for reasons, labels in found.items()]


# -- two people ---------------------------------------------------------------------------------------------


def _erasure(case: Case, *, by: Actor, now: datetime) -> dict[str, Any] | None:
    """For those who may erase: whether now, or only propose it; nothing for anyone else."""
    if case.erased_at or not permission.serves(by, "erase", None, OVERSIGHT):
        return None
    decision = permission.ask(by, "erase", case=case, purpose=OVERSIGHT, now=now)
    proposed = case.approvals.filter(step="erase", by=by.name, used_at=None).exists()
    return {
        "form": EraseForm() if decision.allowed else None,
        "propose": decision.awaits_second and not proposed,
        "proposed": decision.awaits_second and proposed,
        "reasons": [] if decision.awaits_second else case_words.reasons(decision.reasons),
    }


def _opening(opening: EmergencyOpening, *, by: Actor, now: datetime) -> dict[str, Any]:
    reasons = emergency.against(opening, by=by, now=now)
    return {
        "opening": opening,
        "tiers": _(", ").join(str(case_words.TIERS[tier]) for tier in opening.tiers),
        "reason": dict(EmergencyReason.choices).get(opening.reason, opening.reason),
        "answerable": not reasons,
    }


# -- what happened, and who looked --------------------------------------------------------------------------


def _history(case: Case) -> list[dict[str, Any]]:
    return [
        {"at": event.at, "by": event.by, "text": case_words.event(event.kind, event.payload)}
        for event in case.events.order_by("-number")[:SHOWN]
    ]


LOOKERS = (
    ("audit_case", "oversight"),
    ("audit_team", "oversight"),
    ("audit_all", "oversight"),
    ("who_looked", "own_access"),
)


def _looks(case: Case, *, by: Actor, now: datetime) -> Table | None:
    """The audit events of this case, for those who may see them."""
    if not any(permission.ask(by, step, case=case, purpose=one, now=now) for step, one in LOOKERS):
        return None
    events = AuditEvent.objects.filter(object=f"case:{case.pk}").order_by("-number")[:SHOWN]
    return Table(
        id="looks",
        caption=_("Who looked at this case"),
        columns=(
            Column(name="at", label=_("When")),
            Column(name="actor", label=_("Who"), heads_row=True),
            Column(name="action", label=_("What")),
            Column(name="purpose", label=_("Why")),
        ),
        rows=[
            {
                "at": event.at,
                "actor": Code(f"{event.actor} ({event.agency})" if event.agency else event.actor),
                "action": audit_words.action(event.action),
                "purpose": case_words.PURPOSES.get(event.purpose, event.purpose),
            }
            for event in events
        ],
        tight=True,
    )
