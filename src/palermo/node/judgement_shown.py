"""What the page of a provision shows of it: status, reasons, evidence, obstacles, and the judgement."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from palermo.appraisal.assess import Appraisal
from palermo.appraisal.assessment import Status
from palermo.appraisal.obstacle import Obstacle, Reason
from palermo.appraisal.provision import Provision
from palermo.node import case_words, judged
from palermo.node import judgement_words as words
from palermo.node.models import Judgement
from palermo.node.table import BLANK, Code, Column, Empty, Table

EVIDENCE = (
    Column(name="says", label=gettext_lazy("What it says"), heads_row=True),
    Column(name="source", label=gettext_lazy("Source")),
    Column(name="as_of", label=gettext_lazy("As of")),
    Column(name="grade", label=gettext_lazy("Grade")),
    Column(name="where", label=gettext_lazy("File and line")),
)


def context(known: Appraisal, one: Provision, newest: Judgement | None) -> dict[str, Any]:
    """Everything of the provision, in the words of the page."""
    assessed = known.assessments[one.id]
    return {
        "text": one.text.in_language(words.language()),
        "text_language": words.language().value,
        "status": words.status_tag(assessed.status),
        "at_most": words.status_tag(assessed.at_most) if assessed.at_most is not assessed.status else None,
        "reasons": [words.said(reason) for reason in assessed.reasons],
        "evidence": _evidence(known, one),
        "obstacles": [_obstacle(it) for it in assessed.obstacles],
        "judgement": _judgement(newest, known) if newest else None,
        "step": _step(newest),
    }


def arabic() -> bool:
    return case_words.language() == "ar"


def _evidence(known: Appraisal, one: Provision) -> Table:
    rows = [
        {
            "says": words.said(it.says),
            "source": it.found.source.publisher.in_language(words.language()),
            "as_of": it.found.as_of,
            "grade": Code(str(it.grade)),
            "where": Code(f"{it.found.file}, {it.found.line}" if it.found.line else it.found.file),
        }
        for it in known.assessments[one.id].evidence
    ]
    empty = Empty(
        title=_("No evidence bears on this provision yet."),
        hint=_("Confirm what the State said of it, add its plan, or name a document below."),
    )
    return Table(id="evidence", caption=_("Evidence"), columns=EVIDENCE, rows=rows, empty=empty)


def _obstacle(one: Obstacle) -> dict[str, Any]:
    return {
        "name": words.reason_name(one.reason),
        "text": words.said(one.text),
        "step": words.said(one.step),
        "helper": words.said(one.helper),
    }


def _judgement(one: Judgement, known: Appraisal) -> list[tuple[Any, Any]]:
    """The judgement as a summary list: what, why, by which evidence, by whom, and what the State answered."""
    library = known.library()
    named = [library[it] for it in one.evidence_ids if it in library]
    proof = [*named, *(judged.document(it) for it in one.brought)]
    codes = [words.reason_name(Reason(code)) for code in one.codes]
    rows = [
        (_("How far it has come"), words.step_tag(one)),
        (_("Status"), words.status_tag(Status(one.status))),
        (_("Why"), _own(one.reason)),
        (_("Evidence that carries it"), _own("; ".join(words.said(it.says) for it in proof))),
        (_("What stands in the way"), ", ".join(codes) or None),
        (_("Judged by"), judged.person(one.assessor_named, one.assessor)),
        (_("Agreed by"), judged.person(one.reviewer_named, one.reviewer) or None),
        (_("The State answered"), _own(f"{one.reply} ({one.reply_by})" if one.reply else "")),
        (_("Sent back because"), _own(one.returned_reason)),
    ]
    return [(label, value) for label, value in rows if value not in (None, "", BLANK)]


def _own(text: str) -> str | None:
    """Words that stand in their own direction on a page of another: between isolating signs."""
    return f"\u2068{text}\u2069" if text else None


def _step(newest: Judgement | None) -> str:
    """The next step: judge, agree, or publish."""
    if newest is None or newest.returned_at or newest.published_at:
        return "judge"
    return "publish" if newest.reviewed_at else "agree"
