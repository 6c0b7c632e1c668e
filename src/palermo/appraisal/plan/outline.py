"""From a written plan, and the mapping that a person confirmed, to the plan; what was not used is listed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO

from palermo.appraisal.plan import cell, form, pieces, sheet
from palermo.appraisal.plan.cell import Unreadable
from palermo.appraisal.plan.mapping import CURRENCY, Chart, Use, pillar_of
from palermo.appraisal.plan.pieces import Kind, Outline, Piece
from palermo.appraisal.plan.plan import Action, BudgetLine, Indicator, Plan
from palermo.appraisal.plan.span import span
from palermo.appraisal.provision import Pillar
from palermo.appraisal.statement.file import Progress
from palermo.appraisal.words import Language, table

SEVERAL = re.compile(r"\s*;\s*|\s*[•▪◦]\s*")
MONEY = re.compile(
    r"(?P<before>[A-Z]{3})?\s*(?P<amount>[<\d][\d\s\u00a0\u202f.,–-]*|\.\.)\s*(?P<after>[A-Z]{3})?"
)


@dataclass(slots=True, kw_only=True)
class _Draft:
    """An action while it is put together."""

    id: str
    title: str
    pillar: Pillar
    goal: str
    line: int
    owner: list[str] = field(default_factory=list)
    budget: list[BudgetLine] = field(default_factory=list)
    indicators: list[Indicator] = field(default_factory=list)
    starts_on: date | None = None
    due_on: date | None = None


@dataclass(slots=True, kw_only=True)
class _Built:
    """What was made so far: actions, the goal they stand under, and the pieces that nothing was made of."""

    chart: Chart
    drafts: list[_Draft] = field(default_factory=list)
    left: list[Piece] = field(default_factory=list)
    goals: dict[str, Piece] = field(default_factory=dict)
    goal: Piece | None = None


def read(stream: BinaryIO, *, name: str, progress: Progress | None = None) -> Outline:
    """The outline of a Word document, a PDF or a text."""
    return pieces.read(stream, name=name, progress=progress)


def planned(outline: Outline, chart: Chart, *, as_of: date) -> Plan:
    """The plan that the document describes, read as the mapping says."""
    facts = {name: chart.plan[name] for name in ("id", "state", "title", "starts_on", "ends_on")}
    return Plan(
        **facts,
        adopted_on=chart.plan["adopted_on"],
        follows=chart.plan["follows"],
        found=sheet.found(chart.plan, as_of=as_of, file=outline.name),
        actions=tuple(_action(one) for one in _built(outline, chart).drafts),
    )


def left(outline: Outline, chart: Chart) -> tuple[Piece, ...]:
    """Every piece that no part of the plan was made of, in the order of the document."""
    return tuple(_built(outline, chart).left)


def _built(outline: Outline, chart: Chart) -> _Built:
    built = _Built(chart=chart)
    for row in _rows(outline):
        for piece in sorted(row, key=lambda one: ORDER.get(_use(chart, one), len(ORDER))):
            _take(built, piece)
    built.left.sort(key=lambda one: one.number)
    _name(built.drafts)
    return built


def _rows(outline: Outline) -> Iterator[list[Piece]]:
    """The cells of one row together, every other piece alone."""
    row: list[Piece] = []
    for piece in outline.pieces:
        if row and piece.row != row[0].row:
            yield row
            row = []
        if piece.row:
            row.append(piece)
        else:
            yield [piece]
    if row:
        yield row


ORDER = {Use.GOAL: 0, Use.ACTION: 1}


def _use(chart: Chart, piece: Piece) -> Use:
    return Use.NOTHING if piece.kind is Kind.HEAD else chart.uses[piece.slot]


def _take(built: _Built, piece: Piece) -> None:
    use = _use(built.chart, piece)
    if use is Use.GOAL:
        built.goal = built.goals.setdefault(piece.text, piece)
    elif use is Use.ACTION:
        if not (piece.again and built.drafts):
            built.drafts.append(_draft(built, piece))
    elif piece.kind is not Kind.HEAD and not (built.drafts and _fill(built, use, piece)):
        built.left.append(piece)


def _draft(built: _Built, piece: Piece) -> _Draft:
    goal = built.goal
    pillar = _pillar(built.chart, goal)
    title = pieces.said(piece) or piece.text
    return _Draft(
        id=piece.mark, title=title, pillar=pillar, goal=goal.text if goal else "", line=piece.number
    )


def _pillar(chart: Chart, goal: Piece | None) -> Pillar:
    """As the person said of the goal; of a goal nobody was asked about, as its words say."""
    if goal is None:
        return chart.pillar
    return chart.pillars.get(goal.number) or pillar_of(goal.text) or chart.pillar


def _fill(built: _Built, use: Use, piece: Piece) -> bool:
    """Whether the newest action could be told this; False leaves the piece to be listed."""
    draft, text = built.drafts[-1], pieces.said(piece)
    match use:
        case Use.OWNER:
            draft.owner.append(text)
        case Use.BUDGET:
            draft.budget.extend(_money(text, built.chart.plan[CURRENCY]))
        case Use.INDICATOR:
            draft.indicators += [Indicator(name=one, unit="") for one in SEVERAL.split(text) if one]
        case Use.NUMBER:
            fits = draft.id in ("", text)
            draft.id = draft.id or text
            return fits
        case Use.TIME:
            return _time(draft, text)
        case _:
            return False
    return bool(text)


def _time(draft: _Draft, text: str) -> bool:
    """One time an action: a second one, as one that cannot be read, is left to be listed."""
    when = span(text)
    if when is None or draft.due_on:
        return False
    draft.starts_on, draft.due_on = when
    return True


def _money(text: str, currency: str) -> Iterator[BudgetLine]:
    """One line for an amount; words without one name the source of money whose amount is not known."""
    if not text or form.folded(text) in table("plan_headings.toml")["nothing"]["budget"]:
        return
    found = MONEY.fullmatch(text)
    try:
        planned = cell.number(found["amount"], language=_language(found["amount"])) if found else None
    except Unreadable:
        found, planned = None, None
    own = (found["before"] or found["after"] or currency) if found else currency
    yield BudgetLine(source="" if found else text, currency=own, planned=planned)


def _language(amount: str) -> Language:
    """A space between thousands is written where a comma parts decimals."""
    return Language.FRENCH if re.search(r"\d[\s\u00a0\u202f]\d", amount) else Language.ENGLISH


def _name(drafts: list[_Draft]) -> None:
    """Each action an id of its own: the number it bears, or one that nobody else has."""
    taken: set[str] = set()
    for number, one in enumerate(drafts, start=1):
        first = one.id or f"A{number}"
        another = (f"{first}-{copy}" for copy in range(2, len(drafts) + 2))
        one.id = first if first not in taken else next(id for id in another if id not in taken)
        taken.add(one.id)


def _action(one: _Draft) -> Action:
    facts: dict[str, Any] = {name: getattr(one, name) for name in ("id", "title", "pillar", "goal", "line")}
    return Action(
        **facts,
        owner="; ".join(one.owner),
        starts_on=one.starts_on,
        due_on=one.due_on,
        budget=tuple(one.budget),
        indicators=tuple(one.indicators),
    )
