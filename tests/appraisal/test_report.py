"""The report: every number opens to its evidence, both languages hold the same numbers, same in same out."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from palermo.appraisal import chapter, page, report
from palermo.appraisal.edition import edition
from palermo.appraisal.evidence import counted
from palermo.appraisal.treaty import Act
from palermo.appraisal.words import Language, say
from tests.appraisal.made import STALE, a_report, an_action, an_appraisal, an_observation

FACTS = (
    an_action(treaty="TIP"),
    an_action(Act.NO_ENTRY, on=None, treaty="TIP", as_of=STALE, source="old"),
    an_action(treaty="SLAVERY1926"),
    an_action(Act.SIGNATURE, treaty="UNTOC"),
    an_observation("26,539", year=2022),
    an_observation("<5", year=2024),
    an_observation("12", year=2024, as_of=STALE, source="older"),
    an_observation("<5", year=2024, sex="female"),
    an_observation("7", year=2024, form="forced labour"),
    an_observation("7", year=2024, form="forced labour", line=3, as_of=STALE),
    an_observation("3", series="persons_convicted", year=2023),
    an_observation("42.2", series="SG_REG_BRTH", year=2018, age="lt5y"),
    an_observation("3", series="SG_CPA_MIGRS", year=2019, form="domain1"),
)


class Page(HTMLParser):
    """What a test needs of a page: ids, links inside it, numbers and where they open, headings."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.numbers, self.headings, self.tags = [], [], [], [], []
        self._value = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.tags.append((tag, given))
        self.ids += [given["id"]] if "id" in given else []
        self.headings += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        if tag == "data":
            self._value = given["value"]
        if tag == "a":
            self.links.append(given["href"])
            if self._value:
                self.numbers.append((self._value, given["href"]))
                self._value = None


@pytest.fixture(scope="module")
def full():
    return a_report(*FACTS)


@pytest.mark.parametrize("language", Language)
def test_every_number_of_a_page_opens_to_something_on_it(full, language):
    seen = Page(page.document(full, language))

    assert {link[1:] for link in seen.links} <= set(seen.ids)
    assert seen.numbers


def test_every_figure_from_a_source_opens_to_a_row_of_evidence(full):
    rows = {one.id for one in full.evidence}
    victims = next(one for one in full.sections if one.id == "victims")

    assert all(set(one.opens) <= rows for one in victims.figures())
    assert all(target in full.anchors() for one in full.figures() for target in one.opens)


FACT_SETS = some.lists(some.sampled_from(FACTS), max_size=8, unique=True)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(FACT_SETS)
def test_every_language_holds_the_same_numbers_with_the_same_evidence(facts):
    made = a_report(*facts)

    english, *others = (Page(page.document(made, language)) for language in Language)

    assert [one.numbers for one in others] == [english.numbers] * 2
    assert [one.links for one in others] == [english.links] * 2
    assert [one.ids for one in others] == [english.ids] * 2


@settings(max_examples=15, deadline=None)
@given(FACT_SETS)
def test_every_number_of_any_report_opens_within_it(facts):
    made = a_report(*facts)

    assert {target for one in made.figures() for target in one.opens} <= made.anchors()
    assert {one.id for one in made.evidence} <= made.anchors()


@settings(max_examples=10, deadline=None)
@given(some.permutations(FACTS))
def test_the_order_of_facts_changes_no_byte(facts):
    assert a_report(*facts).content_hash == a_report(*FACTS).content_hash


def test_the_same_appraisal_gives_the_same_bytes():
    first, second = a_report(*FACTS), a_report(*FACTS)

    assert page.document(first, Language.FRENCH) == page.document(second, Language.FRENCH)
    assert json.dumps(first.document()) == json.dumps(second.document())


def test_any_other_fact_gives_another_hash(full):
    assert a_report(*FACTS[1:]).content_hash != full.content_hash
    assert replace(full, cycle="2029-2033").content_hash != full.content_hash


def test_the_document_is_json_with_its_hash(full):
    read_back = json.loads(json.dumps(full.document()))

    assert read_back["content_hash"] == full.content_hash
    assert read_back["schema"] == report.SCHEMA
    assert read_back["state"]["code"] == "XA"


@pytest.mark.parametrize(
    "language, words", [("en", "paragraph number not checked"), ("fr", "numéro de paragraphe non vérifié")]
)
def test_an_unchecked_paragraph_is_marked_and_a_checked_one_is_not(full, language, words):
    sections = {one["id"]: one for one in edition(full, Language(language), font="x")["sections"]}
    rows = [
        row for block in sections["provisions"]["blocks"] if block["kind"] == "table" for row in block["rows"]
    ]
    marked = {
        row["cells"][0][0][0]["text"]: any(words in run["text"] for line in row["cells"][1] for run in line)
        for row in rows
    }

    assert len(marked) == 51
    assert marked["GPA-P05"] is True
    assert marked["GPA-R15"] is False


