"""Tables: order, pages, filter, empty places, CSV that no spreadsheet runs."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from palermo.node import table
from palermo.node.forms import FilterForm
from palermo.node.table import Code, Column, Empty, Link, Order, Pages, Table, Tag

COLUMNS = (
    Column(name="case", label="Case", sortable=True, heads_row=True),
    Column(name="people", label="People", numeric=True, sortable=True),
    Column(name="year", label="Year", plain=True),
)
ROWS = ({"case": Link("A-17", "/a"), "people": 12345, "year": 2021},)


class Words(FilterForm):
    words = forms.CharField(required=False)


def a_table(**given):
    return Table(**{"id": "cases", "caption": "Cases", "columns": COLUMNS, "rows": ROWS, **given})


def drawn(shown, address="/?"):
    return render_to_string("kit/table.html", shown.context(RequestFactory().get(address).GET))


def test_the_region_that_scrolls_can_be_reached_and_is_named():
    html = drawn(a_table())

    assert 'role="region"' in html
    assert 'tabindex="0"' in html
    assert 'aria-labelledby="cases-caption"' in html
    assert '<caption id="cases-caption">Cases</caption>' in html


def test_numbers_are_grouped_and_aligned_but_years_are_not():
    html = drawn(a_table())

    assert '<td class="pal-table__number">12,345' in html
    assert "2021" in html
    assert "2,021" not in html


def test_the_column_in_force_says_its_direction_and_its_link_turns_it():
    order = Order.read({"sort": "people"}, COLUMNS, default="case")
    html = drawn(a_table(order=order), "/?sort=people&page=3&words=x")

    assert 'aria-sort="ascending"' in html
    assert 'href="?sort=-people&amp;words=x"' in html


@pytest.mark.parametrize(
    "asked, field, chosen",
    [
        ("people", "people", "people"),
        ("-people", "-people", "-people"),
        ("year", "-case", ""),
        ("password", "-case", ""),
        ("--people", "-case", ""),
        ("", "-case", ""),
    ],
)
def test_only_a_column_that_may_be_sorted_orders_the_rows(asked, field, chosen):
    order = Order.read({"sort": asked}, COLUMNS, default="-case")

    assert (order.field, order.chosen) == (field, chosen)


@pytest.mark.parametrize(
    "number, last, shown",
    [
        (1, 1, (1,)),
        (1, 3, (1, 2, 3)),
        (5, 9, (1, 0, 4, 5, 6, 0, 9)),
        (9, 9, (1, 0, 8, 9)),
        (3, 9, (1, 2, 3, 4, 0, 9)),
    ],
)
def test_pages_far_away_are_left_out(number, last, shown):
    assert Pages.numbered(number, last).shown() == shown


@given(st.integers(1, 60), st.integers(0, 60))
def test_the_pages_shown_rise_and_hold_the_first_the_present_and_the_last(number, more):
    last = number + more
    shown = Pages.numbered(number, last).shown()

    assert {1, number, last} <= set(shown)
    assert [page for page in shown if page] == sorted({page for page in shown if page})


def test_a_long_list_is_paged_by_the_keys_of_its_rows():
    html = drawn(a_table(pages=Pages.keyset(before="k1", after="k9")), "/?words=x&after=k0")

    assert 'href="?words=x&amp;before=k1"' in html
    assert 'href="?words=x&amp;after=k9"' in html


def test_no_page_before_the_first_and_none_after_the_last():
    html = drawn(a_table(pages=Pages.numbered(1, 1)))

    assert "govuk-pagination" not in html


def test_the_csv_link_keeps_the_filter_and_the_order_but_no_page():
    assert 'href="?words=x&amp;sort=case&amp;format=csv"' in drawn(
        a_table(csv=True), "/?words=x&page=2&sort=case"
    )


def test_an_empty_table_says_what_to_do_next():
    html = drawn(
        a_table(rows=(), empty=Empty(title="None yet.", hint="Import a list.", action="Import", url="/i"))
    )

    assert "None yet." in html
    assert 'href="/i"' in html
    assert "<table" not in html


def test_a_filter_that_nothing_fits_offers_to_clear_it():
    shown = a_table(rows=(), filter=Words({"words": "x"}), empty=Empty(title="None yet.", hint="Import."))
    html = drawn(shown, "/?words=x")

    assert "Nothing fits this filter." in html
    assert "None yet." not in html


def test_a_table_with_nothing_and_no_words_for_it_still_says_so():
    assert "nothing to show" in drawn(a_table(rows=()))


def test_the_filter_keeps_the_order_the_reader_chose():
    order = Order.read({"sort": "-case"}, COLUMNS, default="case")

    assert '<input type="hidden" name="sort" value="-case">' in drawn(a_table(filter=Words(), order=order))


def test_a_total_leaves_blank_what_it_does_not_count():
    html = drawn(a_table(total={"case": "All", "people": 7}))

    assert html.count("–") == 0


@pytest.mark.parametrize(
    "value, said",
    [
        (None, "–"),
        ("", "–"),
        (0, "0"),
        (False, "False"),
        (Decimal("1234.5"), "1,234.5"),
        (dt.date(2026, 3, 5), "5 March 2026"),
        (dt.datetime(2026, 3, 5, 14, 7), "5 March 2026, 14:07"),
    ],
)
def test_a_value_is_put_in_words(value, said):
    assert table.text(value) == said


def test_thousands_are_grouped_in_every_language():
    said = {}
    for language in ("en", "fr", "ar"):
        with translation.override(language):
            said[language] = table.text(12345)

    assert said == {"en": "12,345", "fr": "12\xa0345", "ar": "12\u202f345"}


def test_text_from_outside_is_never_markup():
    html = drawn(a_table(rows=[{"case": "<script>x</script>", "people": 1, "year": Tag("<b>", "good")}]))

    assert "<script>" not in html
    assert "<b>" not in html


def test_an_address_drops_what_it_is_told_and_changes_the_rest():
    query = QueryDict("a=1&page=3&format=csv")

    assert table.address(query, drop=("page",), change={"b": "2"}) == "?a=1&b=2"
    assert table.address(QueryDict("page=3"), drop=("page",)) == "?"


def test_csv_holds_every_row_with_accents_marked():
    response = table.csv_response(COLUMNS, ROWS, name="Cas ouverts")
    body = b"".join(response.streaming_content).decode("utf-8")

    assert body.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(body[1:]))) == [["Case", "People", "Year"], ["A-17", "12345", "2021"]]
    assert response["Content-Disposition"] == 'attachment; filename="cas-ouverts.csv"'


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝"])
def test_text_that_could_start_a_formula_is_made_inert(start):
    assert table.inert(f"{start}cmd") == f"'{start}cmd"


@given(st.text())
def test_no_text_leaves_as_a_formula(words):
    assert not table.inert(words).lstrip(" ").startswith(table.FORMULA_STARTS)


@pytest.mark.parametrize("value", [-5, -1.5, Decimal("-2"), None])
def test_a_number_stays_a_number_in_csv(value):
    assert table.inert(value) == value


def test_dates_and_codes_leave_as_plain_text():
    assert table.inert(dt.date(2026, 3, 5)) == "2026-03-05"
    assert table.inert(Code("A-17")) == "A-17"


def test_csv_is_given_only_when_it_is_asked_for():
    assert table.wants_csv(RequestFactory().get("/?format=csv"))
    assert not table.wants_csv(RequestFactory().get("/"))
