"""Cases of several agencies about made-up people, and estimations of them, for tests."""

from random import Random

from palermo.node.actions import case, estimation
from palermo.node.actions.case import Incoming
from palermo.node.models import Estimation
from palermo.node.question import Question
from palermo.protection.access import Role
from tests.node.cases import FIRST, NOW, a_record, an_actor, an_agency, inside

AGENCIES = ("xa-shelter", "xa-police", "xa-hotline")
LISTS = {"Shelters": ("xa-shelter",), "Police": ("xa-police",), "Hotlines": ("xa-hotline",)}


def an_analyst(name="hana", agency="xa-rapporteur"):
    return an_actor(Role.ANALYST, name=name, agency=agency)


def a_question(**more) -> Question:
    """About three agencies, by two quick methods without replicates."""
    return Question(**{"lists": LISTS, "methods": ("stepwise", "bic"), "replicates": 0} | more)


def store(*facts, agency="xa-shelter"):
    """Cases of one agency, each of the facts given."""
    an_agency(agency)
    incoming = [Incoming(record=a_record(**one)) for one in facts]
    with inside(agency):
        return case.insert(incoming, agency=agency, by=an_actor(FIRST, name="first", agency=agency), now=NOW)


def a_person(number, **more):
    """The facts of one person, whom every agency knows by the same key."""
    return {"case.ref": f"R-{number}", "linkage.person_key": f"P-{number}"} | more


def a_population(people=150, *, seed=1, share=0.5):
    """Each person is known to each agency with the same chance; returns who is in which agencies."""
    chance = Random(seed)
    known = {number: [one for one in AGENCIES if chance.random() < share] for number in range(people)}
    for agency in AGENCIES:
        store(*(a_person(number) for number, met in known.items() if agency in met), agency=agency)
    return {number: met for number, met in known.items() if met}


def asked(by=None, **more) -> Estimation:
    """An estimation that waits."""
    return estimation.ask(a_question(**more), title="Whole State", by=by or an_analyst(), now=NOW)


def answered(**more) -> Estimation:
    """An estimation that is done."""
    one = estimation.carry_out(asked(**more), clock=lambda: NOW)
    assert one.state == "done", one.fault
    return one


def a_report(one: Estimation, **more) -> estimation.Report:
    """What the shown answer itself says."""
    totals = sorted(found["total"] for found in one.shown_answer["results"] if found["estimable"])
    return estimation.Report(**{"low": totals[0], "high": totals[-1]} | more)


def signed(**more) -> Estimation:
    """An estimation that one person has signed."""
    one = answered(**more)
    return estimation.sign(one.id, report=a_report(one), statement="Lists overlap.", by=an_analyst(), now=NOW)


def countersigned(**more) -> Estimation:
    """An estimation that counts."""
    return estimation.countersign(signed(**more).id, by=an_analyst("omar"), now=NOW)
