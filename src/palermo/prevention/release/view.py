"""The views of a dashboard: everyone, and the persons of each value, as far as there is room on a page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from palermo.prevention.release import wording
from palermo.prevention.release.block import Block, Fact
from palermo.prevention.release.chart import bars, grid
from palermo.prevention.release.figure import Figure
from palermo.prevention.release.wording import html, told

MOST = 30_000
"""Bars and cells that a page shows at most, so that a telephone can open it."""

WIDEST = 15
"""Columns of a table of two at a time, at most."""

Found = Mapping[Fact, Figure]
Both = Mapping[frozenset[Fact], Figure]


class Views:
    """The views of a page, made in the order in which they may take its room: first those of most persons."""

    def __init__(self, blocks: Sequence[Block], figures: Sequence[Figure], *, language: str) -> None:
        self.blocks, self.language = blocks, language
        self.whole: Found = {one.facts[0]: one for one in figures if one.ways == 1}
        self.all_pairs: Both = {frozenset(one.facts): one for one in figures if one.ways == 2}
        self.within, self.both = _within(figures, ways=2), _within(figures, ways=3)
        order = sorted(self.whole, key=lambda fact: (-self.whole[fact].count, fact))
        self.places = {fact: f"v{place}" for place, fact in enumerate(order)}
        self.shown: set[tuple[Fact, ...]] = set()
        self.left = MOST

    def html(self) -> str:
        """Everyone, and then each value; bars are made before the tables of two at a time."""
        everyone = self._bars(self.blocks, self.whole, every=True)
        one = {fact: self._bars(self._others(fact), self._facts(fact)) for fact in self.places}
        head = f'<section class="all" id="all"><h2>{self._say("everyone")}</h2>'
        whole = f"{head}{everyone}{self._together(self.blocks, self.all_pairs)}</section>"
        return whole + "".join(self._view(fact, one[fact]) for fact in self.places)

    def links(self, block: Block) -> str:
        """A link to the view of each value of a block."""
        return "".join(
            f'<li><a href="#{self.places[fact]}">{wording.name(label)}</a></li>'
            for fact, label in block.labels.items()
            if fact in self.places
        )

    def _view(self, fact: Fact, drawn: str) -> str:
        one, block = self.whole[fact], next(one for one in self.blocks if fact in one.labels)
        title = told("chosen", self.language, column=block.title, value=block.labels[fact])
        about = self._say("about", about=one.count, low=one.low, high=one.high)
        nothing = f"<p>{self._say('nothing')}</p>"
        return (
            f'<section class="view" id="{self.places[fact]}"><h2>{wording.name(title)}</h2>'
            f'<p class="lead">{about}</p><a class="clear" href="#all">{self._say("clear")}</a>'
            f"{drawn or nothing}{self._together(self._others(fact), self._pairs(fact))}</section>"
        )

    def _bars(self, blocks: Iterable[Block], found: Found, *, every: bool = False) -> str:
        kept = [(block, {fact: found[fact] for fact in block.labels if fact in found}) for block in blocks]
        if not self._room([figure for _, few in kept for figure in few.values()]):
            return ""
        drawn = (bars(block, few, language=self.language, every=every) for block, few in kept if few)
        return f'<div class="blocks">{"".join(drawn)}</div>'

    def _together(self, blocks: Sequence[Block], found: Both) -> str:
        grids = "".join(self._grids(blocks, found))
        return grids and f"<h3>{self._say('together')}</h3>{grids}"

    def _grids(self, blocks: Sequence[Block], found: Both) -> Iterator[str]:
        """A table of every two blocks that people ask for."""
        for one, other in combinations([block for block in blocks if block.asked], 2):
            tall, wide = sorted((one, other), key=lambda block: -len(block.labels))
            kept = {
                (down, across): found[both]
                for down in tall.labels
                for across in wide.labels
                if (both := frozenset((down, across))) in found
            }
            if len(wide.labels) <= WIDEST and self._room(list(kept.values())):
                yield grid(tall, wide, kept, language=self.language)

    def _room(self, figures: Sequence[Figure]) -> bool:
        """Whether there are figures and room for them, which they then take."""
        if not figures or len(figures) > self.left:
            return False
        self.left -= len(figures)
        self.shown.update(one.facts for one in figures)
        return True

    def _others(self, fact: Fact) -> tuple[Block, ...]:
        """The blocks that say something more of who has a fact."""
        return tuple(block for block in self.blocks if fact not in block.labels or block.several)

    def _facts(self, fact: Fact) -> Found:
        return {one[0]: figure for one, figure in self.within[fact].items()}

    def _pairs(self, fact: Fact) -> Both:
        return {frozenset(two): figure for two, figure in self.both[fact].items()}

    def _say(self, text: str, **values: object) -> str:
        return html(text, self.language, **values)


def _within(figures: Iterable[Figure], *, ways: int) -> Mapping[Fact, dict[tuple[Fact, ...], Figure]]:
    """For each fact, the figures of so many columns that it is part of, by their other facts."""
    found: dict[Fact, dict[tuple[Fact, ...], Figure]] = defaultdict(dict)
    for one in figures:
        if one.ways == ways:
            for fact in one.facts:
                found[fact][tuple(other for other in one.facts if other != fact)] = one
    return found
