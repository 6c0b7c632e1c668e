"""The second lock: on PostgreSQL the database itself shows one agency's rows, whatever the code forgets."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from palermo.node import grants, jobs, readiness, tenancy
from palermo.node.actions import audit
from palermo.node.models import Agency, BlindToken, Case, Event, ImportRun, SealedPart, Standing
from tests.node import cases

NOW = datetime(2026, 5, 1, tzinfo=UTC)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _postgres_only():
    if connection.vendor != "postgresql":
        pytest.skip("row-level security is PostgreSQL's: run make test-postgres")


def a_case(agency: str, case_id: str, *, by: str = "x") -> Case:
    """A case with a sealed part, a look-up token and an event."""
    Agency.objects.get_or_create(code=agency, defaults={"name": agency, "kind": "NGO", "country": "XA"})
    with tenancy.acting_for(agency):
        case = Case.objects.create(
            id=case_id, agency_id=agency, record={}, created_by=by, created_at=NOW, updated_at=NOW
        )
        SealedPart.objects.create(case=case, agency_id=agency, tier="T3", wrapped_key=b"k", ciphertext=b"c")
        BlindToken.objects.create(case=case, agency_id=agency, kind="name", token=case_id.encode())
        an_event(case, number=1)
    return case


def an_event(case: Case, *, number: int) -> Event:
    return Event.objects.create(
        case=case, agency_id=case.agency_id, number=number, kind="received", by="x", at=NOW
    )


def seen(agency: str) -> tuple[list[str], int]:
    with tenancy.acting_for(agency):
        return sorted(Case.objects.values_list("id", flat=True)), SealedPart.objects.count()


def test_the_role_of_the_tests_is_bound_by_row_level_security():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)


def test_an_agency_sees_its_own_rows_only():
    a_case("police", "P1")
    a_case("shelter", "S1")

    assert seen("police") == (["P1"], 1)
    assert seen("shelter") == (["S1"], 1)
    assert seen("nobody") == ([], 0)


def test_without_an_agency_there_are_no_rows():
    a_case("police", "P1")

    assert Case.objects.count() == 0
    assert SealedPart.objects.count() == 0


def test_the_scope_of_counts_opens_coded_rows_and_no_sealed_part():
    a_case("police", "P1")
    a_case("shelter", "S1")

    assert seen(tenancy.EVERY_AGENCY) == (["P1", "S1"], 0)


def test_a_row_of_another_agency_cannot_be_forged():
    a_case("police", "P1")
    a_case("shelter", "S1")

    with pytest.raises(DatabaseError, match="row-level security"), tenancy.acting_for("police"):
        Case.objects.create(
            id="X", agency_id="shelter", record={}, created_by="x", created_at=NOW, updated_at=NOW
        )


def test_a_standing_opens_one_case_to_a_decision_body():
    case = a_case("shelter", "S1")
    a_case("shelter", "S2")
    Standing.objects.create(
        case=case, kind="decision_body", holder="authority", granted_by="x", granted_at=NOW
    )

    assert seen("authority") == (["S1"], 1)


def test_a_standing_opens_one_case_to_a_member_of_another_agency():
    case = a_case("shelter", "S1")
    a_case("shelter", "S2")
    Standing.objects.create(case=case, kind="guardian", holder="elio", granted_by="x", granted_at=NOW)

    with tenancy.scope("guardians", member="elio"):
        assert list(Case.objects.values_list("id", flat=True)) == ["S1"]
    with tenancy.scope("guardians", member="someone"):
        assert not Case.objects.exists()


def test_the_scope_ends_with_the_transaction():
    a_case("police", "P1")

    with transaction.atomic():
        tenancy.enter("police")
        assert Case.objects.count() == 1
        tenancy.enter("")

    assert Case.objects.count() == 0


# -- what each scope opens of one case among others ---------------------------------------------------------

STANDINGS = (
    ("decision_body", "authority"),
    ("guardian", "gina"),
    ("mandate", "paul"),
    ("person", "noor"),
    ("team", "tom"),
    ("conflict", "carl"),
    ("conflict", "enemy"),
)
SCOPES = {
    "its agency": ("shelter", ""),
    "counts": (tenancy.EVERY_AGENCY, ""),
    "decision body": ("authority", ""),
    "guardian": ("office", "gina"),
    "mandate": ("office", "paul"),
    "person": ("office", "noor"),
    "author, elsewhere now": ("office", "ana"),
    "another agency": ("police", "someone"),
    "a team of another agency": ("office", "tom"),
    "a member in conflict": ("office", "carl"),
    "an agency in conflict": ("enemy", ""),
    "a member named like the body": ("office", "authority"),
    "an agency named like the guardian": ("gina", ""),
    "nobody": ("", ""),
}
COUNTED = (Case, SealedPart, BlindToken, Event)
OPENED = {
    "its agency": (2, 2, 2, 2),
    "counts": (3, 0, 0, 0),
    "decision body": (1, 1, 0, 1),
    "guardian": (1, 1, 0, 1),
    "mandate": (1, 1, 0, 1),
    "person": (1, 1, 1, 1),
    "author, elsewhere now": (1, 1, 1, 1),
}


def a_world() -> Case:
    """The one case that standings open, another of its agency, and one of another agency."""
    case = a_case("shelter", "S1", by="ana")
    a_case("shelter", "S2")
    a_case("court", "C1")
    Agency.objects.get_or_create(code="office", defaults={"name": "Office", "kind": "NGO", "country": "XA"})
    for kind, holder in STANDINGS:
        Standing.objects.create(case=case, kind=kind, holder=holder, granted_by="x", granted_at=NOW)
    return case


@pytest.mark.parametrize("who", SCOPES)
def test_a_scope_opens_these_rows_and_no_others(who):
    a_world()

    with tenancy.acting_for(*SCOPES[who]):
        opened = tuple(model.objects.count() for model in COUNTED)

    assert opened == OPENED.get(who, (0, 0, 0, 0))


WRITES = {
    "change the case": lambda case: Case.objects.filter(pk=case.pk).update(version=7),
    "take the case": lambda case: Case.objects.filter(pk=case.pk).update(agency_id="office"),
    "remove the case": lambda case: Case.objects.filter(pk=case.pk)._raw_delete("default"),
    "change a part": lambda case: case.sealed_parts.update(key_version=7),
    "take a part": lambda case: case.sealed_parts.update(agency_id="office"),
    "remove a part": lambda case: case.sealed_parts.all()._raw_delete("default"),
    "add a part": lambda case: SealedPart.objects.create(
        case=case, agency_id="shelter", tier="T4", wrapped_key=b"k", ciphertext=b"c"
    ),
    "remove a token": lambda case: case.blind_tokens.all()._raw_delete("default"),
    "add a token": lambda case: BlindToken.objects.create(
        case=case, agency_id="shelter", kind="name", token=b"t"
    ),
    "add an event": lambda case: an_event(case, number=2),
}
SEALED = {"change a part", "remove a part", "add a part", "remove a token", "add a token"}
WRITTEN = {
    "its agency": {"change the case", "remove the case", "add an event"} | SEALED,
    "decision body": {"change the case", "add an event"},
    "guardian": {"add an event"},
    "mandate": {"add an event"},
    "person": {"change the case", "add an event"} | SEALED,
    "author, elsewhere now": {"change the case", "add an event"} | SEALED,
}


def passes(write, case: Case) -> bool:
    """Whether the database lets it happen to any row; it is taken back in any case."""
    try:
        with transaction.atomic():
            done = bool(write(case))
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return done


@pytest.mark.parametrize("who", SCOPES)
def test_a_scope_writes_these_rows_and_no_others(who):
    case = a_world()

    with tenancy.acting_for(*SCOPES[who]):
        written = {name for name, write in WRITES.items() if passes(write, case)}
        forged = Case(pk="C1", agency_id="shelter")
        elsewhere = {name for name, write in WRITES.items() if passes(write, forged)}

    assert written == WRITTEN.get(who, set())
    assert not elsewhere


# -- the role that `palermo node grant` makes ---------------------------------------------------------------

ROLE = "palermo_app_test"


@pytest.fixture
def granted():
    """The connection as that role, until the test ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {ROLE} NOLOGIN")
        cursor.execute(f"GRANT {ROLE} TO current_user")
        grants.give(ROLE)
        cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield cursor
        cursor.execute("RESET ROLE")


