"""Made-up judgements of made-up States, given and agreed to."""

from datetime import date

from palermo.appraisal.assessment import Status
from palermo.appraisal.evidence import Grade
from palermo.node.actions import judgement
from palermo.node.actions.judgement import Brought, Given
from palermo.protection.access import Role
from tests.node.cases import NOW, an_actor

HANA, OMAR = "hana", "omar"


def a_judge(name=HANA, role=Role.ANALYST):
    return an_actor(role, name=name, agency="xa-rapporteur")


def a_document(
    title="Act 7 of 2024", *, place="Official Gazette 12", as_of=date(2024, 6, 1), grade=Grade.REGISTER
):
    return Brought(title=title, place=place, as_of=as_of, grade=grade)


def given(status=Status.DONE, *, reason="Section 3 covers all forms.", brought=None, **more):
    documents = (a_document(),) if brought is None else tuple(brought)
    return Given(status=status, reason=reason, brought=documents, **more)


def assessed(provision="GPA-J01", *, state="XA", by=HANA, **more):
    return judgement.assess(state, provision, given(**more), by=a_judge(by), named=by.title(), now=NOW)


def agreed(provision="GPA-J01", *, by=OMAR, **more):
    one = assessed(provision, **more)
    return judgement.agree(one.pk, by=a_judge(by), named=by.title(), now=NOW)


def published(provision="GPA-J01", **more):
    return judgement.publish(agreed(provision, **more).pk, by=a_judge(OMAR), now=NOW)
