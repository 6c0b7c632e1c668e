"""The same jobs on Apache Spark, for more strata than one machine should carry: equal bytes, other machines.

Needs the extra `spark` (pyspark 4.0, Java 17) where this runs, and palermo with the same versions on Spark's
workers. What travels are tables and answers, some kilobytes a stratum; neither is written anywhere.
"""

import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from palermo.errors import PalermoError, Unreachable, WrongState
from palermo.prevention import job as jobs
from palermo.prevention import strata
from palermo.prevention.cache import Cache
from palermo.prevention.job import Job, Numbered
from palermo.prevention.overlap import Overlap
from palermo.prevention.strata import Ended, Plan, Strata, Tables
from palermo.prevention.workers import Found

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import SparkSession

WAVE = 4096  # strata in one Spark job: what is in memory here beside the answers, and what one failure costs
TASK = 16  # strata in one task
PATIENCE = 120.0  # seconds without a worker after which the work is given up
JAVA = 17
PARCELS = "number long, parcel binary"

_log = logging.getLogger(__name__)


def estimate(
    session: "SparkSession",
    tables: Tables,
    *,
    method: str,
    cache: Cache | None = None,
    ended: Ended | None = None,
    patience: float = PATIENCE,
    **options: object,
) -> Strata:
    """`strata.estimate`, with the strata that the cache does not know run by Spark.

    Spark itself repeats what a lost worker had in hand. Strata that it gives up are told in `again`.
    """
    plan, job = Plan(cache=cache, ended=ended), jobs.job(method, options)
    return strata.run(
        tables, job, plan=plan, by=lambda job, asked: _answers(session, job, asked, patience=patience)
    )


@contextmanager
def session(master: str, *, settings: Mapping[str, str] | None = None) -> Iterator["SparkSession"]:
    """A Spark session on a master (`spark://host:7077`, `local[2]`), stopped at the end.

    `settings` are Spark's own, and go before ours. Workers run the Python that PYSPARK_PYTHON names, or the
    one at the same path as here.
    """
    _java()
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    started = _started(master, {**_settings(), **(settings or {})})
    try:
        yield started
    finally:
        started.stop()


def _answers(
    session: "SparkSession", job: Job, tables: Sequence[Numbered], *, patience: float
) -> Iterator[Found]:
    """The parcels wave by wave; None for those that Spark gave up, and for all once no worker is left."""
    answered, there = False, True
    for start in range(0, len(tables), WAVE):
        wave = tables[start : start + WAVE]
        with _Watch(session, patience) as watch:
            found = _wave(session, job, wave) if there else {}
        there = there and not watch.gave_up
        answered = answered or bool(found)
        if not there and not answered:
            raise Unreachable(
                f"Spark gave this work no worker for {patience:.0f} seconds. Start workers, or free some."
            )
        yield from ((number, found.get(number)) for number, _ in wave)


