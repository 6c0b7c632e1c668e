"""The chapter on treaties: standing, act and date, how far it is known, and who says otherwise."""

from palermo.appraisal.assess import Appraisal
from palermo.appraisal.chapter.cell import column, refs
from palermo.appraisal.provision import instruments
from palermo.appraisal.report import Lines, Paragraph, Row, Section, Table, Tag, Value
from palermo.appraisal.treaty import Standing, Verdict
from palermo.appraisal.words import Phrase, say

STANDING_TONES = {True: "green", False: "red", None: "grey"}


def treaties(appraisal: Appraisal) -> Section:
    conflicts = tuple(
        Paragraph(text=_conflict(one, verdict), inset=True)
        for one in appraisal.standings
        for verdict in one.conflicting[:1]
    )
    table = Table(
        caption=say("treaties.caption"),
        columns=(
            column("treaty", width=5),
            column("standing", width=2),
            column("act", width=4),
            column("known", width=2),
            column("evidence", width=2),
        ),
        rows=tuple(_standing_row(one) for one in appraisal.standings),
    )
    return Section(
        id="treaties",
        title=say("treaties.title"),
        blocks=(Paragraph(text=say("treaties.text")), *conflicts, table),
    )


def _standing_row(standing: Standing) -> Row:
    treaty = instruments()[standing.treaty]
    tone = "grey" if treaty.replaced_by else STANDING_TONES[standing.party]
    tag = Tag(label=party(standing), tone=tone)
    return Row(
        cells=(
            Lines(items=(treaty.name, treaty.reference)),
            tag,
            Lines(items=(_act(standing), *_remarks(standing))),
            standing.known_on or say("dash"),
            refs(standing.evidence),
        )
    )


def _remarks(standing: Standing) -> tuple[Phrase, ...]:
    """Sources that say otherwise, and the treaty that took this one's place."""
    later = instruments()[standing.treaty].replaced_by
    replaced = (say("treaty.replaced", later=instruments()[later].short),) if later else ()
    return (*replaced, *(differs(one) for one in standing.conflicting))


def _act(standing: Standing) -> Value:
    action = standing.act
    if action is None:
        return say("dash")
    act = say(f"act.{action.act}")
    return say("treaty.act", act=act, on=action.on) if action.on else act


def _conflict(standing: Standing, loser: Verdict) -> Phrase:
    winner = standing.verdict or loser
    return say(
        "treaties.conflict",
        treaty=instruments()[standing.treaty].short,
        winner=winner.action.found.source.publisher,
        known_on=winner.as_of,
        says=_verdict(winner),
        loser=loser.action.found.source.publisher,
        loser_on=loser.as_of,
        other=_verdict(loser),
    )


def party(standing: Standing) -> Phrase:
    if standing.signed_only:
        return say("party.signed")
    return say(f"party.{ {True: 'yes', False: 'no', None: 'unknown'}[standing.party] }")


def _verdict(verdict: Verdict) -> Phrase:
    return say("party.yes" if verdict.party else "party.no")


def differs(verdict: Verdict) -> Phrase:
    found = verdict.action.found
    return say("party.conflict", source=found.source.publisher, as_of=found.as_of, says=_verdict(verdict))
