"""The printed box round a character, or those of its sides that are in the picture: told from strokes, and cut away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .clutter import Box
from .crossings import bridges, darker
from .lines import Line, middle_level
from .steps import Picture

DEEPEST = 0.3
"""How far inside the outermost ink a border's line may begin, as a share of the frame's side."""

SHADOW = 0.55
"""Share of the inside from which what was taken for ink must be a shadow."""

REACHING = 0.09
"""Share of the frame's side that a line may leave free at its ends and still run from edge to edge."""

EDGE = 0.02
"""The same where there are but one or two lines: those of print run out of the picture, the bar of a T hardly ever."""

PALE = 0.75
"""How strong a line's ink is at most, compared with the character's, for the character to be told from it by that."""

THICKEST = 0.12
"""Thickness of a border's line at most, as a share of the frame's longer side."""

SOFT = 2.5
"""Pixels of a printed line's soft rim, cut away with it."""

Lines = tuple[tuple[Line, ...], tuple[Line, ...]]
"""Level and upright lines of a mask."""


@dataclass(frozen=True)
class Border:
    """A printed box, or those of its sides that are in the frame, ``None`` where there is none."""

    top: Line | None
    bottom: Line | None
    left: Line | None
    right: Line | None
    shape: tuple[int, int]

    @property
    def sides(self) -> tuple[Line | None, Line | None, Line | None, Line | None]:
        """Top, bottom, left, right."""
        return self.top, self.bottom, self.left, self.right

    @property
    def count(self) -> int:
        """How many sides were found."""
        return sum(side is not None for side in self.sides)

    @property
    def reaches(self) -> bool:
        """Whether all of its lines run from edge to edge of the frame."""
        return self.reaching().count == self.count

    def reaching(self, slack: float = REACHING) -> Border:
        """The border with only those of its lines that run from edge to edge of the frame, up to a share ``slack`` of it."""
        height, width = self.shape
        along = (width, width, height, height)
        return self._with(side if side and side.reaches(length, slack) else None for side, length in zip(self.sides, along, strict=True))

    def thin(self) -> Border:
        """The border without lines too thick for printed ones."""
        return self._with(side if side and side.thick <= THICKEST * max(self.shape) else None for side in self.sides)

    def _with(self, sides: Iterable[Line | None]) -> Border:
        top, bottom, left, right = sides
        return Border(top, bottom, left, right, self.shape)

    def turned(self, *pictures: Picture) -> Iterator[tuple[Any, ...]]:
        """Each line, whether the inside comes after it, and the pictures turned so that it is level (views)."""
        over = tuple(picture.T for picture in pictures)
        for line, after, views in (
            (self.top, True, pictures),
            (self.bottom, False, pictures),
            (self.left, True, over),
            (self.right, False, over),
        ):
            if line is not None:
                yield line, after, *views

    def on_lines(self) -> NDArray[np.bool_]:
        """Which pixels lie on the lines, as far as they would run: bool (H, W)."""
        found = np.zeros(self.shape, bool)
        for line, _, view in self.turned(found):
            view |= line.band(view.shape, SOFT)
        return found

    def inside(self) -> Box:
        """The box inside the lines, in pixels."""
        height, width = self.shape
        top = 0 if self.top is None else min(height - 1, max(0, int(self.top.last + SOFT)))
        bottom = height if self.bottom is None else max(top + 1, int(self.bottom.first - SOFT))
        left = 0 if self.left is None else min(width - 1, max(0, int(self.left.last + SOFT)))
        right = width if self.right is None else max(left + 1, int(self.right.first - SOFT))
        return top, bottom, left, right

    def beyond(self) -> NDArray[np.bool_]:
        """Which pixels lie on the lines or outside them: bool (H, W)."""
        height, width = self.shape
        rows, columns = np.arange(height)[:, None], np.arange(width)[None, :]
        found = np.zeros(self.shape, bool)
        if self.top is not None:
            found |= rows < self.top.rows(width) + (self.top.thick + SOFT)
        if self.bottom is not None:
            found |= rows >= self.bottom.rows(width) - SOFT
        if self.left is not None:
            found |= columns < self.left.rows(height)[:, None] + (self.left.thick + SOFT)
        if self.right is not None:
            found |= columns >= self.right.rows(height)[:, None] - SOFT
        return found


def border_of(mask: Picture, paler: Picture, lines: Lines) -> Border | None:
    """The printed border among the straight lines of a frame, or ``None``.

    ``mask``: where there is ink (uint8, 0 or 255); ``paler``: where there is also that of lines paler than the character.
    """
    if not (lines[0] or lines[1]):
        return None
    height, width = mask.shape
    border = _even(Border(*_outer(lines[0], height), *_outer(lines[1], width), (height, width))).thin()
    if border.count and _is_printed(mask, paler, border):
        return border
    sure = border.reaching()
    return sure if 0 < sure.count < border.count and _is_printed(mask, paler, sure) else None


