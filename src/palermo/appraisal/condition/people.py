"""Conditions on what people said, confirmed and judged."""

from collections.abc import Iterator

from palermo.appraisal import people
from palermo.appraisal.assessment import Status
from palermo.appraisal.condition.weighing import Condition, Firing, Weighing
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.words import say


def only_said(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """The status is "claimed": the State says so, and nothing stronger was found."""
    proof = tuple(one.evidence for one in weighing.question.said)
    if weighing.final.status is Status.CLAIMED and proof:
        newest = max(one.found.as_of for one in proof)
        yield Firing(about=(), evidence=proof, values={"known_on": newest})


def people_say(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """Two people judged the provision and named this reason."""
    found = weighing.question.judgement
    if found and weighing.final.reviewer and reason in found.codes:
        values = {
            "known_on": found.reviewed_on or found.assessed_on,
            "what": (weighing.question.provision.text,),
        }
        yield Firing(about=(), evidence=people.named(weighing.question, found), values=values)


def judged_otherwise(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """Two people gave a status that the rules' evidence contradicts."""
    if weighing.final.reviewer and people.contradicts(weighing.final.status, weighing.ruled):
        values = {
            "judged": say(f"status.{weighing.final.status}"),
            "ruled": say(f"status.{weighing.ruled.status}"),
        }
        yield Firing(about=(), evidence=weighing.final.evidence, values=values)


def judgement_unborne(weighing: Weighing, reason: Reason) -> Iterator[Firing]:
    """The evidence that a judgement names is not known any more, or does not carry its status."""
    found = weighing.question.judgement
    if found and people.unborne(weighing.question, found):
        values = {"judged": say(f"status.{found.status}")}
        evidence = people.named(weighing.question, found)
        yield Firing(about=(), evidence=evidence, values=values)


CONDITIONS: dict[str, Condition] = {
    "only_said": only_said,
    "people_say": people_say,
    "judged_otherwise": judged_otherwise,
    "judgement_unborne": judgement_unborne,
}
