"""Any edit, deletion, reorder or truncation of the audit is found, and signed heads find a rewritten one."""

import json
import secrets
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import WrongState
from palermo.node import chain
from palermo.node.chain import Fault, Finding, Head

MOMENT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def an_entry(number: int, **detail) -> tuple:
    return (number, MOMENT, "member-7", "XA-1", "read", "case A-17", "T3", "support", detail)


def chained(entries) -> list[tuple[tuple, bytes]]:
    rows, prior = [], chain.START
    for entry in entries:
        prior = chain.link(prior, entry)
        rows.append((entry, prior))
    return rows


def a_chain(length: int = 6) -> list[tuple[tuple, bytes]]:
    return chained([an_entry(number) for number in range(1, length + 1)])


def head_of(rows) -> Head:
    return Head(number=rows[-1][0][0], link=rows[-1][1])


def faults(rows, **known) -> list[tuple[str, int]]:
    return [(finding.fault.value, finding.number) for finding in chain.verify(rows, **known).findings]


@pytest.mark.parametrize("length", [0, 1, 6])
def test_an_untouched_chain_is_whole_and_gives_its_head(length):
    rows = a_chain(length)

    verdict = chain.verify(iter(rows))

    assert verdict.whole
    assert verdict.count == verdict.head.number == length
    assert verdict.head.link == (rows[-1][1] if rows else chain.START)


def test_an_edited_entry_is_named_and_only_that_one():
    rows = a_chain()
    rows[2] = (an_entry(3, changed=True), rows[2][1])

    assert faults(rows) == [("edited", 3)]


def test_an_edited_entry_with_a_fresh_link_shows_at_the_next_one():
    rows = a_chain()
    edited = an_entry(3, changed=True)
    rows[2] = (edited, chain.link(rows[1][1], edited))

    assert faults(rows) == [("edited", 4)]


def test_an_edited_link_shows():
    rows = a_chain()
    rows[2] = (rows[2][0], bytes(32))

    assert faults(rows) == [("edited", 3), ("edited", 4)]


def test_a_deleted_entry_leaves_a_gap():
    rows = a_chain()
    del rows[2]

    assert faults(rows) == [("missing", 4)]


def test_a_deleted_entry_shows_even_when_the_rest_is_numbered_anew():
    rows = a_chain()
    del rows[2]
    rows = [((place, *entry[1:]), stored) for place, (entry, stored) in enumerate(rows, start=1)]

    assert faults(rows)[0] == ("edited", 3)


def test_the_first_entry_deleted_shows():
    assert faults(a_chain()[1:]) == [("missing", 2)]


def test_a_repeated_entry_shows():
    rows = a_chain()
    rows.insert(3, rows[2])

    assert faults(rows) == [("repeated", 3)]


def test_two_entries_in_each_others_place_show():
    rows = a_chain()
    rows[2], rows[3] = rows[3], rows[2]

    assert faults(rows) == [("missing", 4), ("reordered", 3)]


def test_two_entries_that_exchanged_their_contents_show():
    rows = a_chain()
    (third, link3), (fourth, link4) = (chained([an_entry(n, who=n) for n in range(1, 7)]))[2:4]
    rows[2], rows[3] = ((3, *fourth[1:]), link3), ((4, *third[1:]), link4)

    assert {number for _fault, number in faults(rows)} >= {3, 4}


def test_a_cut_tail_is_invisible_alone_and_shows_against_a_kept_head():
    rows = a_chain()
    head = head_of(rows)

    assert faults(rows[:4]) == []
    assert faults(rows[:4], heads=[head]) == [("truncated", 6)]
    assert faults([], heads=[head]) == [("truncated", 6)]


def test_a_chain_worked_out_anew_shows_against_a_kept_head():
    head = head_of(a_chain(4))
    rewritten = chained([an_entry(number, changed=number == 2) for number in range(1, 7)])

    assert faults(rewritten) == []
    assert faults(rewritten, heads=[head]) == [("rewritten", 4)]


def test_verifying_goes_on_from_a_trusted_head():
    rows = a_chain()
    middle = head_of(rows[:3])

    assert chain.verify(rows[3:], after=middle).head == head_of(rows)
    assert faults(rows[3:], after=Head(number=3, link=bytes(32))) == [("edited", 4)]


