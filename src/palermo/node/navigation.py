"""The menu: which pages the signed-in roles may open, as one table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from palermo.protection.access import Role

STAFF = frozenset(Role) - {Role.SURVIVOR, Role.PEER_NODE}
CASE_ROLES = STAFF - {Role.ANALYST, Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR, Role.BORDER_OFFICER}
IMPORT_ROLES = frozenset({Role.FIRST_RESPONDER, Role.CASE_WORKER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the menu: the page's name in urls.py and the roles that see it."""

    label: Any
    page: str
    roles: frozenset[Role]


ENTRIES = (
    Entry(label=_("Home"), page="home", roles=frozenset(Role)),
    Entry(label=_("Cases"), page="case_list", roles=CASE_ROLES),
    Entry(label=_("Import"), page="import_list", roles=IMPORT_ROLES),
    Entry(label=_("National figures"), page="figures", roles=frozenset({Role.ANALYST})),
    Entry(label=_("Estimation"), page="estimation_list", roles=frozenset({Role.ANALYST})),
    Entry(label=_("Releases"), page="release_list", roles=frozenset({Role.ANALYST})),
    Entry(label=_("Risk reports"), page="risk_list", roles=frozenset({Role.DATA_PROTECTION_OFFICER})),
    Entry(label=_("Appraisal"), page="appraisal_list", roles=STAFF),
    Entry(label=_("Audit"), page="audit_list", roles=STAFF - {Role.ANALYST}),
    Entry(label=_("Administration"), page="administration", roles=frozenset({Role.ADMINISTRATOR})),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A line of the menu as drawn; `here` is "page" on the page itself and "true" below it."""

    label: Any
    url: str
    here: str


def entries(roles: Iterable[Role]) -> tuple[Entry, ...]:
    """The lines that at least one of these roles may open."""
    held = frozenset(roles)
    return tuple(entry for entry in ENTRIES if entry.roles & held)


def steps(roles: Iterable[Role], *, path: str) -> tuple[Step, ...]:
    """The menu for these roles on the page at `path`; a page that this node does not serve is left out."""
    found = ((entry, _address(entry.page)) for entry in entries(roles))
    return tuple(Step(label=entry.label, url=url, here=_here(url, path)) for entry, url in found if url)


def _address(page: str) -> str:
    try:
        return reverse(page)
    except NoReverseMatch:
        return ""


def _here(url: str, path: str) -> str:
    if url == path:
        return "page"
    return "true" if url != "/" and path.startswith(url) else ""
