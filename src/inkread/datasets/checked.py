"""One part of a source, looked at once: sizes, contrast and hashes of its pictures, for every check that needs them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..errors import PictureError
from .lazy import PenPictures
from .opening import Opened
from .parallel import in_parallel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .parallel import Progress

_CHUNK = 512


@dataclass(frozen=True)
class Finding:
    """One thing found. ``code``: a key of :data:`CHECKS`. ``spoils``: it would spoil a training or a measurement, else it
    is only worth knowing. ``part``: where; ``places``: the first pictures of it that are meant."""

    code: str
    spoils: bool
    part: str
    says: str
    hint: str = ""
    places: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Checked:
    """``contrast``: lightest minus darkest grey level of each picture, int16 (N,), -1 where it cannot be decoded.
    ``shapes``: (N,2), height and width. ``digests``: uint64 (N,), None for pen strokes, which have no pixels of their own."""

    opened: Opened
    contrast: NDArray[np.int16]
    shapes: NDArray[np.int32]
    digests: NDArray[np.uint64] | None

    def __len__(self) -> int:
        return len(self.opened)

    @property
    def name(self) -> str:
        """The source with its part, for people."""
        return self.opened.source

    @cached_property
    def readable(self) -> NDArray[np.bool_]:
        """Which pictures can be decoded."""
        return self.contrast >= 0

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many pictures each label has, of those that have any."""
        return {kind: number for kind, number in zip(self.opened.kinds, self.opened.counts.tolist(), strict=True) if number}

    def named(self, places: NDArray[np.int64], most: int = 3) -> str:
        """The first of these pictures for people: by their names, else by their places from 0."""
        names = self.opened.names
        shown = ", ".join(names[at] if names else str(at) for at in places[:most].tolist())
        return shown + (" ..." if len(places) > most else "")


def look_at(opened: Opened, progress: Progress | None = None) -> Checked:
    """Every picture looked at, in a pool of threads; ``progress`` is told how far it is."""
    contrast = np.zeros(len(opened), np.int16)
    shapes = np.zeros((len(opened), 2), np.int32)
    pictures = opened.pictures

    def array(start: int) -> None:
        block = np.asarray(pictures[start : start + _CHUNK]).reshape(min(_CHUNK, len(opened) - start), -1)
        contrast[start : start + _CHUNK] = block.max(axis=1).astype(np.int16) - block.min(axis=1)

    def single(start: int) -> None:
        for at in range(start, min(start + _CHUNK, len(opened))):
            try:
                picture = pictures[at]
            except PictureError:
                contrast[at] = -1
                continue
            contrast[at], shapes[at] = int(picture.max()) - int(picture.min()), picture.shape

    whole = isinstance(pictures, np.ndarray)
    if isinstance(pictures, np.ndarray):
        shapes[:] = pictures.shape[1:]
    for at, _ in enumerate(in_parallel(array if whole else single, range(0, len(opened), _CHUNK)), 1):
        if progress is not None:
            progress(min(at * _CHUNK, len(opened)), len(opened))
    return Checked(opened, contrast, shapes, None if isinstance(pictures, PenPictures) else opened.digests)
