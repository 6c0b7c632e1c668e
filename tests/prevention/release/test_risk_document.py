import json
import re
from html import escape

import pytest

from palermo.prevention.release import case_table, risk, risk_document, risk_page, risk_text, schema_text
from palermo.prevention.release.guarded import Secret
from palermo.prevention.release.report import Asked
from tests.prevention.release import made_up
from tests.prevention.release.test_holdout import copied, many
from tests.prevention.release.test_risk import a_release


@pytest.fixture(scope="module")
def report():
    asked = Asked(known=(0,), sensitive=(1, 2), trials=2, runs=20, among=100)
    return risk.report(Secret(many()), a_release(), asked=asked, make=copied)


@pytest.fixture(scope="module")
def schema():
    """Three columns, as many as the persons of the report have."""
    whole = schema_text.read(made_up.a_schema_text())
    return type(whole)(columns=whole.columns[:3])


def test_a_report_comes_back_from_its_document_as_it_was(report):
    kept = json.loads(json.dumps(risk_document.document(report)))

    assert risk_document.read(kept) == report


def test_the_file_for_other_programs_says_that_it_stays_inside_and_names_its_columns(report, schema):
    told = json.loads(risk_document.written(report, schema))

    assert told["inside_only"] is True
    assert (told["known"], told["sensitive"]) == (["year"], ["sex", "age_band"])
    assert told["broken"] is report.broken
    assert set(told["text"]) == {"en", "fr", "ar"}


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_the_page_holds_every_sentence_of_the_report_and_loads_nothing(report, schema, language):
    page = risk_page.page(report, schema, language=language, title="Persons <of> XA")

    for section in risk_text.sections(report, schema, language):
        assert escape(section.title) in page
    assert "Persons &lt;of&gt; XA" in page
    assert f'lang="{language}"' in page
    assert "____" in page
    assert not re.search(r"<script|https?://|src=", page)


def test_a_page_that_was_signed_says_by_whom_and_has_no_line_to_sign_on(report, schema):
    page = risk_page.page(report, schema, language="en", signed=["Read by d-haile on 22 November 2026."])

    assert "Read by d-haile" in page
    assert "____" not in page


def test_the_columns_that_an_attacker_usually_knows_are_told_by_their_names():
    known, hidden = risk.usual(case_table.schema())

    assert known == ("year", "sex", "age_band", "citizenship")
    assert hidden == ("forms", "means", "industry")


def test_where_all_columns_are_known_or_none_is_the_last_is_to_stay_hidden(schema):
    whole = schema_text.read(made_up.a_schema_text())
    unusual = type(whole)(columns=whole.columns[4:7])

    assert risk.usual(schema) == (("year", "sex"), ("age_band",))
    assert risk.usual(unusual) == (("form", "means"), ("industry",))


def test_a_report_tells_how_far_it_is():
    parts = []
    asked = Asked(known=(0,), sensitive=(1,), trials=2, runs=20, among=50)

    risk.report(Secret(many()), a_release(), asked=asked, make=copied, moved=parts.append)

    assert parts == sorted(parts)
    assert (len(parts), parts[-1]) == (42, 1.0)
