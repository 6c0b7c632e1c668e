"""Universalisation: parties by region and year, waiting times, and the same answer as a count by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from palermo.appraisal import register, state, universal, universal_document
from palermo.appraisal.treaty import BINDS, DECIDES, Act
from palermo.errors import Unknown
from tests.appraisal.made import FRESH, STALE, a_place, a_register, an_action, public

MADE_UP = tuple(state.state(code) for code in ("XA", "XB", "XC"))
THEN = date(2014, 12, 31)


def among(*facts, covered=True):
    found = [("TIP", a_place(line=0))] if covered else []
    return universal.universal(a_register(*facts, covered=found), "TIP", states=MADE_UP)


@pytest.fixture(scope="module")
def public_2014():
    return register.read(public()).known_on(THEN)


@pytest.mark.parametrize(
    "treaty, listed, waiting",
    [
        ("UNTOC", 179, 6),
        ("TIP", 159, 8),
        ("SOM", 138, 14),
        ("UNCAC", 171, 7),
        ("SLAVERY1926", 36, 0),
        ("SLAVERY1926A", 99, 0),
        ("SLAVERY1953P", 61, 0),
        ("SLAVERY1956", 123, 3),
        ("TRAFFIC1921", 18, 0),
        ("TRAFFIC1921A", 46, 0),
        ("TRAFFIC1949", 82, 13),
    ],
)
def test_parties_and_signatories_are_those_that_were_counted_by_hand_in_2014(
    public_2014, treaty, listed, waiting
):
    found = universal.universal(public_2014, treaty)

    assert len(found.parties) + sum(1 for one in found.outside if one.party) == listed
    assert len(found.waiting) == waiting


@pytest.mark.parametrize(
    "treaty, listed",
    [("CEDAW", 189), ("CRC", 196), ("CRC-OP-SC", 178), ("CRC-OP-AC", 173), ("ICMW", 60)],
)
def test_parties_are_those_that_were_counted_by_hand_in_2026(treaty, listed):
    found = universal.universal(register.table_read(public("treaty_status.csv")), treaty)

    assert len(found.parties) + sum(1 for one in found.outside if one.party) == listed
    assert found.complete_on == date(2026, 2, 3)


def test_the_longest_wait_for_the_protocol_in_2014_was_ugandas(public_2014):
    longest = universal.universal(public_2014, "TIP").waiting[0]

    assert (longest.state, longest.signed_on, longest.known_on) == ("UGA", date(2000, 12, 12), STALE)
    assert longest.years == 13.1


def test_parties_of_the_regions_are_all_parties(public_2014):
    found = universal.universal(public_2014, "TIP")

    assert sum(len(one.states) for one in found.regions) == 193
    assert sorted(code for one in found.regions for code in one.parties) == sorted(found.parties)
    assert [(one.id, len(one.parties), len(one.states)) for one in found.regions] == [
        ("africa", 45, 54),
        ("asia_pacific", 32, 55),
        ("eastern_europe", 22, 23),
        ("latin_america_caribbean", 32, 33),
        ("western_europe_others", 27, 28),
    ]


def test_an_organisation_is_shown_beside_the_states_and_not_among_them(public_2014):
    found = universal.universal(public_2014, "TIP")

    assert [(one.state, one.act.act) for one in found.outside] == [("EU", Act.APPROVAL)]
    assert "EU" not in found.parties


def test_a_party_without_a_date_is_counted_apart_from_the_years():
    found = among(an_action(on=None), an_action(state="XB", on=date(2005, 5, 5)))

    assert found.parties == ("XA", "XB")
    assert found.undated == ("XA",)
    assert [(one.year, one.parties) for one in found.years][-1] == (FRESH.year, 1)


def test_the_date_of_an_older_source_that_agrees_is_used():
    found = among(
        an_action(Act.REPORTED_PARTY, on=None, source="report"),
        an_action(on=date(2005, 5, 5), as_of=STALE),
        covered=False,
    )

    assert found.undated == ()
    assert [one.on for one in found.steps] == [date(2005, 5, 5)]


def test_the_date_of_a_source_that_lost_is_not_used():
    found = among(
        an_action(Act.REPORTED_NOT_PARTY, on=None, source="report"),
        an_action(on=date(2005, 5, 5), as_of=STALE),
        covered=False,
    )

    assert found.parties == found.steps == found.years == ()
    assert found.conflicting == ("XA",)


def test_a_later_source_that_names_only_some_states_does_not_lengthen_the_years():
    known = a_register(
        an_action(on=date(2005, 5, 5), as_of=STALE),
        an_action(Act.REPORTED_PARTY, on=None, source="report"),
        covered=[("TIP", a_place(as_of=STALE, line=0))],
    )

    assert universal.universal(known, "TIP", states=MADE_UP).years[-1].year == STALE.year


def test_one_that_left_is_counted_until_it_left():
    found = among(an_action(on=date(2005, 5, 5)), an_action(Act.DENUNCIATION, on=date(2010, 1, 1)))

    assert found.parties == ()
    assert {one.year: one.parties for one in found.years} == dict.fromkeys(
        range(2005, 2010), 1
    ) | dict.fromkeys(range(2010, 2027), 0)
    assert [one.left for one in found.years if one.left] == [("XA",)]


def test_one_that_left_on_an_unknown_day_is_in_no_year():
    found = among(an_action(on=date(2005, 5, 5)), an_action(Act.DENUNCIATION, on=None))

    assert found.parties == found.steps == ()


def test_a_signatory_waits_until_the_last_day_known():
    found = among(an_action(Act.SIGNATURE, on=date(2001, 1, 1)))

    assert [(one.state, one.years, one.known_on) for one in found.waiting] == [("XA", 25.0, FRESH)]
    assert found.waiting[0].evidence
    assert [one.waiting for one in found.regions] == [("XA",)]


def test_a_later_report_that_it_is_no_party_lengthens_the_wait():
    found = among(
        an_action(Act.SIGNATURE, on=date(2001, 1, 1), as_of=STALE),
        an_action(Act.REPORTED_NOT_PARTY, on=None, source="report"),
        covered=False,
    )

    assert [(one.years, one.known_on) for one in found.waiting] == [(25.0, FRESH)]


def test_a_signature_without_a_date_has_no_waiting_time():
    (found,) = among(an_action(Act.SIGNATURE, on=None)).waiting

    assert found.years is None


def test_a_state_that_no_source_names_is_unknown_and_not_outside():
    found = among(an_action(), covered=False)

    assert found.unknown == ("XB", "XC")
    assert found.known_on == FRESH


def test_a_treaty_that_no_source_knows_has_no_years():
    found = universal.universal(a_register(), "C189", states=MADE_UP)

    assert (found.years, found.known_on, found.parties) == ((), None, ())


@pytest.mark.parametrize("given_, near", [("TPI", "TIP"), ("ships", "UNTOC")])
def test_an_unknown_treaty_is_answered_with_the_nearest(given_, near):
    with pytest.raises(Unknown, match=f"Did you mean .*{near}"):
        universal.treaty(given_)


def test_a_treaty_is_known_in_small_letters():
    assert universal.treaty(" tip ") == "TIP"


def test_only_treaties_that_the_register_knows_are_listed():
    assert universal.treaties(a_register(an_action(treaty="CRC"), an_action())) == ("TIP", "CRC")


days = some.none() | some.dates(date(2000, 1, 1), date(2013, 12, 31))
actions = some.lists(
    some.builds(
        lambda act, on, code, as_of, source: an_action(act, on=on, state=code, as_of=as_of, source=source),
        some.sampled_from(list(Act)),
        days,
        some.sampled_from(["XA", "XB"]),
        some.sampled_from([STALE, FRESH]),
        some.sampled_from(["one", "two"]),
    ),
    max_size=7,
)


@given(actions)
def test_the_last_year_and_those_without_a_date_are_all_parties(facts):
    found = among(*facts, covered=False)

    last = found.years[-1].parties if found.years else 0
    assert last + len(found.undated) == len(found.parties)


@given(actions)
def test_a_year_counts_whoever_is_bound_by_the_last_act_before_its_end(facts):
    """The slow twin: each year is counted anew from the acts of the source that gave the steps."""
    found = among(*facts, covered=False)
    dated = {one.state for one in found.steps}

    for year in found.years:
        assert year.parties == sum(1 for code in dated if _bound(code, facts, found, year.year))


def _bound(code, facts, found, year):
    steps = [one for one in found.steps if one.state == code]
    for source in {(one.found.source.id, one.found.as_of) for one in facts}:
        said = [
            one
            for one in facts
            if one.state == code and (one.found.source.id, one.found.as_of) == source and one.act in DECIDES
        ]
        days_ = sorted({one.on for one in said if one.on})
        if {one.on for one in steps} <= set(days_):
            last = [one for one in said if one.on and one.on.year <= year]
            last.sort(key=lambda one: (one.on, one.act))
            bound = BINDS[last[-1].act] if last else False
            if bound == (sum(1 if one.party else -1 for one in steps if one.on.year <= year) == 1):
                return bound
    raise AssertionError("no source gives these steps")


@given(actions)
def test_nobody_both_is_a_party_and_waits(facts):
    found = among(*facts)

    assert not {one.state for one in found.waiting} & set(found.parties)


def test_every_number_of_the_document_opens_to_states_and_every_state_to_evidence(public_2014):
    found = universal.universal(public_2014, "TIP")
    document = universal_document.document(found, public_2014)
    numbers = [document[name] for name in ("parties", "unknown", "undated", "sources_differ")]
    numbers += [one[name] for one in document["regions"] for name in ("parties", "waiting")]

    assert all(one["number"] == len(one["opens"]) for one in numbers)
    assert {code for one in numbers for code in one["opens"]} <= set(document["by_state"])
    cited = {id_ for row in document["by_state"].values() for id_ in row["evidence"]}
    assert cited == set(document["evidence"])
    assert all(row["evidence"] for row in document["by_state"].values())


def test_the_rows_of_the_table_have_its_columns_and_no_ranking(public_2014):
    found = list(universal_document.rows(universal.universal(public_2014, "TIP"), public_2014))

    assert [row["state"] for row in found] == sorted(row["state"] for row in found)
    assert all(set(row) == set(universal_document.COLUMNS) for row in found)
    assert next(row for row in found if row["state"] == "JPN")["waiting_years"] == 11.1
