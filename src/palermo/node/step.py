"""What a member may do next: a sentence and a button that sends a form; drawn by `prevention/steps.html`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that is this member's to do now."""

    text: str
    label: str
    url: str
