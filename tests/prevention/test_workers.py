"""Tables over processes: every one comes back once, whatever happens to the processes."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from palermo.prevention import job as jobs
from palermo.prevention import workers
from tests.prevention.strata_tables import a_stratum, strata_of

ROOT = Path(__file__).resolve().parents[2]

PARENT = """
import os
from multiprocessing import active_children
from palermo.prevention import job, workers
from tests.prevention.strata_tables import strata_of

if __name__ == "__main__":
    tables = list(enumerate(strata_of(2000).values()))
    for _ in workers.run(job.job("stepwise", {}), tables, processes=2, batch=1):
        print(*(child.pid for child in active_children()), flush=True)
"""


def numbered(tables):
    return list(enumerate(tables))


def a_job(**options):
    return jobs.job("stepwise", {"replicates": 10, **options})


def killed():
    """One process that estimates was ended from outside."""
    os.kill(active_children()[0].pid, signal.SIGKILL)


@given(widths=st.lists(st.integers(3, 5), max_size=30), batch=st.integers(1, 7))
def test_tasks_hold_each_table_once_and_only_tables_with_as_many_lists(widths, batch):
    tables = numbered(a_stratum(1, lists=width, people=20) for width in widths)

    found = list(workers.batches(tables, batch))

    assert sorted(number for one in found for number, _ in one) == list(range(len(widths)))
    assert all(len(one) <= batch for one in found)
    assert all(len({len(table.lists) for _, table in one}) == 1 for one in found)
    wanted = sum(-(-widths.count(width) // batch) for width in {*widths})
    assert len(found) == wanted


def test_no_tables_need_no_process():
    assert list(workers.run(a_job(), [], processes=2)) == []
    assert active_children() == []


def test_processes_give_what_one_gives():
    tables = numbered(strata_of(9).values())

    alone = dict(workers.run(a_job(), tables))
    two = dict(workers.run(a_job(), tables, processes=2, batch=2))

    assert two == alone
    assert active_children() == []


@pytest.mark.slow
def test_a_process_that_is_ended_loses_only_what_was_in_hand(caplog):
    tables = numbered(strata_of(40).values())
    found = {}

    with caplog.at_level("CRITICAL", logger="palermo.prevention.workers"):
        for number, parcel in workers.run(a_job(replicates=300), tables, processes=2, batch=1):
            if not found:
                killed()
            assert number not in found
            found[number] = parcel

    lost = [number for number, parcel in found.items() if parcel is None]
    assert sorted(found) == list(range(40))
    assert 1 <= len(lost) <= 2 * workers.AHEAD
    whole = dict(workers.run(a_job(replicates=300), [tables[number] for number in lost]))
    assert None not in whole.values()


@pytest.mark.slow
def test_what_is_left_when_processes_are_ended_again_and_again_comes_back_unanswered(caplog):
    tables = numbered(strata_of(60).values())
    found, ended = {}, 0

    with caplog.at_level("CRITICAL", logger="palermo.prevention.workers"):
        for number, parcel in workers.run(a_job(replicates=300), tables, processes=2, batch=1):
            found[number] = parcel
            if parcel is not None and active_children():
                killed()
                ended += 1

    assert sorted(found) == list(range(60))
    assert ended >= 1 + workers.MOST_ENDED
    assert list(found.values()).count(None) >= 60 - 4 * workers.AHEAD * (1 + workers.MOST_ENDED)


def test_who_stops_listening_stops_the_processes():
    tables = numbered(strata_of(40).values())

    answers = workers.run(a_job(), tables, processes=2, batch=1)
    next(answers)
    answers.close()

    assert active_children() == []


@pytest.mark.slow
def test_processes_go_when_the_one_that_asked_is_killed(tmp_path):
    script = tmp_path / "parent.py"
    script.write_text(PARENT)
    started = subprocess.Popen(
        [sys.executable, script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": f"{ROOT}/src:{ROOT}"},
    )
    children = [int(pid) for pid in started.stdout.readline().split()]

    started.send_signal(signal.SIGKILL)
    started.wait()
    started.stdout.close()

    assert len(children) == 2
    until = time.monotonic() + 20
    while any(map(alive, children)) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(map(alive, children))


def alive(pid):
    """Is this process there and not merely waiting to be buried?"""
    try:
        return " Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
