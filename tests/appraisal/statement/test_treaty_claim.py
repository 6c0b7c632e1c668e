"""Treaty claims against the register: confirmed, contradicted, or beyond what the register can say."""

from datetime import date

import pytest

from palermo.appraisal.register import Register
from palermo.appraisal.statement.claim import Check, TreatyMention
from palermo.appraisal.statement.treaty_claim import checked
from palermo.appraisal.treaty import Act
from palermo.errors import Unknown
from tests.appraisal.made import FRESH, STALE, TODAY, an_action

JOINED = date(2005, 5, 5)


def told(*actions, joined=True, spoken_on=None, today=TODAY, state="XA"):
    mention = TreatyMention(treaty="TIP", words="Palermo Protocol", joined=joined)
    return checked(mention, state, Register(actions=actions), today=today, spoken_on=spoken_on)


@pytest.mark.parametrize(
    "actions, spoken_on, check, why",
    [
        pytest.param(
            [an_action(on=JOINED)], None, Check.CONFIRMED, "check.confirmed.dated", id="party, dated"
        ),
        pytest.param(
            [an_action(on=JOINED)], JOINED, Check.CONFIRMED, "check.confirmed.dated", id="on the day"
        ),
        pytest.param(
            [an_action(Act.REPORTED_PARTY, on=None)], None, Check.CONFIRMED, "check.confirmed", id="undated"
        ),
        pytest.param(
            [an_action(on=JOINED)], date(2004, 1, 1), Check.CONTRADICTED, "check.later", id="said before"
        ),
        pytest.param(
            [an_action(Act.SIGNATURE)], None, Check.CONTRADICTED, "check.not_party", id="signed only"
        ),
        pytest.param(
            [an_action(Act.SIGNATURE, as_of=STALE)], FRESH, Check.CANNOT_CHECK, "check.older", id="old table"
        ),
        pytest.param(
            [an_action(Act.DENUNCIATION, as_of=STALE)],
            FRESH,
            Check.CONTRADICTED,
            "check.not_party",
            id="denounced",
        ),
        pytest.param([], None, Check.CANNOT_CHECK, "check.no_row", id="no row"),
    ],
)
def test_a_claim_to_be_a_party_is_checked(actions, spoken_on, check, why):
    found = told(*actions, spoken_on=spoken_on)

    assert (found.check, found.why.key) == (check, why)


def test_the_date_is_that_of_the_act_that_binds():
    assert told(an_action(on=JOINED)).on == JOINED
    assert told(an_action(Act.SIGNATURE, on=JOINED)).on is None


def test_a_mention_that_claims_nothing_has_nothing_to_check():
    assert told(an_action(), joined=False).why.key == "check.not_claimed"


def test_an_act_of_a_later_day_was_not_known():
    assert told(an_action(as_of=FRESH), today=STALE).check is Check.CANNOT_CHECK


def test_an_unknown_state_is_refused():
    with pytest.raises(Unknown):
        told(state="Atlantis")
