"""A plan over time: one bar an action, its milestones as marks, a line for today; and the same as rows.

Bars differ by words in their legend and by pattern of edge, never by colour alone. Phones are given a drawing
of their own, in which the name of an action stands above its bar.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from palermo.appraisal.plan.plan import Action, Milestone, Plan
from palermo.appraisal.words import table

FONT: Final = "Noto Sans, Noto Sans Arabic, sans-serif"
INK, TODAY_INK = "#17262d", "#a92c1f"
WIDE, NARROW = 620, 290
STEP, NARROW_STEP = 30, 46
LONGEST, NARROW_LONGEST = 46, 40
LEGEND: Final = {"offset": 28, "layout": {"bottom": {"direction": "vertical", "margin": 4}}}


class Standing(StrEnum):
    """How an action stands on a day."""

    DONE = "done"
    UNDER_WAY = "under way"
    NOT_BEGUN = "not begun"
    OVERDUE = "overdue"
    DROPPED = "dropped"


FILLS: Final[Mapping[Standing, tuple[str, str]]] = {
    Standing.DONE: ("#2f7687", "#123f4d"),
    Standing.UNDER_WAY: ("#9cc5cc", "#123f4d"),
    Standing.NOT_BEGUN: ("#ffffff", "#4a5960"),
    Standing.OVERDUE: ("#f2c6a0", "#a92c1f"),
    Standing.DROPPED: ("#e6eaea", "#8a979c"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One action over time; a day is None where neither the action nor its plan gives one."""

    action: Action
    begins: date | None
    ends: date | None
    standing: Standing

    @property
    def drawn(self) -> bool:
        return self.begins is not None and self.ends is not None


def bars(plan: Plan, *, today: date) -> tuple[Bar, ...]:
    """Every action, in the plan's order; an action without days of its own has its plan's."""
    return tuple(_bar(plan, one, today) for one in plan.actions)


def standing(plan: Plan, action: Action, *, today: date) -> Standing:
    """What was reported; what is neither done nor dropped by its day is overdue."""
    due = action.due_on or plan.ends_on
    if action.open and due and due < today:
        return Standing.OVERDUE
    return Standing(action.progress)


def label(key: str, language: str, *, group: str = "standing") -> str:
    """A word of the timeline in English, French or Arabic."""
    entry = table("plan_timeline.toml")[group][key]
    said: str = entry.get(language, entry["en"])
    return said


def spec(plan: Plan, *, today: date, language: str, narrow: bool = False, font: str = FONT) -> dict[str, Any]:
    """The drawing as a Vega-Lite specification; its description is the text alternative."""
    drawn = [one for one in bars(plan, today=today) if one.drawn]
    said = label("alt", language, group="word")
    held = {"title": plan.title, "years": plan.years, "count": len(plan.actions)}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "description": said.format(**held),
        "width": NARROW if narrow else WIDE,
        "height": max(1, len(drawn)) * (NARROW_STEP if narrow else STEP),
        "background": None,
        "layer": list(_layers(drawn, today=today, language=language, narrow=narrow)),
        "config": {"font": font, "view": {"stroke": None}, "legend": LEGEND},
    }


def _bar(plan: Plan, one: Action, today: date) -> Bar:
    begins, ends = one.starts_on or plan.starts_on, one.due_on or plan.ends_on
    if begins and ends and ends < begins:
        begins = ends
    return Bar(action=one, begins=begins, ends=ends, standing=standing(plan, one, today=today))


def _layers(drawn: Sequence[Bar], *, today: date, language: str, narrow: bool) -> Iterator[dict[str, Any]]:
    names = [_name(one.action, NARROW_LONGEST if narrow else LONGEST) for one in drawn]
    least = _least(drawn, today)
    rows = [_row(one, name, language, least) for one, name in zip(drawn, names, strict=True)]
    y = _rows_axis(names, narrow=narrow)
    x = {"type": "temporal", "scale": {"type": "utc"}, "axis": _days_axis(drawn, today)}
    offset = {"yOffset": 10} if narrow else {}
    yield {
        "data": {"values": rows},
        "mark": {"type": "bar", "height": 14, "strokeWidth": 1.2, **offset},
        "encoding": {
            "y": y,
            "x": {"field": "begins", **x},
            "x2": {"field": "ends"},
            "color": _colours(language, drawn, "fill"),
            "stroke": _colours(language, drawn, "stroke"),
        },
    }
    if narrow:
        text = {"type": "text", "align": "left", "baseline": "middle", "dy": -8, "fontSize": 12, "color": INK}
        where = {"y": y, "x": {"value": 0}, "text": {"field": "name"}}
        yield {"data": {"values": rows}, "mark": text, "encoding": where}
    if marks := [row for one, name in zip(drawn, names, strict=True) for row in _marks(one, name, language)]:
        yield _points(marks, y=y, x=x, language=language, offset=offset)
    yield from _today(today, x=x, language=language)


