"""Opening documents of every kind: what is read, what is guessed, what is refused and what to do."""

import codecs
import zipfile
from datetime import date
from io import BytesIO

import pytest

from palermo.appraisal.statement import file
from palermo.appraisal.statement.opening import opened
from palermo.errors import InvalidRecord, Unknown, Unreachable
from tests.appraisal.statement.papers import a_docx, a_locked_pdf, a_pdf
from tests.appraisal.statement.spoken import public_statement

SAID = "We opened two shelters. Nous avons formé la police."


@pytest.mark.parametrize(
    "data",
    [
        SAID.encode(),
        codecs.BOM_UTF8 + SAID.encode(),
        SAID.encode("utf-16"),
        SAID.encode("cp1252"),
        f"<html><body><p>{SAID}</p><script>no()</script></body></html>".encode(),
        f"<!DOCTYPE html><meta charset=latin-1><p>{SAID}".encode("latin-1"),
        a_docx(SAID),
        a_pdf(SAID),
    ],
    ids=["utf-8", "mark", "utf-16", "windows", "html", "latin html", "docx", "pdf"],
)
def test_the_same_words_are_read_from_every_kind_of_file(data):
    assert opened(data, name="made-up").text == SAID


def test_a_file_that_is_not_utf_8_says_how_it_was_read():
    assert "Windows-1252" in opened("été".encode("cp1252"), name="x.txt").notes[0]
    assert opened("été".encode(), name="x.txt").notes == ()


def test_the_id_is_the_hash_of_the_bytes_whatever_the_name():
    assert opened(SAID.encode(), name="a.txt").id == opened(SAID.encode(), name="b.txt").id
    assert opened(SAID.encode(), name="a.txt").id != opened((SAID + "!").encode(), name="a.txt").id


def test_blocks_of_a_page_are_lines_and_its_menus_are_left_out():
    page = (
        b"<html><nav>Home</nav><h1>Statement</h1><div>One <b>two</b><br>three</div><ul><li>four</ul></html>"
    )

    assert opened(page, name="x.html").text.split() == ["Statement", "One", "two", "three", "four"]
    assert "One two\n" in opened(page, name="x.html").text


def test_the_cells_of_a_word_table_are_read():
    assert "in a cell" in opened(a_docx("Before", cells=("in a cell", "beside")), name="x.docx").text


def test_printed_lines_are_joined_into_sentences():
    lines = (
        "The Government of Country XA has adopted a law that treats every\n"
        "trafficked person as a victim and has opened shelters in each prov-\nince of the land.\nA new line."
    )

    text = opened(a_pdf(lines), name="x.pdf").text

    assert "every trafficked person" in text
    assert "province" in text


def test_lines_that_go_on_in_small_letters_are_joined_without_moving_an_offset():
    assert file.unwrapped("We opened\ntwo shelters.\nThen left") == "We opened two shelters.\nThen left"


def test_a_long_document_tells_of_each_page():
    told = []

    document = opened(
        a_pdf(*["We act."] * 500), name="long.pdf", progress=lambda done, every: told.append((done, every))
    )

    assert told == [(number, 500) for number in range(1, 501)]
    assert document.text.count("We act.") == 500


def test_a_page_without_text_among_others_is_noted():
    assert "page 2" in opened(a_pdf("We act.", "", "We win."), name="x.pdf").notes[0]


@pytest.mark.parametrize(
    "data, name, remedy",
    [
        (a_pdf("", ""), "scan.pdf", "OCR"),
        (a_locked_pdf("We act."), "locked.pdf", "without one"),
        (b"%PDF-1.4 and then nothing", "torn.pdf", "Download it again"),
        (b"PK\x03\x04torn", "torn.docx", "Give .docx"),
        (b"\xd0\xcf\x11\xe0old", "old.doc", "Save it as .docx"),
        (b"{\\rtf1 old}", "old.rtf", "Save it as .docx"),
        (b"", "empty.txt", "with words in it"),
        (b"12 34 ...", "figures.txt", "with words in it"),
        (b"<html></html>", "empty.html", "with words in it"),
        (b"\x00\x01\x02\xff", "picture.bin", "Give .txt"),
        (b"a\0b", "nul.txt", "Give .txt"),
    ],
    ids=lambda given: given if isinstance(given, str) else "",
)
def test_what_holds_no_words_is_refused_with_what_to_do(data, name, remedy):
    with pytest.raises(InvalidRecord, match=remedy) as refused:
        opened(data, name=name)

    assert name in str(refused.value)


