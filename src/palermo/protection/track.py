"""The three tracks of a case (identification, support, safety): which state may follow which.

A track's state is never set; it is the fold of the case's events, so that any moment can be replayed.
Source: the Palermo Protocol's duties to identify, support and keep safe, kept apart on purpose: support
never depends on the outcome of identification, nor on cooperation with the police.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Track(StrEnum):
    """One of the three stories that run side by side in a case."""

    IDENTIFICATION = "identification"
    SUPPORT = "support"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One event that moved a track."""

    track: Track
    to: str


BEGINNING: Mapping[Track, str] = {
    Track.IDENTIFICATION: "drafted",
    Track.SUPPORT: "offered",
    Track.SAFETY: "unknown",
}

_EXITS = ("withdrawn_by_person", "merged", "transferred_abroad", "out_of_scope_pathway")

NEXT: Mapping[Track, Mapping[str, tuple[str, ...]]] = {
    Track.IDENTIFICATION: {
        "drafted": ("received", *_EXITS),
        "received": ("screened", "presumed", *_EXITS),
        "screened": ("presumed", *_EXITS),
        "presumed": ("referred_to_authority", "notified_only", *_EXITS),
        "referred_to_authority": ("rg_positive", "rg_negative", *_EXITS),
        "notified_only": ("referred_to_authority", *_EXITS),
        "rg_positive": ("recovery", *_EXITS),
        "rg_negative": ("reconsideration", "settled", *_EXITS),
        "reconsideration": ("rg_positive", "recognised", "not_recognised", "settled", *_EXITS),
        "recovery": ("final_pending", *_EXITS),
        "final_pending": ("recognised", "not_recognised", *_EXITS),
        "recognised": ("settled", "merged"),
        "not_recognised": ("reconsideration", "appeal", "settled", *_EXITS),
        "appeal": ("recognised", "settled", *_EXITS),
        "settled": (),
        "withdrawn_by_person": ("received",),
        "merged": (),
        "transferred_abroad": ("received",),
        "out_of_scope_pathway": ("received",),
    },
    Track.SUPPORT: {
        "offered": ("declined", "accepted"),
        "declined": ("offered",),
        "accepted": ("assessed", "declined"),
        "assessed": ("planned", "declined"),
        "planned": ("in_support", "declined"),
        "in_support": ("paused", "moving_on"),
        "paused": ("in_support", "moving_on"),
        "moving_on": ("return_assessed", "integration", "in_support"),
        "return_assessed": ("return_travel", "moving_on"),
        "return_travel": ("reintegration",),
        "reintegration": ("follow_up",),
        "integration": ("follow_up",),
        "follow_up": ("follow_up", "closed", "in_support"),
        "closed": ("reopened",),
        "reopened": ("assessed", "in_support", "closed"),
    },
    Track.SAFETY: {
        "unknown": ("safe", "at_risk", "missing", "deceased"),
        "safe": ("at_risk", "missing", "deceased"),
        "at_risk": ("protective_measures", "safe", "missing", "deceased"),
        "protective_measures": ("safe", "at_risk", "missing", "deceased"),
        "missing": ("located", "deceased"),
        "located": ("safe", "at_risk", "protective_measures", "missing", "deceased"),
        "deceased": (),
    },
}

# A child is never left with a bare notification, nor let go by a withdrawal of their own.
CLOSED_TO_CHILDREN = frozenset({"notified_only", "withdrawn_by_person"})


def against(track: Track, *, state: str, to: str, child: bool) -> tuple[str, ...]:
    """The reasons against moving `track` from `state` to `to`; an empty tuple means go."""
    if to not in NEXT[track]:
        return ("unknown-state",)
    reasons = []
    if to not in NEXT[track].get(state, ()):
        reasons.append("not-next")
    if child and to in CLOSED_TO_CHILDREN:
        reasons.append("closed-to-children")
    return tuple(reasons)


def fold(steps: Iterable[Step]) -> dict[Track, str]:
    """The state of every track after these steps, in their order."""
    states = dict(BEGINNING)
    for step in steps:
        states[step.track] = step.to
    return states
