"""Statements in the language of the page: kinds, actors, standings, and what the machine went by."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.appraisal import state as states
from palermo.appraisal.provision import provision
from palermo.appraisal.statement.claim import Actor, Kind, Standing, Support
from palermo.appraisal.words import Language
from palermo.node import case_words
from palermo.node.models import StatementState
from palermo.node.table import Tag

KINDS: Mapping[Kind, Any] = {
    Kind.DONE: gettext_lazy("Done"),
    Kind.UNDER_WAY: gettext_lazy("Under way"),
    Kind.PROMISED: gettext_lazy("Promised"),
    Kind.URGED: gettext_lazy("Urged on others"),
    Kind.DESCRIBED: gettext_lazy("Described"),
}
ACTORS: Mapping[Actor, Any] = {
    Actor.STATE: gettext_lazy("The State that speaks"),
    Actor.UNITED_NATIONS: gettext_lazy("The United Nations"),
    Actor.EVERYONE: gettext_lazy("Everyone, or all States"),
    Actor.OTHER: gettext_lazy("Somebody else, or nobody"),
}
STANDINGS: Mapping[Standing, tuple[Any, str]] = {
    Standing.PROPOSED: (gettext_lazy("Proposed by the machine"), "quiet"),
    Standing.ONCE: (gettext_lazy("Confirmed by one person"), "warn"),
    Standing.CONFIRMED: (gettext_lazy("Confirmed by two people"), "good"),
    Standing.CONFLICT: (gettext_lazy("Readers differ"), "bad"),
    Standing.REFUSED: (gettext_lazy("Refused"), "quiet"),
}
STATES: Mapping[StatementState, tuple[Any, str]] = {
    StatementState.WAITING: (gettext_lazy("Waits to be opened"), "quiet"),
    StatementState.OPENED: (gettext_lazy("Is being read"), "warn"),
    StatementState.DONE: (gettext_lazy("Read"), "good"),
    StatementState.FAILED: (gettext_lazy("Cannot be read"), "bad"),
}
REASONS: Mapping[str, Any] = {
    "general": gettext_lazy("Speaks of trafficking, fits no provision"),
    "off topic": gettext_lazy("Is about something else"),
    "unclear": gettext_lazy("Cannot be understood by itself"),
    "not in the list": gettext_lazy("Fits something that the framework does not hold"),
}
SUPPORT: Mapping[Support, Any] = {
    Support.FINANCIAL: gettext_lazy("money"),
    Support.TECHNICAL: gettext_lazy("technical help"),
    Support.DATA: gettext_lazy("help with collecting data"),
    Support.TRAINING: gettext_lazy("training"),
}
GUESSES: Mapping[str, Any] = {
    "language": gettext_lazy("language"),
    "speaker": gettext_lazy("speaker"),
    "state": gettext_lazy("State"),
    "spoken_on": gettext_lazy("day"),
}
LANGUAGES: Mapping[str, Any] = {
    "en": gettext_lazy("English"),
    "fr": gettext_lazy("French"),
    "und": gettext_lazy("not known"),
}


def language() -> Language:
    """The language of the framework's own texts on this page: French on French pages, else English."""
    return Language.FRENCH if case_words.language() == "fr" else Language.ENGLISH


def state_tag(state: str) -> Tag:
    """How far the reading of a document has come."""
    return Tag(*STATES[StatementState(state)])


def standing_tag(standing: Standing) -> Tag:
    """How far people have come with a passage."""
    return Tag(*STANDINGS[standing])


def provision_text(id_: str) -> str:
    """A provision with its id."""
    return f"{id_} · {provision(id_).text.in_language(language())}"


def spoken_language(code: str) -> str:
    """The language of a document or passage; one that is not matched by its code."""
    return str(LANGUAGES.get(code, code))


def state_name(code: str) -> str:
    """The State that speaks, or that none does."""
    if not code:
        return _("no State")
    found = states.state(code)
    return found.name_ar if case_words.language() == "ar" else found.name.in_language(language())
