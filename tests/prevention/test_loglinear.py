"""A log-linear model fitted: against its dense twin, and against the peers' answers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.prevention import existence, loglinear
from palermo.prevention.existence import Code
from tests.prevention import twins
from tests.prevention.tables import a_table, answers, pairs_of, shared, sparse, tables_with, terms_of


@st.composite
def table_and_pairs(draw):
    table = draw(sparse())
    return table, draw(st.sets(st.sampled_from(pairs_of(len(table.lists))), max_size=4))


@settings(deadline=None)
@given(table_and_pairs())
def test_the_fit_is_that_of_the_dense_design_matrix(given_):
    table, terms = given_
    fit = loglinear.fit(table, terms)
    if fit.code is not Code.OK:
        return

    mean, log_likelihood = twins.fitted(table.counts, terms)

    assert fit.hidden == pytest.approx(mean[0], rel=1e-6)
    assert fit.log_likelihood == pytest.approx(log_likelihood, rel=1e-9, abs=1e-7)
    assert fit.fitted == pytest.approx(mean, rel=1e-6, abs=1e-9)
    assert fit.parameters == 1 + len(table.lists) + len(terms)


@settings(deadline=None, max_examples=50)
@given(table_and_pairs())
def test_existence_and_rank_are_those_of_a_program_for_each_cell(given_):
    table, terms = given_
    expected = twins.code(table.counts, terms)

    assert existence.code(table.counts, tuple(terms)) == expected
    assert loglinear.fit(table, terms).code == expected


@settings(deadline=None)
@given(table_and_pairs(), st.randoms())
def test_names_and_order_of_the_lists_do_not_matter(given_, random):
    table, terms = given_
    lists = list(table.lists)
    random.shuffle(lists)
    other = table.reordered(lists)

    fit, again = loglinear.fit(table, terms), loglinear.fit(other, other.terms(table.model(terms)))

    assert again.code == fit.code
    assert (again.total or 0.0) == pytest.approx(fit.total or 0.0, rel=1e-8)


def test_an_interaction_of_lists_that_share_nobody_deletes_its_cells():
    table = a_table({"A": 30, "B": 20, "C": 25, "BC": 6, "AC": 4})
    pair = (0b011,)

    fit = loglinear.fit(table, pair)

    assert fit.infinite == pair
    assert fit.fitted[0b011] == fit.fitted[0b111] == 0.0
    kept = [w for w in range(1, 8) if w & 0b011 != 0b011]
    assert fit.fitted[kept].sum() == pytest.approx(table.observed)


def test_a_model_that_cannot_be_estimated_has_no_total():
    fit = loglinear.fit(a_table({"A": 40, "B": 30, "C": 20, "AB": 6}), (0b011,))

    assert fit.code is Code.NOT_EXISTING
    assert fit.total is None
    assert fit.hidden is None
    assert np.isnan(fit.fitted[0])


def test_two_lists_give_the_product_rule():
    fit = loglinear.fit(a_table({"A": 40, "B": 30, "AB": 10}, lists="AB"))

    assert fit.total == pytest.approx(50 * 40 / 10)


@pytest.mark.parametrize("name", tables_with("main_effects"))
def test_main_effects_are_the_peers(name):
    known = answers(name, "main_effects")

    fit = loglinear.fit(shared(name))

    assert fit.total == pytest.approx(known["estimate"], rel=1e-6)
    assert fit.aic == pytest.approx(known["aic"], abs=1e-6)
    assert fit.bic == pytest.approx(known["bic"], abs=1e-6)
    assert fit.deviance == pytest.approx(known["dev"], abs=1e-6)


@pytest.mark.parametrize("name", tables_with("all_pairs"))
def test_all_pairs_are_the_peers_or_refused_where_theirs_fail(name):
    known = answers(name, "all_pairs")
    table = shared(name)

    fit = loglinear.fit(table, pairs_of(len(table.lists)))

    assert fit.total == (pytest.approx(known["estimate"], rel=1e-6) if "estimate" in known else None)
    assert (fit.code is Code.OK) == ("estimate" in known)


def test_the_eight_models_of_the_artificial_table_have_their_published_codes():
    (published,) = answers("artificial_3", "published").values()
    counts = shared("artificial_3").counts

    found = {model: int(existence.code(counts, tuple(terms_of(model)))) for model in published["check"]}

    assert found == published["check"]
