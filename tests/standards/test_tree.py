from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from palermo.standards import field as fields
from palermo.standards import tree
from palermo.standards.field import Tier
from palermo.standards.record import document
from tests.standards.documents import documents, flat_facts


@given(documents())
def test_the_parts_of_a_document_make_it_again(whole):
    parts = tree.split(whole)

    assert tree.merge(parts.values()) == whole
    assert tree.merge(reversed(parts.values())) == whole


@given(flat_facts())
def test_a_part_holds_the_facts_of_its_tier_and_no_others(facts):
    parts = tree.split(document(facts))

    for tier in Tier:
        mine = {at: held for at, held in facts.items() if fields.field(at).tier is tier}
        assert held_in(parts.get(tier, {})) == held_in(document(mine))


def held_in(part, at=""):
    """Slow and obvious: every place of a document at which a declared field stands, and what it holds."""
    found = {}
    pairs = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, held in pairs:
        place = f"{at}[{key}]" if isinstance(part, list) else f"{at}.{key}".lstrip(".")
        declared = place != "schema_version" and fields.declared(place) in PATHS
        found.update({place: held} if declared else held_in(held, place))
    return found


PATHS = {each.path for each in fields.fields()}


@given(documents(), st.data())
def test_some_of_the_parts_make_the_document_without_the_others(whole, data):
    parts = tree.split(whole)
    some = data.draw(st.sampled_from([pair for n in range(5) for pair in combinations(Tier, n)]))

    merged = tree.merge(parts[tier] for tier in some if tier in parts)

    assert {tier for tier in tree.split(merged) if held_in(tree.split(merged)[tier])} <= set(some)


def test_items_of_a_list_stay_together_over_the_tiers():
    whole = document({"event[1].street": "x", "event[0].kind": "Transit", "event[1].kind": "Border"})

    parts = tree.split(whole)

    assert parts[Tier.T4] == {"event": [{}, {"street": "x"}]}
    assert len(parts[Tier.T2]["event"]) == 2


def test_an_empty_list_is_not_lost():
    whole = {"schema_version": "1.0", "person": {"names": []}, "means": [], "risk": [{}]}

    assert tree.merge(tree.split(whole).values()) == whole


def test_local_columns_are_kept_apart_from_statistics():
    parts = tree.split({"schema_version": "1.0", "local": {"Remarks": "x"}})

    assert parts == {Tier.T1: {"schema_version": "1.0"}, Tier.T3: {"local": {"Remarks": "x"}}}


def test_objects_are_found_at_every_depth_with_their_place():
    whole = document({"person.documents[1].number": "7", "person.sex": "f"})

    assert list(tree.objects(whole, "person.documents[]")) == [
        ("person.documents[0]", {}),
        ("person.documents[1]", {"number": "7"}),
    ]
    assert list(tree.objects(whole, "event[]")) == []


def test_where_two_parts_say_the_same_thing_the_later_one_is_kept():
    assert tree.merge([{"case": {"ref": "A-1"}}, {"case": {"ref": "A-2"}}]) == {"case": {"ref": "A-2"}}
