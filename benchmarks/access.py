"""Decisions a second of the one access function: python benchmarks/access.py [--rounds 5]

Every role asks for every action, tier and purpose about cases in several relations to it. The plain peer
looks the same cells up in a set that somebody worked out before: the least that an answer can cost.
"""

import argparse
import sys
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import measure

NOW = datetime(2026, 5, 1, tzinfo=UTC)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--rounds", type=int, default=5)
    asked = given.parse_args()
    from palermo.protection import access

    questions = list(every_question())
    allowed = {key for key, arguments in questions if access.decide(*arguments[:3], **arguments[3]).allowed}

    def ours():
        for _, (who, action, what, rest) in questions:
            access.decide(who, action, what, **rest)

    def plain():
        for key, _ in questions:
            key in allowed  # noqa: B015  # the look-up is what is timed

    found, count = measure.paired(ours, plain, rounds=asked.rounds), len(questions)
    measure.told(
        "access",
        {
            "questions": count,
            "allowed": len(allowed),
            "decide_per_cpu_s": count / found["ours"]["cpu_s"],
            "plain_look_up_per_cpu_s": count / found["peer"]["cpu_s"],
        }
        | found,
    )


def every_question():
    from palermo.protection.access import Consent, Object, Subject
    from palermo.protection.access_matrix import TIERS, Role, matrix

    consent = Consent(
        purpose="support",
        recipient="xa-shelter",
        tiers=frozenset(TIERS),
        given_at=NOW,
        expires_at=None,
        withdrawn_at=None,
    )
    objects = {
        "own": Object(agency="xa-shelter", author="reader", team=frozenset({"reader"})),
        "agency": Object(agency="xa-shelter", author="another"),
        "other": Object(agency="xa-other", author="another", consents=(consent,)),
        "mandate": Object(agency="xa-other", mandates=frozenset({"reader"}), guardians=frozenset({"reader"})),
        "conflict": Object(agency="xa-shelter", conflicts=frozenset({"reader"})),
    }
    cells = product(Role, matrix().actions, (*TIERS, None), matrix().purposes, objects)
    for key in cells:
        role, action, tier, purpose, which = key
        who = Subject(member="reader", agency="xa-shelter", roles=frozenset({role.value}))
        yield key, (who, action, objects[which], {"tier": tier, "purpose": purpose, "now": NOW})


if __name__ == "__main__":
    main()