def test_many_faults_are_all_counted_and_a_hundred_shown():
    rows = [(an_entry(number), bytes(32)) for number in range(1, 301)]

    verdict = chain.verify(rows)

    assert (verdict.faults, len(verdict.findings), verdict.whole) == (300, 100, False)
    assert verdict.findings[0] == Finding(fault=Fault.EDITED, number=1)


CHANGES = ["edit", "delete", "swap", "repeat", "cut", "flip"]


@given(st.integers(2, 12), st.sampled_from(CHANGES), st.integers(0, 11), st.integers(0, 255))
def test_any_one_change_is_found_with_a_kept_head(length, change, place, bit):
    rows = a_chain(length)
    head, place = head_of(rows), place % length
    entry, stored = rows[place]
    if change == "edit":
        rows[place] = (an_entry(entry[0], changed=bit), stored)
    elif change == "delete":
        del rows[place]
    elif change == "swap":
        rows[place], rows[place - 1] = rows[place - 1], rows[place]
    elif change == "repeat":
        rows.insert(place, rows[place])
    elif change == "cut":
        del rows[place:]
    else:
        number = int.from_bytes(stored) ^ (1 << bit)
        rows[place] = (entry, number.to_bytes(32))

    assert not chain.verify(rows, heads=[head]).whole


def test_an_entry_reads_the_same_from_any_time_zone_and_key_order():
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=45)))

    assert chain.canonical((1, MOMENT, {"a": 1, "b": 2})) == chain.canonical([1, elsewhere, {"b": 2, "a": 1}])


@pytest.mark.parametrize(
    ("one", "other"),
    [((1, "a", "b"), (1, "ab")), ((1, None), (1, "")), ((1, "1"), (1, 1)), ((1, "é"), (1, "e\u0301"))],
    ids=["split", "blank", "type", "form"],
)
def test_entries_that_differ_have_different_bytes(one, other):
    assert chain.canonical(one) != chain.canonical(other)


@pytest.mark.parametrize("value", [datetime(2026, 3, 1), b"bytes", {1, 2}], ids=["no zone", "bytes", "set"])
def test_what_has_no_single_form_is_not_chained(value):
    with pytest.raises(WrongState, match="moments with a zone"):
        chain.canonical((1, value))


def test_a_signed_head_comes_back_from_its_copy():
    secret, head = secrets.token_bytes(32), head_of(a_chain())

    line = chain.sign(head, secret=secret, node="XA", at=MOMENT)

    assert "\n" not in line
    assert chain.signed_head(line, public=chain.public_key(secret), node="XA") == head


def test_an_altered_or_foreign_head_is_refused():
    secret = secrets.token_bytes(32)
    public = chain.public_key(secret)
    line = chain.sign(head_of(a_chain()), secret=secret, node="XA", at=MOMENT)
    body, seal = json.loads(line)

    for broken in (
        line.replace('"number":6', '"number":5'),
        line.replace("2026", "2027"),
        json.dumps([body, {"signature": "AAAA"}]),
        json.dumps([body, {}]),
        json.dumps([body, seal, 1]),
        "not a head",
        "7",
    ):
        with pytest.raises(WrongState, match="not signed by this node"):
            chain.signed_head(broken, public=public, node="XA")
    with pytest.raises(WrongState, match="not signed by this node"):
        chain.signed_head(line, public=chain.public_key(secrets.token_bytes(32)), node="XA")


def test_the_head_of_another_node_with_the_same_key_is_refused():
    secret = secrets.token_bytes(32)
    line = chain.sign(head_of(a_chain()), secret=secret, node="XB", at=MOMENT)

    with pytest.raises(WrongState, match="another node"):
        chain.signed_head(line, public=chain.public_key(secret), node="XA")


def test_two_hundred_thousand_entries_stream_through_and_the_cost_is_told():
    rows = a_chain(200_000)
    started = time.process_time()

    verdict = chain.verify(iter(rows))

    spent = time.process_time() - started
    print(f"verified {verdict.count:,} entries in {spent:.2f} CPU seconds, {spent * 5:.1f} per million")
    assert (verdict.count, verdict.whole) == (200_000, True)
