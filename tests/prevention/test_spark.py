"""Strata on a real Spark cluster of this machine: the bytes of the process version, or a clear reason."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

import pytest

from palermo.errors import Unreachable, WrongState
from palermo.prevention import job as jobs
from palermo.prevention import spark, strata
from palermo.prevention.cache import Cache
from tests.prevention.strata_tables import a_stratum, strata_of

MISSING = [
    told for told, there in (("pyspark", find_spec("pyspark")), ("java", shutil.which("java"))) if not there
]
on_spark = [
    pytest.mark.spark,
    pytest.mark.skipif(bool(MISSING), reason=f"not on this machine: {', '.join(MISSING)} (make test-spark)"),
]
LOOPBACK = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.task.maxFailures": "2",
}
OPTIONS = {"method": "stepwise", "replicates": 50}


def on_a_cluster(test):
    for mark in on_spark:
        test = mark(test)
    return test


def spark_process(kind, *arguments, log):
    """Spark's master or worker; the shell becomes the Java that this process id names."""
    import pyspark

    home, name = Path(pyspark.__file__).parent, f"org.apache.spark.deploy.{kind}"
    with log.open("ab") as out:
        return subprocess.Popen(
            [home / "bin" / "spark-class", name, "--host", "127.0.0.1", *arguments],
            stdout=out,
            stderr=out,
            env=os.environ | {"SPARK_LOCAL_IP": "127.0.0.1", "SPARK_HOME": str(home)},
        )


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_for(condition, *, seconds=60):
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to pass"
        time.sleep(0.1)


def listens(port):
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


def children(pid):
    """The processes of this machine that a process started."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(fields[1]) == pid:
            found.append(int(path.parent.name))
    return found


def end(process):
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a master with one worker, and that worker; both are ended by their ids."""
    folder, port = tmp_path_factory.mktemp("spark"), free_port()
    address, log = f"spark://127.0.0.1:{port}", folder / "log"
    master = spark_process("master.Master", "--port", str(port), "--webui-port", "0", log=log)
    wait_for(lambda: listens(port))
    worker = spark_process(
        "worker.Worker",
        *("--cores", "2", "--memory", "2g", "--webui-port", "0", "--work-dir", str(folder), address),
        log=log,
    )
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    yield address, worker
    del os.environ["SPARK_LOCAL_IP"]
    end(worker)
    end(master)


class Sessions:
    """One session at a time, kept for the next test that wants the same settings."""

    def __init__(self, master):
        self.master, self.settings, self.stack = master, None, ExitStack()

    def on(self, **settings):
        if settings != self.settings:
            self.stack.close()
            wanted = {**LOOPBACK, **settings}
            self.session = self.stack.enter_context(spark.session(self.master, settings=wanted))
            self.settings = settings
        return self.session

    def close(self):
        self.stack.close()
        self.settings = None


@pytest.fixture(scope="module")
def sessions(cluster):
    known = Sessions(cluster[0])
    yield known
    known.close()


@pytest.fixture
def session(sessions):
    return sessions.on()


@on_a_cluster
def test_spark_gives_the_bytes_that_processes_give(session):
    tables, heard = strata_of(40), []

    found = spark.estimate(session, tables, ended=heard.append, **OPTIONS)

    assert dict(found.parcels) == dict(strata.estimate(tables, **OPTIONS).parcels)
    assert list(found.parcels) == list(tables) == heard
    assert found.again == ()


@on_a_cluster
def test_waves_change_no_byte(session, monkeypatch):
    monkeypatch.setattr(spark, "WAVE", 7)

    found = spark.estimate(session, strata_of(20), **OPTIONS)

    assert found.digest == strata.estimate(strata_of(20), **OPTIONS).digest


@on_a_cluster
def test_a_refused_stratum_is_refused_on_spark_too(session):
    tables = {("XA",): a_stratum(1), ("XB",): a_stratum(2, people=4)}

    found = spark.estimate(session, tables, **OPTIONS)

    assert [one.estimable for _, one in found.answers()] == [True, False]


@on_a_cluster
def test_spark_repeats_what_a_lost_worker_had_in_hand(cluster, session):
    tables, killed = strata_of(120), []

    def kill_when_it_works():
        tracker = session.sparkContext.statusTracker()
        wait_for(lambda: any(tracker.getStageInfo(one).numActiveTasks for one in tracker.getActiveStageIds()))
        wait_for(lambda: children(cluster[1].pid))
        killed.extend(children(cluster[1].pid))
        for pid in killed:
            os.kill(pid, signal.SIGKILL)

    killer = Thread(target=kill_when_it_works)
    killer.start()
    found = spark.estimate(session, tables, method="stepwise", replicates=300)
    killer.join()

    assert killed
    assert found.digest == strata.estimate(tables, method="stepwise", replicates=300).digest


