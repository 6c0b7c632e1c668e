"""Every action that the audit may hold, and every thing it was done to, has words for a page."""

import re
from pathlib import Path

from palermo.node import actions, audit_words

KINDS = "agency|audit|case|demo|estimation|factor|import|key|list|member|population|session|token"
RECORDED = re.compile(
    rf'(?:record(?:ed)?\(|action=|DONE: |FAILED: |: \(|\n +)\s*"((?:{KINDS})(?:\.[a-z_]+)+)"'
)
WRITERS = [*Path(actions.__file__).parent.glob("*.py"), *Path(actions.__file__).parents[1].glob("*.py")]


def test_every_recorded_action_has_words():
    written = {
        found
        for file in WRITERS
        if file.name != "audit_words.py"
        for found in RECORDED.findall(file.read_text("utf-8"))
    }

    assert len(written) > 30
    assert written - set(audit_words.ACTIONS) == set()


def test_a_thing_is_named_by_its_kind():
    assert audit_words.thing("member:a-diallo") == "Member a-diallo"


def test_an_action_and_a_thing_of_another_edition_are_shown_as_they_are():
    assert audit_words.action("comet.seen") == "comet.seen"
    assert audit_words.thing("comet:1") == "comet:1"
