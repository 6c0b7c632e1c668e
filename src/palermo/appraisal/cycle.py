"""The calendar of the appraisals: the General Assembly takes stock of the Plan about every four years."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from palermo.appraisal import words
from palermo.appraisal.provision import ReferenceStatus
from palermo.errors import Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """The days from one meeting to the next; `meeting` is None where no date is set.

    `ends_on` is then the last day on which it is expected. `declaration` is what the meeting adopted.
    """

    id: str
    starts_on: date
    ends_on: date
    meeting: tuple[date, date] | None
    meeting_status: ReferenceStatus
    declaration: str

    @property
    def set(self) -> bool:
        """Whether the date of the meeting that ends it is known."""
        return self.meeting is not None

    def holds(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@cache
def cycles() -> tuple[Cycle, ...]:
    """Every cycle, the first one first."""
    return tuple(
        Cycle(
            id=row["id"],
            starts_on=row["starts_on"],
            ends_on=row["ends_on"],
            meeting=tuple(row["meeting"]) if "meeting" in row else None,
            meeting_status=ReferenceStatus(row["meeting_status"]),
            declaration=row.get("declaration", ""),
        )
        for row in words.table("cycles.toml")["cycle"]
    )


def cycle(today: date) -> Cycle:
    """The cycle that a day falls in."""
    for one in cycles():
        if one.holds(today):
            return one
    raise Unknown(f"No cycle of the Plan holds {today}. Add it to framework/cycles.toml.")
