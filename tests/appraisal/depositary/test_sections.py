"""The texts below a status page: sections, entries, kinds, moments, end notes."""

from datetime import date

import pytest

from palermo.appraisal.depositary import sections
from palermo.appraisal.depositary.page import Section
from palermo.appraisal.depositary.sections import Note
from palermo.appraisal.reservation import Declared
from tests.appraisal.made import a_place

BOUND, SIGNED = date(2004, 4, 4), date(2001, 3, 1)


def declared(*lines):
    found = sections.declared(
        lines, treaty="TIP", found=a_place(), moments=lambda _: {"": BOUND, "signature": SIGNED}
    )
    return [(one.state, one.kind, one.on, one.heading) for one in found]


@pytest.mark.parametrize(
    "line, opened",
    [
        ("Declarations and Reservations", Section.DECLARATIONS),
        ("Déclarations et Réserves (Sauf indication contraire, ...)", Section.DECLARATIONS),
        ("Déclarations et Réserves", Section.DECLARATIONS),
        (
            "Objections (Unless otherwise indicated, the objections were made upon ratification.)",
            Section.OBJECTIONS,
        ),
        ("Notifications made under article 16", Section.OTHER),
        ("End Note", Section.NOTES),
        ("Objections were raised by nobody", None),
        ("Objections of " + "many words " * 60, None),
        ("Country XA", None),
    ],
)
def test_a_heading_opens_its_section_and_a_sentence_none(line, opened):
    assert sections.section(line) is opened


def test_lines_before_the_first_section_and_in_others_are_no_declarations():
    found = sections.split(
        [
            "Country XA",
            "Declarations",
            "Country XB",
            "It declares.",
            "Territorial Application",
            "Country XC",
            "x",
        ]
    )

    assert found[Section.DECLARATIONS] == ("Country XB", "It declares.")
    assert found[Section.OTHER] == ("Country XC", "x")


def test_a_heading_in_the_plural_within_an_entry_opens_no_section():
    lines = [
        "Declarations and Reservations",
        "Country XA",
        "Reservations:",
        "First.",
        "Declarations:",
        "Second.",
    ]
    found = declared(*sections.split(lines)[Section.DECLARATIONS])

    assert [(one[1], one[3]) for one in found] == [
        (Declared.RESERVATION, "First."),
        (Declared.DECLARATION, "Second."),
    ]


def test_each_heading_within_an_entry_begins_a_declaration_of_its_own():
    found = declared(
        "Country XA",
        "Reservation to article 15:",
        "It is not bound.",
        "Interpretative declaration:",
        "It understands.",
        "Upon signature:",
        "It said so before.",
        "14 March 2008",
        "It says so again.",
    )

    assert found == [
        ("XA", Declared.RESERVATION, BOUND, "It is not bound."),
        ("XA", Declared.DECLARATION, BOUND, "It understands."),
        ("XA", Declared.DECLARATION, SIGNED, "It said so before."),
        ("XA", Declared.DECLARATION, date(2008, 3, 14), "It says so again."),
    ]


@pytest.mark.parametrize(
    "text, kind",
    [
        ("The Government does not consider itself bound by article 20.", Declared.RESERVATION),
        ("Le Gouvernement ne se considère pas lié par l'article 20.", Declared.RESERVATION),
        ("The central authority is the Ministry of Justice.", Declared.DECLARATION),
    ],
)
def test_a_text_without_a_heading_is_told_by_what_it_says(text, kind):
    assert [(found[1], found[3]) for found in declared("Country XA", text)] == [(kind, text)]


def test_a_name_without_a_text_declares_nothing():
    assert declared("Country XA", "Country XB", "It declares.") == [
        ("XB", Declared.DECLARATION, BOUND, "It declares.")
    ]


def test_end_notes_are_told_by_their_numbers_and_go_on_over_lines():
    found = sections.notes(["before", "1. First", "goes on", "2", "Second", "(3) Third"])

    assert found == (
        Note(number="1", text="First goes on"),
        Note(number="2", text="Second"),
        Note(number="3", text="Third"),
    )


@pytest.mark.parametrize(
    "text, withdrawn",
    [
        ("On 5 October 2010, the Government decided to withdraw its reservation.", True),
        ("Le 5 octobre 2010, le Gouvernement a notifié le retrait de sa réserve.", True),
        ("On 5 October 2010, the Government withdrew its reservation in part.", False),
        ("On 5 October 2010, the Government withdrew from the Protocol.", False),
        ("With a reservation made on 5 October 2010.", False),
    ],
)
def test_an_end_note_withdraws_a_reservation_only_where_it_says_so(text, withdrawn):
    found = list(sections.withdrawals([("XA", Note(number="1", text=text))], treaty="TIP", found=a_place()))

    assert [(one.kind, one.on) for one in found] == [(Declared.WITHDRAWAL, date(2010, 10, 5))] * withdrawn


def test_the_day_on_which_a_treaty_was_denounced_is_that_of_the_note_that_says_so():
    notes = [
        Note(number="1", text="Bound on 1 January 2001."),
        Note(number="2", text="Denounced on 3 May 2016."),
    ]

    assert sections.ended_on(notes) == date(2016, 5, 3)
    assert sections.ended_on(notes[:1]) is None
