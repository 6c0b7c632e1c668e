"""What cases, their parts, steps and events are called on pages, in the page's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from palermo.node.models import EmergencyReason
from palermo.protection.access import Reason
from palermo.protection.track import Step, Track
from palermo.standards.vocabulary import vocabulary

TIERS: Mapping[str, Any] = {
    "T1": gettext_lazy("Coded facts"),
    "T2": gettext_lazy("Confidential to the case"),
    "T3": gettext_lazy("Identity"),
    "T4": gettext_lazy("Safety of the person"),
}
TIER_HINTS: Mapping[str, Any] = {
    "T2": gettext_lazy("Plans, referrals, notes, languages, places of exploitation."),
    "T3": gettext_lazy("Names, date of birth, papers, and who is suspected."),
    "T4": gettext_lazy("Where and how to reach the person, health, risks."),
}
PURPOSES: Mapping[str, Any] = {
    "identification": gettext_lazy("To find out whether the person may be a victim"),
    "support": gettext_lazy("To help and support the person"),
    "own_access": gettext_lazy("To see and correct what is held about me"),
    "prosecution": gettext_lazy("To investigate or try the offence, under a mandate"),
    "statistics": gettext_lazy("For counts and protected releases"),
    "oversight": gettext_lazy("To check that the rules were kept"),
    "administration": gettext_lazy("To run the node"),
    "exchange": gettext_lazy("To carry a referral to another node"),
}
TRACKS: Mapping[Track, Any] = {
    Track.IDENTIFICATION: gettext_lazy("Identification"),
    Track.SUPPORT: gettext_lazy("Support"),
    Track.SAFETY: gettext_lazy("Safety"),
}
TRACK_HINTS: Mapping[Track, Any] = {
    Track.IDENTIFICATION: gettext_lazy("Is the person a victim of trafficking, and who has decided it?"),
    Track.SUPPORT: gettext_lazy("Help never waits for the decision, nor for cooperation with the police."),
    Track.SAFETY: gettext_lazy("Is the person safe now?"),
}
STATES = {
    "unknown": gettext_lazy("Not known"),
    "declined": gettext_lazy("Declined to answer"),
    "not_asked": gettext_lazy("Not asked"),
    "not_applicable": gettext_lazy("Does not apply"),
    "redacted": gettext_lazy("Blacked out"),
}
STATE_REASONS = {
    "not-next": gettext_lazy("This does not follow from where the case stands."),
    "closed-to-children": gettext_lazy("Not for a child: a child is never left with this step alone."),
    "unknown-state": gettext_lazy("There is no such state."),
    "not-second": gettext_lazy("You opened it yourself: another person must answer."),
    "not-overseer": gettext_lazy("A supervisor of the team or a data protection officer must answer."),
    "answered": gettext_lazy("It was answered already."),
    "lapsed": gettext_lazy("It has lapsed."),
}
STEPS = {
    "erase": gettext_lazy("Erase the person"),
    "decide_grounds": gettext_lazy("Decide on identification"),
    "export_team": gettext_lazy("Take out the list of cases"),
}


def language() -> str:
    """The page's language as two letters."""
    return (get_language() or "en")[:2]


def code(list_name: str, value: str | None) -> str:
    """The label of a code; the code itself where the list does not have it, a dash for none."""
    if not value:
        return "–"
    terms = vocabulary(list_name)
    return terms.label(value, language()) if value in terms else value


def codes(list_name: str, values: Iterable[str]) -> str:
    """The labels of several codes, each once."""
    return _(", ").join(dict.fromkeys(code(list_name, value) for value in values)) or "–"


def state(track: Track, to: str) -> str:
    """A state of a track."""
    return code(f"{track.value}_state", to)


def step(one: Step) -> str:
    """A step as a choice: the state it leads to."""
    return state(one.track, one.to)


def reasons(found: Iterable[Any]) -> list[str]:
    """Reasons against, of the access decision or of the case's state, in words."""
    return [
        reason.text(language()) if isinstance(reason, Reason) else str(STATE_REASONS.get(reason, reason))
        for reason in found
    ]


def event(kind: str, payload: Mapping[str, Any]) -> str:
    """What happened to a case, in one sentence."""
    return str(_EVENTS.get(kind, lambda payload: kind)(payload))


def _moved(payload: Mapping[str, Any]) -> str:
    track = Track(payload["track"])
    return _("%(track)s: %(state)s") % {"track": TRACKS[track], "state": state(track, payload["to"])}


def _amended(payload: Mapping[str, Any]) -> str:
    return _("The record was amended: %(fields)s") % {"fields": _(", ").join(payload.get("fields", ()))}


def _emergency(payload: Mapping[str, Any]) -> str:
    reason = dict(EmergencyReason.choices).get(payload.get("reason", ""), "")
    return _("Parts were opened in an emergency: %(reason)s") % {"reason": reason}


_EVENTS: Mapping[str, Any] = {
    "received": lambda payload: _("The case arrived."),
    "moved": _moved,
    "amended": _amended,
    "erased": lambda payload: _(
        "The person was erased: names, contacts and all sealed parts are gone for good."
    ),
    "emergency": _emergency,
    "emergency-confirm": lambda payload: _("A second person confirmed the emergency opening."),
    "emergency-refuse": lambda payload: _("A second person refused the emergency opening; it ended at once."),
}
