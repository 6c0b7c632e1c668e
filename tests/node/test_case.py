"""Cases: stored whole, opened tier by tier and never in silence, amended, looked up."""

from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import InvalidRecord, NotAllowed, Unknown, WrongState
from palermo.node.actions import case, case_event, consent, sealed_part
from palermo.node.actor import Actor
from palermo.node.models import Agency, AuditEvent, Case, Event, SealedPart
from palermo.node.sealing import Kind
from palermo.protection.access import Reason, Role
from palermo.standards import record as records
from palermo.standards import tree
from tests.node.cases import (
    CANARY,
    FIRST,
    IDENTITY,
    NOW,
    PASSPORT,
    PHONE,
    WORKER,
    a_case,
    a_record,
    an_actor,
    inside,
    stand,
)

pytestmark = pytest.mark.django_db


def actions() -> list[str]:
    return list(AuditEvent.objects.values_list("action", flat=True))


def test_a_stored_case_gives_its_record_back():
    record = a_record(**IDENTITY)
    worker = an_actor(WORKER)
    kept = case.store(record, agency="xa-shelter", by=an_actor(FIRST, WORKER), now=NOW)

    opened = sealed_part.unseal(kept, tiers=["T2", "T3", "T4"], by=worker, purpose="support", now=NOW)

    assert tree.merge([kept.record, opened]) == record.document


def test_columns_to_search_by_are_made_by_the_database():
    with inside():
        kept = Case.objects.get(pk=a_case().pk)

    assert (kept.reference, kept.year, kept.sex, kept.age_band) == ("XA-0001", "2026", "f", "18-20")
    assert '"ForcedLabour"' in kept.forms
    assert '"KZ"' in kept.citizenships


@inside()
def test_no_identifying_value_lies_in_clear_anywhere_in_the_database():
    a_case(**IDENTITY)

    with connection.cursor() as cursor:
        names = connection.introspection.table_names()
        dumped = ""
        for table in names:
            cursor.execute(f'SELECT * FROM "{table}"')
            dumped += repr(cursor.fetchall())
    for canary in (*CANARY.split(), PHONE, PASSPORT, "A farm"):
        assert canary not in dumped


def test_storing_is_one_event_of_the_audit():
    a_case()

    assert actions() == ["case.store"]


def test_who_may_not_create_stores_nothing_and_is_recorded():
    with pytest.raises(NotAllowed) as refused:
        case.store(a_record(), agency="xa-shelter", by=an_actor(WORKER), now=NOW)

    assert refused.value.reasons == (Reason.ROLE,)
    with inside():
        assert Case.objects.count() == 0
    assert actions() == ["case.store.refused"]


def test_a_case_is_found_by_its_reference_however_it_is_typed():
    kept = a_case()

    assert case.find(f" {kept.pk.lower()} ", by=an_actor(WORKER), now=NOW) == kept
    assert actions()[-1] == "case.read"


def test_a_hidden_case_and_a_missing_one_give_the_same_answer():
    kept = a_case()
    outsider = an_actor(WORKER, agency="xa-police")

    with pytest.raises(Unknown) as hidden:
        case.find(kept.pk, by=outsider, now=NOW)
    with pytest.raises(Unknown) as missing:
        case.find("0" * 27, by=outsider, now=NOW)

    assert str(hidden.value) == str(missing.value)
    assert actions()[-2:] == ["case.read.refused", "case.read.refused"]


def test_what_may_not_be_known_of_may_not_be_changed():
    kept = a_case()

    with pytest.raises(Unknown):
        case.known(kept.pk, by=an_actor(WORKER, agency="xa-police"), now=NOW)


def test_a_refused_opening_is_recorded_with_its_reasons():
    kept = a_case(**IDENTITY)

    with pytest.raises(NotAllowed):
        sealed_part.unseal(kept, tiers=["T3"], by=an_actor(WORKER), purpose="statistics", now=NOW)

    event = AuditEvent.objects.last()
    assert (event.action, event.detail) == ("case.unseal.refused", {"reasons": ["not-for-this-purpose"]})


