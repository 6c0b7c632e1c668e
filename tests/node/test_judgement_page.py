"""The pages on which a State is assessed and references are checked: steps in turn, each by who may."""

from dataclasses import replace

import pytest
from django.conf import settings
from django.urls import reverse

from palermo.appraisal import specimen
from palermo.node.models import Judgement, ReferenceCheck
from palermo.protection.access import Role
from tests.node.cases import a_member
from tests.node.judgements import agreed, assessed, published

pytestmark = pytest.mark.django_db
DOCUMENT = {
    "title": "Act 7 of 2024",
    "place": "Official Gazette 12",
    "as_of_0": "1",
    "as_of_1": "6",
    "as_of_2": "2024",
    "grade": "A",
}
JUDGED = {"step": "judge", "status": "done", "reason": "Section 3 covers all forms.", **DOCUMENT}


@pytest.fixture(autouse=True)
def _made_up_tables(tmp_path, monkeypatch):
    specimen.lay(tmp_path)
    monkeypatch.setattr(settings, "NODE", replace(settings.NODE, made_up=True, appraisal_data=tmp_path))


@pytest.fixture
def judge(client):
    client.force_login(a_member(Role.ANALYST, name="zoe"))
    return client


def path(provision="GPA-J01", state="XA"):
    return reverse("provision_page", args=[state, provision])


def text(answer):
    return answer.content.decode()


def test_a_state_is_assessed_provision_by_provision(judge):
    page = text(judge.get(reverse("assess_list", args=["XA"])))

    assert page.count('<th scope="row">') == 47
    assert "GPA-P13" not in page
    assert "Conflicting sources" in page


@pytest.mark.parametrize(
    "query, there, gone",
    [
        ({"pillar": "prosecution"}, "GPA-J01", "GPA-R01"),
        ({"status": "partly"}, "GPA-T01", "GPA-J01"),
        ({"pillar": "nonsense"}, "GPA-J01", "no such row"),
    ],
)
def test_the_provisions_are_narrowed_by_pillar_and_status(judge, query, there, gone):
    page = text(judge.get(reverse("assess_list", args=["XA"]), query))

    assert there in page
    assert gone not in page


def test_a_judgement_is_given_with_a_document(judge):
    answer = judge.post(path(), JUDGED, follow=True)

    one = Judgement.objects.get()
    assert (one.assessor, one.assessor_named, one.status) == ("zoe", "Zoe", "done")
    assert one.brought == [
        {"title": "Act 7 of 2024", "place": "Official Gazette 12", "as_of": "2024-06-01", "grade": "A"}
    ]
    assert "Another person must agree" in text(answer)
    assert "Waits for a second person" in text(judge.get(reverse("assess_list", args=["XA"])))


def test_a_judgement_that_no_evidence_carries_is_refused_with_what_would(judge):
    page = text(judge.post(path(), {**JUDGED, **dict.fromkeys(DOCUMENT, "")}))

    assert "proof stronger than the State’s own words" in page
    assert "govuk-error-summary" in page
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("missing", ["title", "place", "grade", "as_of_2"])
def test_a_document_is_named_whole_or_not_at_all(judge, missing):
    page = text(judge.post(path(), {**JUDGED, missing: ""}))

    assert "govuk-error-summary" in page
    assert not Judgement.objects.exists()


def test_evidence_is_ticked(judge):
    page = judge.get(path("GPA-T01"))
    first = page.context["form"].fields["evidence"].choices[0][0]

    judge.post(path("GPA-T01"), {"step": "judge", "status": "partly", "reason": "Read.", "evidence": [first]})

    assert Judgement.objects.get().evidence_ids == [first]


def test_the_second_person_agrees_and_the_first_is_not_asked_to(client_of):
    one = assessed()
    first, second = client_of(), client_of()
    first.force_login(a_member(Role.ANALYST, name="hana"))
    second.force_login(a_member(Role.COMPETENT_AUTHORITY, name="omar"))

    assert 'value="agree"' not in text(first.get(path()))
    assert first.post(path(), {"step": "agree"}).status_code == 403
    assert 'value="agree"' in text(second.get(path()))
    second.post(path(), {"step": "agree"})

    one.refresh_from_db()
    assert (one.reviewer, one.reviewer_named) == ("omar", "Omar")


