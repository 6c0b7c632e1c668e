"""How far a release is, as it is told while it is made."""

import threading

import pytest

from palermo.prevention.release import fit, made
from palermo.prevention.release.made import Effort
from palermo.prevention.release.plan import Plan
from palermo.prevention.release.stage import BEGINS, Stage, within
from tests.prevention.release.people import made_up, persons
from tests.prevention.release.test_fit import exact

SIZES = (3, 2, 4)
QUICK = Effort(fits=2, moves=20)


def told_of(rows, **asked):
    heard = []
    plan = Plan(sizes=SIZES, epsilon=4.0, delta=1e-5)
    made.make(persons(rows, SIZES), plan, seed=1, effort=QUICK, told=lambda *one: heard.append(one), **asked)
    return heard


def test_a_release_tells_every_stage_in_order_to_its_end():
    heard = told_of(made_up(300, SIZES))

    parts = [part for part, _ in heard]
    assert parts == sorted(parts)
    assert (parts[0], parts[-1]) == (0.0, 1.0)
    assert list(dict.fromkeys(stage for _, stage in heard)) == list(Stage)
    assert len(heard) > fit.SWEEPS


def test_a_release_of_nobody_is_told_to_its_end_too():
    assert told_of([])[-1] == (1.0, Stage.SPREAD)


def test_it_is_told_in_the_thread_that_asked():
    threads = set()
    measured = exact(made_up(60, SIZES), SIZES)

    fit.fitted(measured, seed=1, fits=3, effort=20, told=lambda part: threads.add(threading.get_ident()))

    assert threads == {threading.get_ident()}


def test_who_is_told_can_end_the_release():
    def stop(part):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit.fitted(exact(made_up(60, SIZES), SIZES), seed=1, fits=4, effort=20, told=stop)


def test_a_fit_that_fails_ends_all_and_says_why(monkeypatch):
    def fail(*asked):
        raise MemoryError("no room")

    monkeypatch.setattr(fit, "independent", fail)

    with pytest.raises(MemoryError, match="no room"):
        fit.fitted(exact(made_up(60, SIZES), SIZES), seed=1, fits=3, effort=20)


@pytest.mark.parametrize("stage", Stage)
def test_the_parts_of_a_stage_lie_between_its_beginning_and_the_next(stage):
    heard = []

    tell = within(lambda part, of: heard.append((part, of)), stage)
    tell(0.0)
    tell(1.0)

    (begin, _), (end, _) = heard
    assert {of for _, of in heard} == {stage}
    assert begin == BEGINS[stage]
    assert end == min([later for later in BEGINS.values() if later > begin], default=1.0)