def test_the_fifty_first_identity_of_an_hour_stays_closed():
    kept = a_case(**IDENTITY)
    worker = an_actor(WORKER)
    for _ in range(25):
        sealed_part.unseal(kept, tiers=["T3", "T4"], by=worker, purpose="support", now=NOW)

    with pytest.raises(NotAllowed) as refused:
        sealed_part.unseal(kept, tiers=["T3"], by=worker, purpose="support", now=NOW)

    assert refused.value.reasons == (Reason.HARVEST,)
    later = NOW + timedelta(hours=1, seconds=1)
    assert sealed_part.unseal(kept, tiers=["T3"], by=worker, purpose="support", now=later)


def test_two_identities_asked_together_cannot_pass_the_hourly_limit():
    kept = a_case(**IDENTITY)
    worker = an_actor(WORKER)
    for _ in range(49):
        sealed_part.unseal(kept, tiers=["T3"], by=worker, purpose="support", now=NOW)

    with pytest.raises(NotAllowed):
        sealed_part.unseal(kept, tiers=["T3", "T4"], by=worker, purpose="support", now=NOW)


@pytest.mark.parametrize(
    "kind, value",
    [
        (Kind.NAME, CANARY.upper()),
        (Kind.PHONE, PHONE.replace("+", "00").replace(" ", "-")),
        (Kind.DOCUMENT, PASSPORT.lower().replace("-", " ")),
    ],
)
def test_a_case_is_looked_up_by_an_exact_value_however_it_is_written(kind, value):
    kept = a_case(**IDENTITY)

    assert case.look_up(kind=kind, value=value, by=an_actor(WORKER), now=NOW) == [kept]

    event = AuditEvent.objects.last()
    assert (event.action, event.detail) == ("case.look_up", {"kind": kind.value, "found": 1})


def test_a_look_up_stays_inside_the_agency():
    a_case(**IDENTITY)

    assert not case.look_up(kind=Kind.NAME, value=CANARY, by=an_actor(WORKER, agency="xa-police"), now=NOW)


def test_a_look_up_leaves_out_a_case_whose_identity_is_closed_to_the_one_who_asks():
    kept = a_case(**IDENTITY)
    stand(kept, "team", "somebody-else")

    assert not case.look_up(kind=Kind.NAME, value=CANARY, by=an_actor(WORKER), now=NOW)


def test_who_may_read_no_identity_may_not_look_one_up():
    a_case(**IDENTITY)

    with pytest.raises(NotAllowed):
        case.look_up(kind=Kind.NAME, value=CANARY, by=an_actor(Role.ANALYST), now=NOW)

    assert actions()[-1] == "case.look_up.refused"


def test_looked_up_identities_count_for_the_hour():
    a_case(**IDENTITY)
    worker = an_actor(WORKER)
    for _ in range(50):
        case.look_up(kind=Kind.NAME, value=CANARY, by=worker, now=NOW)

    with pytest.raises(NotAllowed):
        case.look_up(kind=Kind.NAME, value=CANARY, by=worker, now=NOW)


# -- amending ---------------------------------------------------------------------------------------------


def test_an_amendment_changes_the_record_and_names_only_its_paths():
    kept = a_case(**IDENTITY)
    changed = a_record(**IDENTITY | {"person.sex": "m", "person.names[0].family": "Other"}).document

    kept = case.amend(kept.pk, document=changed, version=1, by=an_actor(WORKER), now=NOW)

    with inside():
        assert (kept.version, Case.objects.get(pk=kept.pk).sex) == (2, "m")
        event = Event.objects.filter(case=kept).last()
    assert (event.kind, event.payload) == ("amended", {"fields": ["person.names[].family", "person.sex"]})
    assert AuditEvent.objects.last().detail == {"tiers": ["T1", "T3"]}