def _wave(session: "SparkSession", job: Job, tables: Sequence[Numbered]) -> dict[int, bytes]:
    """The parcels of one Spark job by number; none where Spark failed for good."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    code = jobs.kernel()

    def work(batches: "Iterator[pyarrow.RecordBatch]") -> "Iterator[pyarrow.RecordBatch]":
        return _worked(batches, job, code)

    frame = session.createDataFrame(_rows(tables)).repartition(-(-len(tables) // TASK))
    try:
        found = frame.mapInArrow(work, PARCELS).toArrow()
    except (PySparkException, Py4JError) as fault:
        refusal = _refusal(str(fault))
        if refusal:
            raise refusal from fault
        _log.warning("Spark gave up %d strata: %s", len(tables), type(fault).__name__)
        return {}
    return dict(zip(found["number"].to_pylist(), found["parcel"].to_pylist(), strict=True))


def _worked(batches: "Iterator[pyarrow.RecordBatch]", job: Job, code: str) -> "Iterator[pyarrow.RecordBatch]":
    """On a worker: the parcels of the tables of each batch, if the code here is the one that asked."""
    import pyarrow

    if jobs.kernel() != code:
        raise WrongState(_OTHER)
    for batch in batches:
        found = job.run_each(_tables(batch))
        yield pyarrow.RecordBatch.from_pydict(
            {"number": [number for number, _ in found], "parcel": [one for _, one in found]}
        )


def _rows(tables: Sequence[Numbered]) -> "pyarrow.Table":
    import pyarrow

    return pyarrow.table(
        {
            "number": pyarrow.array([number for number, _ in tables], pyarrow.int64()),
            "lists": pyarrow.array(
                [list(table.lists) for _, table in tables], pyarrow.list_(pyarrow.string())
            ),
            "counts": pyarrow.array(
                [table.counts.tolist() for _, table in tables], pyarrow.list_(pyarrow.int64())
            ),
        }
    )


def _tables(batch: "pyarrow.RecordBatch") -> Iterator[Numbered]:
    for row in batch.to_pylist():
        yield row["number"], Overlap(lists=tuple(row["lists"]), counts=row["counts"])


class _Watch:
    """Cancels the Spark job made within it once no task of it has run for a while."""

    def __init__(self, session: "SparkSession", patience: float) -> None:
        self.gave_up = False
        self._context, self._patience = session.sparkContext, patience
        self._group, self._done = f"palermo-{uuid4().hex}", Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> "_Watch":
        self._context.setJobGroup(self._group, "palermo: strata")
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        idle, step = 0.0, min(1.0, self._patience / 4)
        while not self._done.wait(step):
            idle = 0.0 if self._working() else idle + step
            if idle >= self._patience:
                self.gave_up = True
                self._context.cancelJobGroup(self._group)
                return

    def _working(self) -> bool:
        """Is any task running?"""
        tracker = self._context.statusTracker()
        stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
        return any(stage.numActiveTasks for stage in stages if stage)


def _started(master: str, settings: Mapping[str, str]) -> "SparkSession":
    builder = _builder().master(master).appName("palermo")
    for name, value in settings.items():
        builder = builder.config(name, value)
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        return builder.getOrCreate()
    except (PySparkException, Py4JError) as fault:
        raise Unreachable(
            f"Spark did not start on {master} ({type(fault).__name__}). Check its address and version."
        ) from fault


def _builder() -> Any:
    try:
        import pyspark
        from pyspark.sql import SparkSession
    except ImportError as fault:
        raise Unreachable("pyspark is not installed. Install palermo[spark].") from fault
    if int(pyspark.__version__.partition(".")[0]) < 4:
        raise Unreachable(f"pyspark {pyspark.__version__} is too old. Install palermo[spark].")
    if SparkSession.getActiveSession() is not None:
        raise WrongState("There is a Spark session already. Give that one to spark.estimate.")
    return SparkSession.builder


def _settings() -> dict[str, str]:
    """Answers in small batches; nothing served, nothing said."""
    return {
        "spark.sql.execution.arrow.maxRecordsPerBatch": str(TASK),
        "spark.sql.adaptive.enabled": "false",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
    }


def _java() -> None:
    """Refuse where there is no Java, or one that is too old for Spark."""
    home = os.environ.get("JAVA_HOME")
    program = shutil.which("java", path=str(Path(home) / "bin") if home else None)
    if program is None:
        raise Unreachable(f"Java is not on this machine: Spark needs {JAVA} or later. Install it.")
    told = subprocess.run([program, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603 - the Java that Spark itself would start
    found = re.search(r'version "(?:1\.)?(\d+)', told)
    if found is None or int(found[1]) < JAVA:
        version = found[1] if found else "of no version that it tells"
        raise Unreachable(f"Java {version} is on this machine: Spark needs {JAVA} or later. Install it.")


def _refusal(told: str) -> PalermoError | None:
    """What the person who runs it can mend, by what Spark says of it; None where a worker merely failed."""
    return next((WrongState(remedy) for sign, remedy in _SIGNS.items() if sign in told), None)


_OTHER = "Spark's workers run another palermo, or other versions of its libraries. Install the same there."
_NONE = (
    "Spark's workers have no palermo, or not all of its libraries. Install the same there, or name the "
    "Python that has them in PYSPARK_PYTHON."
)
_PYTHON = "Spark's workers run another Python. Name the same one in PYSPARK_PYTHON."
_SIGNS = {_OTHER: _OTHER, "No module named": _NONE, "PYTHON_VERSION_MISMATCH": _PYTHON}
