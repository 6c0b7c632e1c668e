"""A judgement from the first person to the report: who may, what carries it, what never changes."""

from dataclasses import replace
from datetime import date

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction

from palermo.appraisal import specimen
from palermo.appraisal.assessment import Status
from palermo.appraisal.evidence import Grade
from palermo.errors import InvalidRecord, NotAllowed, Unknown, WrongState
from palermo.node import appraised
from palermo.node.actions import judgement, reference_check
from palermo.node.models import AuditEvent, Judgement, ReferenceCheck
from palermo.protection.access import Role
from tests.node.cases import NOW, an_actor
from tests.node.judgements import HANA, OMAR, a_document, a_judge, agreed, assessed, given, published

pytestmark = pytest.mark.django_db
TODAY = date(2026, 6, 1)
JUDGES = {Role.ANALYST, Role.COMPETENT_AUTHORITY}


@pytest.fixture(autouse=True)
def _made_up_tables(tmp_path, monkeypatch):
    specimen.lay(tmp_path)
    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, made_up=True, appraisal_data=tmp_path))


def shown(provision="GPA-J01", code="XA"):
    return appraised.appraisal(code, today=TODAY).assessments[provision]


def test_what_two_people_agreed_is_used_once_it_is_published():
    one = agreed()
    assert shown().status is Status.NOT_ASSESSED

    judgement.publish(one.pk, by=a_judge(OMAR), now=NOW)

    found = shown()
    assert found.status is Status.DONE
    assert (found.assessor, found.reviewer) == ("Hana (hana)", "Omar (omar)")
    assert [item.found.file for item in found.evidence] == ["Official Gazette 12"]
    assert shown(code="XB").status is Status.NOT_ASSESSED


@pytest.mark.parametrize("role", sorted(JUDGES), ids=str)
def test_an_analyst_and_a_competent_authority_judge(role):
    by = a_judge("zoe", role)

    one = judgement.assess("XA", "GPA-J01", given(), by=by, named="Zoe", now=NOW)

    assert (one.assessor, one.cycle, one.status) == ("zoe", "2025-2029", "done")
    event = AuditEvent.objects.get(action="judgement.assess")
    assert event.detail == {"state": "XA", "provision": "GPA-J01", "status": "done"}


@pytest.mark.parametrize("role", sorted(set(Role) - JUDGES), ids=str)
def test_no_other_role_takes_any_step(role):
    one = assessed()
    by = an_actor(role, name="someone")
    steps = {
        "judgement.assess": lambda: judgement.assess("XA", "GPA-J02", given(), by=by, named="", now=NOW),
        "judgement.agree": lambda: judgement.agree(one.pk, by=by, named="", now=NOW),
        "judgement.send_back": lambda: judgement.send_back(one.pk, reason="r", by=by, now=NOW),
        "judgement.reply": lambda: judgement.reply(one.pk, text="t", speaker="s", by=by, now=NOW),
        "judgement.publish": lambda: judgement.publish(one.pk, by=by, now=NOW),
        "reference.check": lambda: reference_check.check("GPA-P05", paragraph="16", by=by, named="", now=NOW),
    }

    for name, step in steps.items():
        with pytest.raises(NotAllowed):
            step()
        assert AuditEvent.objects.filter(action=f"{name}.refused", actor="someone").count() == 1
    assert Judgement.objects.count() == 1
    assert not ReferenceCheck.objects.exists()


def test_nobody_agrees_to_their_own_judgement():
    one = assessed()

    with pytest.raises(NotAllowed, match="second person"):
        judgement.agree(one.pk, by=a_judge(HANA), named="Hana", now=NOW)

    one.refresh_from_db()
    assert one.reviewed_at is None


@pytest.mark.parametrize(
    "more, rule",
    [
        ({"reason": " "}, "judgement-nothing-said"),
        ({"brought": ()}, "judgement-unborne"),
        ({"status": Status.NOT_ASSESSED}, "judgement-unborne"),
        ({"status": Status.CLAIMED, "brought": ()}, "judgement-unborne"),
        ({"evidence_ids": ("e-gone",)}, "judgement-evidence"),
        ({"codes": ("not_party",)}, "judgement-code"),
        ({"brought": (a_document(grade=Grade.NODE),)}, "judgement-grade"),
        ({"brought": (a_document(as_of=date(2027, 1, 1)),)}, "judgement-later"),
    ],
    ids=["no reason", "no evidence", "no status", "no claim", "gone", "another code", "grade C", "later"],
)
def test_a_judgement_that_does_not_hold_is_refused_with_what_would(more, rule):
    with pytest.raises(InvalidRecord) as refused:
        assessed(**more)

    assert [problem.rule for problem in refused.value.problems] == [rule]
    assert all(problem.wrong_fr and problem.remedy_fr for problem in refused.value.problems)
    assert not Judgement.objects.exists()


def test_evidence_of_the_node_carries_a_judgement():
    proof = shown("GPA-T01").evidence[0]

    one = assessed("GPA-T01", status=Status.PARTLY, brought=(), evidence_ids=(proof.id,))

    assert one.evidence_ids == [proof.id]


@pytest.mark.parametrize("asked", ["GPA-P13", "PD25-a", "SDG-16.2"])
def test_what_is_not_asked_of_a_state_is_not_judged(asked):
    with pytest.raises(Unknown, match="not judged for a State"):
        assessed(asked)


@pytest.mark.parametrize("asked", ["GPA-X99", "nonsense"])
def test_an_unknown_provision_is_not_judged(asked):
    with pytest.raises(Unknown):
        assessed(asked)


