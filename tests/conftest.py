"""What every test may rely on."""

import os
from collections.abc import Iterator

import pytest
from django.test import TransactionTestCase
from hypothesis import settings

from tests import locks

# A busy machine is slow and not wrong: no example has a deadline. Where a change is judged, the same examples
# are tried every time.
settings.register_profile("palermo", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("palermo")


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
