"""What every test may rely on."""

from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase
from tests import locks


@pytest.fixture(autouse=True, scope="session")
def _emptied_past_the_locks() -> Iterator[None]:
    """A test with real transactions empties the tables at its end, which the locks would refuse."""
    emptied = TransactionTestCase._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with locks.opened():
            emptied(case)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", teardown)
    yield
    patch.undo()
