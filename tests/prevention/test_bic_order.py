"""The 60 best models in order, against every model fitted on a dense design matrix."""

import numpy as np
import pytest

from palermo.prevention import bic
from tests.prevention.mse import shared
from tests.prevention.test_bic import dense_ranking

BEST = 60


@pytest.mark.parametrize(
    "name, order", [("korea_3", 2), ("hiv_rome_4", 3), ("cruyff_simdat_4", 3), ("uk2013_5", 2)]
)
def test_the_sixty_best_models_are_in_the_order_of_a_dense_design_matrix(name, order):
    table = shared(name)
    slow = dense_ranking(table, order)

    ranking = bic.rank(table, order=order)

    assert len(ranking) == len(slow)
    first = range(min(BEST, len(slow)))
    assert [ranking.interactions(rank) for rank in first] == [model for _, _, model in slow[:BEST]]
    np.testing.assert_allclose(ranking.bic[: len(first)], [height for height, *_ in slow[:BEST]], atol=1e-6)
    hidden = [number for _, number, _ in slow[:BEST]]
    np.testing.assert_allclose(ranking.hidden[: len(first)], hidden, rtol=1e-6)
