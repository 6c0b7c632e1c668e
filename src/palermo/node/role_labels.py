"""What each role is called on a page, with a line on what it is for."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from palermo.node.forms import Choice
from palermo.protection.access import Role

LABELS: dict[Role, Any] = {
    Role.FIRST_RESPONDER: _("First responder"),
    Role.CASE_WORKER: _("Case worker"),
    Role.SUPERVISOR: _("Supervisor"),
    Role.COMPETENT_AUTHORITY: _("Competent authority"),
    Role.SERVICE_PROVIDER: _("Service provider"),
    Role.GUARDIAN: _("Guardian or advocate"),
    Role.PROSECUTOR: _("Prosecutor or investigator"),
    Role.BORDER_OFFICER: _("Border officer"),
    Role.SURVIVOR: _("Survivor"),
    Role.ANALYST: _("Analyst or rapporteur"),
    Role.DATA_PROTECTION_OFFICER: _("Data protection officer"),
    Role.ADMINISTRATOR: _("Administrator"),
    Role.PEER_NODE: _("Another node"),
}
HINTS: dict[Role, Any] = {
    Role.FIRST_RESPONDER: _("Writes down new cases, and sees only those."),
    Role.CASE_WORKER: _("Works on the cases of the agency."),
    Role.SUPERVISOR: _("Approves plans and closures, and hands out one-time codes in the agency."),
    Role.COMPETENT_AUTHORITY: _("Decides who is recognised as a victim, two persons together."),
    Role.SERVICE_PROVIDER: _("Answers referrals, and sees what each one opens."),
    Role.GUARDIAN: _("Accompanies a child or an adult who asked for it."),
    Role.PROSECUTOR: _("Sees a case under a mandate and with consent."),
    Role.BORDER_OFFICER: _("Sees what they did themselves, after handing a person over."),
    Role.SURVIVOR: _("Sees and corrects their own record."),
    Role.ANALYST: _("Sees counts and releases, never a case."),
    Role.DATA_PROTECTION_OFFICER: _("Reads the audit; erases and holds, two persons together."),
    Role.ADMINISTRATOR: _("Runs the node, and opens no record. Holds no other role."),
    Role.PEER_NODE: _("A machine that carries referrals."),
}


def label(code: str) -> Any:
    """The role's name in the page's language."""
    return LABELS[Role(code)]


def choices(*roles: Role) -> list[tuple[str, Choice]]:
    """For a form: these roles, in the order they stand here."""
    return [(role.value, Choice(LABELS[role], HINTS[role])) for role in LABELS if role in roles]
