"""Days as depositaries write them: three forms, two languages, day before month, nothing guessed."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal import dated

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
}


@pytest.mark.parametrize(
    "written",
    [
        "2013-01-27",
        "27 Jan 2013",
        "27 January 2013",
        "27 JAN 2013",
        "27 janv. 2013",
        "27 janvier 2013",
        "27/01/2013",
        "27-01-2013",
        "27.1.2013",
        " 27  Jan  2013 ",
    ],
)
def test_one_day_is_read_in_every_form(written):
    assert dated.day(written) == date(2013, 1, 27)


@pytest.mark.parametrize("written", ["1er mars 2003", "1st March 2003", "1 mar. 2003", "01/03/2003"])
def test_the_first_of_a_month_may_be_written_as_one_says_it(written):
    assert dated.day(written) == date(2003, 3, 1)


@pytest.mark.parametrize(
    "written",
    [
        "01/27/2013",
        "30 Feb 2001",
        "27 jui 2009",
        "27 Smarch 2009",
        "2013",
        "Jan 2013",
        "",
        "soon",
        "27 Jan 13",
    ],
    ids=[
        "month first",
        "no such day",
        "two months",
        "no month",
        "a year",
        "no day",
        "empty",
        "word",
        "century",
    ],
)
def test_what_is_no_clear_day_is_refused(written):
    with pytest.raises(dated.NoDay):
        dated.day(written)


@given(some.dates(date(1000, 1, 1), date(9999, 12, 31)), some.sampled_from(["en", "fr"]))
def test_every_day_of_the_calendar_is_read_back_from_every_form(on, language):
    month = MONTHS[language].split()[on.month - 1]

    for written in (on.isoformat(), f"{on:%d/%m/%Y}", f"{on.day} {month} {on.year}"):
        assert dated.day(written) == on


@given(some.text(max_size=30))
def test_any_text_is_a_day_or_is_refused(text):
    with suppress(dated.NoDay):
        assert isinstance(dated.day(text), date)


def test_the_first_day_that_a_text_names_is_found():
    text = "On 32 March 2009 nothing; on 5 October 2010 it was done, on 2011-01-01 again."

    assert dated.first(text) == date(2010, 10, 5)
    assert dated.first("at some time") is None
