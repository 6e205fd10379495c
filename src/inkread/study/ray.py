"""Trials as tasks of a Ray cluster: one that is started here for the time of the study, or one that is there already."""

from __future__ import annotations

import logging
import os
import secrets
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from ..errors import MissingExtra, RunError, UsageError
from ..picture import one_thread
from .alike import Alike, here, unlike
from .job import Job
from .row import Row
from .trial import Bench, failed, perform
from .where import DIED

LOOPBACK = "127.0.0.1"
ON_LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Without it Ray takes the machine's address instead of that one, and listens on every network. Ray reads it when it is imported: a
program that has done so before keeps out strangers by the token alone."""
AT_ADDRESS = {"RAY_NUM_REDIS_GET_RETRIES": "1"}
"""Without it Ray tries for minutes where no cluster answers, and hears no Ctrl-C meanwhile; with it for 40 seconds."""
STORE = 80 * 2**20
"""Bytes of the object store of a cluster that is started here: trials pass little through it, and Ray asks for no less."""
LONGEST = 40
"""Characters of the temporary folder's path: Ray's sockets lie 64 deeper, and a socket's path has at most 107."""
CHECKING = 120.0
"""Seconds within which every node has told what it has; the first task of a node imports the libraries."""


class Ray:
    """Each trial a task with ``threads`` CPUs, and with a GPU or a share of one where ``device`` is ``cuda``.

    ``workers``: trials at once; None: as many as the cluster has room for. ``address``: HOST:PORT of a cluster that this
    machine is a node of; empty: one is started on this machine, listens on loopback only, and ends with :meth:`close` or
    with this process. ``trials``: address of a node -> trials that have ended there. :class:`MissingExtra` without Ray,
    :class:`RunError` where the cluster cannot be reached, has no room, or has a node that is not like this machine.
    """

    def __init__(self, workers: int | None = None, address: str = "", *, threads: int = 1, device: str = "cpu") -> None:
        self._ray = _library(AT_ADDRESS if address else ON_LOOPBACK)
        self._cpus, self._cuda = max(threads, 1), device == "cuda"
        self.trials: Counter[str] = Counter()
        self._busy: dict[Future[Row], Any] = {}
        self._alike: dict[Path, Alike] = {}
        self._temporary = None if address else tempfile.TemporaryDirectory(prefix="inkread-", dir=_short(), ignore_cleanup_errors=True)
        if self._temporary:
            self._start(workers, self._temporary.name)
        else:
            self._reach(address)
        try:
            self.workers, self._gpus = self._room(workers)
        except RunError:
            self.close()
            raise

    def begin(self, job: Job, bench: Bench) -> Future[Row]:
        if bench.folder not in self._alike:
            self._alike[bench.folder] = self._checked(bench.folder)
        task = self._task(_trial, num_cpus=self._cpus, num_gpus=self._gpus, scheduling_strategy="SPREAD")
        asked = task.remote(job, bench, self._alike[bench.folder])
        told: Future[Row] = Future()
        self._busy[told] = asked
        told.set_running_or_notify_cancel()
        asked.future().add_done_callback(lambda done: self._ended(job, done, told))
        return told

    def close(self) -> None:
        """Cancels what is going on; a cluster that was started here ends, any other one stays as it was."""
        for asked in list(self._busy.values()):
            self._ray.cancel(asked, force=True)
        self._ray.shutdown()
        while self._alike:
            self._alike.popitem()[1].unmark()
        if self._temporary:
            self._temporary.cleanup()

    def _ended(self, job: Job, done: Future[tuple[Row, str]], told: Future[Row]) -> None:
        try:
            row, node = done.result()
            self.trials[node] += 1
        except BaseException as error:  # of the task, of its worker or of its machine
            row = failed(job, _why(self._ray, error))
        del self._busy[told]
        told.set_result(row)

    def _start(self, workers: int | None, folder: str) -> None:
        cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        try:
            with _environment({"RAY_AUTH_TOKEN": _token(), "RAY_USAGE_STATS_ENABLED": "0"}):
                self._ray.init(
                    address="local",
                    num_cpus=max(cores, (workers or 1) * self._cpus),
                    num_gpus=None if self._cuda else 0,
                    object_store_memory=STORE,
                    include_dashboard=False,
                    logging_level=logging.ERROR,
                    log_to_driver=False,
                    _temp_dir=folder,
                    _node_ip_address=LOOPBACK,
                )
        except Exception as error:  # Ray raises bare ones
            raise RunError(
                f"Ray could not be started on this machine: {_first(error)}",
                "a busy machine may take longer than Ray waits for itself: try again, or start a cluster and name it with --address",
            ) from error

    def _reach(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit() or "/" in host:
            raise UsageError(f"the address of a Ray cluster is HOST:PORT: {address}", "as `ray start --head` has said")
        try:
            self._ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False)
        except Exception as error:  # Ray raises bare ones
            raise RunError(
                f"the Ray cluster cannot be reached ({_first(error)}): {address}",
                "is this machine one of its nodes, with the same RAY_AUTH_MODE and RAY_AUTH_TOKEN, Ray and Python?",
            ) from error

    def _room(self, workers: int | None) -> tuple[int, float]:
        """How many trials are done at once, and the GPUs of each."""
        found = [each["Resources"] for each in self._nodes()]
        cpus, gpus = (sum(int(each.get(kind, 0) // of) for each in found) for kind, of in (("CPU", self._cpus), ("GPU", 1)))
        room, needed = (min(cpus, gpus), "a GPU and ") if self._cuda else (cpus, "")
        if not room:
            raise RunError(f"no node of the Ray cluster has what a training needs: {needed}{self._cpus} CPUs")
        if not self._cuda:
            return min(workers or room, room), 0.0
        together = min(workers or room, cpus)
        return together, 1.0 / -(-together // gpus)

    def _nodes(self) -> list[Mapping[str, Any]]:
        """The nodes on which a trial may come to be done."""
        needed = "GPU" if self._cuda else "CPU"
        return [each for each in self._ray.nodes() if each["Alive"] and each["Resources"].get(needed, 0) >= 1]

    def _checked(self, folder: Path) -> Alike:
        """What every node has to have, once each of them has been asked; :class:`RunError` for the first that has it not."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

        alike = here(folder)
        try:
            for node in self._nodes():
                at = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
                asked = self._task(unlike, num_cpus=0, scheduling_strategy=at).remote(alike)
                try:
                    why = self._ray.get(asked, timeout=CHECKING)
                except self._ray.exceptions.RayError as error:
                    why = f"inkread cannot be used there ({_first(error)})"
                if why:
                    raise RunError(
                        f"a node of the cluster is not like this machine, {why}: {node['NodeManagerAddress']}",
                        "nodes share the folder of the study and the folder in which the command is started, and have the same inkread",
                    )
        except BaseException:
            alike.unmark()
            raise
        return alike

    def _task(self, function: Any, **options: Any) -> Any:
        return self._ray.remote(max_retries=0, retry_exceptions=False, **options)(function)


def _trial(job: Job, bench: Bench, alike: Alike) -> tuple[Row, str]:
    """On the node: the row of a job, and the node's address. The node may have come after the others were asked."""
    import ray

    node: str = ray.util.get_node_ip_address()  # type: ignore[no-untyped-call]
    if why := unlike(alike):
        return failed(job, f"the node {node} is not like the others, {why}"), node
    os.chdir(alike.started)
    with one_thread():
        return perform(job, bench), node


def _why(ray: Any, error: BaseException) -> str:
    """What has become of a trial that gave no row."""
    known = ray.exceptions
    if isinstance(error, known.OutOfMemoryError | known.WorkerCrashedError):
        return DIED
    if isinstance(error, known.NodeDiedError):
        return "its machine has gone"
    return f"{type(error).__name__}: {_first(error)}"


def _first(error: BaseException) -> str:
    """The first line of what Ray says, which may go on for a page; of what a task raised, the last one."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()] or ["without a word"]
    return (lines[-1] if hasattr(error, "cause") else lines[0]).rstrip(".")


def _library(variables: Mapping[str, str]) -> Any:
    """Ray, imported with these variables, which it reads then; what it writes from C++ past every logger stays away."""
    try:
        with _environment({"RAY_BACKEND_LOG_LEVEL": "fatal", **variables}):
            import ray
    except ModuleNotFoundError as error:
        raise MissingExtra(error.name or "ray", "cluster") from error
    return ray


@cache
def _token() -> str:
    """What keeps others of this machine out of a cluster that is started here; one a process, for Ray reads it once."""
    return secrets.token_hex(32)


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Variables for this process and those that it starts here; what is set already stays."""
    added = [name for name in variables if name not in os.environ]
    os.environ.update({name: variables[name] for name in added})
    try:
        yield
    finally:
        for name in added:
            os.environ.pop(name, None)


def _short() -> str:
    """A folder for temporary files with a path that leaves room for those of sockets."""
    folder = tempfile.gettempdir()
    return folder if len(folder) + len("/inkread-12345678") <= LONGEST else "/tmp"
