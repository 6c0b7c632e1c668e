"""From passages to claims: who acts, of what kind, on which provision, and what the passage names.

All of it is the machine's proposal (grade F) until one person and a second have confirmed it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from palermo.appraisal.statement import actor, kind, plan_name, support, treaty_name
from palermo.appraisal.statement.claim import CLAIMS, Actor, Claim, Kind
from palermo.appraisal.statement.document import MATCHED, Document, Passage
from palermo.appraisal.statement.match import Matcher

Progress = Callable[[int, int], None]


def claims(
    document: Document,
    passages: Iterable[Passage],
    *,
    matcher: Matcher,
    added_on: date,
    progress: Progress | None = None,
) -> tuple[Claim, ...]:
    """A claim for every passage, in order; `progress` is told of passages done and passages there are.

    A clause of a semicolon list without a doer of its own goes on with the doer and the kind of the clause
    before it; what nobody is named to have done is described. A passage in a third language is kept as
    described, with nothing proposed.
    """
    listed = tuple(passages)
    found: list[Claim] = []
    for number, passage in enumerate(listed, 1):
        before = found[-1] if found and _goes_on(document.text, found[-1].passage, passage) else None
        found.append(_claim(document, passage, before, matcher=matcher, added_on=added_on))
        if progress:
            progress(number, len(listed))
    return tuple(found)


def _claim(
    document: Document, passage: Passage, before: Claim | None, *, matcher: Matcher, added_on: date
) -> Claim:
    proposals, match = matcher.proposals(passage.text, passage.language)
    bare = Claim(
        document=document,
        passage=passage,
        added_on=added_on,
        actor=Actor.OTHER,
        kind=Kind.DESCRIBED,
        proposals=proposals,
        match=match,
    )
    return _told(bare, before) if passage.language in MATCHED else bare


def _told(claim: Claim, before: Claim | None) -> Claim:
    """The claim with what the rules read in its passage."""
    text, language = claim.passage.text, claim.passage.language
    reading = kind.read(text, language)
    acts = actor.read(reading, language, document=claim.document)
    kind_ = reading.kind
    if before and reading.rule is None:
        acts, kind_ = before.actor, before.kind
    elif (
        kind_ in CLAIMS
        and acts is Actor.OTHER
        and not actor.named(reading, language, document=claim.document)
    ):
        kind_ = Kind.DESCRIBED
    own = acts is Actor.STATE and kind_ is Kind.DONE
    return replace(
        claim,
        actor=acts,
        kind=kind_,
        treaties=treaty_name.mentions(text, language, own=own),
        plans=plan_name.mentions(text, language),
        support=support.asked(text, language),
    )


def _goes_on(text: str, earlier: Passage, later: Passage) -> bool:
    """Whether the two are clauses of one sentence."""
    return ";" in text[earlier.end : later.start]
