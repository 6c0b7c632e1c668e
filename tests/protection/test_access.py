"""Who may do what: hard rules, consent, emergencies, scopes, and that restrictions only restrict."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import NotAllowed
from palermo.protection import access
from palermo.protection.access import Consent, Emergency, Object, Reason, Role, Scope, Subject
from palermo.protection.access_matrix import matrix

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ALL = frozenset(access.TIERS)


def a_subject(*roles: str, **changes) -> Subject:
    facts = {"member": "m", "agency": "XA-1", "roles": frozenset(roles or {Role.CASE_WORKER})}
    return Subject(**facts | changes)


def a_case(**changes) -> Object:
    return Object(**{"agency": "XA-1"} | changes)


def a_consent(**changes) -> Consent:
    facts = {"purpose": "support", "recipient": "XA-1", "tiers": ALL, "given_at": NOW - HOUR}
    return Consent(**facts | changes)


def an_emergency(**changes) -> Emergency:
    facts = {"member": "m", "tiers": ALL, "reason": "made up", "opened_at": NOW - HOUR}
    return Emergency(**facts | changes)


def decide(subject=None, action="read", thing=None, *, tier="T3", purpose="support", now=NOW):
    return access.decide(
        subject or a_subject(), action, thing or a_case(), tier=tier, purpose=purpose, now=now
    )


def test_a_case_worker_of_the_team_reads_an_identity_and_it_is_logged():
    decision = decide()

    assert decision
    assert (decision.reasons, decision.basis, decision.log) == ((), ("case_worker", "team"), True)


def test_reading_the_statistical_part_needs_no_log_of_an_identity():
    assert not decide(tier="T1").log


def test_a_refusal_is_always_logged():
    decision = decide(thing=a_case(agency="XA-2"), tier="T1")

    assert (decision.reasons, decision.log) == ((Reason.RELATION,), True)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ({"subject": a_subject("king")}, Reason.UNKNOWN_ROLE),
        ({"action": "delete_all"}, Reason.UNKNOWN_ACTION),
        ({"action": "administer", "tier": None}, Reason.UNKNOWN_ACTION),
        ({"tier": "T5"}, Reason.UNKNOWN_TIER),
        ({"purpose": "curiosity"}, Reason.UNKNOWN_PURPOSE),
        ({"purpose": "immigration_enforcement"}, Reason.NEVER),
        ({"subject": a_subject("administrator", "case_worker")}, Reason.NO_KEYS),
        ({"thing": a_case(conflicts=frozenset({"m"}))}, Reason.CONFLICT),
        ({"thing": a_case(conflicts=frozenset({"XA-1"}))}, Reason.CONFLICT),
        ({"subject": a_subject(identities_read=50)}, Reason.HARVEST),
        ({"action": "erase", "tier": None}, Reason.ROLE),
        ({"tier": None}, Reason.ROLE),
        ({"thing": a_case(team=frozenset())}, Reason.RELATION),
        ({"thing": a_case(agency="XA-2")}, Reason.RELATION),
        ({"purpose": "prosecution"}, Reason.PURPOSE),
        ({"subject": a_subject("supervisor"), "tier": "T4"}, Reason.CONSENT),
        ({"action": "export_case"}, Reason.SECOND_PERSON),
    ],
    ids=lambda value: str(value) if isinstance(value, Reason) else "",
)
def test_each_refusal_says_why(question, reason):
    assert decide(**question).reasons == (reason,)


def test_all_hard_reasons_are_given_at_once():
    thing = a_case(conflicts=frozenset({"m"}))

    reasons = decide(a_subject(identities_read=99), thing=thing, purpose="immigration_enforcement").reasons

    assert set(reasons) == {Reason.NEVER, Reason.CONFLICT, Reason.HARVEST}


@pytest.mark.parametrize("role", list(Role), ids=str)
def test_immigration_enforcement_is_served_by_no_role_whatever_was_agreed(role):
    facts = {
        "author": "m",
        "person": "m",
        "guardians": frozenset("m"),
        "mandates": frozenset("m"),
        "decision_bodies": frozenset({"XA-1"}),
        "consents": (a_consent(purpose="immigration_enforcement"),),
        "emergencies": (an_emergency(),),
        "approvals": frozenset("n"),
    }
    for action, kind in matrix().actions.items():
        for tier in (None, *access.TIERS):
            thing = a_case(kind=kind, **facts)
            assert not decide(a_subject(role), action, thing, tier=tier, purpose="immigration_enforcement")


@pytest.mark.parametrize("other", list(Role), ids=str)
def test_an_administrator_opens_no_part_of_a_record_through_any_second_role(other):
    thing = a_case(author="m", person="m", guardians=frozenset("m"), emergencies=(an_emergency(),))

    for tier in access.TIERS:
        assert Reason.NO_KEYS in decide(a_subject("administrator", other), thing=thing, tier=tier).reasons


def test_the_fifty_first_identity_within_an_hour_is_refused_and_counts_are_not():
    assert decide(a_subject(identities_read=49))
    assert not decide(a_subject(identities_read=50))
    assert decide(a_subject(identities_read=50), tier="T2")
    assert decide(a_subject(identities_read=50), action="write")


LIVE = [
    ({}, True),
    ({"given_at": NOW}, True),
    ({"given_at": NOW + HOUR}, False),
    ({"expires_at": NOW}, False),
    ({"expires_at": NOW + HOUR}, True),
    ({"withdrawn_at": NOW}, False),
    ({"withdrawn_at": NOW + HOUR}, True),
    ({"purpose": "prosecution"}, False),
    ({"recipient": "XA-2"}, False),
    ({"recipient": "m"}, True),
    ({"recipient": ""}, False),
    ({"tiers": frozenset({"T3"})}, False),
]


@pytest.mark.parametrize(("changes", "allowed"), LIVE, ids=str)
def test_a_consent_opens_only_while_it_lives_and_only_what_it_names(changes, allowed):
    thing = a_case(consents=(a_consent(**changes),))

    assert decide(a_subject("supervisor"), thing=thing, tier="T4").allowed is allowed


EMERGENCIES = [
    ({}, True),
    ({"reason": " "}, False),
    ({"member": "n"}, False),
    ({"tiers": frozenset({"T3"})}, False),
    ({"refused": True}, False),
    ({"opened_at": NOW + HOUR}, False),
    ({"opened_at": NOW - 24 * HOUR}, False),
    ({"opened_at": NOW - 25 * HOUR, "second": "n", "second_at": NOW - 2 * HOUR}, True),
    ({"opened_at": NOW - 25 * HOUR, "second": "n", "second_at": NOW - HOUR / 2}, False),
    ({"opened_at": NOW - 25 * HOUR, "second": "m", "second_at": NOW - 2 * HOUR}, False),
    ({"opened_at": NOW - 25 * HOUR, "second": "", "second_at": NOW - 2 * HOUR}, False),
    ({"opened_at": NOW - 25 * HOUR, "second": "n"}, False),
    ({"opened_at": NOW - 25 * HOUR, "second": "n", "second_at": NOW - 26 * HOUR}, False),
    ({"opened_at": NOW - 72 * HOUR, "second": "n", "second_at": NOW - 71 * HOUR}, False),
]


@pytest.mark.parametrize(("changes", "allowed"), EMERGENCIES, ids=str)
def test_an_emergency_opens_for_one_member_with_a_reason_and_a_second_person_in_time(changes, allowed):
    decision = decide(
        a_subject("supervisor"), thing=a_case(emergencies=(an_emergency(**changes),)), tier="T4"
    )

    assert decision.allowed is allowed
    assert not allowed or decision.basis == ("supervisor", "team", "emergency")


def test_no_emergency_opens_life_safety_to_a_prosecutor():
    thing = a_case(mandates=frozenset("m"), emergencies=(an_emergency(),))

    assert decide(a_subject("prosecutor"), thing=thing, tier="T3", purpose="prosecution")
    assert decide(a_subject("prosecutor"), thing=thing, tier="T4", purpose="prosecution").reasons == (
        Reason.ROLE,
    )


def test_where_consent_is_live_the_basis_is_consent_and_not_the_emergency():
    thing = a_case(consents=(a_consent(),), emergencies=(an_emergency(),))

    assert decide(a_subject("supervisor"), thing=thing, tier="T4").basis[-1] == "consent"


SCOPES = [
    ({}, {"T1", "T2"}),
    ({"accepted": True}, {"T1", "T2", "T3"}),
    ({"scheduled": True}, {"T1", "T2", "T3", "T4"}),
    ({"scheduled": True, "tiers": frozenset({"T1", "T4"})}, {"T1", "T4"}),
    ({"scheduled": True, "revoked": True}, set()),
    ({"scheduled": True, "ends_at": NOW}, set()),
    ({"scheduled": True, "ends_at": NOW + HOUR}, {"T1", "T2", "T3", "T4"}),
    ({"scheduled": True, "agency": "XA-3"}, set()),
]


@pytest.mark.parametrize(("changes", "opened"), SCOPES, ids=str)
def test_a_referral_opens_needs_first_identity_when_accepted_and_life_safety_when_scheduled(changes, opened):
    scope = Scope(**{"agency": "XA-1", "tiers": ALL} | changes)
    thing = a_case(agency="XA-2", scopes=(scope,), consents=(a_consent(),))

    seen = {tier for tier in access.TIERS if decide(a_subject("service_provider"), thing=thing, tier=tier)}

    assert seen == opened


def test_a_subject_without_member_or_agency_stands_in_no_relation():
    nobody = a_subject(member="", agency="")
    blank = Object(
        guardians=frozenset({""}),
        mandates=frozenset({""}),
        decision_bodies=frozenset({""}),
        scopes=(Scope(agency="", tiers=ALL),),
    )

    assert access.relations(nobody, blank, tier="T1", now=NOW) == {"any"}


def test_a_menu_shows_what_a_role_can_reach_at_all():
    assert access.reach({"administrator"}) == {"administer", "audit_system"}
    assert access.reach({"king"}) == frozenset()


def test_require_raises_with_the_reasons_and_names_no_more_than_the_case():
    with pytest.raises(NotAllowed, match="case A-17") as refusal:
        access.require(decide(thing=a_case(agency="XA-2")), where="case A-17")

    assert refusal.value.reasons == (Reason.RELATION,)
    assert access.require(decide(), where="case A-17").allowed


@pytest.mark.parametrize("reason", list(Reason), ids=str)
def test_every_reason_has_a_text_in_three_languages(reason):
    texts = {reason.text(language) for language in ("en", "fr", "ar")}

    assert len(texts) == 3
    assert reason.text("xx") == reason.text("en")


# -- properties ------------------------------------------------------------------------------------------

names = st.sampled_from(["m", "n", ""])
agencies = st.sampled_from(["XA-1", "XA-2", ""])
tiers = st.frozensets(st.sampled_from(access.TIERS))
moments = st.integers(-80, 10).map(lambda hours: NOW + hours * HOUR)
purposes = st.sampled_from(sorted(matrix().purposes))
consents = st.builds(
    Consent,
    purpose=purposes,
    recipient=agencies,
    tiers=tiers,
    given_at=moments,
    expires_at=st.none() | moments,
    withdrawn_at=st.none() | moments,
)
emergencies = st.builds(
    Emergency,
    member=names,
    tiers=tiers,
    reason=st.sampled_from(["", "made up"]),
    opened_at=moments,
    second=st.none() | names,
    second_at=st.none() | moments,
    refused=st.booleans(),
)
scopes = st.builds(
    Scope,
    agency=agencies,
    tiers=tiers,
    accepted=st.booleans(),
    scheduled=st.booleans(),
    ends_at=st.none() | moments,
    revoked=st.booleans(),
)
people = st.frozensets(names)
subjects = st.builds(
    Subject,
    member=names,
    agency=agencies,
    roles=st.frozensets(st.sampled_from([*Role, "king"])),
    identities_read=st.integers(0, 60),
)
objects = st.builds(
    Object,
    kind=st.sampled_from(sorted(set(matrix().actions.values()))),
    agency=agencies,
    team=st.none() | people,
    author=names,
    person=names,
    guardians=people,
    mandates=people,
    decision_bodies=st.frozensets(agencies),
    scopes=st.lists(scopes, max_size=2).map(tuple),
    consents=st.lists(consents, max_size=2).map(tuple),
    emergencies=st.lists(emergencies, max_size=2).map(tuple),
    conflicts=people,
    approvals=people,
)
actions = st.sampled_from([*sorted(matrix().actions), "delete_all"])
some_tier = st.sampled_from([None, *access.TIERS, "T9"])

RESTRICTIONS = {
    "one role fewer": lambda s, o: (replace(s, roles=frozenset(sorted(s.roles)[1:])), o),
    "an administrator too": lambda s, o: (
        (replace(s, roles=s.roles | {"administrator"}), o) if o.kind == "case" else (s, o)
    ),
    "more identities read": lambda s, o: (replace(s, identities_read=s.identities_read + 20), o),
    "a conflict": lambda s, o: (s, replace(o, conflicts=o.conflicts | {"m"})),
    "no consent": lambda s, o: (s, replace(o, consents=())),
    "consent withdrawn": lambda s, o: (
        s,
        replace(o, consents=tuple(replace(consent, withdrawn_at=NOW) for consent in o.consents)),
    ),
    "no emergency": lambda s, o: (s, replace(o, emergencies=())),
    "emergency refused": lambda s, o: (
        s,
        replace(o, emergencies=tuple(replace(opening, refused=True) for opening in o.emergencies)),
    ),
    "referral revoked": lambda s, o: (
        s,
        replace(o, scopes=tuple(replace(scope, revoked=True) for scope in o.scopes)),
    ),
    "a smaller team": lambda s, o: (s, replace(o, team=(o.team or frozenset()) - {"m"})),
    "no approval": lambda s, o: (s, replace(o, approvals=frozenset())),
}


@pytest.mark.parametrize("restriction", RESTRICTIONS.values(), ids=RESTRICTIONS)
@given(subject=subjects, thing=objects, action=actions, tier=some_tier, purpose=purposes)
def test_a_restriction_never_allows_more(restriction, subject, thing, action, tier, purpose):
    before = access.decide(subject, action, thing, tier=tier, purpose=purpose, now=NOW)
    after = access.decide(*_between(action, restriction(subject, thing)), tier=tier, purpose=purpose, now=NOW)

    assert before.allowed or not after.allowed


def _between(action, pair):
    return pair[0], action, pair[1]


@given(subject=subjects, thing=objects, action=actions, tier=some_tier, purpose=purposes)
def test_several_roles_allow_what_one_of_them_allows(subject, thing, action, tier, purpose):
    held = subject.roles - {Role.ADMINISTRATOR}
    together = access.decide(
        replace(subject, roles=held), action, thing, tier=tier, purpose=purpose, now=NOW
    ).allowed
    singly = [
        access.decide(
            replace(subject, roles=frozenset({role})), action, thing, tier=tier, purpose=purpose, now=NOW
        ).allowed
        for role in held
    ]

    assert together == any(singly)


@given(subject=subjects, thing=objects, action=actions, tier=some_tier, purpose=purposes)
def test_a_decision_either_allows_on_a_basis_or_gives_reasons(subject, thing, action, tier, purpose):
    decision = access.decide(subject, action, thing, tier=tier, purpose=purpose, now=NOW)

    assert bool(decision.basis) == decision.allowed == (not decision.reasons)
    assert decision.log or (decision.allowed and tier not in {"T3", "T4"})
