"""The page of estimates: every part in one language, with a table beside every picture and no script."""

import re
from dataclasses import replace
from datetime import date
from html import escape
from html.parser import HTMLParser

import pytest

from palermo.prevention import checks, methods, words
from palermo.prevention.page import page
from palermo.prevention.reading import reading
from palermo.prevention.saying import LANGUAGES
from palermo.prevention.trial import trial
from tests.prevention.estimates import REFUSAL, TABLE, an_estimate
from tests.prevention.mse import shared

CURVE = [{"top": 1, "low": 5.0, "high": 9.0, "winners_within": 0.25}, {"top": 5, "winners_within": 1.0}]
VOID = {"meta", "br"}


class Tree(HTMLParser):
    """Notes whether every element is closed in its place."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


ANSWERS = (an_estimate(), REFUSAL)


def a_page(results=ANSWERS, *, table=TABLE, **known):
    told = reading(results, observed=table.observed, lists=len(table.lists))
    return page(table, results, reading=told, **known)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_whole_and_in_one_language(language):
    results = (an_estimate(details={"curve": CURVE}), REFUSAL)

    tree = Tree(a_page(results, language=language, on=date(2026, 1, 2)))

    (root,) = [given for tag, given in tree.tags if tag == "html"]
    assert root == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}
    assert tree.open == []


@pytest.mark.parametrize(
    "language, told",
    [
        ("en", ("What can be said", "Refused: latent classes.", "List &lt;A&gt; holds the same people")),
        ("fr", ("Ce qu&#x27;on peut dire", "Réponse refusée : classes latentes.", "La liste &lt;A&gt;")),
        ("ar", ("ما يمكن قوله", "رُفض جواب", "تُركت.")),
    ],
)
def test_reading_and_refusals_are_told_in_the_language(language, told):
    shown = a_page(language=language)

    assert all(text in shown for text in told)


def test_answers_stand_in_a_table_with_interval_and_model():
    shown = a_page()

    assert '<th scope="row"><bdi>Stepwise</bdi></th><td class="n"><bdi>200</bdi></td>' in shown
    assert "150 to 300 (95%, BCa bootstrap)" in shown
    assert "A\u00a0×\u00a0B" in shown
    assert '<th scope="row"><bdi>Latent classes</bdi></th><td class="n"><bdi>refused</bdi></td>' in shown


def test_a_method_that_averages_or_takes_no_interaction_says_so():
    shown = a_page((an_estimate("graphs", model=()), an_estimate(model=())))

    assert "<bdi>averaged</bdi>" in shown
    assert "<bdi>none</bdi>" in shown


def test_every_picture_is_labelled_and_comes_wide_and_narrow():
    shown = a_page((an_estimate(details={"curve": CURVE}), REFUSAL))

    assert shown.count("<svg") == shown.count('<svg role="img" aria-label="') == 6
    assert shown.count('<div class="wide">') == shown.count('<div class="narrow">') == 3


def test_a_page_has_no_script_and_asks_nothing_of_a_network():
    shown = a_page()

    assert not re.search(r"<script|src=|@import|url\((?!#)|\son\w+=|<link", shown)
    addresses = set(re.findall(r"https?://[^\"' ]+", shown))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_every_table_has_a_caption_and_headed_columns():
    tree = Tree(a_page())

    tables = [tag for tag, _ in tree.tags if tag == "table"]
    assert len(tables) == len([tag for tag, _ in tree.tags if tag == "caption"]) > 3
    assert all("scope" in given for tag, given in tree.tags if tag == "th")


def test_checks_tell_sizes_pairs_and_the_lower_bound():
    shown = a_page()

    assert '<th scope="row"><bdi>A</bdi></th><td class="n"><bdi>49</bdi></td>' in shown
    assert '<th scope="row"><bdi>A + B</bdi></th><td class="n"><bdi>9</bdi></td>' in shown
    assert "by Chao&#x27;s lower bound" in shown
    assert "89% of the people are in one list only." in shown
    assert "lists: Fewer than 3 lists are large enough to be used. Add a list." in shown


def test_checks_that_were_made_otherwise_are_shown_as_they_are_given():
    checked = replace(checks.check(TABLE), alone=0.5)

    assert "50% of the people are in one list only." in a_page(checked=checked)


def test_trials_show_each_list_left_out_and_found_again():
    table = shared("hiv_rome_4")

    shown = a_page(table=table, trials=[trial(table, "stepwise", replicates=20)])

    assert "Each list left out in turn" in shown
    assert "Each list hidden and found again" in shown
    assert "of the known numbers lie within their interval." in shown


def test_published_figures_stand_with_their_source_for_a_known_table():
    shown = a_page(table=shared("uk2013_6"))

    assert "10,000 to 13,000" in shown
    assert "Modern slavery: an application of multiple systems estimation. Home Office, London." in shown
    assert "Published by others" in shown
    assert "Published by others" not in a_page()


def test_an_assumption_that_only_some_methods_make_names_them():
    results = (an_estimate(), replace(REFUSAL, assumptions=REFUSAL.assumptions[:3]))

    assert "no data can test it. (stepwise)" in a_page(results)


def test_the_page_says_how_far_the_intervals_of_every_method_that_answers_held():
    assert "in 28 to 43 of 100 simulated tables" in a_page((an_estimate(),))
    assert {*methods.METHODS, *methods.JOINT} == {*words.CAUTIONS}


def test_the_page_holds_what_is_needed_to_come_to_the_same_answer():
    shown = a_page((an_estimate(seed=7, replicates=1000),), on=date(2026, 1, 2))

    assert TABLE.hash in shown
    assert '<code dir="ltr">7</code>' in shown
    assert '<code dir="ltr">1,000</code>' in shown
    assert "2026-01-02" in shown
    assert "<dt>Date</dt>" not in a_page()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_stratum_has_its_answers_and_a_page_without_strata_none(language):
    shown = a_page(language=language, strata={("X<A", "f"): ANSWERS, ("XB", "f"): ANSWERS})

    assert Tree(shown).open == []
    assert "<h3><bdi>X&lt;A</bdi>, <bdi>f</bdi></h3>" in shown
    assert shown.count("150 ") == a_page(language=language).count("150 ") + 2
    assert "<bdi>XB" not in a_page(language=language)


def test_a_stratum_says_how_many_are_known_and_once_why_methods_refuse():
    refusals = tuple(replace(REFUSAL, method=name) for name in ("bic", "graphs"))

    shown = a_page((an_estimate(),), strata={("", "f"): (an_estimate(), *refusals), ("XB", "f"): refusals})

    assert "<h3><bdi>–</bdi>, <bdi>f</bdi></h3>" in shown
    assert shown.count("<p>People known: ") == 2
    reason = escape(str(REFUSAL.warnings[0]))
    assert shown.count(reason) == 2
    assert shown.count(f"{reason} (best model by BIC; averaged graphs)") == 1


def test_answers_under_the_lower_bound_are_named():
    bound = checks.check(TABLE).chao.total

    under, over = (a_page((an_estimate(total=bound + more),)) for more in (-1, 1))

    assert "Under that bound answer: stepwise." in under
    assert "Under that bound" not in over
