"""What the page of an estimation says: its answer, checks, signatures and provenance."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from palermo.node import case_words, estimation_figures, estimation_words, joint
from palermo.node.actions import estimation
from palermo.node.actor import Actor
from palermo.node.estimation_figures import Source
from palermo.node.models import Agency, Estimation
from palermo.node.question import STRATA, Question, read
from palermo.node.step import Step
from palermo.node.table import Code, Column, Table, text
from palermo.prevention import checks
from palermo.prevention.overlap import Overlap


def context(one: Estimation, *, by: Actor, now: datetime) -> dict[str, Any]:
    """Everything that the page of an answer shows; all of it from the rounded table and answer."""
    told, shown = one.shown_answer, one.shown_table
    source = Source(text=_("Cases on this node, each person once"), as_of=(one.finished_at or now).date())
    return {
        **standing(one, by=by),
        **_reading(told),
        "answers": estimation_figures.answers(
            told, known=shown["observed"], source=source, reported=reported(one)
        ),
        "beware": _beware(told),
        "margins": estimation_figures.margins(told, source=source),
        "strata": estimation_figures.strata(told),
        "sdg": joint.KEPT in one.answer,
        "overlap": estimation_figures.shared(shown, source=source),
        "pairs": estimation_figures.pairs(shown),
        "check_warnings": check_warnings(overlap_of(shown)),
        "bounds": estimation_figures.bounds(told),
        "trials": estimation_figures.tried(told),
        "assumptions": assumptions(one),
    }


def reported(one: Estimation) -> tuple[float, float] | None:
    """The range that was signed."""
    low, high = one.report_low, one.report_high
    return None if low is None or high is None else (low, high)


def said(found: Mapping[str, Any], name: str) -> list[str]:
    """The sentences under a name in the page's language, in English where there is no other."""
    language = case_words.language()
    return list(found.get(f"{name}_{language}") or found.get(name) or ())


def overlap_of(shown: Mapping[str, Any]) -> Overlap:
    """The rounded table as a table again."""
    bit = {name: 1 << place for place, name in enumerate(shown["lists"])}
    counts = np.zeros(1 << len(bit), dtype=np.int64)
    for cell in shown["cells"]:
        counts[sum(bit[name] for name in cell["lists"])] = cell["people"]
    return Overlap(lists=tuple(shown["lists"]), counts=counts)


def check_warnings(table: Overlap) -> list[str]:
    """What the checks say of the overlaps of a rounded table."""
    return [warning.text(case_words.language()) for warning in checks.check(table).warnings]


def _reading(told: Mapping[str, Any]) -> dict[str, Any]:
    language = case_words.language()
    words = told["reading"]
    return {
        "reading": words.get(language) or words["en"],
        "reading_language": "" if language in words else "en",
    }


def _beware(told: Mapping[str, Any]) -> Table | None:
    """What each method warns of, and why one refuses with what could help."""
    rows = [
        {"method": estimation_words.method(one["method"]), "said": " ".join(sentences)}
        for one in told["results"]
        if (sentences := [*said(one, "warnings"), *said(one, "cautions")])
    ]
    columns = (
        Column(name="method", label=_("Method"), heads_row=True),
        Column(name="said", label=_("What to beware of, or why it refuses and what could help")),
    )
    caption = _("Warnings and refusals")
    return Table(id="warnings", caption=caption, columns=columns, rows=rows) if rows else None


def answered(one: Estimation) -> list[str]:
    """The methods that gave a number."""
    return [found["method"] for found in one.shown_answer["results"] if found["estimable"]]


def assumptions(one: Estimation) -> list[str]:
    """What any method that answered supposes, each once."""
    found = one.shown_answer["results"]
    held = [result for result in found if result["estimable"]] or found
    return list(dict.fromkeys(text for result in held for text in said(result, "assumptions")))


def proposed(one: Estimation) -> dict[str, int]:
    """The range of all intervals, or of the totals where there is no interval."""
    found = estimation.spread(one)
    return {"low": found[0], "high": found[1]} if found else {}


