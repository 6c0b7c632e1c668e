"""What the table of a question looks like before anything is computed: rounded, and what is against it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from palermo.errors import Problem
from palermo.node import case_words, estimation_answer, estimation_figures, estimation_words, overlap, rounded
from palermo.node.actions import estimation
from palermo.node.actor import Actor
from palermo.node.question import Question
from palermo.node.table import text
from palermo.prevention import methods
from palermo.prevention.fault import Fault
from palermo.prevention.overlap import Overlap

MANY_UNKEYED = 0.2
MOST_PAIRS = 6


def context(asked: Question, *, by: Actor, now: datetime) -> dict[str, Any]:
    """The picture of the table, its warnings, and whether it is worth a start."""
    found = estimation.preview(asked, by=by, now=now)
    whole, shown = found.shown.whole, rounded.table(found)
    source = estimation_figures.Source(text=_("Cases on this node, each person once"), as_of=now.date())
    against = [told(problem) for problem in (*overlap.against(found), *methods.against(whole))]
    return {
        "facts": estimation_answer.asked_facts(asked),
        "said": _said(shown, asked),
        "warnings": [*_unkeyed(shown), *against, *_thin(whole)],
        "startable": not against,
        "overlap": estimation_figures.shared(shown, source=source),
        "sizes": estimation_figures.sizes(shown),
        "pairs": estimation_figures.pairs(shown),
    }


def told(problem: Problem) -> str:
    """A problem in the page's language, with what would be right."""
    language = case_words.language()
    if isinstance(problem, Fault):
        return problem.said.text(language)
    if language == "fr" and problem.wrong_fr:
        return f"{problem.wrong_fr} {problem.remedy_fr}".strip()
    if language == "ar" and problem.wrong_ar:
        return f"{problem.wrong_ar} {problem.remedy_ar}".strip()
    return f"{problem.wrong} {problem.remedy}".strip()


def _said(shown: dict[str, Any], asked: Question) -> str:
    return _("About %(people)s people in %(lists)s. Nothing is computed yet; every count is rounded.") % {
        "people": estimation_words.about(shown["observed"]),
        "lists": estimation_words.lists(len(asked.lists)),
    }


def _unkeyed(shown: dict[str, Any]) -> Iterator[str]:
    """Cases that say too little about whom they are about cannot be linked; many of them bend the answer."""
    share = shown["unkeyed"] / max(shown["cases"] + shown["unkeyed"], 1)
    if share > MANY_UNKEYED:
        yield _(
            "%(share)s of the cases say too little about the person to be matched with other lists: they "
            "are left out. If they differ from the others, so will the answer."
        ) % {"share": estimation_words.percent(share)}


def _thin(table: Overlap) -> Iterator[str]:
    """What the checks say of the overlaps, and which lists share nobody."""
    yield from estimation_answer.check_warnings(table)
    apart = [names for names, people in table.pairs.items() if not people]
    for first, second in apart[:MOST_PAIRS]:
        yield _("%(first)s and %(second)s share nobody.") % {"first": first, "second": second}
    if len(apart) > MOST_PAIRS:
        yield _("%(count)s more pairs of lists share nobody.") % {"count": text(len(apart) - MOST_PAIRS)}
