"""Ruled and squared paper: printed lines that run across the frame, told from strokes and taken out from under the ink."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .border import Lines
from .crossings import bridges, darker
from .frame import stroke_width
from .lines import Line, middle_level
from .steps import Log, Picture

THICKEST = 0.045
"""Thickness of a ruled line at most, as a share of the frame's longer side."""

REACHING = 0.09
"""Share of the frame's side that a ruled line may leave free at its ends."""

EDGE = 0.03
"""The same of lines that run out of the picture, as the strokes of a character in it do not."""

SOFT = 1.5
"""Pixels of a ruled line's soft rim, cut away with it."""

THIN, PALE = 0.45, 0.72
"""Thickness and strength of a line, compared with the character's strokes, up to which it is none of them."""

SPACING = 0.08, 0.42
"""Least and largest distance of lines on regular paper, as shares of the frame's longer side."""

UNSURE = 2.5
"""Pixels by which the distance of two lines may differ from a multiple of the spacing."""

FOUND = 0.6
"""Share of the lines of regular paper that must be found."""

OVERHANG = 0.08
"""Share of the frame's side by which a line that ends in it goes beyond the character, on both sides, to be none of its strokes."""

MARGIN = 0.04
"""Share of the frame's side that is free beside a character which is not cut tightly."""


