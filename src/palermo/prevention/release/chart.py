"""A block of a dashboard drawn: a table of figures with bars and intervals inside, or two blocks crossed."""

from collections.abc import Mapping, Sequence

from palermo.prevention.release.block import Block, Fact
from palermo.prevention.release.figure import Figure
from palermo.prevention.release.wording import html, name, number, told

LONGEST = 10
"""Values of a long list that are seen before it is opened."""

_WIDTH = 200
_NUMBERS = ("persons", "interval")


def bars(block: Block, found: Mapping[Fact, Figure], *, language: str, every: bool = False) -> str:
    """A table of values with bars; with `every`, also the values of a short list that have no figure."""
    order = _order(block, found)
    if every and not block.ranked:
        order = list(block.labels)
    top = max(one.high for one in found.values()) or 1
    rows = [_row(block.labels[fact], found.get(fact), top=top, language=language) for fact in order]
    few = len(block.labels) - len(order)
    note = f'<p class="soft">{html("too-few", language, number=few)}</p>' if few else ""
    return f'<div class="block">{_parts(block, rows, language)}{note}</div>'


def grid(tall: Block, wide: Block, found: Mapping[tuple[Fact, Fact], Figure], *, language: str) -> str:
    """The values of one block down, of another across; closed until it is opened."""
    caption = html("by-two", language, one=tall.title, other=wide.title)
    down = [fact for fact in tall.labels if any((fact, other) in found for other in wide.labels)]
    across = [fact for fact in wide.labels if any((other, fact) in found for other in tall.labels)]
    heads = "".join(f'<th scope="col" class="n">{name(wide.labels[fact])}</th>' for fact in across)
    rows = "".join(
        f'<tr><th scope="row">{name(tall.labels[fact])}</th>'
        f"{''.join(_cell(found.get((fact, other)), language) for other in across)}</tr>"
        for fact in down
    )
    label = told("scroll", language, caption=caption)
    return (
        f'<details class="grid"><summary>{caption}</summary>'
        f'<div class="scroll" role="region" aria-label="{label}" tabindex="0"><table>'
        f"<thead><tr><td></td>{heads}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _order(block: Block, found: Mapping[Fact, Figure]) -> list[Fact]:
    if block.ranked:
        return sorted(found, key=lambda fact: (-found[fact].count, fact))
    return [fact for fact in block.labels if fact in found]


def _parts(block: Block, rows: Sequence[str], language: str) -> str:
    """The table; of a long list the rest in a second one that opens."""
    cut = LONGEST if block.ranked and len(rows) > LONGEST + 2 else len(rows)
    first = _table(f"<caption>{name(block.title)}</caption>", rows[:cut], language)
    if cut == len(rows):
        return first
    more = html("further", language, number=len(rows) - cut)
    rest = _table(f"<caption>{name(block.title)}: {more}</caption>", rows[cut:], language)
    return f"{first}<details><summary>{more}</summary>{rest}</details>"


def _table(caption: str, rows: Sequence[str], language: str) -> str:
    value, chart = html("value", language), html("chart", language)
    numbers = "".join(f'<th scope="col" class="n">{html(one, language)}</th>' for one in _NUMBERS)
    return (
        f'<table>{caption}<thead><tr><th scope="col">{value}</th>'
        f'<th scope="col" class="b">{chart}</th>{numbers}'
        f"</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )


def _row(label: str, one: Figure | None, *, top: int, language: str) -> str:
    if one is None:
        told = html("unshown", language)
        return (
            f'<tr><th scope="row">{name(label)}</th><td></td><td class="n soft" colspan="2">{told}</td></tr>'
        )
    return (
        f'<tr><th scope="row">{name(label)}</th><td class="b">{_bar(one, top)}</td>'
        f'<td class="n">{number(one.count, language)}</td>'
        f'<td class="n">{html("span", language, low=one.low, high=one.high)}</td></tr>'
    )


def _bar(one: Figure, top: int) -> str:
    length, low, high = (round(value * _WIDTH / top) for value in (one.count, one.low, one.high))
    return (
        f'<svg class="bar" viewBox="0 0 {_WIDTH} 12" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect y="2" width="{length}" height="8"/><path d="M{low} 6H{high}"/></svg>'
    )


def _cell(one: Figure | None, language: str) -> str:
    if one is None:
        return f'<td class="n soft">{html("unshown", language)}</td>'
    between = html("span", language, low=one.low, high=one.high)
    return f'<td class="n">{number(one.count, language)}<small>{between}</small></td>'
