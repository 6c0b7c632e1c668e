"""The second lock: on PostgreSQL the database itself shows one agency's rows, whatever the code forgets."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from palermo.node import grants, tenancy
from palermo.node.models import Agency, Case, SealedPart, Standing

NOW = datetime(2026, 5, 1, tzinfo=UTC)

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _postgres_only():
    if connection.vendor != "postgresql":
        pytest.skip("row-level security is PostgreSQL's: run make test-postgres")


def a_case(agency: str, case_id: str) -> Case:
    Agency.objects.get_or_create(code=agency, defaults={"name": agency, "kind": "NGO", "country": "XA"})
    with tenancy.acting_for(agency):
        case = Case.objects.create(
            id=case_id, agency_id=agency, record={}, created_by="x", created_at=NOW, updated_at=NOW
        )
        SealedPart.objects.create(case=case, agency_id=agency, tier="T3", wrapped_key=b"k", ciphertext=b"c")
    return case


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
