"""What tests of the node share."""

import pytest
from django.test import Client


@pytest.fixture
def client_of():
    """More browsers, each with cookies of its own."""
    return Client
