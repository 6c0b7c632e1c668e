"""Depositaries' pages and exports: the same facts whatever the form, and another layout refused."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from palermo.appraisal import register
from palermo.appraisal.reservation import Declared
from palermo.appraisal.treaty import Act
from palermo.errors import InvalidRecord
from tests.appraisal.depositary import pages

STATUS = date(2026, 11, 15)
ACTS = {
    ("ALB", "signature", date(2000, 12, 12)),
    ("ALB", "ratification", date(2002, 8, 21)),
    ("FIN", "signature", date(2000, 12, 12)),
    ("FIN", "acceptance", date(2006, 9, 7)),
    ("JPN", "signature", date(2002, 12, 9)),
    ("KAZ", "accession", date(2008, 7, 31)),
    ("MNE", "succession", date(2006, 10, 23)),
    ("XA", "accession", date(2005, 5, 5)),
    ("XB", "signature", date(2001, 3, 1)),
    ("XB", "ratification", date(2004, 4, 4)),
}
FORMS = {
    "untc_html": ("XVIII-12-a.html", pages.untc_html()),
    "untc_xml": ("status.xml", pages.untc_xml()),
    "untc_excel": ("status.xlsx", pages.untc_excel()),
}


def read(folder, name, content, **said):
    """One file of a folder as a register; `said` is what sources.toml says of it."""
    (folder / name).write_bytes(content)
    if said:
        lines = [f"{key} = {value if key == 'as_of' else repr(str(value))}" for key, value in said.items()]
        (folder / "sources.toml").write_text("\n".join([f'[table."{name}"]', *lines]), encoding="utf-8")
    return register.table_read(folder / name)


def acts(found):
    return {(one.state, str(one.act), one.on) for one in found.actions}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_status_page_holds_the_same_acts(form, tmp_path):
    name, content = FORMS[form]
    found = read(tmp_path, name, content, reader=form, as_of=STATUS)

    assert acts(found) - {("XA", "denunciation", date(2016, 10, 26)), ("XA", "denunciation", None)} == ACTS
    assert {one.treaty for one in found.actions} == {"TIP"}
    assert {one.found.as_of for one in found.actions} == {STATUS}
    assert {(one.state, one.act) for one in found.beside} == {("EU", Act.SIGNATURE), ("EU", Act.APPROVAL)}
    assert found.problems == ()


@pytest.mark.parametrize("form", ["untc_html", "untc_xml"])
def test_a_page_and_an_xml_export_are_known_by_what_they_hold_and_tell_their_own_day(form, tmp_path):
    name, content = FORMS[form]
    found = read(tmp_path, name, content)

    assert {one.found.as_of for one in found.actions} == {STATUS}
    assert {one.found.source.id for one in found.actions} == {"untc"}


@pytest.mark.parametrize("form", ["untc_html", "untc_xml"])
def test_a_date_in_brackets_is_a_participant_that_left_on_the_day_of_its_end_note(form, tmp_path):
    name, content = FORMS[form]
    left = read(tmp_path, name, content).standing("XA", "TIP")

    assert left.party is False
    assert (left.act.act, left.act.on) == (Act.DENUNCIATION, date(2016, 10, 26))


def test_a_participant_that_left_on_an_unknown_day_is_no_party_either(tmp_path):
    name, content = FORMS["untc_excel"]
    left = read(tmp_path, name, content, reader="untc_excel", as_of=STATUS).standing("XA", "TIP")

    assert (left.party, left.act.on) == (False, None)


def test_declarations_are_told_by_kind_day_and_state(tmp_path):
    found = read(tmp_path, *FORMS["untc_html"])

    assert [(one.state, one.kind, one.on) for one in found.declared] == [
        ("XB", Declared.RESERVATION, date(2004, 4, 4)),
        ("XB", Declared.DECLARATION, date(2004, 4, 4)),
        ("KAZ", Declared.DECLARATION, None),
        ("XC", Declared.OBJECTION, date(2008, 3, 14)),
        ("XD", Declared.WITHDRAWAL, date(2010, 10, 5)),
    ]
    assert found.declared[0].heading.startswith("Country XB does not consider itself bound")
    assert "It says so again." in found.declared[0].heading


def test_an_objection_names_whose_reservation_it_is_against(tmp_path):
    found = read(tmp_path, *FORMS["untc_html"])

    assert [one.state for one in found.objections("XB", "TIP")] == ["XC"]
    assert found.objections("XC", "TIP") == ()


def test_a_party_with_a_reservation_can_be_told_from_one_without(tmp_path):
    found = read(tmp_path, *FORMS["untc_html"])

    assert [one.kind for one in found.reservations("XB", "TIP")] == [
        Declared.DECLARATION,
        Declared.RESERVATION,
    ]
    assert found.reservations("ALB", "TIP") == ()


def test_the_line_of_each_fact_leads_back_to_the_file(tmp_path):
    content = pages.untc_html().replace(b"</tr><tr>", b"</tr>\n<tr>")
    found = read(tmp_path, "page.html", content)
    lines = content.decode().split("\n")

    kazakhstan = next(one for one in found.actions if one.state == "KAZ")
    assert "Kazakhstan" in lines[kazakhstan.found.line - 1]


FRENCH = "Ratification, Acceptation(A), Approbation(AA), Adhésion(a), Succession(d)"


def test_a_french_page_is_read_as_well(tmp_path):
    page = pages.untc_html(
        (("Albanie", "", "12 déc 2000", "21 août 2002"), ("Pays XA", "", "", "1er févr. 2009 a")),
        consent=FRENCH,
        status="ÉTAT EN DATE DU : 15-11-2026 05:00:33 EDT",
        chapter="CHAPITRE XVIII",
        head="Participant",
        below="<h5>Déclarations et Réserves</h5><p>Pays XA</p><p>Réserve :</p><p>Il n’est pas lié.</p>",
    )
    found = read(tmp_path, "page.html", page)

    assert acts(found) == {
        ("ALB", "signature", date(2000, 12, 12)),
        ("ALB", "ratification", date(2002, 8, 21)),
        ("XA", "accession", date(2009, 2, 1)),
    }
    assert [(one.kind, one.on) for one in found.declared] == [(Declared.RESERVATION, date(2009, 2, 1))]


@pytest.mark.parametrize(
    "written", ["23 Oct 2006 d", "2006-10-23 d", "23/10/2006 d", "23-10-2006d", "23 octobre 2006, d"]
)
def test_a_day_may_stand_in_any_form_before_its_mark(written, tmp_path):
    found = read(tmp_path, "page.html", pages.untc_html((("Montenegro 1,2", "", "", written),), below=""))

    assert acts(found) == {("MNE", "succession", date(2006, 10, 23))}


def test_real_dates_of_a_workbook_are_read_as_days(tmp_path):
    rows = (("Country XA", "", date(2001, 2, 3), date(2002, 3, 4)),)
    found = read(tmp_path, "s.xlsx", pages.untc_excel(rows), reader="untc_excel", as_of=STATUS)

    assert acts(found) == {("XA", "signature", date(2001, 2, 3)), ("XA", "ratification", date(2002, 3, 4))}


def test_two_spellings_of_one_state_are_one_state_and_both_rows_are_kept(tmp_path):
    rows = (("Côte d'Ivoire", "", "", "25 Oct 2012 a"), ("IVORY COAST", "", "", "25 Oct 2012 a"))
    found = read(tmp_path, "page.html", pages.untc_html(rows, below=""))

    assert [one.state for one in found.actions] == ["CIV", "CIV"]
    assert found.tables[0].used == 2
    assert len(found.standing("CIV", "TIP").evidence) == 1


def test_a_former_state_is_no_party_and_no_successor_gets_its_row(tmp_path):
    former = (("Yugoslavia", "", "", "5 Jun 1990 a"), ("Czechoslovakia", "", "", "5 Jun 1990 a"))
    rows = (*former, *pages.PARTICIPANTS[3:4])
    found = read(tmp_path, "page.html", pages.untc_html(rows, below=""))

    assert {one.state for one in found.actions} == {"KAZ"}
    assert found.beside == ()
    assert dict(found.tables[0].unused) == {"a former State (CSK)": 1, "a former State (YUG)": 1}
    assert found.standing("SRB", "TIP").party is False


@pytest.mark.parametrize(
    "row, where, wrong",
    [
        (("Kazakstan", "", "", "31 Jul 2008 a"), "Participant", "KAZ (Kazakhstan)"),
        (("Albania", "", "31 Feb 2008", ""), "Signature", "not a day of the calendar"),
        (("Albania", "", "12 Dec 2000", "21 Aug 2002 z"), pages.CONSENT, "marks of its heading"),
        (("Albania", "", "12 Dec 2000", "21 Aug 2030"), pages.CONSENT, "later than the day of the status"),
    ],
    ids=["unknown name", "no such day", "unknown mark", "in the future"],
)
def test_a_row_that_cannot_be_read_is_named_and_the_others_are_kept(row, where, wrong, tmp_path):
    found = read(tmp_path, "page.html", pages.untc_html((row, *pages.PARTICIPANTS[3:4]), below=""))
    (problem,) = found.tables[0].problems

    assert problem.path.endswith(where)
    assert wrong in f"{problem.wrong} {problem.remedy}"
    assert acts(found) == {("KAZ", "accession", date(2008, 7, 31))}


@pytest.mark.parametrize(
    "name, content, looked, found",
    [
        (
            "page.html",
            pages.untc_html(head="Name of vessel"),
            "a table headed Participant",
            "Name of vessel | Signature",
        ),
        (
            "page.html",
            b"<html>treaties.un.org <p>Sorry, under maintenance</p></html>",
            "Participant",
            "0 tables",
        ),
        (
            "status.xml",
            b"<Treaty><Participants/></Treaty>",
            "rows of entries",
            "the elements participants, treaty",
        ),
        ("page.html", pages.untc_html(chapter="", title="A list of ships"), "XVIII-12-a", "neither"),
        (
            "page.html",
            pages.untc_html(chapter="CHAPTER IV", title="2. On other matters"),
            "by its number",
            "IV-2",
        ),
        ("page.html", pages.untc_html(status=""), "the day of the status", "none"),
        (
            "page.html",
            b"<html>normlex<table><tr><th>Ship</th></tr></table></html>",
            "Country, Date",
            "headed Ship",
        ),
        ("page.html", b"<html>normlex</html>", "Country, Date and Status", "no table"),
    ],
)
def test_a_page_of_another_layout_says_what_was_looked_for_and_found(name, content, looked, found, tmp_path):
    with pytest.raises(InvalidRecord) as refusal:
        read(tmp_path, name, content)

    assert looked in str(refusal.value).split("found ")[0]
    assert found in str(refusal.value).split("found ", 1)[1]


@pytest.mark.parametrize(
    "name, content, said, wrong",
    [
        ("s.xlsx", pages.untc_excel(head="Ship"), {"reader": "untc_excel"}, "found the sheets Status"),
        ("r.csv", b"Country,Date\nAlbania,\n", {"reader": "normlex_csv"}, "found the columns Country, Date"),
        (
            "y.csv",
            b"Country,Colour\nAlbania,red\n",
            {"reader": "yes_no_columns"},
            "found the columns Country",
        ),
        ("y.csv", b"Country,Party\nXA,yes\n", {"reader": "yes_no_columns", "treaty": "SHIPS"}, "another id"),
        ("x.xml", b"<Treaty>", {"reader": "untc_xml"}, "breaks off"),
        ("p.html", b"", {"reader": "untc_html"}, "holds no page"),
        ("other.txt", b"", {}, "a form that is known"),
    ],
)
def test_a_file_that_is_not_what_sources_toml_says_is_refused(name, content, said, wrong, tmp_path):
    with pytest.raises(InvalidRecord, match=wrong):
        read(tmp_path, name, content, **said)


def test_the_treaty_is_known_by_its_title_where_no_number_stands(tmp_path):
    page = pages.untc_html(
        chapter="", title="United Nations Convention against Transnational Organized Crime"
    )
    found = read(tmp_path, "page.html", page)

    assert {one.treaty for one in found.actions} == {"UNTOC"}


def test_a_protocol_is_not_taken_for_the_treaty_that_it_belongs_to(tmp_path):
    title = "Optional Protocol to the Convention on the Rights of the Child on a communications procedure"

    with pytest.raises(InvalidRecord, match="found neither"):
        read(tmp_path, "page.html", pages.untc_html(chapter="", title=title))


def test_a_definitive_signature_binds_and_a_plain_mark_does_not(tmp_path):
    page = pages.untc_html(
        (("Country XA", "", "", "7 Dec 1953 s"), ("Country XB", "", "7 Dec 1953", "")),
        consent="Definitive signature(s), Acceptance(A)",
        below="",
    )
    found = read(tmp_path, "page.html", page)

    assert found.standing("XA", "TIP").party is True
    assert found.standing("XB", "TIP").signed_only


SAID = {
    ("PAK", "ratification", date(1960, 2, 15)),
    ("MYS", "ratification", date(1958, 10, 13)),
    ("MYS", "denunciation", date(1990, 1, 10)),
    ("XA", "ratification", date(1999, 3, 3)),
    ("XB", "ratification", date(2026, 1, 1)),
    ("XC", "ratification", date(2001, 1, 1)),
    ("XC", "denunciation", None),
}


@pytest.mark.parametrize(
    "name, content", [("C105.html", pages.normlex_html()), ("C105.csv", pages.normlex_csv())]
)
def test_ratifications_of_a_convention_are_read_from_a_page_and_from_a_csv(name, content, tmp_path):
    found = read(tmp_path, name, content, reader=f"normlex_{name.rpartition('.')[2]}", as_of=STATUS)

    assert acts(found) == SAID
    assert {one.found.source.id for one in found.actions} == {"normlex"}
    assert [one.state for one in found.beside] == ["HKG"]
    assert found.standing("MYS", "C105").party is found.standing("XC", "C105").party is False
    assert found.standing("XB", "C105").party is True


def test_a_page_of_one_countrys_ratifications_is_read_as_well(tmp_path):
    content = (
        b"<html>normlex<h1>Ratifications for Pakistan</h1><table><tr><th>Convention</th><th>Date</th>"
        b"<th>Status</th></tr><tr><td>C029 - Forced Labour Convention, 1930 (No. 29)</td><td>23 Dec 1957</td>"
        b"<td>In Force</td></tr><tr><td>C001</td><td>14 Jul 1921</td><td>In Force</td></tr></table></html>"
    )
    found = read(tmp_path, "pak.html", content, reader="normlex_html", as_of=STATUS)

    assert acts(found) == {("PAK", "ratification", date(1957, 12, 23))}
    assert dict(found.tables[0].unused) == {"nothing that the framework asks about": 1}


@pytest.mark.parametrize(
    "row, where",
    [
        (("Pakistan", "soon", "In Force", ""), "Date"),
        (("Pakistan", "1 Jan 2001", "Lost", ""), "Status"),
    ],
)
def test_a_ratification_that_cannot_be_read_is_named(row, where, tmp_path):
    found = read(tmp_path, "r.csv", pages.normlex_csv((row,)), reader="normlex_csv", as_of=STATUS)

    assert found.tables[0].problems[0].path == f"line 2, {where}"
    assert found.actions == ()


def test_a_convention_that_has_no_number_is_named(tmp_path):
    content = pages.normlex_csv(convention="Ships")
    found = read(tmp_path, "r.csv", content, reader="normlex_csv", as_of=STATUS)

    assert {one.path for one in found.tables[0].problems} == {
        f"line {line}, Convention" for line in range(2, 8)
    }


def test_a_csv_of_ratifications_needs_the_day_up_to_which_it_speaks(tmp_path):
    with pytest.raises(InvalidRecord, match="the day of the status"):
        read(tmp_path, "r.csv", pages.normlex_csv())


YES_NO = """Country,C182,Forced labour protocol
Pakistan,Yes,no
Côte d'Ivoire,oui,N/A
Holy See,no,
Albania,maybe,no
""".encode()


def test_a_table_of_yes_and_no_is_read_by_its_headings(tmp_path):
    found = read(tmp_path, "y.csv", YES_NO, reader="yes_no_columns", source="ours", as_of=STATUS)

    assert [(one.state, one.treaty, one.act) for one in found.actions] == [
        ("PAK", "C182", Act.REPORTED_PARTY),
        ("PAK", "P029", Act.REPORTED_NOT_PARTY),
        ("CIV", "C182", Act.REPORTED_PARTY),
    ]
    assert [one.path for one in found.tables[0].problems] == ["line 5, C182"]
    assert found.covered == ()


def test_two_columns_of_yes_and_no_take_their_treaty_from_sources_toml(tmp_path):
    content = b"State,Party\nXA,Yes\nXB,No\n"
    found = read(
        tmp_path, "y.csv", content, reader="yes_no_columns", treaty="C189", source="ours", as_of=STATUS
    )

    assert found.standing("XA", "C189").party is True
    assert found.standing("XB", "C189").party is False


def test_a_folder_reads_what_it_recognises_and_names_the_rest(tmp_path):
    (tmp_path / "tip.html").write_bytes(pages.untc_html())
    (tmp_path / "speech.html").write_text("<html><p>Mr. President</p></html>", encoding="utf-8")
    found = register.read(tmp_path)

    assert [one.file for one in found.tables] == ["tip.html"]
    assert found.files_not_read == ("speech.html",)


def test_every_row_of_a_page_is_accounted_for(tmp_path):
    (one,) = read(tmp_path, *FORMS["untc_html"]).tables

    assert one.rows == one.used + sum(count for _, count in one.unused) + len(one.problems) == 8


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    some.sampled_from(["untc_html", "untc_xml", "normlex_html", "normlex_csv"]),
    some.lists(some.tuples(some.floats(0, 1), some.integers(0, 200), some.binary(max_size=6)), max_size=4),
)
def test_a_page_that_was_damaged_is_read_or_refused_and_nothing_else(tmp_path, form, damages):
    whole = {
        "untc_html": pages.untc_html(),
        "untc_xml": pages.untc_xml(),
        "normlex_html": pages.normlex_html(),
        "normlex_csv": pages.normlex_csv(),
    }[form]
    for place, length, put in damages:
        at = int(place * len(whole))
        whole = whole[:at] + put + whole[at + length :]

    with suppress(InvalidRecord):
        (one,) = read(tmp_path, "page", whole, reader=form, as_of=STATUS).tables
        assert one.rows == one.used + sum(count for _, count in one.unused) + len(one.problems)