def strokes_beyond(ink: Picture, mask: Picture, border: Border) -> NDArray[np.bool_]:
    """Which ink on the border's lines or outside them belongs to the character: bool (H, W).

    That is what runs across a line from inside, or grows onto it; and on lines paler than the character what is as dark
    as the character.
    """
    import cv2

    beyond, on_lines = border.beyond(), border.on_lines()
    inside: Picture = np.where(beyond, np.uint8(0), mask)
    if cv2.countNonZero(inside) > SHADOW * np.count_nonzero(~beyond) or not _grown_on(inside, border):
        return np.zeros(mask.shape, bool)
    outside: Picture = np.where(beyond & ~on_lines, mask, np.uint8(0))
    kept = np.zeros(mask.shape, np.uint8)
    for line, after, canvas, near, far in border.turned(kept, inside, outside):
        canvas |= bridges(line, far, near, SOFT) if after else bridges(line, near, far, SOFT)
    for line, after, canvas, ink_too in border.turned(kept, mask):
        canvas[line.grown(ink_too, after, SOFT)] = 255
    strength = middle_level(ink, inside > 0)
    for line, _, canvas, inked in border.turned(kept, ink):
        canvas[darker(line, inked, strength, PALE, SOFT)] = 255
    kept &= mask
    if not cv2.countNonZero(kept):
        return np.zeros(mask.shape, bool)
    _, labels = cv2.connectedComponents(inside | outside | kept, connectivity=8)
    own = np.zeros(labels.max() + 1, bool)
    own[labels[inside > 0]] = True
    own[0] = False
    return np.asarray(own[labels] & beyond)


def _even(border: Border) -> Border:
    """The border with lines of one thickness: what is thicker on the inside is a stroke that has grown onto its line."""
    thicknesses = sorted(side.thick for side in border.sides if side)
    if len(thicknesses) < 3:
        return border
    usual = thicknesses[(len(thicknesses) - 1) // 2]
    top, bottom, left, right = (
        side
        if side is None or side.thick <= 1.2 * usual + 1
        else replace(side, first=side.first if before else side.last - usual, thick=usual)
        for side, before in zip(border.sides, (True, False, True, False), strict=True)
    )
    return Border(top, bottom, left, right, border.shape)


def _outer(lines: tuple[Line, ...], across: int) -> tuple[Line | None, Line | None]:
    """The first and the last line, each if it lies near its side of the frame."""
    if not lines:
        return None, None
    first, last = lines[0], lines[-1]
    return (
        first if first.first <= DEEPEST * across and first.last <= 0.5 * across else None,
        last if last.last >= (1 - DEEPEST) * across and last.first >= 0.5 * across else None,
    )


def _is_printed(mask: Picture, paler: Picture, border: Border) -> bool:
    """Whether these lines are a printed border rather than strokes of the character itself.

    Four sides with inked corners are a box. Fewer must leave a character of its own inside: tall or wide enough and
    hardly grown onto the lines (the bars of an E, cut off from their stem, are neither); one or two must run from edge
    to edge of the frame.
    """
    import cv2

    if border.count == 4 and _corners_are_inked(paler, border):
        return True
    if border.count < 3 and border.reaching(EDGE).count < border.count:
        return False
    top, bottom, left, right = border.inside()
    own: Picture = np.where(border.beyond(), np.uint8(0), mask)
    inside = own[top:bottom, left:right]
    if cv2.countNonZero(inside) < 0.012 * inside.size:
        return False
    _, _, wide, tall = cv2.boundingRect(inside)
    tall_share, wide_share = tall / inside.shape[0], wide / inside.shape[1]
    if max(tall_share, wide_share) < 0.3 or tall_share < 0.15:
        return False
    grown = _grown_on(own, border)
    if border.count >= 3:
        return tall_share > 0.25 and grown <= (border.count - 2 if border.reaches else 0)
    return not grown


def _corners_are_inked(mask: Picture, border: Border) -> bool:
    """Whether the four lines meet in ink at all corners, as those of a printed box do and the strokes of an O do not."""
    height, width = mask.shape
    for level in (border.top, border.bottom):
        for upright in (border.left, border.right):
            assert level is not None
            assert upright is not None
            row, column = level.first + level.thick / 2, upright.first + upright.thick / 2
            row += level.lean * (column / width - 0.5)
            column += upright.lean * (row / height - 0.5)
            reach = max(1, int(min(level.thick, upright.thick)) // 2)
            part = mask[max(0, int(row) - reach) : int(row) + reach + 1, max(0, int(column) - reach) : int(column) + reach + 1]
            if not part.size or part.mean() < 0.3 * 255:
                return False
    return True


def _grown_on(own: Picture, border: Border) -> int:
    """On how many of the cut sides the ink inside reaches the cut."""
    return sum(bool(line.touched(view, after, SOFT).any()) for line, after, view in border.turned(own))
