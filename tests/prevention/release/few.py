"""Small tables of persons for tests, as rows of whole numbers, and strategies that make them."""

import numpy as np
from hypothesis import strategies as st

from palermo.prevention.release.alike import of_rows
from palermo.prevention.release.persons import Persons

SIZES = (3, 2, 4)


def a_table(*rows, sizes=SIZES):
    """Persons of these rows, each distinct row once."""
    return of_rows(np.array(rows, dtype=np.int16), sizes)


def expanded(persons: Persons):
    """One row a person, in order."""
    rows = np.repeat(persons.codes, persons.weights, axis=0).tolist()
    return sorted(tuple(row) for row in rows)


def some_rows(*, least=1, most=40, sizes=SIZES):
    """Lists of rows of these sizes, 0 among the values."""
    row = st.tuples(*(st.integers(0, size) for size in sizes))
    return st.lists(row, min_size=least, max_size=most)
