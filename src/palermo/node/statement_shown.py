"""What the pages of statements show: facts of a document, its marked text, and one passage in its place."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from palermo.appraisal.provision import instruments
from palermo.appraisal.statement.claim import Claim, Standing
from palermo.appraisal.statement.document import MATCHED
from palermo.node import stated, statement_words
from palermo.node.models import Statement
from palermo.node.table import Tag

AROUND = 600
"""How many characters of the document stand before and after a passage."""
LIKELY = 0.5


def standing(one: Statement) -> Tag:
    """How far the reading has come, or that it was withdrawn."""
    return Tag(_("Withdrawn"), "bad") if one.withdrawn_at else statement_words.state_tag(one.state)


def facts(one: Statement) -> list[tuple[str, Any]]:
    """What is known of the document, what was guessed marked so."""
    rows = [
        (_("Speaker"), one.speaker or _("not known"), "speaker"),
        (_("State that speaks of itself"), statement_words.state_name(one.speaks_for), "state"),
        (_("Said on"), _day(one), "spoken_on"),
        (_("Language"), statement_words.spoken_language(one.language), "language"),
        (_("Proposals made by"), one.matcher or _("nothing yet"), ""),
        (_("Added"), f"{date_format(one.added_at, 'j F Y')} · {one.added_by}", ""),
    ]
    return [(label, _marked(value, guessed=about in one.guessed)) for label, value, about in rows]


def _day(one: Statement) -> str:
    return date_format(one.spoken_on, "j F Y") if one.spoken_on else _("not known")


def _marked(value: str, *, guessed: bool) -> str:
    return _("%(value)s (guessed from the text)") % {"value": value} if guessed else value


def context(one: Statement) -> dict[str, Any]:
    """The document's text in pieces, and the claims that somebody should see beside it."""
    claims = stated.claims(one)
    return {
        "pieces": list(pieces(one, claims)),
        "claims": [claim_shown(claim, one) for claim in claims if worth_showing(claim)],
        "counts": _counts(claims),
    }


def worth_showing(claim: Claim) -> bool:
    """Whether a claim stands beside the text: it may fit, names something, or a person has read it."""
    named = claim.treaties or claim.plans or claim.support
    return bool(claim.match >= LIKELY or named or claim.standing is not Standing.PROPOSED)


def pieces(one: Statement, claims: tuple[Claim, ...]) -> Iterator[dict[str, Any]]:
    """The whole text in order: what is between passages as it is, each passage with its number and tone."""
    at = 0
    for claim in claims:
        passage = claim.passage
        yield {"text": one.text[at : passage.start]}
        yield {
            "text": passage.text,
            "number": passage.number,
            "shown": worth_showing(claim),
            "language": passage.language,
            "matched": passage.language in MATCHED,
        }
        at = passage.end
    yield {"text": one.text[at:]}


def claim_shown(claim: Claim, one: Statement) -> dict[str, Any]:
    """One claim as a card: its words, who acts, what kind, which provisions, and what it names."""
    confirmed = claim.provisions
    proposed = tuple(one.provision for one in claim.proposals[:3])
    return {
        "number": claim.passage.number,
        "url": reverse("passage_page", args=[str(one), claim.passage.number]),
        "text": claim.passage.text,
        "language": claim.passage.language,
        "standing": statement_words.standing_tag(claim.standing),
        "kind": statement_words.KINDS[claim.kind],
        "actor": statement_words.ACTORS[claim.actor],
        "confirmed": bool(confirmed),
        "provisions": [statement_words.provision_text(id_) for id_ in confirmed or proposed],
        "match": round(100 * claim.match),
        "by": ", ".join(claim.confirmed_by),
        "because": statement_words.REASONS.get(claim.refused_because, claim.refused_because),
        "named": list(named(claim)),
    }


def named(claim: Claim) -> Iterator[str]:
    """Treaties, plans and support that the passage names."""
    for mention in claim.treaties:
        short = instruments()[mention.treaty].short.in_language(statement_words.language())
        yield _("Treaty: %(name)s") % {"name": short}
    for plan in claim.plans:
        years = "–".join(str(year) for year in (plan.since, plan.until) if year)
        yield _("National plan: %(name)s") % {"name": f"{plan.title} {years}".strip()}
    for support in claim.support:
        yield _("Asks for: %(what)s") % {"what": statement_words.SUPPORT[support]}


def passage(claim: Claim, one: Statement) -> dict[str, Any]:
    """A passage with the text around it, and what people and the machine said of it."""
    here = claim.passage
    before, after = one.text[max(0, here.start - AROUND) : here.start], one.text[here.end : here.end + AROUND]
    return {
        "before": before,
        "after": after,
        "shown": claim_shown(claim, one),
        "matched": here.language in MATCHED,
    }


def _counts(claims: tuple[Claim, ...]) -> list[tuple[str, int]]:
    """How many passages there are, and how many stand where."""
    standings = [claim.standing for claim in claims]
    rows = [(str(statement_words.STANDINGS[one][0]), standings.count(one)) for one in Standing]
    return [(_("Passages"), len(claims)), *(row for row in rows if row[1])]
