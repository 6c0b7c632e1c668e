"""The reading says in three languages what the methods do, and never one number alone."""

import pytest

from palermo.prevention.reading import reading
from tests.prevention.estimates import REFUSAL, an_estimate


@pytest.mark.parametrize(
    "results, english, french, arabic",
    [
        ((REFUSAL,), "No method can say", "Aucune méthode", "لا تستطيع أي طريقة"),
        ((an_estimate(),), "One method answers: stepwise", "Une seule méthode", "طريقة واحدة تجيب"),
        ((an_estimate(), an_estimate("bic", 210.0)), "agree closely", "concordent", "تتقارب الطرق"),
        ((an_estimate(), an_estimate("bic", 500.0)), "factor of 2.5", "facteur 2,5", "بمعامل 2.5"),
        ((an_estimate(), REFUSAL), "Refused: latent classes.", "refusée : classes latentes.", "رُفض جواب"),
    ],
    ids=["none", "one", "agree", "differ", "refused"],
)
def test_the_reading_says_in_every_language_what_the_methods_do(results, english, french, arabic):
    told = reading(results, observed=79, lists=2)

    assert set(told) == {"en", "fr", "ar"}
    assert english in told["en"]
    assert french in told["fr"]
    assert arabic in told["ar"]


def test_the_reading_gives_the_range_of_all_intervals_in_three_figures():
    told = reading(
        [an_estimate(total=11417.99, low=9325.1, high=14063.2), an_estimate("bic", 22991.3, high=43894.2)],
        observed=2744,
        lists=6,
    )

    assert "2,744 people" in told["en"]
    assert "11,400 (stepwise) and 23,000 (best model by BIC)" in told["en"]
    assert "range is 150 to 43,900" in told["en"]
    assert "de 150 à 43\u202f900" in told["fr"]
    assert "من 150 إلى 43,900" in told["ar"]
