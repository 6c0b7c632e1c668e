"""The chapter on the calendar: the appraisals that were, this one, and the next."""

from datetime import date
from typing import Any

from palermo.appraisal import words
from palermo.appraisal.assess import Appraisal
from palermo.appraisal.chapter.cell import column
from palermo.appraisal.report import Lines, Paragraph, Row, Section, Table, Tag, Value
from palermo.appraisal.words import say


def cycles(appraisal: Appraisal) -> Section:
    return calendar(appraisal.today)


def calendar(today: date) -> Section:
    table = Table(
        caption=say("cycles.caption"),
        columns=(
            column("cycle", width=3),
            column("from", width=3),
            column("until", width=3),
            column("meeting", width=4),
            column("plan_standing", width=2),
        ),
        rows=tuple(_row(one, today) for one in words.table("cycles.toml")["cycle"]),
    )
    return Section(id="cycles", title=say("cycles.title"), blocks=(Paragraph(text=say("cycles.text")), table))


def _row(one: dict[str, Any], today: date) -> Row:
    begun, over = one["starts_on"] <= today, one["ends_on"] < today
    name, tone = ("past", "grey") if over else ("current", "blue") if begun else ("next", "grey")
    return Row(
        cells=(
            one["id"].replace("-", "–"),
            one["starts_on"],
            one["ends_on"],
            _meeting(one),
            Tag(label=say(f"cycles.{name}"), tone=tone),
        )
    )


def _meeting(one: dict[str, Any]) -> Value:
    """The meeting that ends the cycle, with the declaration that it adopted, as far as they are set."""
    if "meeting" not in one:
        return say("cycles.expected", year=str(one["ends_on"].year))
    declared = (one["declaration"],) if one.get("declaration") else ()
    days = dict.fromkeys(one["meeting"])
    return Lines(items=(*days, *declared))
