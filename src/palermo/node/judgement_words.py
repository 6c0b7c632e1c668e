"""Provisions, statuses and reasons in the language of the page; phrases in English or French."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.appraisal.assessment import Status
from palermo.appraisal.edition import Speech
from palermo.appraisal.evidence import Evidence, Grade
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.provision import Pillar, Provision, ReferenceStatus, Set, instruments
from palermo.appraisal.words import phrase_text
from palermo.node.models import Judgement
from palermo.node.statement_words import language as language
from palermo.node.table import Tag, text

STATUSES: Mapping[Status, tuple[Any, str]] = {
    Status.NOT_ASSESSED: (gettext_lazy("Not assessed"), "quiet"),
    Status.NO_EVIDENCE: (gettext_lazy("No evidence"), "bad"),
    Status.CLAIMED: (gettext_lazy("Claimed"), "warn"),
    Status.PARTLY: (gettext_lazy("Partly"), ""),
    Status.DONE: (gettext_lazy("Done"), "good"),
    Status.NOT_APPLICABLE: (gettext_lazy("Not applicable"), "quiet"),
}
STATUS_HINTS: Mapping[Status, Any] = {
    Status.NO_EVIDENCE: gettext_lazy("Nothing shows it."),
    Status.CLAIMED: gettext_lazy("The State says so, and nothing stronger does."),
    Status.PARTLY: gettext_lazy("A part is shown by more than the State’s own words."),
    Status.DONE: gettext_lazy("All of it is shown by more than the State’s own words."),
    Status.NOT_APPLICABLE: gettext_lazy("It cannot be asked of this State, and evidence shows why."),
}
PILLARS: Mapping[Pillar, Any] = {
    Pillar.PREVENTION: gettext_lazy("Prevention"),
    Pillar.PROTECTION: gettext_lazy("Protection"),
    Pillar.PROSECUTION: gettext_lazy("Prosecution"),
    Pillar.PARTNERSHIP: gettext_lazy("Partnership"),
    Pillar.TREATIES: gettext_lazy("Treaties and linked goals"),
}
SETS: Mapping[Set, Any] = {
    Set.PLAN: gettext_lazy("Global Plan of Action"),
    Set.DECLARATION: gettext_lazy("Political declarations"),
    Set.GOAL: gettext_lazy("Sustainable Development Goals"),
    Set.COMPACT: gettext_lazy("Migration compact"),
}
ADDRESSEES: Mapping[str, Any] = {
    "state": gettext_lazy("States"),
    "un": gettext_lazy("The United Nations"),
    "all": gettext_lazy("Everybody"),
}
SEEN: Mapping[ReferenceStatus, Any] = {
    ReferenceStatus.VERIFIED: gettext_lazy("The text was seen"),
    ReferenceStatus.SECONDARY: gettext_lazy("Only its substance was seen"),
    ReferenceStatus.MEMORY: gettext_lazy("From memory; it can be off by one or two"),
}
GRADES: Mapping[Grade, Any] = {
    Grade.REGISTER: gettext_lazy("A: official register or text of a law"),
    Grade.STATISTIC: gettext_lazy("B: statistic with its series and date"),
    Grade.NODE: gettext_lazy("C: data of the State’s own node"),
    Grade.INDEPENDENT: gettext_lazy("D: independent report"),
    Grade.CLAIM: gettext_lazy("E: the State’s own statement"),
    Grade.PROPOSAL: gettext_lazy("F: machine proposal, which counts for nothing"),
}


def said(value: Any) -> str:
    """A phrase, text or figure of the appraisal in words: French on French pages, English elsewhere."""
    speech = Speech(language=language(), numbers={}, font="")
    return "".join(str(run["text"]) for run in speech.runs(value))


def status_tag(status: Status) -> Tag:
    return Tag(*STATUSES[status])


def reason_name(reason: Reason) -> str:
    return phrase_text(f"obstacle.{reason}.name").in_language(language())


def place(one: Provision) -> str:
    """The instrument and the paragraph; the instrument alone where no paragraph is known."""
    named = instruments()[one.instrument].short.in_language(language())
    return f"{named}, {one.paragraph}" if one.paragraph else named


def reference_tag(one: Provision) -> Tag:
    """Whether the paragraph may be cited without a warning, and who says so."""
    if one.checked_by and one.checked_on:
        return Tag(_("Checked by %(name)s") % {"name": one.checked_by}, "good")
    if one.reference_checked:
        return Tag(_("Text seen"), "good")
    return Tag(_("Not checked"), "warn")


def evidence_note(one: Evidence) -> str:
    """Source, day and grade of a piece of evidence, in one line."""
    found = one.found
    parts = {
        "source": found.source.publisher.in_language(language()),
        "day": text(found.as_of),
        "grade": str(one.grade),
    }
    return _("%(source)s, as of %(day)s, grade %(grade)s") % parts


def step_tag(one: Judgement | None) -> Tag | None:
    """How far a judgement has come."""
    if one is None:
        return None
    if one.returned_at:
        return Tag(_("Sent back"), "quiet")
    if one.published_at:
        return Tag(_("Published"), "good")
    return (
        Tag(_("Agreed, not published"), "warn")
        if one.reviewed_at
        else Tag(_("Waits for a second person"), "warn")
    )
