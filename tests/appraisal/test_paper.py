"""The PDF: tagged as PDF/UA-1, the same bytes each time, its texts never markup."""

import re
from dataclasses import replace

import pytest

from palermo.appraisal import paper
from palermo.appraisal.words import Language, Text
from tests.appraisal.made import a_report, an_action
from tests.appraisal.test_report import FACTS


@pytest.mark.parametrize("language", Language)
def test_a_pdf_says_its_standard_its_language_and_its_title(language):
    made = paper.pdf(a_report(*FACTS), language)

    assert made.startswith(b"%PDF-")
    assert b"<pdfuaid:part>1</pdfuaid:part>" in made
    assert re.search(rb"/Lang ?\(" + language.value.encode(), made)
    assert b"/MarkInfo" in made
    assert b"/StructTreeRoot" in made


def test_the_same_report_gives_the_same_bytes():
    made = a_report(*FACTS)

    assert paper.pdf(made, Language.FRENCH) == paper.pdf(made, Language.FRENCH)


def test_a_name_from_a_table_cannot_become_markup():
    action = an_action()
    source = replace(action.found.source, name=Text(en='#panic("x") *a* $', fr="#panic()"))
    hostile = replace(action, found=replace(action.found, source=source))

    assert paper.pdf(a_report(hostile), Language.ENGLISH).startswith(b"%PDF-")
