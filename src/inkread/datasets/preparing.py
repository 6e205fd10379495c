"""Many pictures through :func:`inkread.picture.prepare`, in parallel and in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .parallel import in_parallel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..preparation import Preparation
    from .lazy import Pictures
    from .parallel import Progress

CHUNK = 128
"""Pictures a piece of work: enough that handing it over costs nothing, few enough that memory stays small."""


def prepare_all(
    pictures: Pictures, preparation: Preparation, out: NDArray[np.uint8] | None = None, progress: Progress | None = None
) -> NDArray[np.uint8]:
    """Every picture prepared: uint8 (N,side,side) in ``out`` (made when left out; a memory map is fine).

    A picture without ink becomes black. The result does not depend on the number of threads. ``progress`` is told how
    far it is. :class:`PictureError` of the first picture, by its place, that cannot be decoded.
    """
    from ..picture import prepare

    side = preparation.side
    finished = np.empty((len(pictures), side, side), np.uint8) if out is None else out

    def work(start: int) -> int:
        end = min(start + CHUNK, len(pictures))
        for at in range(start, end):
            finished[at] = prepare(pictures[at], preparation).picture
        return end

    for done in in_parallel(work, range(0, len(pictures), CHUNK)):
        if progress is not None:
            progress(done, len(pictures))
    return finished