def test_the_granted_role_is_enough_for_a_case_from_import_to_audit(granted, client):
    file = cases.a_file(
        [cases.a_record(**cases.IDENTITY | {"case.ref": f"R{one}"}).document for one in range(3)]
    )
    member = cases.a_member(cases.FIRST, cases.WORKER)
    kept = cases.a_case(by=member.actor, **cases.IDENTITY)
    client.force_login(member)
    page = reverse("case_page", args=[kept.pk])

    opened = client.post(f"{page}open/", {"tiers": ["T3"], "purpose": "support"})
    found = client.post(reverse("case_look_up"), {"kind": "name", "value": cases.CANARY})
    file.name = "cases.jsonl"
    client.post(reverse("import_list"), {"file": file, "format": ""})
    with cases.inside():
        run = ImportRun.objects.get()
    client.post(reverse("import_start", args=[run.pk]))
    jobs.import_file.func(run=run.pk)
    listed = client.get(reverse("case_list"))

    granted.execute("SELECT current_user")
    assert granted.fetchone() == (ROLE,)
    assert cases.CANARY.split()[0] in opened.content.decode()
    assert page in found.content.decode()
    assert all(f"R{one}" in listed.content.decode() for one in range(3))
    assert audit.verify().whole
    assert not [check.name for check in readiness.checks() if check.name == "migrations" and not check.passed]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE node_auditevent SET actor = 'x'",
        "DELETE FROM node_event",
        "TRUNCATE node_auditevent",
        "UPDATE node_releaseentry SET rho_micro = 1",
        "DELETE FROM node_releaseentry",
        "DELETE FROM node_release",
        "ALTER TABLE node_case DISABLE ROW LEVEL SECURITY",
        "DROP POLICY node_case_select ON node_case",
        "DELETE FROM django_migrations",
    ],
)
def test_the_granted_role_cannot_open_a_lock(granted, statement):
    with pytest.raises(DatabaseError, match=r"permission denied|must be owner"), transaction.atomic():
        granted.execute(statement)


def test_the_granted_role_can_add_to_the_audit_and_change_nothing_in_it():
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE palermo_app_test NOLOGIN")
        cursor.execute("GRANT palermo_app_test TO current_user")
        grants.give("palermo_app_test")
        cursor.execute("SET LOCAL ROLE palermo_app_test")
        cursor.execute(
            "SELECT has_table_privilege('node_auditevent', 'INSERT'), "
            "has_table_privilege('node_auditevent', 'UPDATE'), "
            "has_table_privilege('node_auditevent', 'DELETE'), "
            "has_table_privilege('node_auditevent', 'TRUNCATE'), "
            "has_table_privilege('node_case', 'UPDATE')"
        )
        assert cursor.fetchone() == (True, False, False, False, True)
        cursor.execute("RESET ROLE")
