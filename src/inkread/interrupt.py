"""What Ctrl-C does: it ends the program at once while nothing has begun, and never between writing a line and counting it."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130
"""The exit code after Ctrl-C."""


@contextmanager
def ending_at_once() -> Iterator[None]:
    """Let Ctrl-C end the process with :data:`INTERRUPTED` while modules are imported, before anything is read or written.

    As an exception it would be printed by whoever imports, and libraries written in C make an ``ImportError`` of it.
    """
    if not _raises():
        yield
        return
    signal.signal(signal.SIGINT, lambda _number, _frame: os._exit(INTERRUPTED))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def held_interrupt() -> Iterator[None]:
    """Let Ctrl-C wait until the block is left; a second one does not wait (the pipe may be full for ever)."""
    if not _raises():
        yield
        return
    pressed: list[int] = []

    def note(number: int, _frame: FrameType | None) -> None:
        if pressed:
            raise KeyboardInterrupt
        pressed.append(number)

    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if pressed:
        raise KeyboardInterrupt


def _raises() -> bool:
    """Whether Ctrl-C raises an exception here: not in another thread, nor where the caller has decided otherwise (``nohup``)."""
    return signal.getsignal(signal.SIGINT) is signal.default_int_handler and threading.current_thread() is threading.main_thread()
