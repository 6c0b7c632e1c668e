from collections import Counter

import numpy as np
from hypothesis import given

from palermo.prevention.release.inference import inferred
from palermo.prevention.release.persons import Persons
from tests.prevention.release.few import a_table, some_rows


def slow(persons, rows, known, column):
    """One person at a time."""
    common = best(Counter(row[column] for row in persons if row[column]))
    found = {"all": [0, 0, 0], "alone": [0, 0, 0]}
    for person in persons:
        facts = [person[place] for place in known]
        like = Counter(
            row[column] for row in rows if [row[place] for place in known] == facts and row[column]
        )
        guess = best(like) if like else common
        single = sum([other[place] for place in known] == facts for other in persons) == 1
        for name in ("all", "alone") if single else ("all",):
            if person[column]:
                found[name][0] += 1
                found[name][1] += guess == person[column]
                found[name][2] += common == person[column]
    return found


def best(counts):
    """The commonest, the smallest of several."""
    return min(counts, key=lambda value: (-counts[value], value), default=1)


@given(some_rows(), some_rows(least=0))
def test_persons_are_guessed_as_one_at_a_time(persons, rows):
    given_rows = np.array(rows, dtype=np.int16).reshape(-1, 3)

    found = inferred(a_table(*persons), given_rows, known=(0, 1), column=2)

    wanted = slow(persons, rows, (0, 1), 2)
    for name in ("all", "alone"):
        guess = getattr(found, name)
        assert [guess.with_rows.of, guess.with_rows.hits, guess.with_totals.hits] == wanted[name]


def test_rows_that_tell_all_gain_what_totals_do_not_know():
    persons = a_table(*[(1, 1, 1)] * 60, *[(2, 1, 2)] * 40)

    found = inferred(persons, np.array([(1, 1, 1), (2, 1, 2)], dtype=np.int16), known=(0,), column=2)

    assert (found.all.with_rows.value, found.all.with_totals.value) == (1.0, 0.6)
    assert found.all.gain.low > 0.25
    assert found.alone.with_rows.of == 0


def test_of_a_column_of_one_code_the_secret_is_who_has_it():
    persons = Persons(
        codes=np.array([(1, 1), (1, 0), (2, 0)], dtype=np.int16), weights=np.array([30, 10, 60]), sizes=(2, 1)
    )

    found = inferred(persons, np.array([(1, 1), (2, 0)], dtype=np.int16), known=(0,), column=1)

    assert (found.all.with_rows.of, found.all.with_rows.hits, found.all.with_totals.hits) == (100, 90, 70)
