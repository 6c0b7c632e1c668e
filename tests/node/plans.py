"""Made-up national plans, kept in the node."""

from palermo.appraisal.plan import mapping, template
from palermo.appraisal.words import Language
from palermo.node.actions import plan
from palermo.node.actions.plan import Attached
from palermo.protection.access import Role
from tests.appraisal.plan.papers import a_word_file
from tests.appraisal.plan.plans import a_plan, an_action
from tests.node.cases import NOW, an_actor


def a_keeper(name="ada", role=Role.ANALYST):
    return an_actor(role, name=name)


def a_sheet(*actions, name="plan.xlsx", **facts):
    made = a_plan(*(actions or (an_action(),)), **facts)
    return Attached(name=name, content=template.write(Language.ENGLISH, plan=made))


def a_kept_plan(*actions, by="ada", **facts):
    return plan.add(a_sheet(*actions, **facts), by=a_keeper(by), now=NOW)


def a_paper():
    return Attached(name="plan.docx", content=a_word_file().getvalue())


def a_mapping(held, **facts):
    given = mapping.proposed(plan.outlined(held))
    given["plan"] |= {"id": "NAP", "state": "XA", "starts_on": "2026-01-01", "ends_on": "2029-12-31", **facts}
    return given
