"""What tests of the node share."""

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client


@pytest.fixture
def client_of():
    """More browsers, each with cookies of its own."""
    return Client


@pytest.fixture(autouse=True)
def _no_upload_left() -> Iterator[None]:
    """The database forgets each test; so does the folder of sealed uploads."""
    yield
    shutil.rmtree(settings.NODE.home / "uploads", ignore_errors=True)
