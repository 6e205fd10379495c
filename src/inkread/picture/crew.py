"""Processes that decode and prepare beside this one, for long work.

Decoding, preparing and the network leave the interpreter free only inside OpenCV and the engine; between the calls one
thread waits for another. With the preparing in processes of their own, two cores work where threads keep one and a half busy.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import InkreadError
from ..preparation import Preparation
from .beside import begin_beside, deaf
from .decode import decode
from .prepare import prepare
from .steps import Prepared
from .thumbnail import thumbnail

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

Made = tuple[Prepared, NDArray[np.uint8] | None] | InkreadError
"""A prepared picture and, where asked for, the small one as given; or why there is none."""


def made_of(data: bytes, preparation: Preparation, side: int) -> Made:
    """The prepared picture of a file's bytes, and the picture as given with its longest side ``side`` (0: without it)."""
    try:
        picture = decode(data)
        return prepare(picture, preparation), thumbnail(picture, side) if side else None
    except InkreadError as error:
        return error


@dataclass(frozen=True)
class _Worker:
    """A process and this side's end of the pipe to it, which ends where the process does."""

    process: SpawnProcess
    pipe: Connection


class Crew:
    """``workers`` processes that do :func:`made_of`.

    They start in the background, see :attr:`ready`, and end with :meth:`close` or with this process, however that ends.
    :class:`OSError` where no process can be started. Each has a pipe of its own instead of a pool's common queue: a
    process killed in the middle of an answer closes its pipe, while a queue would wait for the rest for ever.
    """

    def __init__(self, workers: int, preparation: Preparation) -> None:
        self.preparation = preparation
        self._changed = threading.Condition()
        self._closed = False
        self._free: list[_Worker] = []
        self._starting: list[_Worker] = []
        self._workers: list[_Worker] = []
        try:
            with deaf():
                self._workers = [_started(preparation) for _ in range(workers)]
        except OSError:
            self.close()
            raise
        self._starting = list(self._workers)

    @property
    def ready(self) -> bool:
        """Whether all of them have said that they are there, and none has been found dead."""
        with self._changed:
            while self._starting and not self._closed and self._starting[-1].pipe.poll():
                worker = self._starting.pop()
                try:
                    worker.pipe.recv_bytes()
                except (EOFError, OSError):
                    self._closed = True
                else:
                    self._free.append(worker)
            return not (self._starting or self._closed)

    def made(self, files: Sequence[bytes], side: int) -> list[Made] | None:
        """What is made of each file, in order; ``None`` where a process has died or was killed over it, or they are to end."""
        asked = pickle.dumps((files, side))
        with self._changed:
            self._changed.wait_for(lambda: self._free or self._closed)
            if self._closed:
                return None
            worker = self._free.pop()
        try:
            worker.pipe.send_bytes(asked)
            answer = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self.dismiss()
            return None
        with self._changed:
            self._free.append(worker)
            self._changed.notify()
        made: list[Made] = pickle.loads(answer)
        return made

    def dismiss(self) -> None:
        """Give them nothing more to do."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def close(self) -> None:
        """Let them end after the pictures at hand, and wait for that; no thread may wait for an answer any more."""
        self.dismiss()
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join()


def _started(preparation: Preparation) -> _Worker:
    # started afresh, not forked: this process holds the threads of an engine
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, preparation), daemon=True)
    try:
        process.start()
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return _Worker(process, ours)


def _work(pipe: Connection, preparation: Preparation) -> None:
    """What a process of the crew does until the pipe to the one that started it ends."""
    begin_beside()
    with suppress(EOFError, OSError):
        pipe.send_bytes(b"")
        while True:
            files, side = pickle.loads(pipe.recv_bytes())
            pipe.send_bytes(pickle.dumps([made_of(data, preparation, side) for data in files]))
