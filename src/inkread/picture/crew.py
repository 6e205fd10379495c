"""Processes that decode and prepare beside this one, for long work.

Decoding, preparing and the network leave the interpreter free only inside OpenCV and the engine; between the calls one
thread waits for another. With the preparing in processes of their own, two cores work where threads keep one and a half busy.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from ..errors import InkreadError
from ..preparation import Preparation
from .beside import begin_beside
from .decode import decode
from .prepare import prepare
from .steps import Prepared
from .thumbnail import thumbnail

Made = tuple[Prepared, NDArray[np.uint8] | None] | InkreadError
"""A prepared picture and, where asked for, the small one as given; or why there is none."""


def made_of(data: bytes, preparation: Preparation, side: int) -> Made:
    """The prepared picture of a file's bytes, and the picture as given with its longest side ``side`` (0: without it)."""
    try:
        picture = decode(data)
        return prepare(picture, preparation), thumbnail(picture, side) if side else None
    except InkreadError as error:
        return error


class Crew:
    """``workers`` processes that do :func:`made_of`.

    They start in the background, see :attr:`ready`, and end with :meth:`close` or with this process, however that ends.
    :class:`OSError` where the machine has no means for it, such as a root without shared memory.
    """

    def __init__(self, workers: int, preparation: Preparation) -> None:
        self.preparation = preparation
        # started afresh, not forked: this process holds the threads of an engine
        self._pool = ProcessPoolExecutor(workers, get_context("spawn"), begin_beside)
        self._broken = False
        try:
            with _deaf():
                self._starting = [self._pool.submit(os.getpid) for _ in range(workers)]
        except OSError:
            self.close()
            raise

    @property
    def ready(self) -> bool:
        """Whether they have answered as often as there are of them, and none has been found dead."""
        return not self._broken and all(each.done() and each.exception() is None for each in self._starting)

    def made(self, files: Sequence[bytes], side: int) -> list[Made] | None:
        """What is made of each file, in order; ``None`` where a process has died or was killed over it, or they are to end."""
        try:
            return self._pool.submit(_all_made, files, self.preparation, side).result()
        except (RuntimeError, CancelledError):  # a broken pool is a RuntimeError, and so is one that is closed
            self._broken = True
            return None

    def dismiss(self) -> None:
        """Give them nothing more to do."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Let them end after the pictures at hand, and wait for that: an interpreter that ends first complains of them."""
        self._pool.shutdown(cancel_futures=True)


def _all_made(files: Sequence[bytes], preparation: Preparation, side: int) -> list[Made]:
    return [made_of(data, preparation, side) for data in files]


@contextmanager
def _deaf() -> Iterator[None]:
    """Processes started here by the main thread do not hear Ctrl-C: the one that reads does, and ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler if handler is None else handler)