def test_an_amended_name_is_found_and_the_old_one_is_not():
    kept = a_case(**IDENTITY)
    worker = an_actor(WORKER)
    changed = a_record(**IDENTITY | {"person.names[0].given": "Ottoline"}).document
    case.amend(kept.pk, document=changed, version=1, by=worker, now=NOW)

    assert not case.look_up(kind=Kind.NAME, value=CANARY, by=worker, now=NOW)
    assert case.look_up(kind=Kind.NAME, value=f"Ottoline {CANARY.split()[1]}", by=worker, now=NOW) == [kept]


def test_an_amendment_of_one_tier_leaves_the_others():
    kept = a_case(**IDENTITY)
    worker = an_actor(WORKER)
    clear = a_record(**{"person.sex": "m"}).document

    case.amend(kept.pk, document=clear, version=1, by=worker, now=NOW, only=["T1"])

    opened = sealed_part.unseal(kept, tiers=["T3"], by=worker, purpose="support", now=NOW)
    assert opened["person"]["names"] == [{"given": CANARY.split()[0], "family": CANARY.split()[1]}]


def test_a_list_may_not_grow_in_one_tier_only():
    kept = a_case(**IDENTITY)
    longer = a_record(**{"exploitation[1].form": "ForcedBegging"}).document

    with pytest.raises(WrongState, match="a list grew or shrank"):
        case.amend(kept.pk, document=longer, version=1, by=an_actor(WORKER), now=NOW, only=["T1"])


def test_the_same_document_again_changes_nothing():
    kept = a_case(**IDENTITY)

    kept = case.amend(
        kept.pk, document=a_record(**IDENTITY).document, version=1, by=an_actor(WORKER), now=NOW
    )

    assert kept.version == 1


def test_an_amendment_of_an_older_version_is_refused():
    kept = a_case()
    worker = an_actor(WORKER)
    case.amend(kept.pk, document=a_record(**{"person.sex": "m"}).document, version=1, by=worker, now=NOW)

    with pytest.raises(WrongState, match="it is now 2"):
        case.amend(kept.pk, document=a_record(**{"person.sex": "x"}).document, version=1, by=worker, now=NOW)


def test_an_amendment_cannot_move_a_track():
    kept = a_case()
    moved = a_record(**{"case.support": "closed"}).document

    with pytest.raises(WrongState, match="step of its own"):
        case.amend(kept.pk, document=moved, version=1, by=an_actor(WORKER), now=NOW)


def test_an_amendment_that_breaks_a_rule_is_refused_whole():
    kept = a_case()
    unconsented = records.document({"person.names[0].given": "A"})

    with pytest.raises(InvalidRecord, match="without a consent to services"):
        case.amend(kept.pk, document=unconsented, version=1, by=an_actor(WORKER), now=NOW)


def test_an_amendment_with_faults_of_form_is_refused():
    kept = a_case()

    with pytest.raises(InvalidRecord):
        case.amend(kept.pk, document={"nothing": 1}, version=1, by=an_actor(WORKER), now=NOW)


def test_a_supervisor_may_not_amend_an_identity():
    kept = a_case(**IDENTITY)
    changed = a_record(**IDENTITY | {"person.names[0].family": "Other"}).document

    with pytest.raises(NotAllowed):
        case.amend(kept.pk, document=changed, version=1, by=an_actor(Role.SUPERVISOR), now=NOW)

    assert actions()[-1] == "case.amend.refused"


answers = st.fixed_dictionaries({"value": st.sampled_from("ab"), "state": st.just("answered")})
leaves = st.integers(0, 2) | answers
documents = st.recursive(
    leaves,
    lambda inner: (
        st.dictionaries(st.sampled_from(["p", "q"]), inner, max_size=2)
        | st.lists(st.dictionaries(st.sampled_from(["p", "q"]), inner, max_size=2), max_size=2)
    ),
    max_leaves=6,
)


@given(documents, documents)
def test_differences_are_empty_exactly_when_documents_are_equal(before, after):
    assert bool(case.differences({"x": before}, {"x": after})) == (before != after)


