"""No cell of fewer than five people comes back by subtraction: every table that fits is counted out."""

import random
from collections import defaultdict
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from palermo.errors import Disclosive, InvalidRecord
from palermo.prevention import disclosure
from palermo.prevention.disclosure import ALL, Cell, Release, Shown
from palermo.prevention.linked import Table, cells

SMALL = {1, 2, 3, 4}
EXACT = [Shown.EXACT]


def a_table(name="sex", *, exclusive=True, **rows) -> Table:
    """`y1=(3, 20)` gives the row y1 of the columns a and b."""
    width = max(len(counts) for counts in rows.values())
    columns = tuple("abcdef"[:width])
    counts = {
        (row, column): count for row, r in rows.items() for column, count in zip(columns, r, strict=True)
    }
    return Table(name=name, columns=columns, counts=counts, exclusive=exclusive)


def totals_of(table: Table) -> dict[str, int]:
    totals: dict[str, int] = defaultdict(int)
    for (row, _column), count in table.counts.items():
        totals[row] += count
    return dict(totals)


def published(*tables: Table, totals=None) -> tuple[Release, dict]:
    totals = totals or totals_of(tables[0])
    return disclosure.protect(tables, totals), cells(tables, totals)


# -- the slow, obvious twin ------------------------------------------------------------------------------


def every_value(tables, release, counts, reach=9):
    """For each cell, the values it has in any table of whole numbers that agrees with what is published."""

    def span(key):
        cell = release.cells[key]
        return range(cell.low, (counts[key] + reach if cell.high is None else cell.high) + 1)

    found = defaultdict(set)
    rows = release.rows
    for totals in product(*(span((ALL, row, ALL)) for row in rows)):
        if sum(totals) not in span((ALL, ALL, ALL)):
            continue
        fits = [list(_fits(table, rows, totals, span)) for table in tables]
        if all(fits):
            for key, value in [((ALL, ALL, ALL), sum(totals)), *_pairs(rows, totals)]:
                found[key].add(value)
            for options in fits:
                for option in options:
                    for key, value in option.items():
                        found[key].add(value)
    return found


def _pairs(rows, totals):
    return [((ALL, row, ALL), total) for row, total in zip(rows, totals, strict=True)]


def _fits(table, rows, totals, span):
    choices = []
    for row, total in zip(rows, totals, strict=True):
        spans = [span((table.name, row, column)) for column in table.columns]
        choices.append([part for part in product(*spans) if _adds_up(part, total, table.exclusive)])
    for chosen in product(*choices):
        sums = [sum(column) for column in zip(*chosen, strict=True)]
        keys = [(table.name, ALL, column) for column in table.columns]
        if all(value in span(key) for key, value in zip(keys, sums, strict=True)):
            inner = {
                (table.name, row, column): value
                for row, part in zip(rows, chosen, strict=True)
                for column, value in zip(table.columns, part, strict=True)
            }
            yield inner | dict(zip(keys, sums, strict=True))


def _adds_up(part, total, exclusive):
    return sum(part) == total if exclusive else max(part) <= total <= sum(part)


def small_counts():
    return st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 7, 9, 14])


@st.composite
def linked_tables(draw):
    """A table of two columns over one to three rows, and perhaps one whose columns overlap."""
    rows = [f"y{number}" for number in range(1, draw(st.integers(1, 3)) + 1)]
    one = a_table("one", **{row: (draw(small_counts()), draw(small_counts())) for row in rows})
    totals = totals_of(one)
    kind = draw(st.sampled_from(["alone", "exclusive", "overlapping"]))
    if kind == "alone" or len(rows) > 2:
        return (one,), totals
    first = {row: draw(st.integers(0, total)) for row, total in totals.items()}
    extra = {row: draw(st.integers(0, first[row])) if kind == "overlapping" else 0 for row in rows}
    other = a_table(
        "other",
        exclusive=kind == "exclusive",
        **{row: (first[row], total - first[row] + extra[row]) for row, total in totals.items()},
    )
    return (one, other), totals


@settings(max_examples=120, deadline=None)
@given(linked_tables())
def test_each_small_cell_can_be_any_of_one_to_four_in_some_table_that_fits(case):
    tables, totals = case
    try:
        release = disclosure.protect(tables, totals)
    except Disclosive:
        event("refused")
        return
    counts = cells(tables, totals)

    found = every_value(tables, release, counts)

    for key, count in counts.items():
        assert count in found[key]
        if count in SMALL:
            assert found[key] >= SMALL, key
        if release.cells[key].shown is Shown.HIDDEN:
            assert len(found[key]) > 1, key


