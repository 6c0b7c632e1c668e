"""Reservations: which are open, what closes them, and that none of them makes or ends a party."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal import register, reservation
from palermo.appraisal.register import Register
from palermo.appraisal.reservation import Declared, Reservation
from tests.appraisal.made import FRESH, STALE, a_place, a_register, an_action

HEADER = "iso3,name,treaty,kind,date,against,text,as_of,source\n"


def declared(kind=Declared.RESERVATION, *, text="Not bound by article 15.", on=date(2005, 5, 5), **more):
    return Reservation(
        state=more.pop("state", "XA"),
        treaty="TIP",
        kind=kind,
        on=on,
        heading=reservation.heading(text),
        text_hash=reservation.text_hash(text),
        found=a_place(**more),
    )


def still_open(*known, listed=()):
    return [one.kind for one in reservation.standing(known, listed=listed)]


def test_what_was_reserved_and_never_withdrawn_is_open():
    assert still_open(declared(), declared(Declared.DECLARATION)) == [
        Declared.DECLARATION,
        Declared.RESERVATION,
    ]


def test_a_withdrawal_without_a_text_closes_everything_before_it():
    assert still_open(declared(), declared(Declared.WITHDRAWAL, text="", on=date(2010, 1, 1))) == []


def test_a_withdrawal_of_another_text_closes_nothing():
    assert still_open(declared(), declared(Declared.WITHDRAWAL, text="Another.", on=date(2010, 1, 1))) == [
        Declared.RESERVATION
    ]


def test_what_was_reserved_after_a_withdrawal_is_open():
    withdrawn = declared(Declared.WITHDRAWAL, text="", on=date(2001, 1, 1))

    assert still_open(withdrawn, declared()) == [Declared.RESERVATION]


def test_a_newer_list_that_is_silent_ends_what_an_older_one_held():
    old = declared(as_of=STALE)

    assert still_open(old) == [Declared.RESERVATION]
    assert still_open(old, listed=[a_place(as_of=FRESH)]) == []


def test_an_objection_is_no_reservation_of_the_one_who_objects():
    assert still_open(declared(Declared.OBJECTION)) == []


def test_a_reservation_that_two_files_of_one_day_hold_is_open_once():
    assert len(still_open(declared(), declared(line=9))) == 1


def test_a_reservation_says_nothing_on_being_a_party():
    known = Register(declared=(declared(),))

    assert known.standing("XA", "TIP").party is None
    assert [one.kind for one in known.reservations("XA", "TIP")] == [Declared.RESERVATION]


def test_each_reservation_has_evidence_of_its_own():
    first, second = declared().evidence, declared(text="Another.").evidence

    assert first.id != second.id
    assert first.says.key == "evidence.reservation.dated"
    assert declared(on=None).evidence.says.key == "evidence.reservation"


def test_nothing_of_a_later_day_was_known():
    known = Register(declared=(declared(on=date(2020, 1, 1), as_of=STALE), declared(as_of=FRESH)))

    assert known.known_on(date(2015, 1, 1)).declared == ()


def test_a_heading_is_one_line_of_bearable_length():
    assert reservation.heading("a\n b") == "a b"
    assert len(reservation.heading("word " * 100)) <= reservation.HEADING


@given(some.text())
def test_spaces_do_not_make_another_text(text):
    assert reservation.text_hash(f"  {text}\n") == reservation.text_hash(text)


@given(some.lists(some.tuples(some.sampled_from(list(Declared)), some.booleans(), some.dates()), max_size=6))
def test_only_reservations_and_declarations_are_open_and_a_late_withdrawal_closes_them_all(rows):
    known = [declared(kind, text="" if bare else "Text.", on=on) for kind, bare, on in rows]
    last = declared(Declared.WITHDRAWAL, text="", on=date.max)

    assert set(still_open(*known)) <= {Declared.RESERVATION, Declared.DECLARATION}
    assert still_open(*known, last) == []


def written(folder, *rows):
    (folder / "declared.csv").write_text(HEADER + "\n".join(rows), encoding="utf-8")
    own = '[table."declared.csv"]\nreader = "reservations"\n'
    (folder / "sources.toml").write_text(own, encoding="utf-8")
    return register.table_read(folder / "declared.csv")


def test_a_table_of_reservations_is_read(tmp_path):
    found = written(
        tmp_path,
        'XA,Made up,TIP,reservation,5 May 2005,,"Not bound by article 15.",2026-01-01,ours',
        "XB,Made up,TIP,objection,2006-01-01,Country XA; XC,We object.,2026-01-01,ours",
        "XA,Made up,TIP,withdrawal,,,Not bound by article 15.,2026-01-01,ours",
    )

    assert found.problems == ()
    assert found.reservations("XA", "TIP") == ()
    assert [one.against for one in found.objections("XC", "TIP")] == [("XA", "XC")]
    assert [treaty for treaty, _ in found.listed] == ["TIP"]


@pytest.mark.parametrize(
    "row, where",
    [
        ("XA,,TIP,wish,,,,2026-01-01,ours", "kind"),
        ("XA,,SHIPS,reservation,,,,2026-01-01,ours", "treaty"),
        ("XA,,TIP,objection,,Atlantis,,2026-01-01,ours", "against"),
        ("XA,,TIP,reservation,soon,,,2026-01-01,ours", "date"),
    ],
)
def test_a_row_of_reservations_that_cannot_be_read_is_named(row, where, tmp_path):
    (problem,) = written(tmp_path, row).tables[0].problems

    assert problem.path == f"line 2, {where}"


def test_a_register_without_reservations_has_none():
    assert a_register(an_action()).reservations("XA", "TIP") == ()
