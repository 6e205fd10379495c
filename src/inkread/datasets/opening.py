"""Sources as they are: pictures not prepared, labels of test parts shown, for those who look at data."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..alphabet import Alphabet
from ..errors import UsageError
from ..formats import Contents, Orientation, read
from .lazy import Chosen, Decoded, PenPictures
from .places import Place, places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lazy import Pictures


@dataclass(frozen=True, eq=False)
class Opened:
    """A source as it is, upright, before an alphabet is chosen or anything is prepared.

    ``pictures``: uint8 (N,H,W), or a lazy row of pictures of any size. ``kinds``: the labels that occur; ``codes``:
    int64 (N,) into them, -1 where nothing is told. ``names``: a path a picture, or None. ``writer``: str (N,), or None.
    """

    pictures: Pictures
    kinds: tuple[str, ...]
    codes: NDArray[np.int64]
    names: tuple[str, ...] | None
    writer: NDArray[np.str_] | None
    format: str
    orientation: Orientation
    part: str
    source: str
    card: str = ""

    def __len__(self) -> int:
        return len(self.pictures)

    @cached_property
    def labels(self) -> tuple[str, ...] | None:
        """A string a picture ("" where nothing is told); None where no picture has a label."""
        if not self.kinds:
            return None
        return tuple(np.array([*self.kinds, ""], dtype=object)[self.codes].tolist())

    def take(self, indices: NDArray[np.int64]) -> Opened:
        """The pictures at these indices, in this order."""
        return replace(
            self,
            pictures=self.pictures[indices] if isinstance(self.pictures, np.ndarray) else Chosen(self.pictures, indices),
            codes=self.codes[indices],
            names=None if self.names is None else tuple(self.names[at] for at in indices.tolist()),
            writer=None if self.writer is None else self.writer[indices],
        )


def open_source(source: str | os.PathLike[str], *, alphabet: Alphabet | None = None) -> Opened:
    """A source for those who look at it. ``alphabet``: only the pictures whose label it knows."""
    found = places(source)
    if len(found) > 1:
        raise UsageError(f"one source at a time: {source}")
    opened = _from_contents(read(found[0].path, found[0].part), found[0])
    if alphabet is None:
        return opened
    known = np.array([all(alphabet.find(each) is not None for each in kind) for kind in opened.kinds] + [False])
    return opened.take(np.flatnonzero(known[opened.codes]))


def _from_contents(contents: Contents, place: Place) -> Opened:
    pictures: Pictures
    if contents.pictures is not None:
        pictures = contents.pictures
    elif contents.strokes is not None:
        pictures = PenPictures(contents.strokes)
    else:
        pictures = Decoded(contents.encoded or (), contents.names, turn=contents.turn)
    kinds, codes = _coded(contents.labels, len(contents))
    return Opened(pictures, kinds, codes, contents.names, contents.writer, contents.format, contents.orientation, contents.part, str(place))


def _coded(labels: Sequence[str] | None, count: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    if labels is None:
        return (), np.full(count, -1, np.int64)
    kinds = tuple(sorted(set(labels)))
    place = {label: at for at, label in enumerate(kinds)}
    return kinds, np.fromiter((place[each] for each in labels), np.int64, count)