def _rows_axis(names: Sequence[str], *, narrow: bool) -> dict[str, Any]:
    axis = {"title": None, "labelLimit": 330, "labelFontSize": 13, "ticks": False, "domain": False}
    axis["labelPadding"] = 12
    return {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": list(names)},
        "axis": None if narrow else axis,
    }


def _days_axis(drawn: Sequence[Bar], today: date) -> dict[str, Any]:
    """Years; months where the whole is shorter than two years."""
    days = [day for one in drawn for day in (one.begins, one.ends) if day] or [today]
    short = (max(days) - min(days)).days < 730
    ticks = {"interval": "month", "step": 6} if short else {"interval": "year", "step": 1}
    return {
        "title": None,
        "orient": "top",
        "format": "%Y-%m" if short else "%Y",
        "tickCount": ticks,
        "labelFontSize": 13,
        "labelOverlap": True,
    }


def _row(one: Bar, name: str, language: str, least: timedelta) -> dict[str, Any]:
    begins, ends = one.begins or date.min, one.ends or date.max
    days = {"begins": begins.isoformat(), "ends": max(ends, begins + least).isoformat()}
    return {"name": name, "standing": label(one.standing, language), **days}


def _least(drawn: Sequence[Bar], today: date) -> timedelta:
    """The shortest bar that can be seen: an action of a day is drawn as a hundredth of the whole."""
    days = [day for one in drawn for day in (one.begins, one.ends) if day] or [today]
    return (max(days) - min(days)) / 100


def _colours(language: str, drawn: Sequence[Bar], channel: str) -> dict[str, Any]:
    met = [one for one in Standing if any(bar.standing is one for bar in drawn)]
    legend = {"title": None, "orient": "bottom", "columns": 2, "labelFontSize": 13, "symbolType": "square"}
    return {
        "field": "standing",
        "type": "nominal",
        "scale": {
            "domain": [label(one, language) for one in met],
            "range": [FILLS[one][channel == "stroke"] for one in met],
        },
        "legend": legend,
    }


def _marks(one: Bar, name: str, language: str) -> Iterator[dict[str, Any]]:
    for step in one.action.milestones:
        word = label("reached" if step.done_on else "open", language, group="word")
        yield {"name": name, "on": _on(step).isoformat(), "state": word}


def _on(step: Milestone) -> date:
    return step.done_on or step.due_on


def _points(
    marks: list[dict[str, Any]],
    *,
    y: Mapping[str, Any],
    x: Mapping[str, Any],
    language: str,
    offset: Mapping[str, int],
) -> dict[str, Any]:
    """A filled diamond is a milestone that was reached, an empty one is open."""
    words = [label(one, language, group="word") for one in ("reached", "open")]
    legend = {"title": None, "orient": "bottom", "columns": 1, "labelFontSize": 13}
    return {
        "data": {"values": marks},
        "mark": {"type": "point", "size": 110, "stroke": INK, "strokeWidth": 1.4, "opacity": 1, **offset},
        "encoding": {
            "y": y,
            "x": {"field": "on", **x},
            "shape": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": words, "range": ["diamond", "triangle-up"]},
                "legend": legend,
            },
            "fill": {
                "field": "state",
                "type": "nominal",
                "scale": {"domain": words, "range": [INK, "#ffffff"]},
                "legend": legend,
            },
        },
    }


def _today(today: date, *, x: Mapping[str, Any], language: str) -> Iterator[dict[str, Any]]:
    values = {"values": [{"on": today.isoformat(), "word": label("today", language, group="word")}]}
    rule = {"type": "rule", "color": TODAY_INK, "strokeDash": [5, 3], "strokeWidth": 1.6}
    place = {"x": {"field": "on", **x}}
    yield {"data": values, "mark": rule, "encoding": place}
    word = {"type": "text", "color": TODAY_INK, "fontSize": 13, "baseline": "top", "dy": 6}
    below = {"y": {"value": "height"}, "text": {"field": "word"}}
    yield {"data": values, "mark": word, "encoding": {**place, **below}}


def _name(action: Action, longest: int) -> str:
    whole = f"{action.id} {action.title}".strip()
    return whole if len(whole) <= longest else f"{whole[: longest - 1].rstrip()}…"
