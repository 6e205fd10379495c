"""Characters as the way of the pen: strokes of points."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FormatError

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Strokes:
    """N characters; ``strokes[i]`` is a list of float64 (P,2), x to the right and y down.

    ``points``: (P,2) of all characters one after another. ``stroke_start``: int (S+1), where each stroke begins in
    them. ``char_start``: int (N+1), where each character begins among the strokes. :class:`FormatError` where these do
    not fit together.
    """

    points: NDArray[np.generic]
    stroke_start: NDArray[np.int64]
    char_start: NDArray[np.int64]

    def __post_init__(self) -> None:
        if self.points.ndim != 2 or self.points.shape[1] != 2 or self.points.dtype.kind not in "iuf":
            raise FormatError(f"points must have the shape (P,2) and be numbers: {self.points.dtype} {self.points.shape}")
        for what, starts, end in (
            ("stroke_start", self.stroke_start, len(self.points)),
            ("char_start", self.char_start, len(self.stroke_start) - 1),
        ):
            if starts.ndim != 1 or starts.dtype.kind not in "iu" or not len(starts) or starts[0] != 0 or starts[-1] != end:
                raise FormatError(f"{what} must go from 0 to {end}: {starts.dtype} {starts.shape}")
            if (starts[1:] < starts[:-1]).any():
                raise FormatError(f"{what} must not fall: it does at {int((starts[1:] < starts[:-1]).argmax()) + 1:,}")

    def __len__(self) -> int:
        return len(self.char_start) - 1

    def __getitem__(self, index: int) -> list[NDArray[np.float64]]:
        first, last = self.char_start[range(len(self))[index]], self.char_start[range(len(self))[index] + 1]
        starts = self.stroke_start[first : last + 1]
        each = (self.points[start:end] for start, end in pairwise(starts))
        return [np.asarray(points, np.float64) for points in each if len(points)]
