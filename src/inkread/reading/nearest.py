"""The glyphs of a labelled source that look most alike to the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .reader import Reader

CHUNK = 1024


@dataclass(frozen=True)
class Neighbour:
    """A glyph of the source: its ``index`` there and its ``distance``, 1 - cosine of the features: 0 the same, 1 nothing in common."""

    index: int
    distance: float


class Gallery:
    """The glyphs of a source by what the network makes of them, ready to be searched.

    ``pictures``: prepared, N of uint8 (28, 28). ``advance`` is told how many more have been looked at.
    """

    def __init__(
        self,
        pictures: Sequence[NDArray[np.uint8]] | NDArray[np.uint8],
        reader: Reader,
        advance: Callable[[int], object] = lambda count: None,
    ) -> None:
        self._reader = reader.expecting(len(pictures), callers=1)
        parts: list[NDArray[np.float32]] = []
        for start in range(0, len(pictures), CHUNK):
            parts.append(_directions(self._reader.features(np.asarray(pictures[start : start + CHUNK]))))
            advance(len(parts[-1]))
        self._directions: NDArray[np.float32] = np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)

    def __len__(self) -> int:
        return len(self._directions)

    def nearest(self, seen: NDArray[np.uint8], count: int) -> Sequence[Neighbour]:
        """The ``count`` glyphs nearest to a prepared picture uint8 (28, 28), nearest first."""
        if not len(self):
            return ()
        alike = self._directions @ _directions(self._reader.features(seen[None]))[0]
        order = np.argsort(-alike, kind="stable")[:count]
        return [Neighbour(int(index), max(0.0, 1.0 - float(alike[index]))) for index in order]


def _directions(features: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows brought to length 1; a row of nothing stays nothing."""
    lengths = np.linalg.norm(features, axis=1, keepdims=True)
    return np.asarray(features / np.maximum(lengths, np.float32(1e-12)), np.float32)