@on_a_cluster
def test_a_wave_that_spark_gives_up_is_told_and_the_others_are_kept(session, monkeypatch):
    monkeypatch.setattr(spark, "WAVE", 10)
    tables, options = strata_of(30), {"method": "stepwise", "replicates": 1000}

    def cancel(_):
        """Once the first wave is there, cancel the job of the second."""
        if not cancelled:
            cancelled.append(Thread(target=cancel_next))
            cancelled[0].start()

    def cancel_next():
        tracker = session.sparkContext.statusTracker()
        wait_for(lambda: tracker.getActiveJobsIds())
        session.sparkContext.cancelAllJobs()

    cancelled = []
    found = spark.estimate(session, tables, ended=cancel, **options)
    cancelled[0].join()

    assert found.again == tuple(tables)[10:20]
    assert list(found.parcels) == [*tables][:10] + [*tables][20:]
    rest = spark.estimate(
        session, {one: tables[one] for one in found.again}, method="stepwise", replicates=1000
    )
    assert (found | rest).digest == strata.estimate(tables, **options).digest


@on_a_cluster
def test_work_that_no_worker_takes_is_given_up(sessions):
    wide = sessions.on(**{"spark.executor.memory": "64g"})

    with pytest.raises(Unreachable, match="gave this work no worker for 4 seconds"):
        spark.estimate(wide, strata_of(3), patience=4.0, **OPTIONS)


@on_a_cluster
def test_workers_with_another_palermo_are_refused(session, monkeypatch):
    monkeypatch.setattr(jobs, "kernel", lambda: "another")

    with pytest.raises(WrongState, match="another palermo"):
        spark.estimate(session, strata_of(3), **OPTIONS)


@on_a_cluster
def test_workers_without_palermo_are_refused(sessions, monkeypatch):
    bare = Path(sys.base_prefix) / "bin" / f"python3.{sys.version_info.minor}"
    monkeypatch.setenv("PYSPARK_PYTHON", str(bare))
    sessions.close()
    session = sessions.on()

    with pytest.raises(WrongState, match="have no palermo"):
        spark.estimate(session, strata_of(3), **OPTIONS)

    sessions.close()


@on_a_cluster
def test_a_session_that_is_there_is_not_taken_over(session):
    with pytest.raises(WrongState, match="a Spark session already"), spark.session("local"):
        pass


@on_a_cluster
def test_an_address_that_is_no_master_is_refused(sessions):
    sessions.close()

    with pytest.raises(Unreachable, match="Spark did not start on nowhere"), spark.session("nowhere"):
        pass


@on_a_cluster
def test_a_pyspark_that_is_too_old_is_refused(monkeypatch):
    import pyspark

    monkeypatch.setattr(pyspark, "__version__", "3.5.1")

    with pytest.raises(Unreachable, match=r"pyspark 3\.5\.1 is too old"), spark.session("local"):
        pass


def java(folder, text):
    """A program called java that says this of its version."""
    program = folder / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{text}' >&2\n")
    program.chmod(0o755)


def test_what_the_cache_knows_asks_nothing_of_spark(tmp_path):
    tables, kept = strata_of(5), Cache(folder=tmp_path)
    first = strata.estimate(tables, cache=kept, **OPTIONS)

    assert spark.estimate(None, tables, cache=kept, **OPTIONS).digest == first.digest


def test_without_java_the_reason_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with (
        pytest.raises(Unreachable, match="Java is not on this machine"),
        spark.session("local"),
    ):
        pass


@pytest.mark.parametrize(
    "text, told",
    [('version "1.8.0_292"', "Java 8"), ('version "11.0.2"', "Java 11"), ("hello", "of no version")],
)
def test_a_java_that_is_too_old_is_told(text, told, monkeypatch, tmp_path):
    java(tmp_path, text)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    with pytest.raises(Unreachable, match=told), spark.session("local"):
        pass


def test_without_pyspark_the_extra_is_named(monkeypatch, tmp_path):
    java(tmp_path, 'version "17.0.1"')
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pyspark", None)

    with pytest.raises(Unreachable, match=r"Install palermo\[spark\]"), spark.session("local"):
        pass
