from collections import Counter
from dataclasses import fields, is_dataclass
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.errors import Unknown
from palermo.prevention.release import compare, intake, schema_text
from palermo.prevention.release.figure import Figure
from palermo.prevention.release.guarded import Secret
from tests.prevention.release import made_up
from tests.prevention.release.few import a_table

TEXT = "\n".join(
    ['population = "XA"', 'purpose = "tests"']
    + [
        f'[[column]]\nname = "{name}"\ncodes = {codes}\nclosed = true\n{split}'
        for name, codes, split in (
            ("sex", '["f", "m"]', ""),
            ("form", '["a", "b"]', 'split = ";"\n'),
            ("age", '["0", "18", "30"]', ""),
        )
    ]
)
SCHEMA = schema_text.read(TEXT)
HEADER = ("sex", "form", "age")

a_row = st.tuples(
    st.sampled_from(["", "f", "m"]), st.sampled_from(["", "a", "b", "a;b"]), st.sampled_from(["", "0", "30"])
)


def a_figure(columns, values, count, *, low=None, high=None):
    low, high = count if low is None else low, count if high is None else high
    return Figure(
        columns=tuple(columns.split("|")),
        values=tuple(values.split("|")),
        count=count,
        sd=1.0,
        low=low,
        high=high,
    )


def facts(row):
    for name, cell in zip(HEADER, row, strict=True):
        yield from ((name, part) for part in cell.split(";") if part)


def told(rows, ways):
    """How many rows have each combination, counted one by one."""
    return Counter(cell for row in rows for cell in combinations(tuple(facts(row)), ways))


@given(st.lists(a_row, min_size=1, max_size=30), st.lists(a_row, max_size=10))
@settings(max_examples=60, deadline=None)
def test_every_figure_stands_beside_the_persons_that_a_slow_count_finds(rows, others):
    """The published counts are those of other rows: some right, some wrong, some of nobody."""
    secret = intake.of_rows(HEADER, rows, SCHEMA)
    figures = [
        a_figure("|".join(name for name, _ in cell), "|".join(code for _, code in cell), count)
        for ways in (1, 2, 3)
        for cell, count in told([*others, rows[0]], ways).items()
    ]

    found = compare.compared(secret, figures, SCHEMA)

    assert found.persons == len(rows)
    assert {(one.figure.facts, one.real) for one in found.ones} == {
        (one.facts, told(rows, 1)[one.facts]) for one in figures if one.ways == 1
    }
    for one in found.found:
        real, shown = told(rows, one.ways), {fig.facts for fig in figures if fig.ways == one.ways}
        assert (one.nobody.hits, one.nobody.of) == (len(shown - set(real)), len(shown))
        assert (one.lost.hits, one.lost.of) == (len(set(real) - shown), len(real))
        errors = [abs(fig.count - real[fig.facts]) for fig in figures if fig.ways == one.ways]
        apart = [part for part in found.apart if part.ways == one.ways]
        assert sum(part.cells for part in apart) == len(errors)
        assert sum(part.cells * part.error for part in apart) == pytest.approx(sum(errors))


def test_an_interval_that_holds_the_truth_is_counted_as_such():
    secret = intake.of_rows(HEADER, [("f", "", "")] * 12 + [("m", "", "")] * 3, SCHEMA)
    figures = [a_figure("sex", "f", 15, low=10, high=20), a_figure("sex", "m", 5, low=4, high=6)]

    found = compare.compared(secret, figures, SCHEMA)

    assert [(one.start, one.end, one.within.hits, one.error, one.relative) for one in found.apart] == [
        (0, 10, 0, 2.0, pytest.approx(2 / 3)),
        (10, 50, 1, 3.0, 0.25),
    ]


def test_a_figure_of_no_code_of_the_schema_is_refused():
    secret = intake.of_rows(HEADER, [("f", "", "")], SCHEMA)

    with pytest.raises(Unknown, match="no code x of sex"):
        compare.compared(secret, [a_figure("sex", "x", 1)], SCHEMA)


def test_with_nothing_published_nothing_stands_beside_it():
    found = compare.compared(Secret(a_table((1, 1, 1))), (), SCHEMA)

    assert (found.persons, found.ones, found.apart, found.found) == (1, (), (), ())


def test_a_comparison_is_never_released_and_holds_no_row_of_a_person():
    schema = schema_text.read(made_up.a_schema_text())
    secret = intake.of_rows(made_up.COLUMNS, made_up.rows(200), schema)
    found = compare.compared(secret, [a_figure("year", "2021", 50)], schema)

    def leaves(value):
        if is_dataclass(value):
            return [leaf for one in fields(value) for leaf in leaves(getattr(value, one.name))]
        return [leaf for one in value for leaf in leaves(one)] if isinstance(value, tuple) else [value]

    assert compare.Comparison.releasable is False
    assert {type(leaf) for leaf in leaves(found)} <= {int, float, str, type(None)}
