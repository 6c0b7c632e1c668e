"""Made-up claims, plans and judgements for the tests of the appraisal."""

from datetime import date

from palermo.appraisal.assessment import Status
from palermo.appraisal.dossier import Dossier
from palermo.appraisal.evidence import Grade
from palermo.appraisal.judgement import Judgement
from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan.plan import Action, BudgetLine, Plan
from palermo.appraisal.provision import Pillar
from palermo.appraisal.statement.claim import Actor, Claim, Kind, PlanMention, Proposal, Standing
from palermo.appraisal.statement.document import Document, Passage
from tests.appraisal.made import a_place

SPOKEN = date(2025, 11, 24)
CYCLE = "2025-2029"
TEXT = "We have trained border police."


def a_claim(provision="GPA-P12", *, number=1, state="XA", spoken_on=SPOKEN, **more):
    """A claim that counts, unless told otherwise: done, by the State, confirmed by two."""
    text = more.pop("text", TEXT)
    document = Document(
        id=more.pop("document", "d" * 64),
        name="speech.txt",
        text=text,
        language="en",
        state=state,
        spoken_on=spoken_on,
    )
    passage = Passage(document=document.id, number=number, start=0, end=len(text), text=text, language="en")
    given = {
        "actor": Actor.STATE,
        "kind": Kind.DONE,
        "standing": Standing.CONFIRMED,
        "confirmed_by": ("hana", "omar"),
        "proposals": (Proposal(provision=provision, score=0.8),),
        "match": 0.8,
        "provisions": (provision,),
        "added_on": SPOKEN,
    }
    return Claim(document=document, passage=passage, **{**given, **more})


def unconfirmed(provision="GPA-P12", **more):
    return a_claim(provision, standing=Standing.PROPOSED, confirmed_by=(), provisions=(), **more)


def a_mention(until=2025, *, since=2021, title="the national action plan"):
    return PlanMention(title=title, since=since, until=until)


def a_plan(
    *, starts_on=date(2024, 1, 1), ends_on=date(2028, 12, 31), budget=1000, grade=Grade.REGISTER, **more
):
    money = (
        BudgetLine(source="state", currency="XXX", planned=Bounds(low=budget, high=budget))
        if budget
        else None
    )
    action = Action(
        id="1.1",
        pillar=Pillar.PREVENTION,
        title="Train border police",
        owner="Ministry of Made-up Affairs",
        due_on=date(2027, 1, 1),
        budget=(money,) if money else (),
    )
    given = {"id": "xa-plan", "state": "XA", "title": "National plan", "actions": (action,)}
    found = a_place(grade=grade, source=f"plan-{grade}", as_of=more.pop("as_of", date(2024, 1, 1)))
    return Plan(**{**given, **more}, starts_on=starts_on, ends_on=ends_on, found=found)


def a_judgement(status=Status.DONE, *, provision="GPA-P12", evidence=(), **more):
    """A judgement that stands, unless told otherwise, on these pieces of evidence."""
    given = {
        "state": "XA",
        "cycle": CYCLE,
        "reason": "The law was read.",
        "assessor": "hana",
        "assessed_on": date(2026, 2, 1),
        "reviewer": "omar",
        "reviewed_on": date(2026, 2, 3),
        "evidence_ids": tuple(one.id for one in evidence),
    }
    return Judgement(provision=provision, status=status, **{**given, **more})


def a_dossier(*parts):
    return Dossier(
        claims=tuple(one for one in parts if isinstance(one, Claim)),
        plans=tuple(one for one in parts if isinstance(one, Plan)),
        judgements=tuple(one for one in parts if isinstance(one, Judgement)),
    )
