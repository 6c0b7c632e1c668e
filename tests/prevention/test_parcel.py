"""An estimate comes back from its bytes as it was, and bytes that were changed are known."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.errors import InvalidRecord
from palermo.prevention import methods, parcel
from palermo.prevention.estimate import Estimate, Interval, refused
from palermo.prevention.saying import say
from tests.prevention.strata_tables import a_stratum

NUMBERS = st.floats(0, 1e9)


@pytest.mark.parametrize("method", ["stepwise", "bic", "bic-average", "bayes-threshold", "graphs"])
def test_an_answer_comes_back_as_the_document_it_was(method):
    answer = methods.estimate(a_stratum(1), method, replicates=20)

    assert parcel.unpack(parcel.pack(answer)).to_json() == answer.to_json()


def test_replicates_come_back_to_seven_digits():
    answer = methods.estimate(a_stratum(2), "stepwise", replicates=50)

    back = parcel.unpack(parcel.pack(answer))

    assert np.allclose(back.drawn, answer.drawn, rtol=1e-7, equal_nan=True)


def test_sayings_come_back_with_the_sayings_within_them():
    inner = say("fault", path=say("at-lists"), wrong="w", remedy=("a", "b"))
    answer = refused("stepwise", a_stratum(1), inner)

    back = parcel.unpack(parcel.pack(answer))

    assert back.warnings == answer.warnings
    assert back.warnings[0].text("fr") == inner.text("fr")


@given(
    total=NUMBERS,
    low=NUMBERS,
    high=NUMBERS,
    acceleration=st.none() | st.floats(-1, 1),
    observed=st.integers(0),
)
def test_every_number_comes_back_to_its_last_digit(total, low, high, acceleration, observed):
    answer = Estimate(
        method="stepwise",
        lists=("A", "B", "C"),
        observed=observed,
        table="0",
        estimable=True,
        total=total,
        interval=Interval(level=0.95, kind="bca", low=low, high=high),
        model=(("A", "B"),),
        acceleration=acceleration,
    )

    assert parcel.unpack(parcel.pack(answer)) == answer


def test_numbers_of_numpy_are_written_as_numbers():
    answer = replace(methods.estimate(a_stratum(1), "stepwise", replicates=0), details={"n": np.int64(3)})

    assert parcel.unpack(parcel.pack(answer)).details == {"n": 3}


@given(place=st.integers(0), bit=st.integers(0, 7))
def test_a_parcel_with_one_bit_changed_is_not_read(place, bit):
    sent = bytearray(parcel.pack(refused("stepwise", a_stratum(1), say("at-lists"))))
    sent[place % len(sent)] ^= 1 << bit

    with pytest.raises(InvalidRecord, match="not a whole estimate"):
        parcel.unpack(bytes(sent))


@given(cut=st.integers(1))
def test_a_parcel_cut_short_is_not_whole(cut):
    sent = parcel.pack(refused("stepwise", a_stratum(1), say("at-lists")))

    assert not parcel.whole(sent[: -1 - cut % len(sent)])
