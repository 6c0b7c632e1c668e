"""Reports of several States: a pillar side by side, and all States; every number opens, none is ranked."""

import re

import pytest

from palermo.appraisal import assess, page, state
from palermo.appraisal.chapter import several
from palermo.appraisal.provision import Pillar
from palermo.appraisal.report import Table
from palermo.appraisal.statement.claim import Support
from palermo.appraisal.treaty import Act
from palermo.appraisal.words import Language
from tests.appraisal.dossiers import a_claim, a_dossier
from tests.appraisal.made import TODAY, a_register, an_action, an_observation
from tests.appraisal.test_report import FACTS, Page

FOUND = (
    *FACTS,
    an_action(treaty="TIP", state="XB"),
    an_action(Act.SIGNATURE, treaty="TIP", state="XC"),
    an_observation("<5", year=2020, state="XB"),
)
REGISTER = a_register(*FOUND)


def appraisals(*codes, dossiers=None):
    told = dossiers or {}
    return [
        assess.state(state.state(code), register=REGISTER, today=TODAY, dossier=told.get(code, a_dossier()))
        for code in codes
    ]


def everywhere(*codes, **more):
    return several.global_report(appraisals(*codes, **more), REGISTER)


def row(report, section, id):
    found = next(one for one in report.sections if one.id == section)
    tables = [one for one in found.blocks if isinstance(one, Table)]
    return next(one for table in tables for one in table.rows if one.id == id)


@pytest.mark.parametrize("pillar", Pillar)
@pytest.mark.parametrize("language", Language)
def test_every_number_of_a_pillar_report_opens_on_its_page(pillar, language):
    made = several.pillar_report(pillar, appraisals("XA", "XB"))

    seen = Page(page.document(made, language))

    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert len(seen.numbers) > 10


@pytest.mark.parametrize("language", Language)
def test_every_number_of_the_global_report_opens_on_its_page(language):
    asking = a_dossier(a_claim(support=(Support.DATA,)))

    seen = Page(page.document(everywhere("XA", "XB", "XC", dossiers={"XA": asking}), language))

    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert len(seen.numbers) > 10


def test_states_stand_by_their_codes_whatever_they_did():
    made = several.pillar_report(Pillar.TREATIES, appraisals("XC", "XA", "XB"))
    [table] = [one for one in made.sections[0].blocks if isinstance(one, Table)]

    assert [one.cells[0].en[8:10] for one in table.rows] == ["XA", "XB", "XC"]


def test_many_states_are_not_told_provision_by_provision(monkeypatch):
    monkeypatch.setattr(several, "MOST_IN_FULL", 1)

    made = several.pillar_report(Pillar.TREATIES, appraisals("XA", "XB"))

    assert not any(one.id.startswith("state-") for one in made.sections)
    assert {target for one in made.figures() for target in one.opens} <= made.anchors()


def test_parties_are_counted_among_the_states_asked_for():
    found = row(everywhere("XA", "XB", "XC"), "universal", "treaty-TIP")

    parties, of, waiting, unknown = (one.low for one in found.cells[1:5])
    assert (parties, of, waiting, unknown) == (2, 3, 1, 0)


def test_obstacles_stand_by_how_many_states_meet_them():
    made = everywhere("XA", "XB", "XC")
    section = next(one for one in made.sections if one.id == "obstacles")
    counts = [one.cells[1].low for one in section.blocks[1].rows]

    assert counts == sorted(counts, reverse=True)


def test_gaps_in_the_data_name_their_states():
    made = everywhere("XA", "XB", "XC")

    assert row(made, "missing", "missing-none").cells[2] == "XC"
    assert row(made, "missing", "missing-old").cells[2] == "XB"
    assert row(made, "missing", "missing-hidden").cells[2] == "XA, XB"
    assert row(made, "missing", "missing-conflict").cells[2] == "XA"


def test_what_states_ask_for_opens_to_the_passages():
    asking = a_dossier(a_claim(support=(Support.DATA,), text="We need help to collect data."))

    found = row(everywhere("XA", "XB", dossiers={"XA": asking}), "support", "support-data-collection")

    assert found.cells[1].low == 1
    assert found.cells[1].opens == found.cells[3].ids


def test_without_a_statement_nobody_asks():
    text = re.sub(r"<[^>]+>", "", page.fragment(everywhere("XA"), Language.ENGLISH))

    assert "No statement that was read asks for support." in text


def test_long_lists_of_codes_are_cut_with_the_number_of_the_others():
    codes = [f"X{one:02}" for one in range(45)]

    made = several.listed(codes)

    assert dict(made.values)["count"] == "5"
    assert several.listed([]).key == "dash"


def test_the_same_states_in_any_order_give_the_same_report():
    assert everywhere("XA", "XB").content_hash == everywhere("XB", "XA").content_hash
