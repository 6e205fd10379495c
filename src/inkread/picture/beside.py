"""A process that prepares pictures beside the one that wants them."""

from __future__ import annotations

import os
import threading
from multiprocessing import connection, parent_process


def begin_beside() -> None:
    """To be called first in such a process: OpenCV keeps to one thread, since the processes together fill the machine, and
    the process ends when the one that started it has gone, which may be killed without a word."""
    import cv2

    cv2.setNumThreads(1)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
