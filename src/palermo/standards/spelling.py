"""Finds the code that a cell means, whether it holds the code, a label, or either with odd blanks."""

from collections.abc import Iterable, Mapping
from typing import Final

from palermo.standards.header import simple
from palermo.standards.vocabulary import Vocabulary

CUT: Final = 20


class Spelling:
    """The codes of a list by every way in which they are spelt; what two codes share belongs to neither."""

    def __init__(self, found: Vocabulary, labels: Mapping[str, str], aliases: Mapping[str, str]) -> None:
        self._codes = found.codes
        self._by_name: dict[str, str] = {}
        self._met: dict[str, str | None] = {}
        shared: set[str] = set()
        for code in found:
            term = found.term(code)
            for name in {simple(each) for each in (term.label.en, term.label.fr, term.label.ar) if each}:
                if self._by_name.setdefault(name, code) != code:
                    shared.add(name)
        for name in shared:
            del self._by_name[name]
        for names in (
            aliases,
            {label: code for code, label in labels.items()},
            {code: code for code in found},
        ):
            self._by_name.update({simple(name): code for name, code in names.items()})

    def code(self, cell: str) -> str | None:
        """The code, or None where nothing in the list is spelt so."""
        if cell not in self._met and len(self._met) < 10_000:
            self._met[cell] = self._found(cell)
        return self._met.get(cell) or self._found(cell)

    def _found(self, cell: str) -> str | None:
        if cell.strip() in self._codes:
            return cell.strip()
        name = simple(cell)
        if name in self._by_name or len(name) < CUT:
            return self._by_name.get(name)
        cut = {code for spelt, code in self._by_name.items() if spelt.startswith(name)}
        return cut.pop() if len(cut) == 1 else None

    def codes(self, cell: str, marks: str) -> list[str]:
        """The codes of a cell of several values; what is no code is given back as it stands.

        A label may hold a mark itself ("Water supply; sewerage"): the longest run of parts that is a label is
        taken as one.
        """
        whole = self.code(cell)
        if whole:
            return [whole]
        parts = list(_parted(cell, marks))
        found: list[str] = []
        while parts:
            size = next((size for size in range(len(parts), 1, -1) if self.code(" ".join(parts[:size]))), 1)
            text = " ".join(parts[:size])
            found.append(self.code(text) or text)
            del parts[:size]
        return list(dict.fromkeys(found))


def _parted(cell: str, marks: str) -> Iterable[str]:
    for mark in marks[1:]:
        cell = cell.replace(mark, marks[0])
    return (part.strip() for part in cell.split(marks[0]) if part.strip())
