"""What stands in the way, by a table that one can read: reason, condition, provisions.

The table is framework/obstacle_rules.toml; each condition it names is a function here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from palermo.appraisal import words
from palermo.appraisal.condition import figure, people, planned, treaty
from palermo.appraisal.condition.weighing import Condition, Weighing
from palermo.appraisal.obstacle import Obstacle, Reason
from palermo.appraisal.words import Text

EVERY = "every"
CONDITIONS: Mapping[str, Condition] = {
    **treaty.CONDITIONS,
    **figure.CONDITIONS,
    **planned.CONDITIONS,
    **people.CONDITIONS,
}
BY_PEOPLE = "people_say"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObstacleRule:
    """One row of the table: the reason fires for these provisions when the condition holds."""

    reason: Reason
    when: str
    means: Text
    provisions: tuple[str, ...]

    def asks(self, provision: str) -> bool:
        return provision in self.provisions or self.provisions == (EVERY,)


@cache
def rules() -> tuple[ObstacleRule, ...]:
    """The table, in the order of the reasons."""
    rows = [
        ObstacleRule(
            reason=Reason(row["reason"]),
            when=row["when"],
            means=Text(**row["means"]),
            provisions=tuple(row["provisions"]),
        )
        for row in words.table("obstacle_rules.toml")["rule"]
    ]
    order = list(Reason)
    return tuple(sorted(rows, key=lambda row: order.index(row.reason)))


def chosen_by_people() -> tuple[Reason, ...]:
    """The reasons that an assessor may name."""
    return tuple(row.reason for row in rules() if row.when == BY_PEOPLE)


def fired(weighing: Weighing) -> Iterator[Obstacle]:
    """Every obstacle of the provision, with its evidence and its words."""
    question = weighing.question
    for row in rules():
        if row.asks(question.provision.id):
            for one in CONDITIONS[row.when](weighing, row.reason):
                yield question.obstacle(row.reason, about=one.about, evidence=one.evidence, **one.values)
