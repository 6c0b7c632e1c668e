from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.standards import edtf
from palermo.standards.edtf import NotADate, Precision, parse

DAYS = st.dates(date(2010, 1, 1), date(2029, 12, 31))
PRECISIONS = {"%Y-%m-%d": Precision.DAY, "%Y-%m": Precision.MONTH, "%Y": Precision.YEAR}


@st.composite
def texts(draw):
    """A text of the subset."""
    day, shape = draw(DAYS), draw(st.sampled_from([*PRECISIONS, "decade"]))
    return f"{day.year // 10}X" if shape == "decade" else day.strftime(shape)


CALENDAR = [date(2010, 1, 1) + timedelta(n) for n in range(7_305)]
WRITTEN = [each.isoformat() for each in CALENDAR]


def days_of(text):
    """Slow and obvious: every day of twenty years whose writing begins with the known part of the text."""
    known = text.rstrip("X")
    return [day for day, written in zip(CALENDAR, WRITTEN, strict=True) if written.startswith(known)]


@given(texts())
def test_a_date_stands_for_the_days_it_may_mean(text):
    days = days_of(text)

    assert (parse(text).first, parse(text).last) == (days[0], days[-1])


@given(texts(), texts())
def test_one_date_is_before_another_when_every_day_of_it_is(left, right):
    ours, theirs = days_of(left), days_of(right)
    surely, surely_not = ours[-1] < theirs[0], ours[0] >= theirs[-1]

    assert parse(left).before(parse(right)) is (True if surely else False if surely_not else None)


@pytest.mark.parametrize(
    "text, precision",
    [
        ("2021-03-05", Precision.DAY),
        ("2021-03", Precision.MONTH),
        ("2021", Precision.YEAR),
        ("202X", Precision.DECADE),
        ("XXXX", Precision.UNKNOWN),
        ("2021-03-05T14:30:00Z", Precision.DAY),
    ],
)
def test_a_text_shows_its_precision(text, precision):
    assert parse(text).precision is precision


@pytest.mark.parametrize(
    "text",
    [
        "",
        "21",
        "2021-13",
        "2021-02-30",
        "2021-3-5",
        "05/03/2021",
        "20XX",
        "2021-XX",
        "0000",
        "٢٠٢١",
        "2021\n",
    ],
)
def test_another_text_is_not_a_date(text):
    assert not edtf.is_date(text)
    assert not edtf.is_moment(text)
    with pytest.raises(NotADate, match="2021-03-05"):
        parse(text)


def test_the_message_does_not_repeat_what_was_written():
    with pytest.raises(NotADate) as caught:
        parse("Amina")

    assert "Amina" not in str(caught.value)


@pytest.mark.parametrize(
    "text, holds",
    [
        ("2021-03-05T14:30:00Z", True),
        ("2021-03-05T14:30+03:00", True),
        ("2021-03-05T14:30:00.123456Z", True),
        ("2021-03-05T14:30", False),  # no offset
        ("2021-03-05T25:30:00Z", False),
        ("0001-01-01T00:00:00+14:00", False),  # before the calendar begins in UTC
        ("2021-03", True),
    ],
)
def test_a_moment_needs_its_offset(text, holds):
    assert edtf.is_moment(text) is holds


def test_a_moment_counts_as_its_day_in_utc():
    assert parse("2021-03-05T23:30:00-02:00").first == date(2021, 3, 6)


def test_nothing_is_surely_before_a_date_nobody_knows():
    assert parse("2021").before(parse("XXXX")) is None
    assert not edtf.surely_before(None, parse("2021"))
    assert edtf.stated({"value": None, "state": "unknown"}) is None
