"""What a format could not hold: which field, in how many records, and what became of it."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """One kind of loss: the field, what became of its value, and the number of records it happened in."""

    path: str
    became: str
    records: int

    def __str__(self) -> str:
        return f"{self.path}: {self.became} ({self.records} records)"


@dataclass(slots=True)
class Loss:
    """The report of a writer, filled record by record; empty means that the file holds all there was."""

    written: int = 0
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def record(self, lost: set[tuple[str, str]]) -> None:
        """Counts one record written, with the pairs of field and fate that it lost."""
        self.written += 1
        self._counts.update(lost)

    @property
    def lost(self) -> tuple[Lost, ...]:
        """Every loss, by field and fate."""
        found = sorted(self._counts.items())
        return tuple(Lost(path=path, became=became, records=count) for (path, became), count in found)

    @property
    def lossless(self) -> bool:
        """True when nothing was lost."""
        return not self._counts

    def document(self) -> dict[str, object]:
        """The report as JSON values."""
        entries = [{"field": lost.path, "became": lost.became, "records": lost.records} for lost in self.lost]
        return {"written": self.written, "lost": entries}
