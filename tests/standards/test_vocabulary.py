import csv
from datetime import date
from importlib.resources import files

import pytest

from palermo.errors import Unknown
from palermo.standards.vocabulary import MixedVocabularies, Term, Text, Vocabulary, names, vocabulary
from tests.standards.public import public

# HTCDS field, our vocabulary, and codes of the field that stand in another list of ours.
HTCDS = {
    "org_Type": "organisation_type",
    "prs_Gender": "gender",
    "prs_MaritalStatus": "marital_status",
    "prs_HighestLevelOfEducation": "education",
    "vic_TraffickingStatus": "trafficking_status",
    "vic_TraffickingStatusDecisionMakingOrg": "decision_body",
    "vic_RelationshipToTrafficker": "relation",
    "vic_RecruitmentWebsitesAndApps": "platform",
    "vic_MethodOfRecruitment": "recruitment_method",
    "vic_MethodsOfControl": "means",
    "vic_TypeOfExploitation": "exploitation_form",
    "vic_ForcedLabourIndustry": "industry",
    "vic_TypeOfSexExploitation": "exploitation_subform",
    "vic_ExploitationWebsitesAndApps": "platform",
    "vic_Vulnerabilities": "vulnerability",
    "cas_Status": "case_status",
    "cas_ReasonForIncomingReferral": "referral_reason",
    "cas_ReasonForOutgoingReferral": "referral_reason",
    "hte_Type": "event_kind",
    "spl_Type": "plan_type",
}
EXTENSIONS = {
    "means": "RestrictsMovement UsesChildren Abduction AbuseOfPower AbuseOfVulnerability PaymentToController "
    "CulturalOrReligiousControl",
    "exploitation_form": "ForcedCriminality DebtBondagePurpose SlaveryLike ArmedConflictState",
    "exploitation_subform": "OnlineScam Drug Theft OtherCriminality",
    "relation": "IntimatePartner Friend OtherFamily Agency Stranger",
    "closure": "recovered returned transferred lost_contact withdrawn not_victim_other_pathway deceased "
    "duplicate other",
    "sex": "f m x unknown",
    "age_band": "0-8 9-17 18-20 21-23 24-26 27-29 30-38 39-47 48+ child adult unknown",
    "service": "safe_accommodation food_clothing emergency_health ongoing_health mental_health "
    "sexual_reproductive_health legal_advice immigration_advice interpretation police_protection "
    "child_guardian education vocational livelihood financial_aid family_tracing family_mediation documents "
    "safe_return reintegration compensation_claim peer_support witness_support",
    "identification_state": "drafted received screened presumed referred_to_authority notified_only "
    "rg_positive rg_negative reconsideration recovery final_pending recognised not_recognised appeal settled "
    "withdrawn_by_person merged transferred_abroad out_of_scope_pathway",
    "support_state": "offered declined accepted assessed planned in_support paused moving_on return_assessed "
    "return_travel reintegration integration follow_up closed reopened",
    "safety_state": "unknown safe at_risk protective_measures missing located deceased",
    "referral_state": "draft consent_checked capacity_held sent delivered acknowledged accepted declined "
    "info_requested resent lapsed scheduled started completed no_show interrupted "
    "outcome_confirmed_by_survivor revoked",
    "country": "XK XSTATELESS XUNK XA XZ TW PS EH",
}


def htcds_codes(name):
    with public("htcds/htcds_values_v2.csv").open(encoding="utf-8") as file:
        return [row["value"] for row in csv.DictReader(file) if row["field"] == name]


@pytest.mark.parametrize("name", HTCDS)
def test_every_code_of_htcds_is_kept_to_the_letter(name):
    codes = htcds_codes(name)

    assert codes
    assert set(codes) <= set(vocabulary(HTCDS[name]))


def test_perpetrator_roles_of_htcds_are_parted_from_those_of_trafficked_persons():
    roles, done = set(vocabulary("perpetrator_role")), set(vocabulary("trafficked_person_role"))

    assert set(htcds_codes("per_RoleInProcess")) <= roles | done
    assert not roles & done


