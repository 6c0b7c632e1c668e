"""Answers on disk: found again, never torn, never served damaged, and no more of them than was asked for."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from palermo.errors import InvalidRecord
from palermo.prevention import cache, parcel, strata
from palermo.prevention import job as jobs
from palermo.prevention.cache import Cache
from palermo.prevention.estimate import refused
from palermo.prevention.saying import say
from tests.prevention.strata_tables import a_stratum, strata_of

OPTIONS = {"method": "stepwise", "replicates": 20}
ROOT = Path(__file__).resolve().parents[2]

WRITER = """
import sys
from pathlib import Path
from palermo.prevention import parcel
from palermo.prevention.cache import Cache
from palermo.prevention.estimate import refused
from palermo.prevention.saying import say
from tests.prevention.strata_tables import a_stratum

kept = Cache(folder=Path(sys.argv[1]), most=int(sys.argv[2]))
sent = [parcel.pack(refused("stepwise", a_stratum(one), *[say("at-lists")] * 200)) for one in range(4)]
print("ready", flush=True)
while True:
    for number in range(64):
        kept.keep(f"{number:064x}", sent[number % 4])
"""


def a_parcel(number=1, *, warnings=1):
    return parcel.pack(refused("stepwise", a_stratum(number), *[say("at-lists")] * warnings))


def a_cache(folder, **options):
    return Cache(folder=folder / "estimates", **options)


def key(number):
    return f"{number:064x}"


def writer(folder, most=cache.MOST_BYTES):
    """A process that writes the same 64 keys again and again."""
    started = subprocess.Popen(
        [sys.executable, "-c", WRITER, folder / "estimates", str(most)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": f"{ROOT}/src:{ROOT}"},
    )
    assert started.stdout.readline() == b"ready\n"
    return started


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()


def test_what_was_kept_is_found_by_another(tmp_path):
    a_cache(tmp_path).keep(key(1), a_parcel())

    assert a_cache(tmp_path).find(key(1)) == a_parcel()
    assert a_cache(tmp_path).find(key(2)) is None


def test_a_stratum_is_known_once_it_was_estimated_with_the_same_options(tmp_path):
    kept, table = a_cache(tmp_path), a_stratum(1)
    assert kept.known(table, **OPTIONS) is None

    found = strata.estimate({("XA",): table}, cache=kept, **OPTIONS)

    assert kept.known(table, **OPTIONS) == found["XA",]
    assert kept.known(table, **{**OPTIONS, "replicates": 21}) is None
    assert kept.known(a_stratum(2), **OPTIONS) is None


def test_a_second_run_gives_the_same_bytes_from_disk(tmp_path):
    kept, tables = a_cache(tmp_path), strata_of(6)
    first = strata.estimate(tables, cache=kept, **OPTIONS)
    (tmp_path / "estimates").chmod(0o500)

    heard = []
    again = strata.estimate(tables, cache=kept, ended=heard.append, **OPTIONS)
    (tmp_path / "estimates").chmod(0o700)

    assert again.digest == first.digest == strata.estimate(tables, **OPTIONS).digest
    assert heard == list(tables)
    assert kept.unwritten == 0


def test_a_result_of_another_kernel_is_not_served(tmp_path, monkeypatch):
    kept = a_cache(tmp_path)
    strata.estimate({("XA",): a_stratum(1)}, cache=kept, **OPTIONS)

    monkeypatch.setattr(jobs, "kernel", lambda: "another")

    assert kept.known(a_stratum(1), **OPTIONS) is None


@pytest.mark.parametrize(
    "spoil",
    [lambda whole: whole[:-1], lambda whole: b"", lambda whole: whole[:60] + b"x" + whole[61:]],
    ids=["cut", "empty", "changed"],
)
def test_a_damaged_result_is_computed_anew_and_said(spoil, tmp_path):
    kept, tables = a_cache(tmp_path), strata_of(3)
    first = strata.estimate(tables, cache=kept, **OPTIONS)
    path = next((tmp_path / "estimates").glob("??/*.estimate"))
    path.write_bytes(spoil(path.read_bytes()))

    again = strata.estimate(tables, cache=kept, **OPTIONS)

    assert again.digest == first.digest
    assert again.notes == ("1 results on disk were damaged: they were computed anew.",)
    assert parcel.whole(path.read_bytes())
    assert strata.estimate(tables, cache=kept, **OPTIONS).notes == ()


def test_an_error_that_nobody_foresaw_is_not_kept(tmp_path, caplog):
    kept = a_cache(tmp_path)

    with caplog.at_level("CRITICAL", logger="palermo.prevention.job"):
        strata.estimate({("XA",): a_stratum(1)}, cache=kept, method="stepwise", threshold="wide")

    assert kept.size() == 0


def test_the_longest_unused_go_first(tmp_path):
    size = len(a_parcel())
    full, kept = a_cache(tmp_path), a_cache(tmp_path, most=10 * size)
    for number in range(12):
        full.keep(key(number), a_parcel())
        os.utime(full._path(key(number)), (number, number))
    kept.find(key(0))

    kept.shrink()

    assert kept.size() <= 9 * size
    assert kept.find(key(0)) is not None
    assert kept.find(key(1)) is None
    assert kept.find(key(11)) is not None


def test_the_folder_stays_near_its_bound_however_much_is_kept(tmp_path):
    size = len(a_parcel())
    kept = a_cache(tmp_path, most=32 * size)

    for number in range(200):
        kept.keep(key(number), a_parcel())

    assert kept.size() <= 32 * size * (1 + 1 / cache.LOOK) + size


def test_clearing_takes_everything_away(tmp_path):
    kept = a_cache(tmp_path)
    for number in range(5):
        kept.keep(key(number), a_parcel())
    left = kept._path(key(1)).with_suffix(cache.UNFINISHED)
    left.write_bytes(b"half")

    assert kept.clear() == 5

    assert kept.size() == 0
    assert not left.exists()


def test_what_a_killed_writer_left_is_swept_after_an_hour(tmp_path):
    kept = a_cache(tmp_path)
    kept.keep(key(1), a_parcel())
    fresh, old = (kept._path(key(1)).with_name(f"{name}{cache.UNFINISHED}") for name in ("fresh", "old"))
    for path in (fresh, old):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 2 * cache.LEFT,) * 2)

    kept.shrink()

    assert fresh.exists()
    assert not old.exists()


@pytest.mark.slow
def test_two_writers_that_are_killed_leave_no_torn_file(tmp_path):
    kept, found = a_cache(tmp_path), 0

    for _ in range(3):
        writers = [writer(tmp_path), writer(tmp_path, most=200_000)]
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            found += sum(kept.find(key(number)) is not None for number in range(64))
        for one in writers:
            kill(one)

    assert found > 1000
    assert kept.spoiled == 0
    assert all(parcel.whole(path.read_bytes()) for path in (tmp_path / "estimates").glob("??/*.estimate"))


def test_an_answer_that_the_disk_does_not_take_is_said_and_not_lost(tmp_path):
    kept, table = a_cache(tmp_path), a_stratum(1)
    taken = jobs.job("stepwise", {"replicates": 20}).key(table)[:2]
    (tmp_path / "estimates" / taken).write_text("in the way")

    found = strata.estimate({("XA",): table}, cache=kept, **OPTIONS)

    assert found["XA",].estimable
    assert found.notes == ("1 results could not be kept on disk.",)


def test_a_write_that_fails_leaves_nothing_behind(tmp_path):
    kept = a_cache(tmp_path)
    kept._path(key(1)).mkdir(parents=True)

    kept.keep(key(1), a_parcel())

    assert kept.unwritten == 1
    assert list((tmp_path / "estimates").glob(f"*/*{cache.UNFINISHED}")) == []


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "estimates").write_text("a file")

    with pytest.raises(InvalidRecord, match=r"cannot be made: File exists\. Name a folder"):
        a_cache(tmp_path)


def test_a_cache_that_holds_nothing_is_refused(tmp_path):
    with pytest.raises(InvalidRecord, match="Give 1 byte or more"):
        a_cache(tmp_path, most=0)


def test_only_its_owner_reads_the_folder(tmp_path):
    kept = a_cache(tmp_path)
    kept.keep(key(1), a_parcel())

    modes = {path.stat().st_mode & 0o077 for path in (tmp_path / "estimates", *kept.folder.rglob("*"))}

    assert modes == {0}
