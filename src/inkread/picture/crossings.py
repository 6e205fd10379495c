"""Strokes on a printed line, kept when the line goes: where ink meets it on both sides, or is stronger than the line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .lines import Line
from .steps import Picture

STEEP = 1.3
"""How far a stroke may move sideways while it crosses a line, in thicknesses of the line with its soft rim."""


def bridges(line: Line, above: Picture, below: Picture, soft: float) -> Picture:
    """Where strokes cross a level line: uint8 (H, W), 255 between the ink that meets it ``above`` and that which does ``below``.

    ``soft``: rows on each side of the line that are taken for its rim.
    """
    import cv2

    found = np.zeros(above.shape, np.uint8)
    uppers, lowers = _runs(line.touched(above, False, soft)), _runs(line.touched(below, True, soft))
    if not (uppers and lowers):
        return found
    rows = line.rows(above.shape[1])
    aside = STEEP * (line.thick + 2 * soft)
    for begin, end in uppers:
        for first, last in lowers:
            if max(first - end, begin - last) + 1 <= aside:
                top, bottom = int(rows[(begin + end) // 2] - soft) - 1, int(rows[(first + last) // 2] + line.thick + soft) + 1
                corners = np.array([(begin, top), (end, top), (last, bottom), (first, bottom)], np.int32)
                cv2.fillConvexPoly(found, corners, 255)
    return found


def darker(line: Line, ink: Picture, strength: float, pale: float, soft: float) -> NDArray[np.bool_]:
    """Where on a level line the ink is as strong as the character's: bool (H, W).

    ``strength`` of the character's ink; a line of more than a share ``pale`` of it tells nothing, so nowhere then.
    ``soft``: rows on each side of the line that are taken for its rim.
    """
    own = line.strength(ink)
    if own > pale * strength:
        return np.zeros(ink.shape, bool)
    return np.asarray(line.band(ink.shape, soft) & (ink > (own + strength) / 2))


def _runs(columns: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """The first and the last of the columns of each run."""
    places = np.flatnonzero(columns)
    if not len(places):
        return []
    breaks = np.flatnonzero(np.diff(places) > 1)
    firsts, lasts = [places[0], *places[breaks + 1]], [*places[breaks], places[-1]]
    return [(int(first), int(last)) for first, last in zip(firsts, lasts, strict=True)]
