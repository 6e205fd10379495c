"""Where trials are computed: here, in processes beside this one, or as tasks of a Ray cluster. The rows are the same."""

from __future__ import annotations

import signal
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from multiprocessing import get_context
from typing import Protocol

from ..errors import UsageError
from ..picture import begin_beside, deaf
from .job import Job
from .row import Row
from .trial import Bench, failed, perform

DIED = "its process was killed, as machines do that are out of memory"


class Where(Protocol):
    """Somewhere that does up to ``workers`` jobs at once. A worker that dies is a row with an error, not an exception."""

    @property
    def workers(self) -> int: ...

    def begin(self, job: Job, bench: Bench) -> Future[Row]: ...

    def close(self) -> None:
        """Ends what is still going on; its runs are gone on with another time."""


class Here:
    """In this process, one after another: for Python, notebooks and tests, where no process may be started."""

    workers = 1

    def begin(self, job: Job, bench: Bench) -> Future[Row]:
        done: Future[Row] = Future()
        done.set_result(perform(job, bench))
        return done

    def close(self) -> None:
        pass


class Processes:
    """``workers`` processes of their own, so that one that dies of memory takes no other with it.

    Each is a pool of one: where that breaks, only its own job is lost. They end with the process that started them.
    """

    def __init__(self, workers: int) -> None:
        if workers < 1:
            raise UsageError(f"at least one process trains: {workers}")
        self.workers = workers
        self._free: list[ProcessPoolExecutor] = []
        self._busy: dict[Future[Row], ProcessPoolExecutor] = {}

    def begin(self, job: Job, bench: Bench) -> Future[Row]:
        told = Future[Row]()
        pool, asked = self._asked(job, bench)
        self._busy[told] = pool
        told.set_running_or_notify_cancel()
        asked.add_done_callback(lambda done: self._ended(job, done, told))
        return told

    def close(self) -> None:
        for pool in [*self._free, *self._busy.values()]:
            # A training that is asked to end does so at its next batch; killed it loses no more, for it keeps whole epochs.
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(wait=True, cancel_futures=True)
        self._free.clear()

    def _asked(self, job: Job, bench: Bench) -> tuple[ProcessPoolExecutor, Future[Row]]:
        """The pool that does the job; one that has died while it waited is forgotten."""
        while self._free:
            pool = self._free.pop()
            with suppress(BrokenProcessPool):
                return pool, pool.submit(perform, job, bench)
        pool = _pool()
        with deaf():
            return pool, pool.submit(perform, job, bench)

    def _ended(self, job: Job, done: Future[Row], told: Future[Row]) -> None:
        pool = self._busy.pop(told)
        try:
            row = done.result()
            self._free.append(pool)
        except BrokenProcessPool:
            pool.shutdown(wait=False)
            row = failed(job, DIED)
        except BaseException as error:  # what cannot be sent back
            pool.shutdown(wait=False)
            row = failed(job, f"{type(error).__name__}: {error}")
        told.set_result(row)


def _pool() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """A process ends with the one that started it, and leaves Ctrl-C to that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin_beside()
