"""The one who runs administrative commands on the node's own machine, where no one is signed in."""

from palermo.node.actor import Actor
from palermo.protection.access import Role


def actor() -> Actor:
    """Named `operator` in the audit; an administrator, so it opens no record."""
    return Actor(name="operator", agency="", roles=frozenset({Role.ADMINISTRATOR}))


def appraiser() -> Actor:
    """Named `operator` too; brings public statements in, and confirms nothing: that is for two people."""
    return Actor(name="operator", agency="", roles=frozenset({Role.ANALYST}))
