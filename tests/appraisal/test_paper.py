"""The PDF: tagged as PDF/UA-1, the same bytes each time, its texts never markup."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from palermo import node
from palermo.appraisal import paper
from palermo.appraisal.words import Language, Text
from palermo.errors import Unreachable
from tests.appraisal.made import a_report, an_action
from tests.appraisal.test_report import FACTS

FONTS = Path(node.__file__).parent / "static" / "palermo" / "built" / "fonts"


def a_pdf(language, *facts):
    """The PDF; the Arabic one is skipped, with its reason, where its letters were not built."""
    if language.right_to_left and not (FONTS / paper.ARABIC_FILES[0]).is_file():
        pytest.skip("the Arabic letters are not built: run python hatch_build.py")
    return paper.pdf(a_report(*facts), language, fonts=FONTS)


@pytest.mark.parametrize("language", Language)
def test_a_pdf_says_its_standard_its_language_and_its_title(language):
    made = a_pdf(language, *FACTS)

    assert made.startswith(b"%PDF-")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert re.search(rb"/Lang ?\(" + language.value.encode(), made)
    assert b"/MarkInfo" in made
    assert b"/StructTreeRoot" in made


@pytest.mark.parametrize("language", Language)
def test_the_same_report_gives_the_same_bytes(language):
    assert a_pdf(language, *FACTS) == a_pdf(language, *FACTS)


def test_the_arabic_pdf_holds_joined_arabic_letters_and_its_headings_in_arabic():
    text = "".join(
        one.extract_text() for one in pypdf.PdfReader(io.BytesIO(a_pdf(Language.ARABIC, *FACTS))).pages
    )

    assert "المعاهدات" in text
    assert "Ratification, accession, succession" in text


def test_an_arabic_pdf_without_its_letters_says_what_to_build(tmp_path):
    with pytest.raises(Unreachable, match=r"Noto Sans Arabic.*hatch_build"):
        paper.pdf(a_report(), Language.ARABIC, fonts=tmp_path)


def test_a_name_from_a_table_cannot_become_markup():
    action = an_action()
    source = replace(action.found.source, name=Text(en='#panic("x") *a* $', fr="#panic()"))
    hostile = replace(action, found=replace(action.found, source=source))

    assert paper.pdf(a_report(hostile), Language.ENGLISH).startswith(b"%PDF-")
