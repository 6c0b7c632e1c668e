"""Values of a column that its list does not have, told without telling what may be a person's name."""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from palermo.errors import Problem
from palermo.prevention.release.fault import fault
from palermo.prevention.release.schema import Column

MOST_SHOWN = 20
_CODE = re.compile(r"-?\d{1,5}(\.\d{1,3})?|[A-Z]{1,3}|[A-Z]{1,4}[_-]?\d{1,4}")


@dataclass(slots=True, kw_only=True)
class Unlisted:
    """The values of a column that are in no list: those that look like codes are shown, others never."""

    column: Column
    shown: set[str] = field(default_factory=set)
    hidden: bool = False

    def add(self, cell: str) -> None:
        """Note what a cell holds beside codes."""
        for part in self.column.parts(cell):
            if self.column.listed.code(part) is None:
                if len(self.shown) < MOST_SHOWN and self._codelike(part):
                    self.shown.add(part)
                else:
                    self.hidden = self.hidden or part not in self.shown

    def _codelike(self, part: str) -> bool:
        """Whether a value is short and written like a code, or nearly one of the list."""
        if self.column.listed.edges:
            return False
        if _CODE.fullmatch(part):
            return True
        folded = [code.casefold() for code in self.column.codes]
        return bool(difflib.get_close_matches(part.casefold()[:64], folded, n=1, cutoff=0.8))

    def problems(self) -> Iterator[Problem]:
        """What to say of them."""
        at = f"column {self.column.name}"
        if self.shown:
            yield fault("unknown-code", path=at, codes=", ".join(map(repr, sorted(self.shown))))
        if self.hidden:
            yield fault("not-in-bins" if self.column.listed.edges else "not-a-code", path=at)
