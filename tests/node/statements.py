"""Made-up statements of made-up States, kept and read."""

from palermo.appraisal.statement.claim import Actor, Kind
from palermo.appraisal.statement.reading import Reading
from palermo.node.actions import statement
from palermo.node.actions.statement import About
from palermo.node.models import StatementPassage
from palermo.protection.access import Role
from tests.node.cases import NOW, an_actor

SPEECH = """Statement by the Permanent Representative of Country XA

We have adopted a National Action Plan (2021-2025) against trafficking in persons; we train border officials.
The price of wheat has risen in every market of the region.
"""
ADA, BEN, CY = "ada", "ben", "cy"


def an_appraiser(name=ADA):
    return an_actor(Role.ANALYST, name=name)


def a_statement(text=SPEECH, *, name="speech.txt", state="XA", by=ADA, proposed=True, **about):
    told = About(speaks_for=state, **about)
    one, _new = statement.add(text.encode(), name=name, about=told, by=an_appraiser(by), now=NOW)
    return statement.propose(one, clock=lambda: NOW) if proposed else one


def the_passage(words, one=None):
    """The passage that holds these words."""
    rows = StatementPassage.objects.select_related("statement")
    return next(row for row in rows if words in row.statement.text[row.start : row.end])


def read(row, *provisions, by=ADA, kind=Kind.DONE, actor=Actor.STATE, because="general"):
    new = Reading(by=by, actor=actor, kind=kind, provisions=provisions, because="" if provisions else because)
    return statement.read(row.pk, new, by=an_appraiser(by), now=NOW)
