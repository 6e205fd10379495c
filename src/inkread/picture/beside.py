"""Many pictures prepared at once: in threads that do not stand in each other's way, and in processes."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import connection, parent_process


class _Taken:
    """Counts the open blocks: the first takes OpenCV's threads away, the last one out gives them back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open = 0
        self._before = 0

    def take(self) -> None:
        import cv2

        with self._lock:
            if not self._open:
                self._before = cv2.getNumThreads()
                cv2.setNumThreads(1)
            self._open += 1

    def give_back(self) -> None:
        import cv2

        with self._lock:
            self._open -= 1
            if not self._open:
                cv2.setNumThreads(self._before)


_taken = _Taken()


@contextmanager
def one_thread() -> Iterator[None]:
    """OpenCV computes each call with one thread inside this block, in the whole process; blocks may overlap.

    For pictures of this size its own threads gain nothing and wait busily: two threads of ours took twice the processor.
    """
    _taken.take()
    try:
        yield
    finally:
        _taken.give_back()


@contextmanager
def deaf() -> Iterator[None]:
    """Processes started here by the main thread do not hear Ctrl-C: the one that started them does, and ends them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler if handler is None else handler)


def begin_beside() -> None:
    """To be called first in a process that prepares beside another one.

    OpenCV keeps to one thread, since the processes together fill the machine; and the process ends when the one that
    started it has gone, which may be killed without a word.
    """
    import cv2

    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