@settings(max_examples=60, deadline=None)
@given(linked_tables())
def test_what_is_published_is_true_and_never_shows_a_small_count(case):
    tables, totals = case
    try:
        release = disclosure.protect(tables, totals)
    except Disclosive:
        event("refused")
        return

    for key, count in cells(tables, totals).items():
        cell = release.cells[key]
        assert cell.low <= count
        assert cell.high is None or count <= cell.high
        assert (cell.shown is Shown.EXACT) <= (count not in SMALL and cell.low == cell.high == count)
        assert (cell.shown is Shown.FEW) <= (count in SMALL)


# -- single rules ------------------------------------------------------------------------------------------


def test_large_tables_are_published_as_they_are():
    release, counts = published(a_table(y1=(30, 20), y2=(0, 50)))

    assert {key: cell.low for key, cell in release.cells.items()} == counts
    assert {cell.shown for cell in release.cells.values()} == {Shown.EXACT}


def test_a_few_people_are_shown_as_an_interval_and_never_as_zero():
    release, _counts = published(a_table(y1=(3, 40), y2=(30, 50)))

    assert release.cell("sex", "y1", "a") == Cell(shown=Shown.FEW, low=1, high=4)
    assert str(release.cell("sex", "y1", "a")) == "<5"


def test_its_neighbours_are_hidden_so_that_no_sum_gives_it_back():
    release, _counts = published(a_table(y1=(3, 40), y2=(30, 50)))

    square = [release.cell("sex", row, column) for row in ("y1", "y2") for column in "ab"]
    assert [cell.shown for cell in square] == [Shown.FEW, *[Shown.HIDDEN] * 3]
    assert release.cell("sex", "y1") == Cell(shown=Shown.EXACT, low=43, high=43)
    assert (str(square[1]), square[1].low, square[1].high) == ("5+", 5, None)


def test_two_small_cells_that_their_sum_would_give_away_get_a_third_beside_them():
    release, _counts = published(a_table(y1=(1, 1, 30), y2=(20, 20, 20)))

    assert release.cell("sex", "y1", "c").shown is Shown.HIDDEN


def test_a_zero_is_published_and_hides_no_one():
    release, _counts = published(a_table(y1=(0, 3, 30), y2=(20, 20, 30), y3=(9, 20, 20)))

    assert str(release.cell("sex", "y1", "a")) == "0"


def test_a_small_year_takes_another_row_total_or_the_grand_total_with_it():
    release, _counts = published(a_table(y1=(1, 2), y2=(30, 40), y3=(30, 40)))

    others = [release.cell("sex", row).shown for row in ("y2", "y3", ALL)]
    assert release.cell("sex", "y1").shown in {Shown.FEW, Shown.WITHHELD}
    assert others != EXACT * 3


def test_a_rare_category_is_withheld_whole_where_hiding_cells_cannot_help():
    release, _counts = published(a_table(y1=(1, 40), y2=(2, 50)))

    assert str(release.cell("sex", "y1", "a")) == "withheld"
    assert release.cell("sex", "y1", "a").high is None


def test_a_second_table_with_the_same_total_gives_nothing_away():
    totals = {"y1": 43, "y2": 80}
    one = a_table("one", y1=(3, 40), y2=(30, 50))
    two = a_table("two", y1=(20, 23), y2=(40, 40))

    release = disclosure.protect([one, two], totals)

    assert release.cell("one", "y1", "a").shown is Shown.FEW
    assert {release.cell("two", row, column).shown for row in totals for column in "ab"} == {Shown.EXACT}


def test_categories_that_overlap_need_no_partner_in_their_row():
    forms = a_table("form", exclusive=False, y1=(3, 43), y2=(30, 70))

    release = disclosure.protect([forms], {"y1": 43, "y2": 80})

    assert release.cell("form", "y1", "b").shown is Shown.EXACT
    assert release.cell("form", "y2", "a").shown is Shown.HIDDEN or release.cell("form", ALL, "a").low == 5


@pytest.mark.parametrize("counts", [{"y1": (1, 0), "y2": (0, 1)}, {"y1": (1, 1), "y2": (1, 0)}])
def test_a_node_with_hardly_anyone_publishes_nothing(counts):
    with pytest.raises(Disclosive, match="too few people"):
        published(a_table(**counts))


