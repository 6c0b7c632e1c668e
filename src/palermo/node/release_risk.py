"""The risk report on a release, worked out from what its pack holds and from the cases as they are now."""

from collections.abc import Callable, Mapping
from typing import Any

from palermo.node import release_pack
from palermo.node.models import Release
from palermo.node.release_question import ReleaseQuestion, read
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.persons import Persons

FEWEST_COLUMNS = 2
"""Something that is known of a person, and something that is to stay hidden."""

Moved = Callable[[float], None]


def built(one: Release, asked: ReleaseQuestion, persons: Secret[Persons], moved: Moved) -> Mapping[str, Any]:
    """The document of the report."""
    # The engine is loaded by the worker that makes a report, not by every process that answers pages.
    from palermo.prevention.release import packed, risk, risk_document

    held = packed.read(release_pack.place(one), asked.schema)
    known, sensitive = risk.usual(asked.schema)
    wanted = risk.asked(asked.schema, known=known, sensitive=sensitive)
    return risk_document.document(risk.report(persons, held, asked=wanted, moved=moved))


def reportable(one: Release) -> bool:
    """Whether there are rows to find anyone in, of which something may be known and something hidden."""
    return (
        release_pack.file(one, "rows.csv") is not None and len(read(one.question).columns) >= FEWEST_COLUMNS
    )