def test_a_word_file_that_unfolds_beyond_measure_is_refused(monkeypatch):
    monkeypatch.setattr(file, "LARGEST", 1)

    with pytest.raises(InvalidRecord, match="unfolds"):
        opened(a_docx("We act."), name="bomb.docx")


def test_a_zip_that_is_no_word_file_is_refused():
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr("a.txt", "We act.")

    with pytest.raises(InvalidRecord, match="not a Word document"):
        opened(kept.getvalue(), name="x.docx")


def test_a_text_beyond_measure_is_refused(monkeypatch):
    monkeypatch.setattr(file, "LARGEST", 3)

    with pytest.raises(InvalidRecord, match="larger"):
        opened(b"We act.", name="x.txt")


def test_a_missing_file_is_unreachable(tmp_path):
    with pytest.raises(Unreachable, match="cannot be read"):
        opened(tmp_path / "none.txt", name="none.txt")


def test_what_is_given_is_kept_and_not_guessed():
    document = opened(
        b"Statement by Jane Doe of Pakistan. Pakistan acts. Lahore, 3 May 2021",
        name="x.txt",
        speaker="J. Roe",
        state="Kazakhstan",
        spoken_on=date(2020, 1, 1),
    )

    assert (document.speaker, document.state, document.spoken_on) == ("J. Roe", "KAZ", date(2020, 1, 1))
    assert [one.about for one in document.guesses] == ["language"]


def test_an_unknown_state_is_refused_with_the_nearest_names():
    with pytest.raises(Unknown, match="PAK"):
        opened(b"We act.", name="x.txt", state="Pakistann")


@pytest.mark.parametrize(
    "text, about, value",
    [
        ("Statement by the Jane Mary Doe, Director General", "speaker", "Jane Mary Doe"),
        ("STATEMENT\nStatement delivered by H.E. Jane Doe at the Assembly", "speaker", "Jane Doe"),
        ("Déclaration de S.E. Jean Dupont devant l’Assemblée", "speaker", "Jean Dupont"),
        ("“We act”, said Ambassador John Roe today.", "speaker", "John Roe"),
        (
            "The head of the Xanadian delegation, the Vice-Minister, Ada Li Wong spoke.",
            "speaker",
            "Ada Li Wong",
        ),
        ("Islamabad: November 23, 2021", "spoken_on", "2021-11-23"),
        ("Geneva, 3 May 2019 - We act", "spoken_on", "2019-05-03"),
        ("(27-28 September 2017)", "spoken_on", "2017-09-27"),
        ("Paris, le 1er janvier 2024", "spoken_on", "2024-01-01"),
        ("date 2017-09-29 NEW YORK.", "spoken_on", "2017-09-29"),
        ("By resolution 74/176 of 18 December 2019 we meet. Vienna, 2 June 2020", "spoken_on", "2020-06-02"),
        ("Pakistan acts. Pakistan wins with India.", "state", "PAK"),
        ("Le Sénégal agit. Le Sénégal gagne.", "state", "SEN"),
    ],
)
def test_a_guess_is_made_where_the_text_tells(text, about, value):
    guess = opened(text.encode(), name="x.txt").guessed(about)

    assert guess is not None
    assert guess.value == value
    assert guess.words


@pytest.mark.parametrize(
    "text, about",
    [
        ("We act.", "speaker"),
        ("We act on 31 February 2020.", "spoken_on"),
        ("Pakistan acts once.", "state"),
        ("Pakistan and India act. India and Pakistan win. Both, India, Pakistan.", "state"),
        ("The Secretary-General said of Pakistan: Pakistan acts.", "state"),
        ("North Korea acts. South Korea wins. North Korea, South Korea.", "state"),
    ],
)
def test_no_guess_is_made_where_the_text_does_not_tell(text, about):
    assert opened(text.encode(), name="x.txt").guessed(about) is None


@pytest.mark.parametrize(
    "number, told",
    [
        ("000", ("Antonio Guterres", None, "2017-09-29", "en")),
        ("001", ("Aamir Khan", "PAK", "2021-11-23", "en")),
        ("002", ("Khalil Hashmi", "PAK", "2017-09-27", "en")),
        ("003", ("Madina Abylkassymova", "KAZ", "None", "en")),
        ("004", ("Ban Ki-moon", None, "2014-07-30", "en")),
    ],
)
def test_the_public_statements_tell_who_spoke_for_whom_and_when(number, told):
    document = opened(public_statement(number), name="")

    assert (document.speaker, document.state, str(document.spoken_on), document.language) == told
