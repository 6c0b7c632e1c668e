"""A ledger in a file survives kill -9, half-written lines and several writers; it never counts too little."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace

import pytest

from palermo.errors import Disclosive, Unreachable, WrongState
from palermo.prevention.release import budget, ledger_file
from palermo.prevention.release.ledger import MOST_DELTA, EntryState, Limits
from tests.prevention.release.ledgers import AT, DELTA, an_entry

LIMITS = Limits()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "ledger.jsonl"


def test_what_was_reserved_is_read_again(path):
    wanted = an_entry(purpose="Données", approvers=("hana", "omar"))

    kept = ledger_file.reserve(path, wanted, LIMITS)
    again = ledger_file.close(path, "r-1", EntryState.FINISHED, at=AT, cap=6)

    assert kept.ledger.entries == (wanted,)
    assert ledger_file.read(path) == again
    assert [entry.state for entry in again.ledger.entries] == [EntryState.RESERVED, EntryState.FINISHED]
    assert again.link == json.loads(path.read_text("utf-8").splitlines()[-1])["link"]


def test_no_file_is_an_empty_ledger(path):
    assert ledger_file.read(path).ledger.spent == 0
    assert not path.exists()


def test_a_budget_that_is_gone_is_refused_and_nothing_is_written(path):
    ledger_file.reserve(path, an_entry(epsilon=4.0), LIMITS)
    before = path.read_bytes()

    with pytest.raises(Disclosive):
        ledger_file.reserve(path, an_entry("r-2"), LIMITS)
    assert path.read_bytes() == before


def three_lines(path):
    for number in range(3):
        ledger_file.reserve(path, an_entry(f"r-{number}", epsilon=0.5), LIMITS)
    return path.read_bytes()


def test_a_line_that_broke_off_anywhere_counts_at_least_what_it_reserved(path):
    whole = three_lines(path)
    start, spent = whole.rindex(b"\n", 0, -1) + 1, ledger_file.read(path).ledger.spent

    for end in range(start + 1, len(whole)):
        path.write_bytes(whole[:end])
        assert ledger_file.read(path).ledger.spent >= spent


def test_the_next_writer_ends_a_line_that_broke_off_and_counts_it(path):
    whole = three_lines(path)
    spent = ledger_file.read(path).ledger.spent
    for cut in (1, 5, 40, 200):
        path.write_bytes(whole[:-cut])
        kept = ledger_file.reserve(path, an_entry("next", epsilon=0.1), LIMITS)

        assert kept == ledger_file.read(path)
        assert kept.ledger.spent == spent + budget.rho(0.1, DELTA)
        states = {entry.state for entry in kept.ledger.entries}
        assert (EntryState.TORN in states) == (cut > 1)


def test_where_a_line_does_not_say_what_it_reserved_nothing_is_left(path):
    whole = three_lines(path)
    start = whole.rindex(b"\n", 0, -1) + 1
    path.write_bytes(whole[: start + 16])

    with pytest.raises(Disclosive):
        ledger_file.reserve(path, an_entry("next", epsilon=0.1), LIMITS)
    kept = ledger_file.read(path)
    assert kept.ledger.entries[-1].state is EntryState.TORN
    assert kept.ledger.spent == budget.rho(4.0, MOST_DELTA)
    with pytest.raises(Disclosive):
        ledger_file.reserve(path, an_entry("next", epsilon=0.1), LIMITS)


def test_a_line_that_breaks_off_while_another_is_ended_never_counts_less(path):
    whole = three_lines(path)
    spent = ledger_file.read(path).ledger.spent
    path.write_bytes(whole[:-40])
    ledger_file.close(path, "r-0", EntryState.FINISHED, at=AT)
    settled = path.read_bytes()

    for end in range(len(whole) - 40, len(settled)):
        path.write_bytes(settled[:end])
        assert ledger_file.close(path, "r-1", EntryState.FAILED, at=AT).ledger.spent >= spent


def test_a_changed_lost_or_moved_line_is_found(path):
    first, second, third = three_lines(path).splitlines(keepends=True)
    faults = [
        first.replace(b"yearly", b"weekly") + second + third,
        first + second.replace(b'"rho_micro":', b'"rho_micro":1') + third,
        first + second + third.replace(b"hana", b"omar"),
        first + third,
        second + third,
        second + first + third,
        first + second + second + third,
        first[:-30] + b"\n" + second + third,
    ]

    for content in faults:
        path.write_bytes(content)
        with pytest.raises(WrongState, match="line was changed, lost or moved"):
            ledger_file.read(path)
        with pytest.raises(WrongState):
            ledger_file.reserve(path, an_entry("next"), LIMITS)


@pytest.mark.parametrize("content", [b"country,sex\nXA,F\n", b"{}\n", b"\xef\xbb\xbf{", b"PAR1\x00"])
def test_a_file_that_is_no_ledger_is_never_written_to(path, content):
    path.write_bytes(content)

    for limits in (LIMITS, Limits(lifetime=50.0)):
        with pytest.raises(WrongState, match="no ledger of releases"):
            ledger_file.reserve(path, an_entry(), limits)
    assert path.read_bytes() == content


def test_a_first_line_that_a_power_cut_left_as_zeros_is_counted_whole(path):
    path.write_bytes(bytes(200))

    assert ledger_file.read(path).ledger.spent == budget.rho(LIMITS.lifetime, MOST_DELTA)


def test_a_release_that_is_not_there_cannot_end(path):
    with pytest.raises(WrongState, match="not reserved"):
        ledger_file.close(path, "r-9", EntryState.FINISHED, at=AT)


def test_a_ledger_that_cannot_be_read_is_unreachable(tmp_path):
    (tmp_path / "folder").mkdir()

    with pytest.raises(Unreachable, match="Give a ledger in a folder"):
        ledger_file.read(tmp_path / "folder")


def test_a_ledger_that_cannot_be_written_reserves_nothing(path):
    path.symlink_to("no-such-folder/ledger")

    with pytest.raises(Unreachable, match="No such file"):
        ledger_file.reserve(path, an_entry(), LIMITS)


def test_a_disk_that_takes_a_part_of_a_line_says_so(path):
    resource = pytest.importorskip("resource", reason="no limits of files on this system")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        with pytest.raises(Unreachable, match="took half a line"):
            ledger_file.reserve(path, an_entry(), LIMITS)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert ledger_file.read(path).ledger.spent == budget.rho(1.0, DELTA)


def test_a_disk_that_takes_half_a_line_stops_the_release_and_the_half_counts(path, monkeypatch):
    written = ledger_file.os.fsync

    def cut(handle):
        written(handle)
        os.ftruncate(handle, 60)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ledger_file.os, "fsync", cut)
    with pytest.raises(Unreachable, match="No space"):
        ledger_file.reserve(path, an_entry(), LIMITS)
    monkeypatch.undo()

    assert ledger_file.read(path).ledger.spent == budget.rho(1.0, DELTA)


def _reserve_all(path, worker, done):
    for number in range(25):
        entry = an_entry(f"{worker}-{number}", epsilon=0.8)
        with suppress(Disclosive):
            ledger_file.reserve(path, entry, LIMITS)
            done.put(entry.rho_micro)


def test_of_many_processes_at_once_no_two_spend_the_same_budget(path):
    context = multiprocessing.get_context("spawn")
    done = context.Queue()
    workers = [context.Process(target=_reserve_all, args=(path, one, done)) for one in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    kept = ledger_file.read(path).ledger
    granted = [done.get() for _ in kept.entries]
    assert done.empty()
    assert kept.spent == sum(granted)
    assert kept.epsilon() <= 4.0
    assert kept.left(LIMITS, delta=DELTA) < budget.rho(0.8, DELTA)


WRITER = """
import sys
from pathlib import Path
from palermo.prevention.release import ledger_file
from palermo.prevention.release.ledger import Limits
from tests.prevention.release.ledgers import an_entry
for number in range(10_000):
    entry = an_entry(f"{sys.argv[2]}-{number}", rho_micro=1, epsilon=0.1)
    ledger_file.reserve(Path(sys.argv[1]), entry, Limits())
    print(entry.release, flush=True)
"""


def test_what_was_acknowledged_before_kill_9_is_counted(path):
    acknowledged = []
    for worker in range(3):
        command = [sys.executable, "-c", WRITER, str(path), str(worker)]
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        )
        acknowledged += [process.stdout.readline().strip() for _ in range(3 + worker)]
        os.kill(process.pid, signal.SIGKILL)
        acknowledged += [
            line.strip() for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")
        ]
        process.wait()
        process.stdout.close()

    kept = ledger_file.read(path).ledger
    assert set(acknowledged) <= {entry.release for entry in kept.entries}
    assert kept.spent >= len(acknowledged) >= 12
    assert replace(kept.entries[0], at=AT) == an_entry("0-0", rho_micro=1, epsilon=0.1)