# -- consent ----------------------------------------------------------------------------------------------


def test_consents_of_the_record_become_facts_that_access_asks():
    kept = a_case(
        **IDENTITY,
        **{
            "consent[1].purpose": "share",
            "consent[1].given": True,
            "consent[1].recipient": "xa-court",
            "consent[1].scope": ["T1", "T3", "prosecution"],
            "consent[1].given_at": "2026-02-03",
            "consent[1].expires_at": "2026-06-01",
        },
    )

    assert set(kept.consents.values_list("purpose", "recipient")) == {
        ("identification", "xa-shelter"),
        ("support", "xa-shelter"),
        ("identification", "xa-court"),
        ("support", "xa-court"),
        ("prosecution", "xa-court"),
    }
    shared = kept.consents.get(purpose="prosecution")
    assert (shared.tiers, shared.expires_at.isoformat()) == (["T1", "T3"], "2026-06-01T00:00:00+00:00")


@pytest.mark.parametrize(
    "facts",
    [
        {"consent[0].given": False},
        {"consent[0].scope": ["person.names"]},
        {"consent[0].basis": "vital_interest", "consent[0].basis_reason": "danger"},
    ],
    ids=["refused", "no whole tier", "an override is no agreement"],
)
def test_what_is_no_agreement_to_whole_tiers_opens_nothing(facts):
    agreed = {"consent[0].purpose": "services", "consent[0].given": True, "consent[0].scope": ["T3"]}
    document = a_record(**agreed | facts).document

    assert consent.rows(Case(id="x", agency_id="xa-shelter"), document, by="x", now=NOW) == []


def test_a_consent_taken_out_of_the_record_ends_at_once():
    kept = a_case(**{key: value for key, value in IDENTITY.items() if key.startswith("consent")})

    case.amend(kept.pk, document=a_record().document, version=1, by=an_actor(WORKER), now=NOW)

    assert set(kept.consents.values_list("withdrawn_at", flat=True)) == {NOW}


def test_a_consent_withdrawn_in_the_record_is_withdrawn_in_the_facts():
    given_facts = {key: value for key, value in IDENTITY.items() if key.startswith("consent")}
    kept = a_case(**given_facts)
    withdrawn = a_record(**given_facts, **{"consent[0].withdrawn_at": "2026-04-01"}).document

    case.amend(kept.pk, document=withdrawn, version=1, by=an_actor(WORKER), now=NOW)

    assert {at.isoformat() for at in kept.consents.values_list("withdrawn_at", flat=True)} == {
        "2026-04-01T00:00:00+00:00"
    }


def test_a_date_that_is_no_whole_day_gives_no_moment():
    assert consent.moment("2026-04") is None
    assert consent.moment("2026-04-01T10:00:00Z").hour == 10


def test_a_case_imported_on_its_way_begins_where_the_record_says():
    kept = a_case(**{"case.support": "in_support"})

    with inside():
        assert case_event.replay(kept) == case_event.recorded(kept.record)
        assert list(kept.events.values_list("kind", flat=True)) == ["received", "moved"]


def test_a_part_moved_to_another_case_does_not_open():
    first, second = a_case(**IDENTITY), a_case(**IDENTITY)
    with inside():
        stolen = SealedPart.objects.get(case=first, tier="T3")
        SealedPart.objects.filter(case=second, tier="T3").update(
            wrapped_key=stolen.wrapped_key, ciphertext=stolen.ciphertext
        )

    with pytest.raises(WrongState):
        sealed_part.unseal(second, tiers=["T3"], by=an_actor(WORKER), purpose="support", now=NOW)


def test_an_agency_without_a_key_cannot_store():
    Agency.objects.create(code="xa-keyless", name="Keyless", kind="NGO", country="XA")
    by = Actor(name="first", agency="xa-keyless", roles=frozenset({FIRST}))

    with pytest.raises(Unknown, match="has no key"):
        case.store(a_record(**IDENTITY), agency="xa-keyless", by=by, now=NOW)