@pytest.mark.parametrize(
    ("table", "totals"),
    [
        (a_table(y1=(3, 40)), {"y1": 44}),
        (a_table(y1=(3, -1)), {"y1": 2}),
        (a_table(exclusive=False, y1=(50, 2)), {"y1": 43}),
        (a_table(exclusive=False, y1=(3, 2)), {"y1": 43}),
        (a_table(y1=(3, 40), y9=(1, 1)), {"y1": 43}),
        (replace(a_table(y1=(43, 0)), columns=("a",), counts={("y1", "a"): 43, ("y1", "z"): 0}), {"y1": 43}),
        (a_table(y1=(3, 40)), {"y1": 43, "": 0}),
    ],
    ids=[
        "sum",
        "negative",
        "more than all",
        "fewer than all",
        "unknown row",
        "unknown column",
        "nameless row",
    ],
)
def test_tables_that_contradict_each_other_are_refused(table, totals):
    with pytest.raises(InvalidRecord, match="contradict"):
        disclosure.protect([table], totals)


# -- the auditor -------------------------------------------------------------------------------------------


def naive(table: Table) -> tuple[Release, list]:
    """What a hasty programmer would publish: small cells hidden, everything else as it is."""
    counts = cells((table,), totals_of(table))
    shown = {
        key: Cell(shown=Shown.FEW, low=1, high=4) if n in SMALL else Cell(shown=Shown.EXACT, low=n, high=n)
        for key, n in counts.items()
    }
    rows = tuple(totals_of(table))
    return Release(rows=rows, columns={table.name: table.columns}, cells=shown), [
        key for key, n in counts.items() if n in SMALL
    ]


@pytest.mark.parametrize(
    "rows",
    [{"y1": (3, 40)}, {"y1": (3, 40), "y2": (30, 50)}, {"y1": (1, 1, 30)}, {"y1": (2, 2), "y2": (2, 2)}],
    ids=str,
)
def test_the_auditor_refuses_what_can_be_subtracted(rows):
    table = a_table(**rows)
    release, small = naive(table)

    with pytest.raises(Disclosive, match="narrowed down"):
        disclosure.audit([table], release, small=small)


def test_the_auditor_refuses_each_cell_that_is_shown_again_after_the_fact():
    table = a_table(y1=(3, 40), y2=(30, 50))
    release, counts = published(table)
    hidden = [key for key, cell in release.cells.items() if cell.shown is Shown.HIDDEN]

    for key in hidden:
        shown = Cell(shown=Shown.EXACT, low=counts[key], high=counts[key])
        careless = replace(release, cells={**release.cells, key: shown})
        with pytest.raises(Disclosive):
            disclosure.audit([table], careless, small=[("sex", "y1", "a")])
    assert len(hidden) == 3


def test_the_auditor_needs_no_count():
    table = a_table(y1=(3, 40), y2=(30, 50))
    release, _counts = published(table)

    disclosure.audit([replace(table, counts={})], release, small=[("sex", "y1", "a")])


def a_nation(people: int, seed: int) -> tuple[list[Table], dict[str, int]]:
    """Made-up counts of the shape that national figures have."""
    chance = random.Random(seed)
    columns = {"sex": "abc", "age": "abcdef", "region": "abcdefgh", "form": "abcdefgh"}
    counts: dict[str, dict] = {name: defaultdict(int) for name in columns}
    totals: dict[str, int] = defaultdict(int)
    for _person in range(people):
        year = f"20{chance.randrange(20, 25)}"
        totals[year] += 1
        for name, codes in columns.items():
            weights = [1 / (place + 1) ** 2 for place in range(len(codes))]
            for code in set(chance.choices(codes, weights, k=2 if name == "form" else 1)):
                counts[name][year, code] += 1
    tables = [
        Table(name=name, columns=tuple(codes), counts=counts[name], exclusive=name != "form")
        for name, codes in columns.items()
    ]
    return tables, dict(sorted(totals.items()))


@pytest.mark.parametrize(("people", "seed"), [(60, 1), (400, 2), (3_000, 3)])
def test_figures_of_a_nation_are_protected_and_their_year_totals_stay(people, seed):
    tables, totals = a_nation(people, seed)

    release = disclosure.protect(tables, totals)

    counts = cells(tuple(tables), totals)
    small = [key for key, count in counts.items() if count in SMALL]
    hidden = sum(cell.shown is not Shown.EXACT for cell in release.cells.values())
    print(f"{people} people: {len(counts)} cells, {len(small)} small, {hidden} not shown exactly")
    assert small
    assert {release.cell("sex", year).shown for year in totals} == {Shown.EXACT}


def test_the_same_counts_give_the_same_release():
    tables, totals = a_nation(200, 4)

    assert disclosure.protect(tables, totals) == disclosure.protect(tables, totals)
