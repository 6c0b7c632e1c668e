"""What the audit's actions and the things they were done to are called on pages."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy

ACTIONS: Mapping[str, Any] = {
    "case.read": gettext_lazy("Opened the case page"),
    "case.read.refused": gettext_lazy("Was refused the case page"),
    "case.inspect": gettext_lazy("Checked what is kept, without content"),
    "case.store": gettext_lazy("Stored the case"),
    "case.store.refused": gettext_lazy("Was refused to store a case"),
    "case.unseal": gettext_lazy("Opened sealed parts"),
    "case.unseal.refused": gettext_lazy("Was refused sealed parts"),
    "case.look_up": gettext_lazy("Looked for an exact value"),
    "case.look_up.refused": gettext_lazy("Was refused a search for an exact value"),
    "case.amend": gettext_lazy("Amended the record"),
    "case.amend.refused": gettext_lazy("Was refused an amendment"),
    "case.move": gettext_lazy("Moved a track"),
    "case.move.refused": gettext_lazy("Was refused a step"),
    "case.approve": gettext_lazy("Approved a step"),
    "case.approve.refused": gettext_lazy("Was refused an approval"),
    "case.erase": gettext_lazy("Erased the person"),
    "case.erase.refused": gettext_lazy("Was refused an erasure"),
    "case.emergency": gettext_lazy("Opened parts in an emergency"),
    "case.emergency.refused": gettext_lazy("Was refused an emergency opening"),
    "case.emergency.confirm": gettext_lazy("Confirmed an emergency opening"),
    "case.emergency.refuse": gettext_lazy("Refused an emergency opening"),
    "list.approve": gettext_lazy("Approved that a list is taken out"),
    "list.export": gettext_lazy("Took out a list of cases"),
    "list.export.refused": gettext_lazy("Was refused a list of cases"),
    "import.begin": gettext_lazy("Uploaded a file"),
    "import.again": gettext_lazy("Gave a file that was known"),
    "import.start": gettext_lazy("Started an import"),
    "import.batch": gettext_lazy("Stored a batch of rows"),
    "import.done": gettext_lazy("Finished an import"),
    "import.failed": gettext_lazy("An import failed"),
    "import.discard": gettext_lazy("Took an upload back"),
    "import.swept": gettext_lazy("Deleted an upload that nobody started"),
    "estimation.preview": gettext_lazy("Looked at who is in which lists, in rounded counts"),
    "estimation.preview.refused": gettext_lazy("Was refused a look at who is in which lists"),
    "estimation.ask": gettext_lazy("Asked for an estimation"),
    "estimation.ask.refused": gettext_lazy("Was refused an estimation"),
    "estimation.begin": gettext_lazy("An estimation began"),
    "estimation.done": gettext_lazy("An estimation was answered"),
    "estimation.failed": gettext_lazy("An estimation had no answer"),
    "estimation.sign": gettext_lazy("Signed an estimation"),
    "estimation.sign.refused": gettext_lazy("Was refused to sign an estimation"),
    "estimation.countersign": gettext_lazy("Signed an estimation as the second person"),
    "estimation.countersign.refused": gettext_lazy("Was refused to sign an estimation as the second person"),
    "estimation.withdraw": gettext_lazy("Withdrew an estimation"),
    "estimation.withdraw.refused": gettext_lazy("Was refused to withdraw an estimation"),
    "population.keep": gettext_lazy("Kept a file of the population"),
    "population.keep.refused": gettext_lazy("Was refused to keep a file of the population"),
    "audit.verify": gettext_lazy("Verified the audit"),
    "audit.export": gettext_lazy("Took out the audit"),
    "agency.open": gettext_lazy("Opened an agency"),
    "agency.close": gettext_lazy("Closed an agency"),
    "agency.reopen": gettext_lazy("Opened an agency again"),
    "member.add": gettext_lazy("Added a member"),
    "member.change_roles": gettext_lazy("Changed the roles of a member"),
    "member.deactivate": gettext_lazy("Deactivated a member"),
    "member.reactivate": gettext_lazy("Let a member in again"),
    "member.issue_code": gettext_lazy("Made a one-time code"),
    "member.redeem_code": gettext_lazy("Used a one-time code"),
    "member.set_password": gettext_lazy("Set a password"),
    "member.change_password": gettext_lazy("Changed the own password"),
    "session.begin": gettext_lazy("Signed in to the node"),
    "session.end": gettext_lazy("Signed out"),
    "session.expire": gettext_lazy("Was signed out after a time"),
    "session.fail": gettext_lazy("Failed to sign in"),
    "session.lock": gettext_lazy("Was locked out for a while"),
    "session.kill": gettext_lazy("Ended a session"),
    "factor.add": gettext_lazy("Set up a second factor"),
    "factor.remove": gettext_lazy("Took a second factor away"),
    "factor.renew": gettext_lazy("Made new recovery codes"),
    "factor.forget": gettext_lazy("Took away lost second factors"),
    "token.issue": gettext_lazy("Issued a token"),
    "token.revoke": gettext_lazy("Revoked a token"),
    "key.rewrap": gettext_lazy("Changed the key of an agency"),
    "demo.store": gettext_lazy("Stored made-up cases"),
    "demo.standings": gettext_lazy("Gave made-up cases to members"),
}
THINGS: Mapping[str, Any] = {
    "agency": gettext_lazy("Agency %(name)s"),
    "estimation": gettext_lazy("Estimation %(name)s"),
    "import": gettext_lazy("Import %(name)s"),
    "member": gettext_lazy("Member %(name)s"),
    "token": gettext_lazy("Token %(name)s"),
}


def action(name: str) -> str:
    """An action of the audit."""
    return str(ACTIONS.get(name, name))


def thing(name: str) -> str:
    """What an action was done to, from its name in the audit: `member:a-diallo`."""
    kind, _colon, own = name.partition(":")
    return THINGS[kind] % {"name": own} if kind in THINGS else name
