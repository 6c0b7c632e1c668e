"""Made-up sources, treaty actions, figures and registers for the tests of the appraisal."""

from datetime import date
from pathlib import Path

import pytest

from palermo.appraisal import assess, chapter, state
from palermo.appraisal.evidence import Evidence, Found, Grade, Source
from palermo.appraisal.observation import TOTAL, Observation, bounds, status
from palermo.appraisal.publication import Publication
from palermo.appraisal.register import Register
from palermo.appraisal.reservation import Reservation
from palermo.appraisal.treaty import Act, TreatyAction
from palermo.appraisal.words import Text, say

TODAY = date(2026, 11, 21)
FRESH = date(2026, 1, 1)
STALE = date(2014, 1, 27)
PUBLIC = Path(__file__).resolve().parents[3] / "shared" / "data" / "appraisal"


def public(name=""):
    """A public table; the test is skipped, with its reason, where it is absent."""
    found = PUBLIC / name
    if not found.exists():
        pytest.skip(f"public data is absent: shared/data/appraisal/{name}")
    return found


def a_source(id="made-up-register", grade=Grade.REGISTER):
    name = Text(en=f"Source {id}", fr=f"Source {id}")
    return Source(id=id, name=name, publisher=name, grade=grade)


def a_place(*, as_of=FRESH, grade=Grade.REGISTER, source="made-up-register", line=2):
    return Found(source=a_source(source, grade), as_of=as_of, file=f"{source}.csv", line=line)


def an_action(act=Act.RATIFICATION, *, treaty="TIP", on=date(2005, 5, 5), state="XA", **found):
    return TreatyAction(state=state, treaty=treaty, act=act, on=on, found=a_place(**found))


def an_observation(
    value="29", *, series="detected_victims", year=2025, sex=TOTAL, age=TOTAL, form=TOTAL, **more
):
    return Observation(
        state=more.pop("state", "XA"),
        series=series,
        period=year,
        bounds=bounds(value),
        value_text=value,
        unit="people",
        sex=sex,
        age=age,
        form=form,
        status=status(value),
        found=a_place(**{"grade": Grade.STATISTIC, "source": "made-up-figures", **more}),
    )


def a_publication(title="Persons met", *, state="XA", **found):
    place = a_place(**{"grade": Grade.NODE, "source": "node", "line": 0, **found})
    return Publication(state=state, title=Text(en=title, fr=title), found=place)


def some_evidence(grade=Grade.REGISTER, key="a"):
    says = say("evidence.no_row", series=say("series.detected_victims"))
    return Evidence(id=f"e-{key}-{grade}", says=says, found=a_place(grade=grade))


def a_register(*facts, covered=()):
    return Register(
        actions=tuple(one for one in facts if isinstance(one, TreatyAction)),
        observations=tuple(one for one in facts if isinstance(one, Observation)),
        publications=tuple(one for one in facts if isinstance(one, Publication)),
        declared=tuple(one for one in facts if isinstance(one, Reservation)),
        covered=tuple(covered),
    )


def an_appraisal(*facts, code="XA", today=TODAY, covered=()):
    return assess.state(state.state(code), register=a_register(*facts, covered=covered), today=today)


def a_report(*facts, **more):
    return chapter.report(an_appraisal(*facts, **more))
