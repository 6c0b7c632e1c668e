"""Small pieces that every chapter uses."""

from collections.abc import Iterable

from palermo.appraisal.assessment import Status
from palermo.appraisal.evidence import Evidence
from palermo.appraisal.report import Column, Refs, Value
from palermo.appraisal.words import say

TONES = {
    Status.DONE: "green",
    Status.PARTLY: "blue",
    Status.CLAIMED: "yellow",
    Status.NO_EVIDENCE: "red",
    Status.NOT_ASSESSED: "grey",
    Status.NOT_APPLICABLE: "grey",
}


def column(name: str, *, numeric: bool = False, width: int = 1) -> Column:
    return Column(head=say(f"column.{name}"), numeric=numeric, width=width)


def refs(evidence: Iterable[Evidence]) -> Value:
    ids = tuple(one.id for one in evidence)
    return Refs(ids=ids) if ids else say("dash")