@pytest.mark.parametrize("name", EXTENSIONS)
def test_a_list_holds_what_the_standard_adds(name):
    assert set(EXTENSIONS[name].split()) <= set(vocabulary(name))


def test_the_forms_of_the_survey_find_their_country():
    with public("htcds/htcds_xlsform_choices.csv").open(encoding="utf-8") as file:
        offered = {row["name"].strip() for row in csv.DictReader(file) if row["list_name"] == "citizenship"}

    assert len(offered) == 249
    assert offered <= set(vocabulary("country"))


def test_every_country_but_the_made_up_ones_lies_in_the_world():
    countries = vocabulary("country")
    outside = {code for code in countries if not countries.within(code, "001")}

    assert len(countries) - len(outside) == 250
    assert all(code.startswith("X") and code != "XK" for code in outside)


@pytest.mark.parametrize("name", names())
def test_a_list_is_complete_and_its_wider_codes_lead_to_a_top(name):
    known = vocabulary(name)

    assert all((known.title.en, known.title.fr, known.publisher, known.edition, known.licence, known.dated))
    for code in known:
        assert all(known.label(code, language) for language in ("en", "fr", "ar"))
        assert climbs(known, code)


def climbs(known, code):
    """Whether the codes above a code end without meeting one of them twice."""
    seen = set()
    while above := known.broader(code):
        assert above not in seen
        seen.add(above)
        known, code = vocabulary(known.broader_name or known.name), above
    return True


def test_every_file_has_its_publisher_beside_it():
    folder = files("palermo.standards").joinpath("vocabularies")
    found = {each.name.removesuffix(".csv") for each in folder.iterdir() if each.name.endswith(".csv")}

    assert found == set(names())


def test_a_band_is_under_child_or_adult():
    bands = vocabulary("age_band")

    assert bands.narrower("child") == ("0-8", "9-17")
    assert bands.within("48+", "adult")
    assert bands.within("adult", "adult")
    assert not bands.within("9-17", "adult")


def test_codes_of_one_list_compare():
    bands = vocabulary("age_band")

    assert bands.code("0-8") == bands.code("0-8") != bands.code("9-17")
    assert bands.code("0-8") < bands.code("9-17")
    assert {bands.code("0-8"), bands.code("0-8")} == {bands.code("0-8")}
    assert (str(bands.code("48+")), repr(bands.code("48+"))) == ("48+", "AgeBand('48+')")


def test_codes_of_two_lists_do_not_mix():
    mine, theirs = vocabulary("means").code("Other"), vocabulary("relation").code("Other")

    with pytest.raises(MixedVocabularies, match="means was set against one of relation"):
        assert mine == theirs
    with pytest.raises(MixedVocabularies):
        sorted([mine, theirs])


def test_a_code_is_not_a_text():
    assert vocabulary("means").code("Other") != "Other"


def test_a_code_does_not_change():
    code = vocabulary("sex").code("f")

    with pytest.raises(AttributeError):
        code.value = "m"


def test_a_code_outside_its_list_is_unknown_with_the_nearest_named():
    with pytest.raises(Unknown, match="Use ForcedBegging"):
        vocabulary("exploitation_form").code("forced beging")
    with pytest.raises(Unknown, match="Use a code of that list"):
        vocabulary("exploitation_form").term("zzz")


def test_a_list_outside_the_index_is_unknown():
    with pytest.raises(Unknown, match="age_band"):
        vocabulary("no_such_list")


def test_a_closed_code_may_be_read_but_not_chosen():
    closed = Term(code="old", label=Text(en="Old", fr="Ancien"), closed_on=date(2025, 1, 1))
    held = Term(code="new", label=Text(en="New", fr="Nouveau"))
    known = Vocabulary(
        name="x",
        title=Text(en="X", fr="X"),
        publisher="us",
        edition="1",
        licence="ours",
        dated=date(2024, 1, 1),
        terms={"old": closed, "new": held},
    )

    assert "old" in known
    assert known.open_codes(on=date(2024, 12, 31)) == ("old", "new")
    assert known.open_codes(on=date(2025, 1, 1)) == ("new",)
