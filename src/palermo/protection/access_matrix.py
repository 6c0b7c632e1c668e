"""The matrix of access as data: roles, relations, tiers, and the grants read from access_matrix.toml."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import product
from typing import Any


class Role(StrEnum):
    """What a member is in an agency; an administrator opens no record, whatever else they are."""

    FIRST_RESPONDER = "first_responder"
    CASE_WORKER = "case_worker"
    SUPERVISOR = "supervisor"
    COMPETENT_AUTHORITY = "competent_authority"
    SERVICE_PROVIDER = "service_provider"
    GUARDIAN = "guardian"
    PROSECUTOR = "prosecutor"
    BORDER_OFFICER = "border_officer"
    SURVIVOR = "survivor"
    ANALYST = "analyst"
    DATA_PROTECTION_OFFICER = "data_protection_officer"
    ADMINISTRATOR = "administrator"
    PEER_NODE = "peer_node"


class Relation(StrEnum):
    """What the case is to the one who asks, worked out from facts and never claimed."""

    ANY = "any"
    AGENCY = "agency"
    TEAM = "team"
    AUTHOR = "author"
    RECIPIENT = "recipient"
    DECISION_BODY = "decision_body"
    WARD = "ward"
    SELF = "self"
    MANDATE = "mandate"


TIERS = ("T1", "T2", "T3", "T4")
IDENTITY = frozenset({"T3", "T4"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One line of the matrix, for one role, relation, action and tier."""

    role: str
    relation: str
    action: str
    tier: str | None
    purposes: frozenset[str]
    consent: bool
    second: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """The matrix as read: what each rule, purpose and action is, and the grants by role, action and tier."""

    edition: str
    rules: Mapping[str, int]
    never: frozenset[str]
    counted: frozenset[str]
    purposes: Mapping[str, str]
    actions: Mapping[str, str]
    grants: Mapping[tuple[str, str, str | None], tuple[Grant, ...]]


@cache
def matrix() -> Matrix:
    """The matrix of access_matrix.toml, read once."""
    data = tomllib.loads(files("palermo.protection").joinpath("access_matrix.toml").read_text("utf-8"))
    rules = dict(data["rules"])
    return Matrix(
        edition=data["edition"],
        never=frozenset(rules.pop("never")),
        counted=frozenset(rules.pop("counted")),
        rules=rules,
        purposes=data["purposes"],
        actions=data["actions"],
        grants=_indexed(data["grant"]),
    )


def _indexed(lines: Iterable[Mapping[str, Any]]) -> Mapping[tuple[str, str, str | None], tuple[Grant, ...]]:
    found: dict[tuple[str, str, str | None], tuple[Grant, ...]] = {}
    for grant in (grant for line in lines for grant in _grants(line)):
        key = (grant.role, grant.action, grant.tier)
        found[key] = (*found.get(key, ()), grant)
    return found


def _grants(line: Mapping[str, Any]) -> Iterator[Grant]:
    for action, tier in product(line["action"], line.get("tier", [None])):
        yield Grant(
            role=Role(line["role"]).value,
            relation=Relation(line["relation"]).value,
            action=action,
            tier=tier,
            purposes=frozenset(line["purpose"]),
            consent=line.get("gate") == "consent",
            second=line.get("second", False),
        )