def ruled(lines: Lines, shape: tuple[int, ...]) -> Lines | None:
    """The lines of ruled or squared paper among the straight lines of a frame of this shape, also those that were not
    found: at least three at one distance, two of them to the very edges of the frame, and as many as fit into it nearly all
    found. ``None`` for other frames."""
    level, upright = (_thin(found, shape, axis, 2 * REACHING) for axis, found in enumerate(lines))
    if not (level or upright):
        return None
    usual = sorted(line.thick for line in (*level, *upright))[(len(level) + len(upright)) // 2]
    level, upright = ([line for line in found if line.thick <= 2 * usual] for found in (level, upright))
    whole_way = [line for found, along in ((level, shape[1]), (upright, shape[0])) for line in found if line.reaches(along, EDGE)]
    if max(len(level), len(upright)) < 3 or len(whole_way) < 2:
        return None
    gaps = [later.first - line.first for found in (level, upright) for line, later in pairwise(found)]
    narrowest, widest = (share * max(shape) for share in SPACING)
    for spacing in sorted({gap / parts for gap in gaps for parts in (1, 2)}, reverse=True):
        if narrowest <= spacing <= widest and all(abs(gap - spacing * round(gap / spacing)) <= UNSURE for gap in gaps):
            break
    else:
        return None
    whole = [_grid(found, spacing, extent) for found, extent in ((level, shape[0]), (upright, shape[1])) if found]
    if len(level) + len(upright) < FOUND * sum(len(grid) for grid in whole):
        return None
    return tuple(whole[0] if level else ()), tuple(whole[-1] if upright else ())


def _grid(found: list[Line], spacing: float, extent: int) -> list[Line]:
    """As many lines as fit into the frame, at this distance: those found, and others like the middle one."""
    middle = sorted(found, key=lambda line: line.thick)[len(found) // 2]
    first, last = -int(middle.first // spacing), int((extent - 1 - middle.first) // spacing)
    places = [middle.first + step * spacing for step in range(first, last + 1)]
    missing = [place for place in places if all(abs(line.first - place) > 0.25 * spacing for line in found)]
    return [*found, *(replace(middle, first=place) for place in missing)]


def without_rules(mask: Picture, ink: Picture, lines: Lines, log: Log) -> Picture:
    """The mask of ink (uint8, 0 or 255) without printed lines; where strokes cross a line they are kept.

    ``ink``: the ink map; ``lines``: the straight lines that run through it.
    """
    regular = ruled(lines, mask.shape)
    level, upright = regular or (_thin(found, mask.shape, axis, REACHING) for axis, found in enumerate(lines))
    if not (level or upright):
        return mask
    rest = np.where(_bands(level, upright, mask.shape), np.uint8(0), mask)
    if not _is_character(rest):
        return mask
    strength = middle_level(ink, rest > 0)
    if not regular:
        strokes = max(2.0, stroke_width(rest, 127)), strength
        level = [line for line in level if _is_printed(line, rest, ink, strokes)]
        upright = [line for line in upright if _is_printed(line, rest.T, ink.T, strokes)]
    for found, says in ((level, "ruled lines removed"), (upright, "upright lines removed")):
        if found:
            log.note(says)
    return _cleaned(mask, ink, level, upright, strength) if level or upright else mask


def _thin(lines: Sequence[Line], shape: tuple[int, ...], axis: int, slack: float) -> list[Line]:
    """Those of the lines that are thin and run from edge to edge."""
    return [line for line in lines if line.thick <= THICKEST * max(shape) + 1 and line.reaches(shape[1 - axis], slack)]


def _turned(level: Sequence[Line], upright: Sequence[Line], *pictures: NDArray[Any]) -> Iterator[tuple[Line, Sequence[NDArray[Any]]]]:
    """Each line with the pictures turned so that it is level (views)."""
    over = [picture.T for picture in pictures]
    yield from ((line, pictures) for line in level)
    yield from ((line, over) for line in upright)


def _bands(level: Sequence[Line], upright: Sequence[Line], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Which pixels lie on the lines: bool (H, W)."""
    found = np.zeros(shape, bool)
    for line, (view,) in _turned(level, upright, found):
        view |= line.band(view.shape, SOFT)
    return found


def _is_character(rest: Picture) -> bool:
    """Whether what the lines leave can be a character: not the middle bar of an F whose other strokes fill the frame."""
    import cv2

    _, _, _, height = cv2.boundingRect(rest)
    return cv2.countNonZero(rest) >= 0.006 * rest.size and height >= 0.15 * rest.shape[0]


def _is_printed(line: Line, rest: Picture, ink: Picture, strokes: tuple[float, float]) -> bool:
    """Whether a level line is no stroke of the character: paler than its strokes; or one that lies further out than they
    do and is thinner, does not touch them, or crosses from edge to edge a character with paper all around it."""
    if line.strength(ink) <= PALE * strokes[1]:
        return True
    if not _further_out(line, rest):
        return False
    above, below = line.touched(rest, False, SOFT), line.touched(rest, True, SOFT)
    if line.thick - 1.0 <= THIN * strokes[0] or not (above.any() or below.any()):
        return True
    rows = np.flatnonzero(rest.any(axis=1))
    margin = MARGIN * len(rest)
    all_around = rows[0] >= margin and rows[-1] < len(rest) - margin and line.reaches(rest.shape[1], MARGIN)
    return bool(all_around and line.thick <= strokes[0] and bridges(line, rest, rest, SOFT).any())


def _further_out(line: Line, rest: Picture) -> bool:
    """Whether a level line goes on where the character ends: beyond it on both sides, or out of a picture that is not cut
    tightly. The stem of an H that fills its frame does neither."""
    import cv2

    height, width = rest.shape
    left, top, wide, tall = cv2.boundingRect(rest)
    if min(left - line.start, line.end - (left + wide)) >= OVERHANG * width:
        return True
    free = max(min(top, line.first), height - max(top + tall, line.last))
    return line.reaches(width, EDGE) and free > MARGIN * height


def _cleaned(mask: Picture, ink: Picture, level: Sequence[Line], upright: Sequence[Line], strength: float) -> Picture:
    """The mask without the lines; strokes that cross one, or are thicker or darker than it, are kept."""
    import cv2

    bands = _bands(level, upright, mask.shape)
    rest = np.where(bands, np.uint8(0), mask)
    kept = np.zeros(mask.shape, np.uint8)
    for line, (canvas, strokes) in _turned(level, upright, kept, rest):
        canvas |= bridges(line, strokes, strokes, SOFT)
    for lines, along, across in (
        (level, _bands(level, [], mask.shape), _bands([], upright, mask.shape)),
        (upright, _bands([], upright, mask.shape), _bands(level, [], mask.shape)),
    ):
        if lines:
            thicker = np.ones(3 + round(max(line.thick for line in lines)), np.uint8)
            kernel = thicker[:, None] if lines is level else thicker[None]
            opened = cv2.morphologyEx(np.where(across, np.uint8(0), mask), cv2.MORPH_OPEN, kernel)
            kept[along & (opened > 0)] = 255
    for line, (canvas, inked) in _turned(level, upright, kept, ink):
        canvas[darker(line, inked, strength, PALE, SOFT)] = 255
    return np.asarray(rest | (kept & mask))
