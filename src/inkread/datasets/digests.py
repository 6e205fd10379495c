"""Hashes of pictures, by which equal ones are found."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np

from ..errors import PictureError
from .parallel import in_parallel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lazy import Pictures

UNREADABLE = 0
"""The digest of a picture that cannot be decoded; it equals nothing."""

_CHUNK = 512


def digests(pictures: Pictures, *, transposed: bool = False) -> NDArray[np.uint64]:
    """A hash of size and pixels of each picture, uint64 (N,): equal pictures have equal ones, others (but one in 10^7 sets
    of a million) have not. ``transposed``: of each picture's transpose. :data:`UNREADABLE` where one cannot be decoded."""
    found = np.zeros(len(pictures), np.uint64)

    def work(start: int) -> None:
        for at in range(start, min(start + _CHUNK, len(pictures))):
            found[at] = _digest(pictures, at, transposed)

    for _ in in_parallel(work, range(0, len(pictures), _CHUNK)):
        pass
    return found


def _digest(pictures: Pictures, at: int, transposed: bool) -> int:
    try:
        picture = pictures[at].T if transposed else pictures[at]
    except PictureError:
        return UNREADABLE
    size = repr(picture.shape).encode()
    return int.from_bytes(blake2b(np.ascontiguousarray(picture).tobytes(), digest_size=8, key=size).digest(), "big") or 1
