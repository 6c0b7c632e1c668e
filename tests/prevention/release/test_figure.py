"""Published counts and the file they stand in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import InvalidRecord
from palermo.prevention.release import figure
from palermo.prevention.release.figure import Figure

TEXTS = st.text(st.characters(exclude_characters="|", exclude_categories=["Cs", "Cc"]), min_size=1)
FACTS = st.dictionaries(TEXTS, TEXTS, min_size=1, max_size=3)


def a_figure(facts, *, count=10, reach=4):
    names, values = zip(*facts.items(), strict=True)
    low, high = max(0, count - reach), count + reach
    return Figure(columns=names, values=values, count=count, sd=2.0, low=low, high=high)


@given(st.lists(FACTS, unique_by=lambda facts: frozenset(facts.items())), st.integers(0, 10**9))
def test_what_is_written_is_read_again(cells, count):
    found = tuple(a_figure(facts, count=count) for facts in cells)

    assert figure.read(figure.written(found)) == found


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"low": 11}, "outside its interval"),
        ({"high": 9}, "outside its interval"),
        ({"low": -1}, "outside its interval"),
        ({"sd": -0.1}, "outside its interval"),
        ({"values": ("F", "M")}, "do not have 2 values"),
        ({"values": ("a|b",)}, "parts them in its file"),
    ],
)
def test_a_count_that_cannot_be_is_none(changed, why):
    with pytest.raises(ValueError, match=why):
        Figure(
            **{"columns": ("sex",), "values": ("F",), "count": 10, "sd": 1.0, "low": 8, "high": 12} | changed
        )


def test_all_lines_at_fault_are_named_at_once():
    good = figure.written([a_figure({"sex": "F"}), a_figure({"sex": "F"})])

    with pytest.raises(InvalidRecord) as refused:
        figure.read(good + "sex,M,1,0.1\nsex,M,many,0.1,0,2\n")

    told = [(problem.path, problem.rule) for problem in refused.value.problems]
    assert told == [("line 4", "no-count"), ("line 5", "no-count"), ("line 3", "count-twice")]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"])
def test_a_text_that_is_no_table_of_counts_is_refused(text):
    with pytest.raises(InvalidRecord, match="does not begin"):
        figure.read(text)
