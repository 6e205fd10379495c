"""Several processes that train together: which of them leads, and how they end.

Lightning starts the program again for every further device, with its number in ``LOCAL_RANK`` (torchrun does so from
outside). All of them read the same recipe and pictures and share each batch; the first one alone writes and talks.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import sleep

import lightning
from lightning.fabric.strategies.launchers.subprocess_script import _ChildProcessObserver
from lightning.pytorch.strategies.launchers.subprocess_script import _SubprocessScriptLauncher
from torch import distributed

from ..errors import RunError
from .circumstances import number_of_process
from .module import Diverged

PATIENCE = 10.0
"""Seconds that the first process, when it ends, gives the others to end too."""

GRACE = 60.0
"""Seconds that the first process is given to end when another has ended: on a busy machine it needs them."""


def joined() -> bool:
    """Whether this process has met others to train with."""
    return distributed.is_available() and distributed.is_initialized()


@contextmanager
def ending_together(trainer: lightning.Trainer) -> Iterator[None]:
    """Around the training: whatever ends it in the first process ends the others, and all are gone when that one ends.

    :class:`RunError` in the others where the first one has gone.
    """
    launcher = trainer.strategy.launcher
    _ChildProcessObserver._terminate_all = _patiently  # type: ignore[method-assign, assignment]
    if trainer.world_size > 1 and number_of_process() and not joined():
        threading.Thread(target=_watch, args=(os.getppid(),), daemon=True).start()
    try:
        yield
    except Diverged:
        raise  # all of them meet it at the same step
    except BaseException as error:
        if isinstance(launcher, _SubprocessScriptLauncher):
            launcher.kill(signal.SIGKILL)  # they write nothing, and what waits for another process hears nothing else
        if isinstance(error, RuntimeError) and joined() and number_of_process():
            raise RunError("the first process of this training has ended") from error
        raise
    finally:
        if isinstance(launcher, _SubprocessScriptLauncher) and launcher.procs:
            atexit.register(_end, launcher.procs)


@contextmanager
def waiting_for_the_first() -> Iterator[None]:
    """What the first process does in here is done, or has failed, when the others leave it."""
    try:
        yield
    finally:
        if joined():
            distributed.barrier()


_TERMINATE_ALL = _ChildProcessObserver._terminate_all


def _patiently(observer: _ChildProcessObserver) -> None:
    """Lightning kills the first process as soon as another has ended; but what interrupts that one ends the others first.

    So it is given time to end by itself, with its own exit code.
    """
    sleep(GRACE)
    _TERMINATE_ALL(observer)


def _watch(first: int) -> None:
    """Ends this process where the one that started it has been killed: what waits for another process hears nothing else."""
    while os.getppid() == first:
        sleep(1.0)
    os._exit(2)


def _end(started: Sequence[subprocess.Popen[bytes]]) -> None:
    if joined():
        distributed.destroy_process_group()
    for process in started:
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
