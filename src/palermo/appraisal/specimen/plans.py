"""Two made-up national plans of Country XA: one that has expired, and the one that follows it."""

from datetime import date

from palermo.appraisal.evidence import Found, Grade, Source
from palermo.appraisal.observation import Bounds
from palermo.appraisal.plan.plan import Action, BudgetLine, Indicator, Milestone, Plan, Progress, Report
from palermo.appraisal.provision import Pillar
from palermo.appraisal.words import Text

OFFICE = "Office of the National Rapporteur"
MINISTRY, POLICE = "Ministry of Social Affairs", "Border police"


def plans(today: date) -> tuple[Plan, ...]:
    """The plan that ended last year and the plan of now, with actions of every standing."""
    year = today.year
    old = _plan("NAP-OLD", "National Action Plan (old)", year - 5, year - 1, _old(year - 5))
    return old, _plan("NAP-NEW", "National Action Plan (new)", year, year + 3, _new(year))


def _plan(id: str, title: str, first: int, last: int, actions: tuple[Action, ...]) -> Plan:
    name, publisher = Text(en=title, fr=title), Text(en=OFFICE, fr=OFFICE)
    source = Source(id=id, name=name, publisher=publisher, grade=Grade.REGISTER)
    adopted_on = date(first, 1, 1)
    return Plan(
        id=id,
        state="XA",
        title=title,
        starts_on=adopted_on,
        ends_on=date(last, 12, 31),
        adopted_on=adopted_on,
        found=Found(source=source, as_of=adopted_on, file=f"{id}.xlsx", line=0),
        actions=actions,
    )


def _money(amount: int | None) -> tuple[BudgetLine, ...]:
    planned = None if amount is None else Bounds(low=amount, high=amount)
    return (BudgetLine(source="State budget", currency="XAD", planned=planned),)


def _old(year: int) -> tuple[Action, ...]:
    done = Report(on=date(year + 2, 5, 1), progress=Progress.DONE, text="In force since May.")
    return (
        Action(
            id="1.1",
            pillar=Pillar.PROSECUTION,
            title="Make every form of trafficking an offence",
            owner="Ministry of Justice",
            provisions=("GPA-J01",),
            budget=_money(20_000),
            reports=(done,),
        ),
        Action(id="2.1", pillar=Pillar.PROTECTION, title="Open a shelter in each region", owner=MINISTRY),
    )


def _new(year: int) -> tuple[Action, ...]:
    return (*_prevention(year), *_protection(year))


def _prevention(year: int) -> tuple[Action, ...]:
    goal = "Goal 1: Prevent trafficking"
    begun = Report(on=date(year, 1, 2), progress=Progress.UNDER_WAY, text="The first course was held.")
    return (
        Action(
            id="1.1",
            pillar=Pillar.PREVENTION,
            goal=goal,
            title="Train every border officer in the signs of trafficking",
            owner=POLICE,
            provisions=("GPA-P12",),
            due_on=date(year + 1, 6, 30),
            budget=_money(150_000),
            milestones=(
                Milestone(name="Course agreed", due_on=date(year, 1, 1), done_on=date(year, 1, 1)),
                Milestone(name="Half of the officers trained", due_on=date(year, 12, 31)),
            ),
            indicators=(Indicator(name="Officers trained", unit="people", target=Bounds(low=400, high=400)),),
            reports=(begun,),
        ),
        Action(
            id="1.2",
            pillar=Pillar.PREVENTION,
            goal=goal,
            title="Tell people at risk how recruiters work",
            starts_on=date(year + 1, 1, 1),
            budget=_money(None),
        ),
    )


def _protection(year: int) -> tuple[Action, ...]:
    goal = "Goal 2: Protect victims"
    return (
        Action(
            id="2.1",
            pillar=Pillar.PROTECTION,
            goal=goal,
            title="Agree on the national referral mechanism",
            owner=MINISTRY,
            provisions=("GPA-R04",),
            due_on=date(year, 1, 1),
            milestones=(Milestone(name="Draft before the ministries", due_on=date(year, 1, 1)),),
        ),
        Action(
            id="2.2",
            pillar=Pillar.PARTNERSHIP,
            goal=goal,
            title="Exchange lists of trusted shelters with neighbours",
            owner=OFFICE,
            reports=(Report(on=date(year, 1, 2), progress=Progress.DROPPED, text="Another body does it."),),
        ),
    )
