"""Cases that several agencies share, for tests of estimation: people in one, two or three lists."""

from collections import defaultdict

from palermo.node import tenancy
from palermo.node.actions import case
from palermo.node.actions.case import Incoming
from tests.node.cases import FIRST, NOW, a_record, an_actor, an_agency

SHELTER, POLICE, LINE = "xa-shelter", "xa-police", "xa-line"
# How many people are in exactly these lists.
SHARED = {
    (SHELTER,): 60,
    (POLICE,): 45,
    (LINE,): 38,
    (SHELTER, POLICE): 14,
    (SHELTER, LINE): 12,
    (POLICE, LINE): 9,
    (SHELTER, POLICE, LINE): 5,
}
SEXES = ("f", "f", "m")
BANDS = ("18-20", "30-38")


def some_lists(shared=SHARED, *, keyless=4):
    """Stored cases with person keys, two thirds women; `keyless` more of the shelter have none."""
    cases = defaultdict(list)
    number = 0
    for agencies, people in shared.items():
        for _ in range(people):
            number += 1
            for agency in agencies:
                cases[agency].append(_facts(number))
    cases[SHELTER] += [{"case.ref": f"K-{one}"} for one in range(keyless)]
    for agency, known in cases.items():
        _store(agency, known)


def _facts(number):
    return {
        "case.ref": f"P-{number}",
        "linkage.person_key": f"NRM-{number:06}",
        "person.sex": SEXES[number % 3],
        "person.age_band": BANDS[number % 2],
    }


def _store(agency, known):
    an_agency(agency)
    by = an_actor(FIRST, name="first", agency=agency)
    with tenancy.acting_for(agency):
        incoming = [Incoming(record=a_record(**facts), at=NOW) for facts in known]
        case.insert(incoming, agency=agency, by=by, now=NOW)
