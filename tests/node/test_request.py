"""Large bodies: refused unread, save a file of cases from someone who is known."""

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from palermo.node import sealed_upload
from palermo.node.models import ImportRun
from palermo.node.request import FILES_OF_CASES
from tests.node.cases import FIRST, a_member, inside
from tests.node.systems import ROOT, a_system, problem

pytestmark = pytest.mark.django_db

LARGE = 2_700_000
OPEN = [reverse("account_login"), reverse("account_code"), reverse("set_language")]


@pytest.fixture(autouse=True)
def _no_attempts_yet():
    cache.clear()


class Unreadable:
    """A body that fails the test as soon as someone reads of it."""

    def read(self, *size):
        raise AssertionError("the body was read")

    readline = read


def post(client, path, *, size=LARGE, **headers):
    body = {"wsgi.input": Unreadable(), "CONTENT_LENGTH": str(size)}
    return client.generic("POST", path, content_type="multipart/form-data; boundary=x", **body, **headers)


def a_file(size=2000):
    return SimpleUploadedFile("cases.jsonl", b'{"case": {}, "more": "' + b"x" * size + b'"}\n')


@pytest.mark.parametrize("path", OPEN)
def test_an_open_page_refuses_a_large_body_unread(client, path):
    response = post(client, path)

    assert response.status_code == 413
    assert b"The request is too large" in response.content


def test_a_page_says_so_in_the_readers_language(client):
    response = post(client, OPEN[0], headers={"Accept-Language": "fr"})

    assert b'lang="fr"' in response.content
    assert b"The request is too large" not in response.content


def test_a_page_behind_the_sign_in_leaves_a_large_body_unread(client):
    assert post(client, reverse("import_list")).status_code == 302

    client.force_login(a_member(FIRST))
    assert post(client, reverse("home")).status_code == 413


@pytest.mark.parametrize("path", ["/imports", "/cases", "/nothing"])
def test_the_interface_refuses_a_large_body_of_a_stranger_unread(client, path):
    problem(post(client, ROOT + path), 413)
    problem(post(client, ROOT + path, headers={"Authorization": "Bearer palermo_wrong"}), 413)


def test_a_body_whose_length_is_no_number_is_none(client):
    assert client.generic("POST", OPEN[0], CONTENT_LENGTH="many").status_code != 413


def test_a_member_and_a_system_bring_in_a_large_file(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    client.force_login(a_member(FIRST))

    assert client.post(reverse("import_list"), {"file": a_file(), "format": ""}).status_code == 302
    assert a_system().send("/imports", file=a_file(3000)).status_code == 202
    with inside():
        kept = list(ImportRun.objects.values_list("upload", flat=True))
    assert len(kept) == 2
    for upload in kept:
        sealed_upload.delete(upload)


def test_a_system_sends_no_large_record(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    problem(a_system().post("/cases", b'"' + b"x" * 2000 + b'"'), 413)


def test_files_of_cases_are_taken_at_these_addresses(client):
    assert {reverse("import_list"), f"{ROOT}/imports"} == FILES_OF_CASES
