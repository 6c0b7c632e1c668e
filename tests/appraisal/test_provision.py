"""The framework as data: complete, in both languages, every link leading somewhere."""

import csv
from datetime import date

import pytest

from palermo.appraisal import obstacle, provision, rule, words
from palermo.appraisal.provision import Pillar, ReferenceStatus, Set, instruments, measures, plan, provisions
from palermo.errors import Unknown
from tests.appraisal.made import public

ALL = list(provisions().values())


def test_the_plan_has_51_provisions():
    assert len(plan()) == 51
    assert [sum(one.pillar is pillar for one in plan()) for pillar in Pillar] == [14, 16, 10, 7, 4]


def test_later_commitments_are_there():
    counts = {kept: sum(one.set is kept for one in ALL) for kept in Set}

    assert counts == {Set.PLAN: 51, Set.DECLARATION: 25, Set.GOAL: 6, Set.COMPACT: 10}


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_a_provision_is_worded_in_english_and_in_french(one):
    assert one.text.en.endswith(".")
    assert one.text.fr.endswith(".")
    assert one.text.en != one.text.fr


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
def test_every_link_of_a_provision_leads_somewhere(one):
    assert one.instrument in instruments()
    assert all(link.split()[0] in instruments() for link in one.links.treaty)
    assert all(link in provisions() for link in (*one.links.plan, *one.supersedes))
    assert all(f"SDG-{link}" in provisions() for link in one.links.sdg)
    assert all(measures()[name].provision == one.id for name in one.measures)


def test_four_provisions_bind_the_united_nations_and_are_not_scored():
    assert [one.id for one in ALL if not one.scored] == ["GPA-P13", "GPA-R15", "GPA-N05", "GPA-N06"]
    assert {one.id for one in ALL if one.addressee == "un"} == {one.id for one in ALL if not one.scored}


def test_every_scored_provision_of_the_plan_has_a_measure_and_no_measure_has_two():
    assert all(one.measures for one in plan() if one.scored)
    assert len({name for one in ALL for name in one.measures}) == sum(len(one.measures) for one in ALL)


def test_only_a_verified_or_checked_reference_goes_without_a_warning():
    unchecked = {one.id for one in ALL if not one.reference_checked}

    assert "GPA-P05" in unchecked
    assert "GPA-R15" not in unchecked
    assert all(provisions()[name].reference_status is not ReferenceStatus.VERIFIED for name in unchecked)


def test_nothing_is_marked_checked_without_a_name_and_a_day():
    assert all((one.checked_by is None) == (one.checked_on is None) for one in ALL)


def test_references_agree_with_the_research_table():
    with public("framework_provisions.csv").open(encoding="utf-8", newline="") as table:
        rows = {row["id"]: row for row in csv.DictReader(table)}

    assert list(rows) == [one.id for one in plan()]
    assert all(rows[one.id]["reference_status"] == one.reference_status for one in plan())
    assert all(rows[one.id]["pillar"].lower() == one.pillar for one in plan())


def test_every_instrument_is_named_dated_and_kept():
    for one in instruments().values():
        assert one.name.en
        assert one.name.fr
        assert date(1900, 1, 1) < one.adopted_on < date(2026, 12, 31)
        assert one.depositary in {"un", "ilo", "coe"}
        assert not one.replaced_by or one.replaced_by in instruments()


def test_every_rule_is_one_that_exists_and_asks_of_treaties_and_series_that_exist():
    for name, row in words.table("rules.toml").items():
        assert provision.provision(name).scored
        assert row["rule"] in rule.RULES
        assert all(one in instruments() for one in row.get("treaties", ()))


def test_every_reason_has_its_words_and_every_row_of_words_its_reason():
    assert set(words.table("obstacles.toml")) == set(obstacle.Reason)
    assert all(
        set(row) == {"name", "text", "step", "helper"} for row in words.table("obstacles.toml").values()
    )


def test_an_unknown_provision_is_refused():
    with pytest.raises(Unknown, match="GPA-X99"):
        provision.provision("GPA-X99")
