"""The persons of a release: the node's cases of the years asked, the cases of one person joined into one row.

Cases are joined by their person keys, as for estimations (`overlap`). A case without a key could be a second
row of somebody, and then the promise would not hold for that person: such cases are left out.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from palermo.node import overlap, person_key, tenancy
from palermo.node.keyfile import current
from palermo.node.models import Agency
from palermo.node.release_question import ReleaseQuestion
from palermo.prevention.release import case_table
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.persons import Persons

Row = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Everybody a question is about, where only noise may look, and a keyed digest of their table."""

    persons: Secret[Persons]
    mark: str


def taken(asked: ReleaseQuestion, *, now: datetime) -> Taken:
    """The persons of the question; InvalidRecord where there is none."""
    seen = hashlib.sha256()
    with tenancy.scope(tenancy.EVERY_AGENCY):
        persons = case_table.persons(_hashed(rows(asked, now=now), seen), asked.schema)
    return Taken(persons=persons, mark=person_key.mark(current(), "release", seen.hexdigest()))


def rows(asked: ReleaseQuestion, *, now: datetime) -> Iterator[Row]:
    """Each case that counts, as the key of its person and its statistical part."""
    agencies = list(Agency.objects.values_list("code", flat=True))
    keys, people = overlap.opened_keys(agencies), overlap.Union()
    counted = overlap.counted(agencies, since=asked.since, until=asked.until, now=now).order_by("pk")
    for case in counted.values_list("pk", flat=True).iterator():
        if own := keys.get(case):
            people.join(own)
    for case, record in counted.values_list("pk", "record").iterator():
        if own := keys.get(case):
            yield people.first(own[0]).hex(), record


def _hashed(cases: Iterator[Row], seen: "hashlib._Hash") -> Iterator[Row]:
    for row in cases:
        seen.update(json.dumps(row, sort_keys=True).encode())
        yield row
