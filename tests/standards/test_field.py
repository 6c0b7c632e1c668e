import csv
from itertools import groupby

import pytest

from palermo.errors import Unknown
from palermo.standards import field as fields
from palermo.standards.field import Gate, Text, Tier, Type
from palermo.standards.vocabulary import names, vocabulary
from tests.standards.public import public

# The rows of case-record.md section 3, written down a second time: path, tier.
STANDARD = """
case.id T1 · case.ref T1 · case.node T1 · case.opened_at T1 · case.closed_at T1 · case.identification T1
case.support T1 · case.safety T1 · case.owner_org T2 · case.owner_user T2 · case.team T2
case.closure_reason T1 · person.names[].given T3 · person.names[].family T3 · person.names[].alias T3
person.names[].script T3 · person.names[].preferred T3 · person.birth T3 · person.age_estimate T3
person.age_band T1 · person.child_flag T1 · person.sex T1 · person.gender T1 · person.citizenships T1
person.birth_country T1 · person.residence_country T1 · person.languages[].code T2
person.languages[].level T2 · person.languages[].interpreter_needed T2 · person.documents[].type T3
person.documents[].issuer T3 · person.documents[].number T3 · person.documents[].held_by T3
person.contact[].channel T4 · person.contact[].value T4 · person.contact[].safe_times T4
person.contact[].safe_to_leave_message T4 · person.contact[].who_answers T4 · person.education T1
person.marital T1 · person.children_count T3 · person.dependants[].relation T3
person.status_migration T2 · person.status_protection T2 · person.disability T4 · person.pregnancy T4
person.urgent_health T4 · consent[].purpose T2 · consent[].recipient T2 · consent[].scope T2
consent[].given_by T2 · consent[].language T2 · consent[].interpreter T2 · consent[].method T2
consent[].given_at T2 · consent[].expires_at T2 · consent[].withdrawn_at T2
consent[].agrees_interview T2 · consent[].told_purpose T2 · consent[].told_uses T2
consent[].told_research T2 · consent[].told_access_right T2 · consent[].told_retention T2
consent[].told_withdrawal T2 · consent[].evidence_hash T2 · event[].kind T2 · event[].act T2
event[].place T2 · event[].admin1 T2 · event[].country T2 · event[].latitude T4 · event[].longitude T4
event[].start T2 · event[].end T2 · event[].transport T2 · event[].crossing T2 · event[].platform T2
event[].narrative T2 · means[].kind T1 · exploitation[].form T1 · exploitation[].subform T1
exploitation[].industry T1 · exploitation[].start T2 · exploitation[].end T2
exploitation[].intended_only T1 · exploitation[].place T2 · exploitation[].platform T1
recruitment.method T1 · recruitment.platform T1 · recruitment.fee_paid T1 · recruitment.debt_amount T2
recruitment.debt_currency T2 · recruitment.promise T2 · recruitment.relation T1
screening[].instrument T2 · screening[].version T2 · screening[].answers T2 · screening[].result T2
screening[].elements T2 · screening[].reasons T2 · screening[].flip_questions T2 · screening[].by T2
screening[].at T2 · decision[].kind T2 · decision[].outcome T2 · decision[].body T2
decision[].legal_basis T2 · decision[].reasons T2 · decision[].due_at T2 · decision[].made_at T2
decision[].notified_at T2 · risk[].level T4 · risk[].domain T4 · risk[].scale T4 · risk[].plan T4
risk[].review_at T4 · best_interests[].child T4 · best_interests[].guardian T4
best_interests[].panel T4 · best_interests[].views_of_child T4 · best_interests[].options T4
best_interests[].decision T4 · best_interests[].review_at T4 · need[].service T2 · need[].urgency T2
need[].constraints.sex T2 · need[].constraints.age T2 · need[].constraints.children T2
need[].constraints.disability T2 · need[].constraints.language T2 · need[].constraints.distance_km T2
referral[].from T2 · referral[].to T2 · referral[].service T2 · referral[].payload_scope T2
referral[].consent_id T2 · referral[].state T2 · referral[].sla_at T2 · referral[].capacity_hold T2
referral[].reasons T2 · referral[].receipts[].kind T2 · plan[].type T2 · plan[].objectives T2
plan[].actions[].text T2 · plan[].planned_end T2 · plan[].actual_end T2 · plan[].progress T2
plan[].survivor_signed T2 · perpetrator[].pseudonym T3 · perpetrator[].role T3 · perpetrator[].org T3
perpetrator[].relation T3 · perpetrator[].stage T3 · linkage.tokens T3 · linkage.lists T3
linkage.verdicts[].verdict T3 · audit[].digest T2 · access_receipt[].at T2
"""


@pytest.mark.parametrize("row", STANDARD.replace("\n", " · ").strip(" ·").split(" · "))
def test_every_field_of_the_standard_is_declared_in_its_tier(row):
    path, tier = row.split()

    assert fields.field(path).tier == Tier(tier)


def test_a_path_is_declared_once():
    paths = [each.path for each in fields.fields()]

    assert len(paths) == len(set(paths))


def test_every_htcds_field_has_one_home():
    with public("htcds/htcds_fields_v2.csv").open(encoding="utf-8") as file:
        standard = {row["name"] for row in csv.DictReader(file)} | {"per_Organisation"}

    assert set(fields.by_htcds()) == standard
    assert sum(len(each.htcds) for each in fields.fields()) == 84


@pytest.mark.parametrize("each", fields.fields(), ids=lambda each: each.path)
def test_a_field_says_what_it_is_in_three_languages_and_where_its_codes_come_from(each):
    assert all((each.label.en, each.label.fr, each.label.ar, each.about.en, each.about.fr))
    assert (each.vocabulary in names()) == (each.type in {Type.CODED, Type.CODED_LIST, Type.CODE})


def test_every_code_for_something_else_has_words_beside_it():
    coded = [each for each in fields.fields() if each.vocabulary and not each.path.endswith("_excluded")]
    others = [each for each in coded if vocabulary(each.vocabulary).other]

    assert all(fields.field(each.other_text).type is Type.TEXT for each in others)
    assert {each.path for each in others} == {each.path for each in fields.fields() if each.other_text}


def test_no_free_text_stands_in_the_clear():
    assert [each.path for each in fields.fields() if each.tier is Tier.T1 and each.type is Type.TEXT] == []


def test_entities_keep_their_fields_together():
    order = [name for name, _ in groupby(each.entity for each in fields.fields())]

    assert order == [entity.name for entity in fields.entities() if entity.fields]


def test_a_place_in_a_document_names_its_field():
    found = fields.field("referral[2].receipts[0].at")

    assert found.path == "referral[].receipts[].at"
    assert (found.entity, found.repeatable, found.gate) == ("referral", True, Gate.R)


def test_an_undeclared_path_is_unknown():
    with pytest.raises(Unknown, match=r"person\.shoe_size"):
        fields.field("person.shoe_size")


def test_an_entity_is_found_by_name():
    assert fields.entity("means").many
    with pytest.raises(Unknown, match="no_such"):
        fields.entity("no_such")


def test_a_text_falls_back_to_english():
    text = Text(en="Sex", fr="Sexe")

    assert [text.in_language(each) for each in ("fr", "ar", "sw")] == ["Sexe", "Sex", "Sex"]


def test_a_field_is_a_value_that_does_not_change():
    sex = fields.field("person.sex")

    with pytest.raises(AttributeError):
        sex.tier = Tier.T4
