"""The page of `palermo prevention estimate --html`, opened from a folder in every language and width."""

import pytest

from palermo.prevention import methods
from palermo.prevention.page import page
from palermo.prevention.reading import reading
from palermo.prevention.trial import trial
from tests.journeys.browser import WIDTHS
from tests.prevention.tables import a_table

pytestmark = [pytest.mark.browser]

PEOPLE = {"A": 212, "B": 168, "C": 305, "D": 141, "AB": 31, "AC": 14, "BC": 22, "AD": 9, "BD": 4, "ABC": 5}


@pytest.fixture(scope="module")
def answers():
    table = a_table(PEOPLE, lists="ABCD")
    results = methods.all_methods(table, names=("stepwise", "bic", "graphs"), replicates=50)
    refusal = methods.estimate(a_table({"A": 5, "B": 2, "C": 4}), "latent")
    return table, (*results, refusal), (trial(table, "stepwise", replicates=20),)


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_whole_at_every_width_and_in_every_language(chromium, tmp_path, answers, language, width):
    table, results, trials = answers
    told = reading(results, observed=table.observed, lists=len(table.lists))
    file = tmp_path / "estimate.html"
    file.write_text(page(table, results, reading=told, language=language, trials=trials), encoding="utf-8")

    chromium.open(file.as_uri(), width=width)

    shown = "wide" if width > 1000 else "narrow"
    assert chromium.overflow() == 0
    assert chromium.faults() == []
    assert chromium.complaints() == []
    assert chromium.find(f".{shown} svg").is_displayed()
    chromium.picture(f"estimate-{language}-{width}")