def test_one_judgement_at_a_time_is_on_its_way():
    assessed()

    with pytest.raises(WrongState, match="on its way"):
        assessed()


def test_a_judgement_that_was_sent_back_makes_room_for_another():
    one = judgement.send_back(assessed().pk, reason="Section 3 was repealed.", by=a_judge(OMAR), now=NOW)

    assert one.returned_reason == "Section 3 was repealed."
    assert agreed().pk != one.pk


def test_a_newer_judgement_takes_the_place_of_one_that_was_published():
    published()
    published(status=Status.PARTLY, codes=("law_partial",))

    found = shown()
    assert found.status is Status.PARTLY
    assert [one.reason for one in found.obstacles] == ["law_partial"]


def test_the_state_answers_before_publication_and_its_answer_is_printed():
    one = judgement.reply(
        agreed().pk, text="The law is in force.", speaker="Ministry of XA", by=a_judge(), now=NOW
    )
    judgement.publish(one.pk, by=a_judge(), now=NOW)

    assert shown().reply.text == "The law is in force."
    assert "The law is in force." in str(appraised.report("XA", today=TODAY).sections)


def publish(one):
    return judgement.publish(one.pk, by=a_judge(), now=NOW)


def answer(one, text="t", speaker="s"):
    return judgement.reply(one.pk, text=text, speaker=speaker, by=a_judge(), now=NOW)


def agree(one):
    return judgement.agree(one.pk, by=a_judge("zoe"), named="Zoe", now=NOW)


def send_back(one, reason="r"):
    return judgement.send_back(one.pk, reason=reason, by=a_judge(), now=NOW)


@pytest.mark.parametrize(
    "step, made, message",
    [
        (publish, assessed, "Nobody has agreed"),
        (answer, assessed, "Nobody has agreed"),
        (agree, agreed, "agreed to or sent back"),
        (send_back, agreed, "agreed to or sent back"),
        (publish, published, "It is published"),
        (answer, published, "It is published"),
    ],
    ids=["publish early", "answer early", "agree twice", "send back late", "publish twice", "answer late"],
)
def test_a_step_out_of_turn_is_refused(step, made, message):
    with pytest.raises(WrongState, match=message):
        step(made())


@pytest.mark.parametrize("told", [{"text": " "}, {"speaker": " "}], ids=["no words", "nobody"])
def test_an_answer_has_words_and_a_speaker(told):
    with pytest.raises(InvalidRecord, match="Nothing is said"):
        answer(agreed(), **told)


def test_a_judgement_is_sent_back_with_a_reason():
    with pytest.raises(InvalidRecord, match="Nothing is said"):
        send_back(assessed(), reason=" ")


def test_a_judgement_that_is_not_here_is_unknown():
    with pytest.raises(Unknown, match="No judgement"):
        judgement.agree(7, by=a_judge(), named="", now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "partly"},
        {"reason": "Other."},
        {"evidence_ids": ["x"]},
        {"brought": []},
        {"reviewer": "zoe"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_database_changes_nothing_that_two_people_agreed(change):
    one = agreed()

    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Judgement.objects.filter(pk=one.pk).update(**change)


def test_the_database_deletes_nothing_that_two_people_agreed():
    one = agreed()

    with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
        Judgement.objects.filter(pk=one.pk).delete()


@pytest.mark.parametrize(
    "change",
    [
        {"reviewer": HANA, "reviewed_at": NOW},
        {"reviewer": OMAR},
        {"published_by": OMAR, "published_at": NOW},
        {"reply": "r", "reply_by": "s", "reply_at": NOW},
        {"returned_by": OMAR, "returned_at": NOW},
        {"status": "excellent"},
    ],
    ids=["own review", "no moment", "unreviewed", "early reply", "no reason", "no status"],
)
def test_the_database_keeps_pairs_and_people_apart(change):
    one = assessed()

    with pytest.raises(IntegrityError), transaction.atomic():
        Judgement.objects.filter(pk=one.pk).update(**change)


def test_the_database_keeps_one_open_judgement_of_a_provision():
    one = assessed()
    one.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        one.save()


# -- references ---------------------------------------------------------------------------------------------


def checked(paragraph="16", **more):
    return reference_check.check(
        "GPA-P05", **{"paragraph": paragraph, "by": a_judge(), "named": "Hana Aziz", "now": NOW, **more}
    )


def test_the_newest_check_is_the_one_that_a_report_uses():
    checked("99")
    checked("16", note="Read in the annex.")

    cited = appraised.appraisal("XA", today=TODAY).checks["GPA-P05"]
    assert (cited.paragraph, cited.by, cited.note) == ("16", "Hana Aziz", "Read in the annex.")
    assert AuditEvent.objects.filter(action="reference.check", object="provision:GPA-P05").count() == 2


def test_a_check_is_in_no_report_of_an_earlier_day():
    checked()

    assert appraised.appraisal("XA", today=date(2026, 4, 1)).checks == {}


def test_a_paragraph_number_is_short():
    with pytest.raises(InvalidRecord, match="at most 40"):
        checked("1" * 41)


def test_a_check_of_an_unknown_provision_is_refused():
    with pytest.raises(Unknown):
        reference_check.check("GPA-X99", paragraph="1", by=a_judge(), named="", now=NOW)


@pytest.mark.parametrize("step", ["update", "delete"])
def test_the_database_keeps_every_check(step):
    checked()
    rows = ReferenceCheck.objects.all()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(paragraph="1") if step == "update" else rows.delete()


def test_a_check_names_its_person():
    with pytest.raises(IntegrityError), transaction.atomic():
        ReferenceCheck.objects.create(provision="GPA-P05", paragraph="1", by="", named="", at=NOW)
