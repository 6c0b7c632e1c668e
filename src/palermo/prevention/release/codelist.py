"""Lists of codes that are public before any person is looked at: written out, standard, or between edges."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise
from types import MappingProxyType

from palermo.standards.field import Text
from palermo.standards.vocabulary import Vocabulary, vocabulary

Edge = int | float | date


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeList:
    """The codes of a column, what they mean, and which other texts stand for them.

    A list with `edges` takes numbers or dates: its codes are the bins between the edges and beyond them.
    """

    codes: tuple[str, ...]
    spellings: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, Text] = field(default_factory=dict)
    edges: tuple[Edge, ...] = ()

    def code(self, cell: str) -> str | None:
        """The code that a cell means; None where it means none."""
        if self.edges:
            return self._bin(cell)
        return cell if cell in self.codes else self.spellings.get(cell)

    def spelt(self, spellings: Mapping[str, str]) -> "CodeList":
        """The list with more texts that stand for its codes."""
        return replace(self, spellings=MappingProxyType({**self.spellings, **spellings}))

    def without(self, texts: Iterable[str]) -> "CodeList":
        """The list without some codes and spellings, which mean not recorded instead."""
        gone = {text.casefold() for text in texts}
        return replace(
            self,
            codes=tuple(code for code in self.codes if code.casefold() not in gone),
            spellings=MappingProxyType(
                {text: code for text, code in self.spellings.items() if text.casefold() not in gone}
            ),
        )

    def _bin(self, cell: str) -> str | None:
        try:
            value = date.fromisoformat(cell) if isinstance(self.edges[0], date) else float(cell)
        except ValueError:
            return None
        return self.codes[bisect_right(self.edges, value)] if value == value else None


def of_vocabulary(name: str, *, level: int | None = None) -> CodeList:
    """The codes of a standard's list, or those `level` steps from the top, to which narrower codes are led.

    Country at level 2 gives continents. A code with nothing above it stays as it is.
    """
    found = vocabulary(name)
    chains = {code: _chain(found, code) for code in found}
    kept = {code: chain[min(level or len(chain), len(chain)) - 1] for code, chain in chains.items()}
    terms = {top: _term(found, top) for top in dict.fromkeys(kept.values())}
    return CodeList(
        codes=tuple(terms),
        spellings=MappingProxyType({code: top for code, top in kept.items() if code not in terms}),
        labels=MappingProxyType(terms),
    )


def _chain(found: Vocabulary, code: str) -> list[str]:
    """The code and all above it, widest first."""
    chain, wider = [code], found.broader(code)
    above = vocabulary(found.broader_name or found.name)
    while wider in above and wider not in chain:
        chain.append(wider)
        wider = above.broader(wider)
    return chain[::-1]


def _term(found: Vocabulary, code: str) -> Text:
    return (found if code in found else vocabulary(found.broader_name)).term(code).label


def of_edges(edges: Sequence[Edge]) -> CodeList:
    """The bins between ascending edges, each edge in the bin that it opens, and those beyond both ends."""
    labels = dict(_bins(edges))
    return CodeList(codes=tuple(labels), labels=MappingProxyType(labels), edges=tuple(edges))


def _bins(edges: Sequence[Edge]) -> Iterator[tuple[str, Text]]:
    first, last = edges[0], edges[-1]
    yield f"<{first}", Text(en=f"Before {first}", fr=f"Avant {first}", ar=f"<{first}")
    for low, high in pairwise(edges):
        code = _between(low, high)
        yield code, Text(en=code, fr=code, ar=code)
    yield f"{last}+", Text(en=f"From {last}", fr=f"À partir de {last}", ar=f"{last}+")


def _between(low: Edge, high: Edge) -> str:
    if isinstance(high, date):
        return f"{low}/{high - timedelta(days=1)}"
    if isinstance(low, int) and isinstance(high, int):
        return f"{low}-{high - 1}" if high - low > 1 else f"{low}"
    return f"{low}-<{high}"
