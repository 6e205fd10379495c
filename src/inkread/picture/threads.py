"""How many threads the preparing of pictures takes."""

from __future__ import annotations


def one_thread() -> None:
    """Keeps OpenCV in this process to one thread: the processes beside it are what fills the machine."""
    import cv2

    cv2.setNumThreads(1)
