"""Four numbers for four pillars, each with the interval that missing evidence leaves open; never one rank.

Low counts as done only what is shown done; high counts also everything that evidence could still show.
What is asked of the United Nations is left out.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from palermo.appraisal.assessment import Assessment, Status
from palermo.appraisal.provision import Pillar, provision


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of `scored` provisions of a pillar, `low` are shown done and up to `high` may be."""

    pillar: Pillar
    scored: int
    low: int
    high: int
    statuses: tuple[tuple[Status, int], ...]

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high <= self.scored:
            raise ValueError(f"{self.pillar}: need 0 <= {self.low} <= {self.high} <= {self.scored}.")

    def percent(self, count: int) -> int:
        """A count as a share of what is scored, in whole percent."""
        return round(100 * count / self.scored) if self.scored else 0

    def having(self, status: Status) -> int:
        return dict(self.statuses)[status]


def shares(assessments: Iterable[Assessment]) -> tuple[Share, ...]:
    """The share of each pillar, and of the treaty group, in the order of the Plan."""
    given = [one for one in assessments if provision(one.provision).scored]
    return tuple(_share(pillar, given) for pillar in Pillar)


def _share(pillar: Pillar, assessments: Iterable[Assessment]) -> Share:
    ours = [
        one
        for one in assessments
        if provision(one.provision).pillar is pillar and one.status is not Status.NOT_APPLICABLE
    ]
    statuses = [one.status for one in ours]
    return Share(
        pillar=pillar,
        scored=len(ours),
        low=statuses.count(Status.DONE),
        high=sum(one.at_most is Status.DONE for one in ours),
        statuses=tuple((status, statuses.count(status)) for status in Status),
    )
