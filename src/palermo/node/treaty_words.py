"""What the pages on treaties say of acts, standings and regional groups, in the language of the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from palermo.appraisal.reservation import Declared
from palermo.appraisal.state import State
from palermo.appraisal.treaty import Act, Standing
from palermo.appraisal.words import Language, Text
from palermo.node.table import Tag

REGIONS: Mapping[str, Any] = {
    "africa": _("Africa"),
    "asia_pacific": _("Asia and the Pacific"),
    "eastern_europe": _("Eastern Europe"),
    "latin_america_caribbean": _("Latin America and the Caribbean"),
    "western_europe_others": _("Western Europe and others"),
    "made_up": _("Made-up countries"),
}
ACTS: Mapping[Act, Any] = {
    Act.SIGNATURE: _("Signature"),
    Act.RATIFICATION: _("Ratification"),
    Act.ACCESSION: _("Accession"),
    Act.SUCCESSION: _("Succession"),
    Act.ACCEPTANCE: _("Acceptance"),
    Act.APPROVAL: _("Approval"),
    Act.DEFINITIVE_SIGNATURE: _("Definitive signature"),
    Act.FORMAL_CONFIRMATION: _("Formal confirmation"),
    Act.DENUNCIATION: _("Denunciation"),
    Act.REPORTED_PARTY: _("Reported as a party, without a date"),
    Act.REPORTED_NOT_PARTY: _("Reported as not a party"),
    Act.NO_ENTRY: _("Not in the list"),
}
DECLARED: Mapping[Declared, Any] = {
    Declared.RESERVATION: _("Reservation"),
    Declared.DECLARATION: _("Declaration"),
    Declared.OBJECTION: _("Objection"),
    Declared.WITHDRAWAL: _("Withdrawal of a reservation"),
}
STANDINGS: Mapping[str, Any] = {
    "party": _("Party"),
    "waiting": _("Signed and waiting"),
    "none": _("Not a party"),
    "unknown": _("Not known"),
}
TONES = {"party": "good", "waiting": "warn", "none": "bad", "unknown": "quiet"}


def language() -> Language:
    """The language of the page among those of the appraisal."""
    chosen = get_language() or "en"
    return Language(chosen) if chosen in {one.value for one in Language} else Language.ENGLISH


def said(text: Text) -> str:
    return text.in_language(language())


def named(one: State) -> str:
    return one.name_ar if language() is Language.ARABIC else said(one.name)


def kind(standing: Standing, *, waiting: bool) -> str:
    """The key of STANDINGS that fits."""
    if standing.party is None:
        return "unknown"
    if standing.party:
        return "party"
    return "waiting" if waiting else "none"


def tag(key: str) -> Tag:
    return Tag(STANDINGS[key], TONES[key])
