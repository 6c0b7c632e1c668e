"""Who acts: a member, an agency's token, or the operator at the command line, as one value."""

from dataclasses import dataclass

from palermo.protection.access import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Named in the audit; `roles` and `agency` are what the access matrix asks about."""

    name: str
    agency: str
    roles: frozenset[Role]


def operator(agency: str) -> Actor:
    """Whoever runs commands on the node's own machine, acting for `agency` as its case workers do."""
    return Actor(
        name="operator",
        agency=agency,
        roles=frozenset({Role.CASE_WORKER, Role.FIRST_RESPONDER}),
    )
