"""Encoded pictures of one size -> one array on disk, in parallel and in order."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ..errors import PictureError
from .cache import mapped
from .lazy import Decoded
from .parallel import in_parallel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lazy import Pictures
    from .parallel import Progress

CHUNK = 256
"""Pictures a piece of work."""

SMALL = 96 * 96
"""Pixels up to which unpacking a picture takes less time than handing the interpreter over: two threads are slower than one."""


def decode_all(pictures: Pictures, folder: Path, progress: Progress | None = None) -> NDArray[np.uint8] | None:
    """An array as it is; encoded pictures are decoded into `pictures.npy` of the folder, and None is given.

    :class:`PictureError` where one cannot be decoded, or where they are not all of one size.
    """
    if not isinstance(pictures, Decoded):
        return np.asarray(pictures)
    count = len(pictures)
    if not count:
        return np.zeros((0, 1, 1), np.uint8)
    shape = pictures.picture(0).shape
    out = np.asarray(mapped(folder / "pictures.npy", (count, *shape)))  # a row of a memory map costs more than a row of an array

    def work(start: int) -> int:
        end = min(start + CHUNK, count)
        for at in range(start, end):
            picture = pictures.picture(at)
            if picture.shape != shape:
                raise PictureError(f"pictures of several sizes: {shape} and {picture.shape}")
            out[at] = picture
        return end

    for done in in_parallel(work, range(0, count, CHUNK), 1 if shape[0] * shape[1] <= SMALL else None):
        if progress is not None:
            progress(done, count)
    return None
