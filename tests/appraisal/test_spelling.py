"""Names of States in many spellings: one State each, and nothing guessed."""

import pytest

from palermo.appraisal import state
from palermo.appraisal.spelling import folded, spellings
from palermo.errors import Unknown


@pytest.mark.parametrize(
    "given, code",
    [
        ("Bahamas (The)", "BHS"),
        ("the Bahamas", "BHS"),
        ("St. Lucia", "LCA"),
        ("COTE D'IVOIRE", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("Iran, Islamic Republic of", "IRN"),
        ("Islamic Republic of Iran", "IRN"),
        ("République islamique d'Iran", "IRN"),
        ("Venezuela", "VEN"),
        ("Micronesia", "FSM"),
        ("Korea, Republic of", "KOR"),
        ("Democratic People's Republic of Korea", "PRK"),
        ("Congo", "COG"),
        ("Congo, Democratic Republic of the", "COD"),
        ("Swaziland", "SWZ"),
        ("Czech Republic", "CZE"),
        ("Turkey", "TUR"),
        ("Etats-Unis d'Amérique", "USA"),
        ("pk", "PAK"),
        ("Country XA (made up)", "XA"),
        ("Pays XB", "XB"),
        ("Holy See", "VAT"),
        ("Union européenne", "EU"),
        ("Hong Kong", "HKG"),
        ("Yugoslavia", "YUG"),
        ("CSK", "CSK"),
    ],
)
def test_a_spelling_leads_to_its_state_or_place(given, code):
    assert state.place(given) == code


@pytest.mark.parametrize("given", ["Korea", "Guineas", "Atlantis", "", "Democratic Republic"])
def test_a_name_that_fits_none_or_two_is_refused(given):
    with pytest.raises(Unknown):
        state.place(given)


def test_every_member_is_known_by_all_its_official_names():
    wrong = [
        (name, one.code)
        for one in state.states().values()
        for name in (one.name.en, one.name.fr, one.code, one.name.en.upper())
        if state.place(name) != one.code
    ]

    assert wrong == []


def test_every_former_state_is_known_by_its_names():
    wrong = [one.code for one in state.former_states().values() if state.place(one.name.fr) != one.code]

    assert wrong == []


def test_every_other_spelling_leads_to_a_code_that_is_known_and_to_one_only():
    rows = list(state.rows("state_names.csv"))
    codes = {*state.states(), *state.former_states(), *state.others()}
    by_name = {}
    for row in rows:
        by_name.setdefault(folded(row["name"]), set()).add(row["code"])

    assert {row["code"] for row in rows} <= codes
    assert {name: found for name, found in by_name.items() if len(found) > 1} == {}


def test_states_that_a_sentence_names_are_found_in_their_order():
    text = (
        "With regard to reservations by the United Arab Emirates, Guinea-Bissau and Country XA, Niger objects"
    )

    assert state.mentioned(text) == ("ARE", "GNB", "XA", "NER")


def test_a_name_inside_a_longer_name_is_not_found():
    assert state.mentioned("the Government of Papua New Guinea and of South Sudan") == ("PNG", "SSD")


def test_a_name_in_two_halves_has_three_spellings():
    assert spellings("Iran (Islamic Republic of)") == (
        "iran islamic republic of",
        "islamic republic of iran",
        "iran",
    )
