"""Made-up plans of action for tests."""

from datetime import date

from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan.plan import Action, BudgetLine, Indicator, Milestone, Plan, Progress, Report
from palermo.appraisal.provision import Pillar
from palermo.appraisal.statement.claim import Actor, Claim, Kind, PlanMention
from palermo.appraisal.statement.document import Document, Passage
from tests.appraisal.made import a_place

TODAY = date(2026, 11, 21)


def an_action(id="A1", **given):
    whole = {
        "pillar": Pillar.PROTECTION,
        "title": "Open a shelter",
        "owner": "Ministry of Made-up Affairs",
        "starts_on": date(2026, 1, 1),
        "due_on": date(2027, 6, 30),
        "budget": (BudgetLine(source="State", currency="XAD", planned=Bounds(low=5, high=5)),),
        "indicators": (Indicator(name="Places", unit="places"),),
        "reports": (Report(on=date(2026, 6, 1), progress=Progress.UNDER_WAY),),
    }
    return Action(id=id, **{**whole, **given})


def a_plan(*actions, id="P1", **given):
    whole = {
        "state": "XA",
        "title": "National plan",
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2029, 12, 31),
        "found": a_place(),
    }
    return Plan(id=id, actions=actions, **{**whole, **given})


def a_milestone(name="Building found", due_on=date(2026, 3, 1), done_on=None):
    return Milestone(name=name, due_on=due_on, done_on=done_on)


def a_claim(*plans, actor=Actor.STATE, state="XA", text="Our National Action Plan 2021-2025 is in force."):
    document = Document(id="d" * 64, name="speech.txt", text=text, language="en", state=state)
    passage = Passage(document=document.id, number=3, start=0, end=len(text), text=text, language="en")
    return Claim(
        document=document,
        passage=passage,
        added_on=date(2026, 1, 1),
        actor=actor,
        kind=Kind.DONE,
        proposals=(),
        match=0.5,
        plans=plans,
    )


def a_mention(title="National Action Plan 2021-2025", since=2021, until=2025):
    return PlanMention(title=title, since=since, until=until)
