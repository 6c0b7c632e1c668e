"""A job run on many tables by processes of this machine, a bounded number of tables under way at once.

Processes are spawned and stay for all their tables. Tables with as many lists go together in one task. Where
a process is ended from outside (by the system for want of memory, say) the tables that were in hand come back
without an answer and the others go on in new processes.
"""

import logging
import os
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from threading import Thread

from palermo.prevention import job as jobs
from palermo.prevention.job import Job, Numbered, Parcels

Batch = tuple[Numbered, ...]
Found = tuple[int, bytes | None]

BATCH = 16  # tables in one task
AHEAD = 2  # tasks a process, the one it works on and the next
MOST_ENDED = 3  # times that processes are started anew

_log = logging.getLogger(__name__)


def run(job: Job, tables: Sequence[Numbered], *, processes: int = 1, batch: int = BATCH) -> Iterator[Found]:
    """Each table's number and parcel as they come, in any order; None where its process was ended."""
    waiting = deque(batches(tables, batch))
    if processes == 1 or len(waiting) < 2:
        for one in waiting:
            yield from job.run_each(one)
        return
    for _ in range(1 + MOST_ENDED):
        yield from _pooled(job, waiting, processes=min(processes, len(waiting)))
        if not waiting:
            return
        _log.warning("A process that estimated was ended; going on with %d tasks in new ones", len(waiting))
    yield from _unanswered(waiting)


def batches(tables: Sequence[Numbered], batch: int) -> Iterator[Batch]:
    """The tables in tasks, those with as many lists together; the widest, which take longest, come first."""
    ordered = sorted(tables, key=lambda one: (-len(one[1].lists), one[0]))
    start = 0
    for place in range(1, len(ordered) + 1):
        if (
            place == len(ordered)
            or place - start == batch
            or _width(ordered[place]) != _width(ordered[start])
        ):
            yield tuple(ordered[start:place])
            start = place


def _pooled(job: Job, waiting: deque[Batch], *, processes: int) -> Iterator[Found]:
    """Work until nothing waits, or until a process is ended."""
    pool = ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_settle, initargs=(job.method,)
    )
    running: dict[Future[Parcels], Batch] = {}
    try:
        while _filled(pool, job, waiting, running, processes=processes) or running:
            done, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                yield from _parcels(future, running.pop(future))
    finally:
        pool.shutdown(cancel_futures=True)


def _filled(
    pool: ProcessPoolExecutor,
    job: Job,
    waiting: deque[Batch],
    running: dict[Future[Parcels], Batch],
    *,
    processes: int,
) -> bool:
    """Hand out tasks while there is room for them; is the pool still whole and is there more to do?"""
    try:
        while waiting and len(running) < AHEAD * processes:
            running[pool.submit(job.run_each, waiting[0])] = waiting[0]
            waiting.popleft()
    except BrokenProcessPool:
        return False
    return bool(waiting)


def _parcels(future: Future[Parcels], batch: Batch) -> Iterator[Found]:
    try:
        yield from future.result()
    except BrokenProcessPool:
        yield from _unanswered([batch])


def _unanswered(batches: Sequence[Batch] | deque[Batch]) -> Iterator[Found]:
    yield from ((number, None) for batch in batches for number, _ in batch)


def _width(one: Numbered) -> int:
    return len(one[1].lists)


def _settle(method: str) -> None:
    """In a new process: leave Ctrl+C to the one that asked, go when it goes, and load the method."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_follow, daemon=True).start()
    jobs.warm(method)


def _follow() -> None:
    """A process whose parent was killed would wait for tasks for ever."""
    asked = parent_process()
    if asked is not None:
        asked.join()
        os._exit(1)