def standing(one: Estimation, *, by: Actor) -> dict[str, Any]:
    """What was signed, and which step `by` may take next, or why none."""
    mine = one.signed_by == by.name
    waits = not estimation.against_countersigning(one)
    return {
        "signed": _signed(one) if one.signed_at else None,
        "statement": one.statement.splitlines(),
        "may_sign": not estimation.against_signing(one) and bool(answered(one)),
        "steps": [_countersigning(one)] if waits and not mine else [],
        "may_withdraw": not estimation.against_withdrawing(one),
        "reasons": list(_reasons(one, mine=mine, waits=waits)),
    }


def _countersigning(one: Estimation) -> Step:
    said = _(
        "Signing as the second person says that you have looked at the table, the spread and the assumptions "
        "yourself, and stand behind the range. From then on the appraisal of the State cites it."
    )
    url = reverse("estimation_countersign", args=[one.pk])
    return Step(text=said, label=_("Sign as the second person"), url=url)


def _reasons(one: Estimation, *, mine: bool, waits: bool) -> Iterator[str]:
    if waits and mine:
        yield _("You have signed. Another analyst must sign before the appraisal cites it.")
    if not one.signed_at and not answered(one):
        yield _("No method gives a number, so there is no range to sign.")


def _signed(one: Estimation) -> list[tuple[Any, Any]]:
    second = _("nobody yet: not cited") if not one.second_at else _by(one.second_by, one.second_at)
    return [
        (_("People in all, found or not"), estimation_words.span(one.report_low, one.report_high)),
        (_("By"), estimation_words.method(one.report_method)),
        (_("Signed"), _by(one.signed_by, one.signed_at)),
        (_("Second person"), second),
    ]


def _by(who: str, at: datetime | None) -> str:
    return _("%(who)s, %(day)s") % {"who": who, "day": text(at and at.date())}


def facts(one: Estimation) -> list[tuple[Any, Any]]:
    """Where the answer comes from: who asked what and when, of what table, with which version and seed."""
    asked, shown = read(one.question), one.shown_table
    told = [
        (_("Asked"), _by(one.asked_by, one.asked_at)),
        (_("Answered"), one.finished_at),
        *asked_facts(asked),
    ]
    if shown:
        told += [
            (_("Cases counted"), _rounded(shown["cases"])),
            (_("Cases left out"), _left_out(shown)),
            (_("Version of palermo"), Code(one.version)),
            (_("Mark of the table"), Code(one.table_hash)),
        ]
    return told


def _rounded(count: int) -> str:
    return _("%(count)s, rounded") % {"count": text(count)}


def _left_out(shown: Mapping[str, Any]) -> str:
    return _("%(count)s, rounded: they say too little about the person to be matched") % {
        "count": text(shown["unkeyed"])
    }


def asked_facts(asked: Question) -> list[tuple[Any, Any]]:
    """The question as pairs of label and value."""
    names = dict(Agency.objects.filter(pk__in=asked.agencies).values_list("code", "name"))
    return [
        (_("Years of registration"), estimation_words.period(asked.since, asked.until)),
        (_("Lists"), "; ".join(_list(name, codes, names) for name, codes in asked.lists.items())),
        (_("Told apart by"), _apart(asked)),
        (_("Methods"), estimation_words.methods(asked.methods) if asked.methods else _("all")),
        (_("Replicates"), asked.replicates),
        (_("Level of the intervals"), estimation_words.percent(asked.level)),
        (_("Seed"), asked.seed),
    ]


def _list(name: str, codes: tuple[str, ...], names: Mapping[str, str]) -> str:
    agencies = _(", ").join(names.get(code, code) for code in codes)
    return name if agencies == name else f"{name} ({agencies})"


def _apart(asked: Question) -> str:
    chosen = [estimation_words.column(name) for name in STRATA if name in asked.strata]
    return _(", ").join(chosen) or _("nothing: everyone together")
