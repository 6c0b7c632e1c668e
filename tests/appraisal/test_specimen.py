"""The made-up tables: about countries that do not exist, and showing what a report can show."""

import pytest

from palermo.appraisal import assess, chapter, page, specimen, state
from palermo.appraisal.obstacle import Reason
from palermo.appraisal.words import Language
from tests.appraisal.made import TODAY


@pytest.fixture(scope="module")
def country():
    return assess.state(state.state("XA"), register=specimen.read(), today=TODAY)


def test_only_made_up_countries_stand_in_the_made_up_tables():
    read = specimen.read()

    assert read.problems == ()
    assert read.files_not_read == ()
    assert all(state.state(one.state).made_up for one in (*read.actions, *read.observations))


def test_every_source_says_that_it_is_made_up():
    sources = {one.found.source for one in specimen.read().actions} | {
        one.found.source for one in specimen.read().observations
    }

    assert len(sources) == 3
    assert all("Made-up" in one.name.en and "ficti" in one.name.fr for one in sources)


def test_the_made_up_countries_show_a_conflict_a_gap_and_an_old_register(country):
    other = assess.state(state.state("XB"), register=specimen.read(), today=TODAY)
    raised = {one.reason for one in (*country.obstacles, *other.obstacles)}

    assert {
        Reason.CONFLICT,
        Reason.NOT_PARTY,
        Reason.SIGNED_ONLY,
        Reason.OLD_DATA,
        Reason.NO_REGISTER,
    } <= raised


def test_its_report_says_on_top_that_the_country_does_not_exist(country):
    text = page.fragment(chapter.report(country), Language.FRENCH)

    assert text.index("ce pays n’existe pas") < text.index("Dispositions du Plan</dt>")
