"""Every cell of the matrix, compared with a table written by hand and evaluated another way."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from palermo.protection import access
from palermo.protection.access import Consent, Emergency, Object, Relation, Role, Scope, Subject
from palermo.protection.access_matrix import matrix

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ALL = frozenset({"T1", "T2", "T3", "T4"})
VERBS = {"C": "create", "R": "read", "W": "write", "M": "inspect", "S": "carry", "A": "aggregate"}
AUDIT_ANYWHERE = {"audit_all": "any", "audit_own": "author", "review_release": "any", "sign_risk": "any"}
AUDIT_FOR_OVERSIGHT = {"audit_own", "audit_case", "audit_team", "audit_all"}
AGREED = {"live consent", "confirmed emergency", "fresh emergency"}


@dataclass(frozen=True)
class Cell:
    """What the hand-written table says of one role, action and tier."""

    relation: str
    purposes: frozenset[str]
    starred: bool
    two: bool


def _rows() -> list[list[str]]:
    text = Path(__file__).with_name("access_oracle.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [[part.strip() for part in line.split("|")] for line in lines]


def oracle() -> dict[tuple[str, str, str | None], Cell]:
    """The text table as a dictionary from role, action and tier."""
    cells = {}
    for role, relation, purposes, *tiers, decide, refer, export, audit in _rows():
        reasons = frozenset(purposes.split())
        for number, notation in enumerate(tiers, start=1):
            for letter in notation.strip("-*~"):
                where = "agency" if letter == "C" else relation
                cell = Cell(where, reasons, "*" in notation, False)
                cells[role, VERBS[letter], f"T{number}"] = cell
            if "~" in notation:
                for action in ("read", "write"):
                    cells[role, action, f"T{number}"] = Cell("author", reasons, False, False)
        for word in [*decide.strip("-").split(), *refer.strip("-").split()]:
            cells[role, word.strip("&"), None] = Cell(relation, reasons, False, "&" in word)
        if export != "-":
            word, numbers = export.split()
            for number in numbers:
                cells[role, word.strip("&*"), f"T{number}"] = Cell(
                    relation, reasons, "*" in word, "&" in word
                )
        for word in audit.strip("-").split():
            also = {"oversight"} if word in AUDIT_FOR_OVERSIGHT else set()
            cells[role, word, None] = Cell(AUDIT_ANYWHERE.get(word, relation), reasons | also, False, False)
    return cells


def answer(cells, *, role, relation, action, tier, purpose, agreement) -> bool:
    """The naive evaluator: one cell, four questions."""
    cell = cells.get((role, action, tier))
    if cell is None or purpose not in cell.purposes:
        return False
    if cell.relation != "any" and cell.relation not in relation:
        return False
    return not cell.starred or agreement in AGREED


def agreements(purpose: str) -> dict[str, dict[str, tuple]]:
    """Every state that the person's agreement can be in."""
    live = {"purpose": purpose, "recipient": "XA-1", "tiers": ALL, "given_at": NOW - DAY}
    opened = {"member": "m", "tiers": ALL, "reason": "made up", "opened_at": NOW - 25 * HOUR}
    return {
        "none": {},
        "live consent": {"consents": (Consent(**live),)},
        "expired consent": {"consents": (Consent(**live, expires_at=NOW),)},
        "withdrawn consent": {"consents": (Consent(**live, withdrawn_at=NOW),)},
        "consent to another": {"consents": (Consent(**live | {"recipient": "XA-2"}),)},
        "fresh emergency": {"emergencies": (Emergency(**opened | {"opened_at": NOW - HOUR}),)},
        "confirmed emergency": {"emergencies": (Emergency(**opened, second="n", second_at=NOW - DAY),)},
        "lapsed emergency": {"emergencies": (Emergency(**opened),)},
    }


SCOPE = Scope(agency="XA-1", tiers=ALL, accepted=True, scheduled=True)
# The facts that make each relation hold; what also follows from them stands in the second place.
RELATIONS = {
    "none": ({"agency": "XA-9"}, set()),
    "agency": ({"agency": "XA-1", "team": frozenset({"n"})}, {"agency"}),
    "team": ({"agency": "XA-1", "team": frozenset({"m"})}, {"agency", "team"}),
    "author": ({"agency": "XA-9", "author": "m"}, {"author"}),
    "recipient": ({"agency": "XA-9", "scopes": (SCOPE,)}, {"recipient"}),
    "decision_body": ({"agency": "XA-9", "decision_bodies": frozenset({"XA-1"})}, {"decision_body"}),
    "ward": ({"agency": "XA-9", "guardians": frozenset({"m"})}, {"ward"}),
    "self": ({"agency": "XA-9", "person": "m"}, {"self"}),
    "mandate": ({"agency": "XA-9", "mandates": frozenset({"m"})}, {"mandate"}),
}


def situations():
    """Relation, action, purpose and agreement in every combination, as facts and as words."""
    for (facts, holds), (action, kind), purpose in product(
        RELATIONS.values(), matrix().actions.items(), matrix().purposes
    ):
        for agreement, evidence in agreements(purpose).items():
            thing = Object(kind=kind, approvals=frozenset({"n"}), **facts, **evidence)
            yield thing, {"relation": holds, "action": action, "purpose": purpose, "agreement": agreement}


def test_every_cell_is_what_the_hand_written_table_says():
    cells, counted, allowed, different = oracle(), 0, 0, []
    subjects = {role: Subject(member="m", agency="XA-1", roles=frozenset({role})) for role in Role}
    for thing, words in situations():
        asked = {"purpose": words["purpose"], "now": NOW}
        for role, tier in product(Role, (None, *access.TIERS)):
            got = access.decide(subjects[role], words["action"], thing, tier=tier, **asked).allowed
            expected = answer(cells, role=role.value, tier=tier, **words)
            counted, allowed = counted + 1, allowed + got
            if got != expected:
                different.append((role.value, tier, words, got))

    print(f"{counted:,} cells, {allowed:,} allowed, {len(different)} different")
    assert different == []
    assert counted == len(Role) * len(RELATIONS) * len(matrix().actions) * 5 * len(matrix().purposes) * 8
    assert allowed > 1_000


def test_the_two_tables_name_the_same_roles_relations_and_actions():
    named = {action for _role, action, _tier in oracle()}

    assert list(dict.fromkeys(row[0] for row in _rows())) == [role.value for role in Role]
    assert named == set(matrix().actions)
    assert set(RELATIONS) == {relation.value for relation in Relation} - {"any"} | {"none"}


@pytest.mark.parametrize(("role", "action", "tier"), [key for key, cell in oracle().items() if cell.two])
def test_what_needs_two_people_waits_for_the_second_one(role, action, tier):
    cell = oracle()[role, action, tier]
    purpose = min(cell.purposes - {"oversight"} or cell.purposes)
    facts = RELATIONS["none" if cell.relation == "any" else cell.relation][0]
    consent = agreements(purpose)["live consent"]
    subject = Subject(member="m", agency="XA-1", roles=frozenset({role}))

    def decision(*approvals: str) -> access.Decision:
        kind = matrix().actions[action]
        thing = Object(kind=kind, approvals=frozenset(approvals), **facts, **consent)
        return access.decide(subject, action, thing, tier=tier, purpose=purpose, now=NOW)

    assert decision().awaits_second
    assert decision("m", "").awaits_second
    assert decision("m", "n").allowed


def test_the_same_answer_comes_from_every_use_of_the_matrix():
    assert matrix() is matrix()
    assert matrix().never == {"immigration_enforcement"}
