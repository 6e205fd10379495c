"""Many pictures prepared at once: in threads that do not stand in each other's way, and in processes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import connection, parent_process


@contextmanager
def one_thread() -> Iterator[None]:
    """OpenCV computes each call with one thread inside this block, in the whole process.

    For pictures of this size its own threads gain nothing and wait busily: two threads of ours took twice the processor.
    """
    import cv2

    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


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