def test_a_judgement_is_sent_back_with_a_reason_and_given_again(judge):
    one = assessed()

    assert "This field is required" in text(judge.post(path(), {"step": "send_back", "reason": ""}))
    judge.post(path(), {"step": "send_back", "reason": "Section 3 was repealed."})

    one.refresh_from_db()
    assert one.returned_reason == "Section 3 was repealed."
    page = text(judge.get(path()))
    assert "Section 3 was repealed." in page
    assert 'value="judge"' in page


def test_the_answer_of_the_state_is_kept_and_the_judgement_published_and_printed(judge):
    agreed()
    judge.post(path(), {"step": "reply", "text": "It is in force.", "speaker": "Ministry of XA"})
    judge.post(path(), {"step": "publish"})

    assert Judgement.objects.get().published_at
    report = text(judge.get(reverse("appraisal_state", args=["XA"])))
    assert "It is in force." in report
    assert "Section 3 covers all forms." in report


def test_a_published_judgement_is_shown_and_can_be_given_anew(judge):
    published()

    page = text(judge.get(path()))

    assert "Omar (omar)" in page
    assert 'value="judge"' in page


@pytest.mark.parametrize("step", ["", "nonsense"])
def test_a_step_that_does_not_exist_changes_nothing(judge, step):
    assert judge.post(path(), {**JUDGED, "step": step}).status_code == 200
    assert not Judgement.objects.exists()


@pytest.mark.parametrize("provision", ["GPA-P13", "PD25-a", "nonsense"])
def test_what_is_not_asked_of_a_state_has_no_page(judge, provision):
    assert judge.get(path(provision)).status_code == 404


@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.SUPERVISOR, Role.ADMINISTRATOR], ids=str)
def test_other_roles_are_refused(client, role):
    client.force_login(a_member(role))

    assert client.get(path()).status_code == 403
    assert client.get(reverse("assess_list", args=["XA"])).status_code == 403


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_the_pages_speak_the_language_of_the_reader(judge, language):
    judge.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    agreed()

    for address in (path(), reverse("assess_list", args=["XA"]), reverse("framework_list")):
        page = text(judge.get(address))
        assert f'lang="{language}"' in page


# -- the framework ------------------------------------------------------------------------------------------


def framework(provision="GPA-P05"):
    return reverse("framework_page", args=[provision])


def test_the_framework_lists_every_provision_and_how_many_nobody_checked(judge):
    page = judge.get(reverse("framework_list"))

    assert text(page).count("/appraisal/framework/") >= 92
    assert f"{page.context['unchecked']} paragraph numbers have been checked by nobody" in text(page)
    assert "Not set" in text(page)


@pytest.mark.parametrize(
    "query, there, gone",
    [
        ({"set": "goal"}, "SDG-16.2", "GPA-P05"),
        ({"pillar": "protection"}, "GPA-R01", "GPA-P05"),
        ({"reference": "unchecked"}, "GPA-P05", "SDG-16.2"),
        ({"reference": "checked"}, "SDG-16.2", "GPA-P05"),
    ],
)
def test_the_framework_is_narrowed(judge, query, there, gone):
    page = text(judge.get(reverse("framework_list"), query))

    assert f">{there}<" in page or there in page
    assert f"/framework/{gone}/" not in page


def test_a_person_checks_a_reference_off_with_the_corrected_paragraph(judge):
    judge.post(framework(), {"paragraph": "16", "note": "Read in the annex."})

    one = ReferenceCheck.objects.get()
    assert (one.provision, one.paragraph, one.by, one.named) == ("GPA-P05", "16", "zoe", "Zoe")
    assert "Checked by Zoe" in text(judge.get(framework()))
    report = text(judge.get(reverse("appraisal_state", args=["XA"])))
    assert "checked by Zoe" in report


def test_a_paragraph_that_is_too_long_is_refused(judge):
    assert "govuk-error-summary" in text(judge.post(framework(), {"paragraph": "1" * 41}))
    assert not ReferenceCheck.objects.exists()


def test_whoever_may_not_check_reads_the_framework(client):
    client.force_login(a_member(Role.CASE_WORKER))

    assert '<form method="post"' not in text(client.get(framework())).split("<main")[1]
    client.post(framework(), {"paragraph": "16"})
    assert not ReferenceCheck.objects.exists()


def test_an_unknown_provision_is_not_found(judge):
    assert judge.get(framework("GPA-X99")).status_code == 404
