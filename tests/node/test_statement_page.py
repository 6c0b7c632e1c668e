"""The pages of statements: added, read passage by passage with the keyboard, shown marked, withdrawn."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from palermo.appraisal.statement.claim import Proposal
from palermo.node import jobs
from palermo.node.models import PassageReading, Statement, StatementPassage
from palermo.node.statement_forms import ReadingForm
from palermo.protection.access import Role
from tests.node.cases import a_member
from tests.node.statements import ADA, BEN, SPEECH, a_statement, read, the_passage

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client):
    client.force_login(a_member(Role.ANALYST, name=ADA))
    return client


@pytest.fixture
def ben(client_of):
    other = client_of()
    other.force_login(a_member(Role.ANALYST, name=BEN))
    return other


def shown(client, name, *parts, **query):
    answer = client.get(reverse(name, args=parts), query)
    assert answer.status_code == 200
    return answer.content.decode()


def page_of(row):
    return reverse("passage_page", args=[str(row.statement), row.number])


def kept(client, row, provision, **more):
    told = {"provision": provision, "kind": "done", "actor": "state", "because": "general"} | more
    return client.post(page_of(row), told)


def a_file(content=None, name="speech.txt"):
    return SimpleUploadedFile(name, SPEECH.encode() if content is None else content)


def test_a_document_is_added_read_by_the_job_and_shown_with_its_passages(ada):
    answer = ada.post(reverse("statement_list"), {"file": a_file(), "speaks_for": "XA"})
    one = Statement.objects.get()
    jobs.read_statement.call(statement=one.pk)

    page = shown(ada, "statement_page", str(one))

    assert answer.url == reverse("statement_page", args=[str(one)])
    assert "National Action Plan" in page
    assert re.search(r'<mark class="pal-mark">[^<]*National Action Plan', page)
    assert "GPA-P04" in page


def test_a_document_that_waits_says_so(ada):
    one = a_statement(proposed=False)

    assert "is being read" in shown(ada, "statement_page", str(one))


def test_a_document_that_cannot_be_read_says_why(ada):
    answer = ada.post(reverse("statement_list"), {"file": a_file(b"%PDF-1.4\nnothing", "empty.pdf")})
    one = Statement.objects.get()
    jobs.read_statement.call(statement=one.pk)
    one.refresh_from_db()

    assert answer.status_code == 302
    assert "PDF" in shown(ada, "statement_page", str(one))


def test_faults_of_the_form_are_said_at_the_field(ada):
    page = ada.post(reverse("statement_list"), {"speaks_for": "Pakistn"}).content.decode()

    assert "Choose a file" in page
    assert "PAK" in page
    assert not Statement.objects.exists()


def test_the_list_says_how_many_passages_wait_and_filters(ada):
    a_statement()
    a_statement("We have ratified the protocol.", name="other.txt", state="XB")

    page = shown(ada, "statement_list")
    narrowed = shown(ada, "statement_list", q="other")

    assert "speech.txt" in page
    assert "other.txt" in narrowed
    assert "speech.txt" not in narrowed
    assert f"{StatementPassage.objects.queue(by=ADA).count()} passages that wait" in page


def test_a_passage_is_kept_and_the_next_one_comes(ada, ben):
    a_statement()
    row = the_passage("National Action Plan")

    answer = kept(ada, row, "GPA-P04")
    kept(ben, row, "GPA-P04")

    row.refresh_from_db()
    assert answer.url == reverse("passage_next")
    assert row.settled
    following = ada.get(reverse("passage_next"))
    assert following.url.startswith(reverse("statement_list"))
    assert following.url != page_of(row)


def test_several_provisions_and_another_are_kept_once_each(ada):
    a_statement()
    row = the_passage("National Action Plan")
    first = row.proposals[0]["provision"]

    kept(ada, row, first, also=[first], other="GPA-N04")

    assert PassageReading.objects.get().provisions == list(dict.fromkeys([first, "GPA-N04"]))


def test_none_of_these_is_a_refusal_with_its_reason(ada):
    a_statement()
    row = the_passage("wheat")

    kept(ada, row, "none", because="off topic")

    kept_one = PassageReading.objects.get()
    assert (kept_one.provisions, kept_one.because) == ([], "off topic")


def test_a_passage_that_one_has_read_cannot_be_read_again(ada):
    a_statement()
    row = the_passage("National Action Plan")
    kept(ada, row, "GPA-P04")

    page = kept(ada, row, "GPA-P04").content.decode()

    assert "nobody confirms their own reading" in page
    assert "<form class" not in shown(ada, "passage_page", str(row.statement), row.number)


def test_a_choice_must_be_made(ada):
    a_statement()
    row = the_passage("National Action Plan")

    page = kept(ada, row, "").content.decode()

    assert "govuk-error-message" in page
    assert not PassageReading.objects.exists()


def test_the_way_through_the_queue_stays_in_one_document(ada):
    one = a_statement()
    a_statement("We have ratified the protocol.", name="other.txt", state="XB")

    answer = ada.get(reverse("passage_next"), {"statement": str(one)})

    assert str(one) in answer.url
    assert answer.url.endswith(f"?statement={one}")


def test_when_nothing_is_left_the_list_comes_back(ada):
    answer = ada.get(reverse("passage_next"), follow=True)

    assert "Nothing is left for you to read." in answer.content.decode()


def test_who_speaks_is_said_by_a_person(ada):
    one = a_statement(state="")

    told = {"speaker": "The ambassador", "speaks_for": "XA", "spoken_on_0": "3", "spoken_on_1": "4"}
    ada.post(reverse("statement_describe", args=[str(one)]), told | {"spoken_on_2": "2024"})

    one.refresh_from_db()
    assert (one.speaker, one.speaks_for, str(one.spoken_on), one.guessed) == (
        "The ambassador",
        "XA",
        "2024-04-03",
        [],
    )


def test_a_withdrawn_statement_says_so_with_its_reason(ada):
    one = a_statement()

    ada.post(reverse("statement_withdraw", args=[str(one)]), {"reason": "It was corrected."})

    page = shown(ada, "statement_page", str(one))
    assert "It was corrected." in page
    assert "counts no more" in page


def test_the_file_is_given_back_as_it_came_and_never_shown(ada):
    one = a_statement()

    answer = ada.get(reverse("statement_file", args=[str(one)]))

    assert answer.content == SPEECH.encode()
    assert answer["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("name", ["statement_list", "passage_next"])
def test_another_role_sees_none_of_it(client, name):
    client.force_login(a_member(Role.CASE_WORKER))

    assert client.get(reverse(name)).status_code == 403


def test_a_missing_statement_and_passage_are_not_found(ada):
    one = a_statement()

    assert ada.get(reverse("statement_page", args=["0" * 10])).status_code == 404
    assert ada.get(reverse("passage_page", args=[str(one), 999])).status_code == 404


def test_text_of_a_document_is_never_markup(ada):
    one = a_statement("We have adopted <script>alert(1)</script> a national plan against trafficking.")

    page = shown(ada, "statement_page", str(one))

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_one_read_by_another_waits_first(ada, ben):
    a_statement()
    row = the_passage("border officials")
    read(row, "GPA-P12", by=BEN)

    assert ada.get(reverse("passage_next")).url == page_of(row)


def test_a_proposal_and_its_reasons_stand_apart_from_a_page_in_arabic_and_are_escaped():
    proposal = Proposal(provision="GPA-P12", score=0.8, why=("<b>police</b>",))

    shown = str(ReadingForm(proposals=[proposal])["provision"])

    assert "<bdi>GPA-P12 · " in shown
    assert "<bdi>&lt;b&gt;police&lt;/b&gt;</bdi>" in shown