def test_all_51_provisions_stand_in_the_report_even_with_no_evidence():
    text = page.fragment(a_report(), Language.ENGLISH)

    assert len(set(re.findall(r"GPA-[PRJNT]\d\d", text))) == 51


def test_what_is_asked_of_the_united_nations_says_so(full):
    assert "Asked of the United Nations; not scored for a State." in page.fragment(full, Language.ENGLISH)


def test_a_conflict_of_sources_is_shown_with_both_dates(full):
    text = re.sub(r"<[^>]+>", "", page.fragment(full, Language.ENGLISH)).replace("\u00a0", " ")

    assert "Trafficking protocol: the sources differ." in text
    assert "1 January 2026, says “Party” and is used because it is the newest." in text
    assert "27 January 2014, says “Not a party”." in text


@pytest.mark.parametrize(
    "facts, key",
    [
        ([("10", 2020), ("4", 2024)], "lower"),
        ([("4", 2020), ("10", 2024)], "higher"),
        ([("3", 2020), ("<5", 2024)], "open"),
        ([("5", 2020), ("<5", 2024)], "lower"),
        ([("5", 2020)], None),
    ],
)
def test_a_trend_is_told_only_where_the_intervals_do_not_meet(facts, key):
    made = a_report(*(an_observation(value, year=year) for value, year in facts))
    section = next(one for one in made.sections if one.id == "victims")
    told = [
        one.text.key.rpartition(".")[2]
        for one in section.blocks
        if isinstance(one, report.Paragraph) and "trend" in one.text.key
    ]

    assert told == ([key] if key else [])


def test_years_without_a_figure_are_named_and_not_drawn_as_zero():
    text = page.fragment(a_report(an_observation(year=2021), an_observation(year=2024)), Language.ENGLISH)

    assert "No figure was found for: 2022 and 2023. A gap is not a zero." in text


def test_a_part_of_a_goal_is_left_out_only_where_the_whole_is_shown():
    whole = an_observation("42.2", series="VC_VAW_SXVLN", year=2018, age="18_29")
    part = an_observation("1.3", series="VC_VAW_SXVLN", year=2018, age="18_29", sex="female")

    def shown(*facts):
        goals = next(one for one in a_report(*facts).sections if one.id == "goals")
        return [one.low for one in goals.figures()]

    assert shown(whole, part) == [42.2]
    assert shown(part) == [1.3]


def test_the_sum_of_forms_carries_the_bounds():
    forms = [an_observation("<5", form="forced labour"), an_observation("16", form="sexual exploitation")]
    made = a_report(an_observation("19"), *forms)

    sums = [one for one in made.figures() if (one.low, one.high) == (17, 20)]
    assert sums
    assert set(sums[0].opens) == {one.evidence_id for one in forms}


def test_a_state_without_any_figure_is_not_shown_as_zero():
    text = page.fragment(a_report(), Language.ENGLISH)

    assert "That is not a zero." in text
    assert "National definitions of a victim differ" in text


def test_a_made_up_country_says_so_on_its_report(full):
    assert "this country does not exist" in page.fragment(full, Language.ENGLISH)
    assert "this country does not exist" not in page.fragment(a_report(code="PAK"), Language.ENGLISH)


def test_no_report_ranks_states(full):
    text = page.document(full, Language.ENGLISH).lower()

    assert "it ranks no state" in text
    assert not re.search(r"\branked|\branking|\bleague", text)


def test_a_table_left_out_for_its_date_is_named():
    appraisal = an_appraisal(*FACTS)
    later = replace(appraisal, left_out=(table_read(),))

    assert "later.csv" in page.fragment(chapter.report(later), Language.ENGLISH)


def table_read():
    from palermo.appraisal.register import TableRead

    return TableRead(file="later.csv", sha256="0" * 64, rows=1, used=1, unused=(), problems=())


def test_a_person_who_confirmed_stands_beside_the_grade():
    made = a_report(*FACTS)
    first = replace(made.evidence[0], confirmed_by="A. Rapporteur")

    section = chapter.evidence_table((first,))

    assert section.blocks[-1].rows[0].cells[4] == say("evidence.confirmed", grade="A", by="A. Rapporteur")


def test_a_row_must_fill_its_table():
    with pytest.raises(ValueError, match="number of cells"):
        report.Table(
            caption=say("sources.caption"),
            columns=(report.Column(head=say("column.file")),),
            rows=(report.Row(cells=("a", counted(1, opens="sources"))),),
        )
