"""All models ranked by BIC, against a dense design matrix and what the R peers answered."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from palermo.prevention import bic, contest, downhill, existence, hierarchy
from palermo.prevention.overlap import Overlap
from tests.prevention.mse import a_table, reference, shared, sparse_tables

RANKED = [
    ("korea_3", 2, 6),
    ("spina_3", 2, 8),
    ("hiv_rome_4", 2, 64),
    ("hiv_rome_4", 3, 111),
    ("lesbian_4", 3, 113),
    ("scotland_pwid_4", 3, 112),
    ("uk2013_4", 3, 111),
    ("cruyff_simdat_4", 3, 96),
    ("uk2013_5", 2, 1024),
    ("uk2013_5", 3, 6084),
    ("netherlands_5", 2, 1024),
    ("netherlands_5", 3, 6083),
    ("madigan_york_5", 3, 6212),
]


def digits(table: Overlap, model: list[list[str]]) -> str:
    """A model as the peers write it: its generators, then the lists in none, by digits."""
    terms = table.terms(model)
    lists = [1 << one for one in range(len(table.lists))]
    named = [*hierarchy.generators(terms), *(one for one in lists if not any(one & t for t in terms))]
    words = ["".join(str(bit + 1) for bit in hierarchy.members(term)) for term in named]
    return f"[{','.join(sorted(words, key=lambda word: (-len(word), word)))}]"


# -- the slow, obvious twin ------------------------------------------------------------------------------


def dense_fit(table: Overlap, terms: tuple[int, ...]) -> tuple[float, float]:
    """BIC and hidden number by Newton on a design matrix, zero margins deleted first."""
    width, cells = len(table.lists), np.arange(1, len(table.counts))
    every = [0, *(1 << one for one in range(width)), *terms]
    finite = [term for term in every if table.margins[term] > 0]
    dead = [term for term in every if table.margins[term] == 0]
    cells = np.array([cell for cell in cells if not any(cell & term == term for term in dead)])
    design = np.array([[float(cell & term == term) for term in finite] for cell in cells])
    counts = table.counts[cells].astype(float)
    theta = np.linalg.lstsq(design, np.log(counts + 0.5), rcond=None)[0]

    def likelihood(at):
        return counts @ design @ at - np.exp(np.minimum(design @ at, 50)).sum()

    for _ in range(500):
        mu = np.exp(design @ theta)
        step = np.linalg.solve(design.T * mu @ design, design.T @ (counts - mu))
        while likelihood(theta + step) < likelihood(theta) - 1e-9:
            step /= 2
        theta = theta + step
        if abs(step).max() < 1e-12:
            break
    factorials = sum(math.lgamma(count + 1) for count in counts)
    penalty = len(every) * math.log(table.observed)
    return penalty - 2 * (likelihood(theta) - factorials), math.exp(theta[0])


def dense_ranking(table: Overlap, order: int) -> list[tuple[float, float, tuple[int, ...]]]:
    known = hierarchy.catalogue(len(table.lists), order)
    models = [known.terms(place) for place in range(len(known))]
    fits = [(*dense_fit(table, m), m) for m in models if existence.code(table.counts, m) == 0]
    return sorted(fits, key=lambda fit: fit[0])


@given(sparse_tables(lists=(3, 3)), st.sampled_from([2, 3]))
@settings(max_examples=40, deadline=None)
def test_the_ranking_is_that_of_a_dense_design_matrix(table, order):
    slow = dense_ranking(table, order)

    ranking = bic.rank(table, order=order)

    assert sorted(ranking.interactions(rank) for rank in range(len(ranking))) == sorted(m for *_, m in slow)
    np.testing.assert_allclose(ranking.bic, [value for value, *_ in slow], atol=1e-6)
    hidden = {model: number for _, number, model in slow}
    for rank in range(len(ranking)):
        assert ranking.hidden[rank] == pytest.approx(hidden[ranking.interactions(rank)], rel=1e-5)


@given(sparse_tables(lists=(4, 4)))
@settings(max_examples=15, deadline=None)
def test_a_model_is_ranked_if_and_only_if_the_linear_program_finds_an_estimate(table):
    known = hierarchy.catalogue(4, 3)
    models = [known.terms(place) for place in range(len(known))]

    ranking = bic.rank(table, order=3)

    ranked = {ranking.interactions(rank) for rank in range(len(ranking))}
    assert ranked == {model for model in models if existence.code(table.counts, model) == 0}


@given(sparse_tables(), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_the_contest_in_a_replicate_is_the_ranking_of_that_replicate(table, seed):
    ranking = bic.rank(table, order=2)
    drawn = np.random.default_rng(seed).multinomial(table.observed, table.counts / table.observed)
    redrawn = Overlap(lists=table.lists, counts=drawn)
    again = bic.rank(redrawn, order=2)
    tops = np.array([len(ranking)]) if len(ranking) else np.array([], dtype=np.int64)
    if not len(ranking):
        return

    best, _, _ = bic.totals(ranking, drawn[None], tops=tops, averaged=False)
    mean, _, _ = bic.totals(ranking, drawn[None], tops=tops, averaged=True)

    known = {ranking.interactions(rank) for rank in range(len(ranking))}
    kept = [rank for rank in range(len(again)) if again.interactions(rank) in known]
    if not kept:
        assert np.isnan(best).all()
        return
    tied = [rank for rank in kept if again.bic[rank] < again.bic[kept[0]] + 1e-6]
    assert min(abs(best[0, 0] / (again.observed + again.hidden[tied]) - 1)) < 1e-6
    weights = np.exp((again.bic[kept[0]] - again.bic[kept]) / 2)
    # A model of hardly any weight may put the hidden number very high, where the last digits are not settled.
    averaged = again.observed + weights @ again.hidden[kept] / weights.sum()
    assert mean[0, 0] == pytest.approx(averaged, rel=1e-3)


# -- agreement with the peers ----------------------------------------------------------------------------


@pytest.mark.parametrize("name, order, admissible", RANKED)
def test_ranking_agrees_with_the_r_peer(name, order, admissible):
    table, answers = shared(name), reference(name)
    peer = answers[f"mse_r_bic_maxorder{order}"]

    found = bic.estimate(table, order=order, replicates=0)

    assert found.details["admissible"] == peer["admissible_models"] == admissible
    assert found.bic == pytest.approx(peer["BIC"], abs=1e-6)
    assert found.total == pytest.approx(peer["estimate"], rel=1e-6)
    best = found.details["models"][: len(peer["top5"])]
    assert [digits(table, one["model"]) for one in best] == [one["model"] for one in peer["top5"]]
    totals = [one["estimate"] for one in peer["top5"]]
    np.testing.assert_allclose([one["total"] for one in best], totals, rtol=1e-6)


@pytest.mark.parametrize("name, order, _", RANKED)
def test_average_agrees_with_the_peers_table_of_models(name, order, _):
    answer = reference(name)[f"bic_weight_average_maxorder{order}"]

    found = bic.estimate(shared(name), order=order, averaged=True, replicates=0)

    assert found.total == pytest.approx(answer["estimate"], rel=1e-6)
    assert found.details["weight_of_best"] == pytest.approx(answer["weight_of_best"], abs=1e-6)


@pytest.mark.parametrize(
    "order, published",
    [
        pytest.param(2, (216, 583, 739, 930, 954), id="pairs only"),
        pytest.param(3, (156, 622, 732, 898, 943), id="published with order 4, which adds next to nothing"),
    ],
)
def test_winners_fall_within_the_best_models_as_often_as_published(order, published):
    found = bic.estimate(shared("uk2013_5"), order=order, top=0 if order == 2 else 1000, threads=2)

    within = {point["top"]: point["winners_within"] for point in found.details["curve"]}
    for top, winners in zip((1, 5, 10, 50, 100), published, strict=True):
        share = winners / 1000
        assert abs(within[top] - share) < 3.5 * math.sqrt(2 * share * (1 - share) / 1000)


def test_korean_interval_is_the_published_one():
    found = bic.estimate(shared("korea_3"), replicates=4000)

    # Published from 1,000 replicates, with standard errors of one person below and ten above.
    assert found.interval.low == pytest.approx(128, abs=3)
    assert found.interval.high == pytest.approx(349, abs=30)


# -- the search --------------------------------------------------------------------------------------


def test_one_start_ends_in_the_published_local_minimum_and_several_find_the_best():
    table = shared("uk2013_5")
    counts = table.counts.astype(float)

    alone = downhill.Search(counts=counts, lists=5, order=2)
    local = alone.descend(())
    every = downhill.search(counts, lists=5, order=2)

    assert table.model(local) == (
        ("LA", "NG"), ("LA", "PFNCA"), ("NG", "GP"), ("PFNCA", "GP"), ("GO", "GP"),
    )  # fmt: skip
    assert min(every.bic) == pytest.approx(bic.rank(table, order=2).bic[0])


def test_the_search_past_six_lists_gives_a_ranking_and_says_that_it_is_one():
    found = bic.estimate(shared("uk2013_6"), order=3, replicates=20)

    assert found.total == pytest.approx(12350, abs=1)  # downhill, Silverman, Chan & Vincent 2024
    assert found.details["searched"]
    assert any("downhill" in str(warning) for warning in found.warnings)


@given(sparse_tables())
@settings(max_examples=20, deadline=None)
def test_a_local_minimum_has_no_better_neighbour(table):
    lists = len(table.lists)
    search = downhill.Search(counts=table.counts.astype(float), lists=lists, order=3)

    end = search.descend(())

    around = hierarchy.neighbours(end, lists=lists, order=3)
    assert all(search.height(one) >= search.height(end) for one in around)


# -- promises ----------------------------------------------------------------------------------------


def test_threads_do_not_change_the_answer():
    table = shared("uk2013_4")

    one, two = (bic.estimate(table, replicates=200, threads=threads) for threads in (1, 2))

    assert one == two


def test_names_and_order_of_the_lists_do_not_change_the_answer():
    table = shared("hiv_rome_4")
    other = table.reordered(table.lists[::-1])

    one, two = (bic.estimate(each, averaged=True, replicates=100) for each in (table, other))

    assert one.total == pytest.approx(two.total, rel=1e-9)
    assert one.interval.low == pytest.approx(two.interval.low, rel=1e-6)
    assert one.interval.high == pytest.approx(two.interval.high, rel=1e-6)


def test_a_table_that_no_model_fits_is_refused():
    found = bic.estimate(a_table(10, 20, 0, 30, 0, 0, 0), replicates=50)

    assert not found.estimable
    assert "No model can be estimated" in str(found.warnings[0])


def test_a_winner_without_a_majority_is_said_to_be_one():
    found = bic.estimate(shared("uk2013_5"), replicates=0)

    assert found.interval is None
    assert "29%" in str(found.warnings[0])


def test_the_curve_ends_where_all_winners_are_within():
    curve = bic.estimate(shared("korea_3"), replicates=100).details["curve"]

    assert [point["top"] for point in curve] == [1, 2, 5, 6]
    assert curve[-1]["winners_within"] == 1.0
    assert sorted(point["winners_within"] for point in curve) == [point["winners_within"] for point in curve]


def test_every_replicate_without_a_model_is_counted_as_failed():
    ranking = bic.rank(a_table(40, 40, 1, 40, 1, 0, 0), order=2)
    gone = np.array([[0, 41, 40, 0, 41, 0, 0, 0]])

    best, winners, _ = bic.totals(ranking, gone, tops=np.array([len(ranking)]), averaged=False)

    assert np.isnan(best).all()
    assert (winners == -1).all()


def test_models_left_early_change_no_winner():
    table = shared("uk2013_5")
    ranking = bic.rank(table, order=2)
    drawn = np.random.default_rng(5).multinomial(2744, table.counts / 2744, size=40).astype(float)
    warm = np.ones(len(ranking), dtype=bool)
    tops = np.array([1, 10, len(ranking)])

    def held(reach):
        fixed = (drawn, 5, ranking.terms, ranking.models, ranking.thetas, warm, tops)
        return contest.hold(*fixed, reach)

    quick, full = held(0.0), held(1e9)
    np.testing.assert_array_equal(quick[0], full[0])
    np.testing.assert_allclose(quick[1], full[1], rtol=1e-9)
    np.testing.assert_allclose(held(contest.REACH)[2], full[2], rtol=1e-5)


@pytest.mark.parametrize("lists, models", [(3, 1000), (6, 1000), (8, 250), (10, 62), (14, 20)])
def test_fewer_models_compete_on_wider_tables(lists, models):
    assert bic.affordable(lists) == models


def test_a_table_of_ten_lists_is_searched_from_fewer_starts():
    stream = np.random.default_rng(2)
    cells = ((stream.random((3000, 10)) < 0.12) << np.arange(10)).sum(axis=1)
    counts = np.bincount(cells, minlength=1024)
    counts[0] = 0
    table = Overlap(lists=tuple("ABCDEFGHIJ"), counts=counts)

    found = bic.estimate(table, replicates=10)

    assert found.details["searched"]
    assert found.total == pytest.approx(3000, rel=0.25)


def test_replicates_that_left_out_a_model_in_doubt_are_told():
    settled, open_ = (
        bic.Held(tops=np.array([1]), spreads=(), winners=np.array([0, 0]), unsettled=number)
        for number in (0, 2)
    )

    assert settled.doubts == ()
    assert "In 2 replicates" in str(open_.doubts[0])
