"""Straight lines that a printer drew: the border of a box, ruled and squared paper. Found on a coarse grid, cut precisely."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .clutter import Box
from .steps import Log, Picture

CELL = 4
"""Pixels of the working frame that one cell of the coarse grid covers: a line may lean by one cell and still count."""

COVERED = 0.86
"""Share of a side that must be along one straight line for it to be a printed one."""

DEEPEST = 0.3
"""How far inside the outermost ink a border's line may begin, as a share of the side."""

STEEPEST = 0.09
"""Slope up to which a line is level: five degrees."""

SOFT = 2.5
"""Pixels of a printed line's soft rim, cut away with it."""

THICKEST = 0.16
"""Thickness of a border's line at most, as a share of the side."""


@dataclass(frozen=True)
class Side:
    """One line of a border, told with its side turned to the top.

    ``inner``: float (W,), the first row inside the line for each column of the mask. ``reaches``: whether the line runs
    from edge to edge of the frame.
    """

    inner: NDArray[np.float64]
    reaches: bool


@dataclass(frozen=True)
class Border:
    """A printed box, or those of its sides that are in the frame: top, bottom, left, right, ``None`` where there is none."""

    sides: tuple[Side | None, Side | None, Side | None, Side | None]
    shape: tuple[int, int]

    @property
    def count(self) -> int:
        """How many sides were found."""
        return sum(side is not None for side in self.sides)

    def inside(self) -> Box:
        """The box inside the lines, in pixels."""
        depths = [0 if side is None else max(0, int(np.median(side.inner))) for side in self.sides]
        top, left = min(depths[0], self.shape[0] - 1), min(depths[2], self.shape[1] - 1)
        return top, max(top + 1, self.shape[0] - depths[1]), left, max(left + 1, self.shape[1] - depths[3])

    def outside(self) -> NDArray[np.bool_]:
        """Which pixels lie on the lines or beyond them: bool (H, W)."""
        height, width = self.shape
        rows, columns = np.arange(height)[:, None], np.arange(width)[None, :]
        top, bottom, left, right = self.sides
        beyond = np.zeros(self.shape, bool)
        if top is not None:
            beyond |= rows < top.inner[None, :]
        if bottom is not None:
            beyond |= height - 1 - rows < bottom.inner[None, :]
        if left is not None:
            beyond |= columns < left.inner[:, None]
        if right is not None:
            beyond |= width - 1 - columns < right.inner[:, None]
        return beyond


def border_of(mask: Picture) -> Border | None:
    """The printed border in a mask of ink (uint8, 0 or 255), or ``None``."""
    if not has_line(mask):
        return None
    sides = tuple(_outer_line(turned) for turned in _turned(mask))
    border = Border(sides, mask.shape)  # type: ignore[arg-type]
    return border if border.count and _is_printed(mask, border) else None


def is_boxed(mask: Picture) -> bool:
    """Whether a printed box with all four sides is in the mask."""
    border = border_of(mask)
    return border is not None and border.count == 4


def has_line(mask: Picture) -> bool:
    """A cheap first look: whether any row or column of coarse cells, two cells deep, is mostly full of ink."""

    import cv2

    height, width = mask.shape
    coarse = cv2.resize(mask, (max(2, width // CELL), max(2, height // CELL)), interpolation=cv2.INTER_AREA) > 40
    rows = (coarse[1:] | coarse[:-1]).sum(axis=1).max() / coarse.shape[1]
    columns = (coarse[:, 1:] | coarse[:, :-1]).sum(axis=0).max() / coarse.shape[0]
    return bool(max(rows, columns) >= 0.6)


def _turned(mask: Picture) -> tuple[Picture, Picture, Picture, Picture]:
    """The mask with its top, bottom, left and right side turned to the top."""
    upright = np.ascontiguousarray(mask.T)
    return mask, mask[::-1], upright, upright[::-1]


def _outer_line(mask: Picture) -> Side | None:
    """The straight line nearest to the top of the ink, where one runs along (nearly) all of the ink's width."""

    import cv2

    height, width = mask.shape
    left, top, wide, _ = cv2.boundingRect(np.ascontiguousarray(mask))
    if wide < 0.4 * width:
        return None
    depth = min(height, top + max(6, int(DEEPEST * height)))
    band = mask[top:depth, left : left + wide] > 0
    inked = band.any(axis=0)
    if inked.sum() < COVERED * wide:
        return None
    start = band.argmax(axis=0)
    slope, offset = _line_through(np.flatnonzero(inked), start[inked])
    if abs(slope) > STEEPEST:
        return None
    on_line = inked & (np.abs(start - (offset + slope * np.arange(wide))) <= max(2.5, 0.02 * height))
    if on_line.sum() < COVERED * wide:
        return None
    lengths = np.sort(_run_lengths(band, start)[on_line])
    thickness = float(lengths[len(lengths) * 35 // 100])
    if thickness > THICKEST * height:
        return None
    inner = np.asarray(top + offset + slope * (np.arange(width) - left) + thickness + SOFT, np.float64)
    return Side(inner, left <= 0.04 * width and left + wide >= 0.96 * width)


def _line_through(at: NDArray[np.integer], value: NDArray[np.integer]) -> tuple[float, float]:
    """Slope and offset of the line through most points: from the medians of the two outer thirds."""
    third = max(1, len(at) // 3)
    run = float(_median(at[-third:]) - _median(at[:third]))
    slope = float(_median(value[-third:]) - _median(value[:third])) / run if run > 0 else 0.0
    return slope, float(_median(value - slope * at))


def _median(values: NDArray[np.generic]) -> float:
    return float(np.sort(values)[len(values) // 2])


def _run_lengths(band: NDArray[np.bool_], start: NDArray[np.integer]) -> NDArray[np.int64]:
    """How many rows of ink follow ``start`` in each column of ``band``."""
    rows = np.arange(len(band))[:, None]
    gap = (~band) & (rows >= start[None, :])
    end = np.where(gap.any(axis=0), gap.argmax(axis=0), len(band))
    return np.asarray(end - start)


def _is_printed(mask: Picture, border: Border) -> bool:
    """Whether these lines are a printed border rather than strokes of the character itself.

    Four sides with inked corners are a box. Fewer must leave a character of its own inside: tall or wide enough and
    hardly grown onto the lines (the bars of an E, cut off from their stem, are neither); one or two must run from edge
    to edge of the frame.
    """

    import cv2

    if border.count == 4 and _corners_are_inked(mask):
        return True
    top, bottom, left, right = border.inside()
    inside = np.where(border.outside(), 0, mask).astype(np.uint8)[top:bottom, left:right]
    if inside.size == 0 or cv2.countNonZero(inside) < 0.012 * inside.size:
        return False
    _, _, wide, tall = cv2.boundingRect(inside)
    tall_share, wide_share = tall / inside.shape[0], wide / inside.shape[1]
    if max(tall_share, wide_share) < 0.3 or tall_share < 0.15:
        return False
    grown = _grown_on(inside, border)
    reaching = all(side.reaches for side in border.sides if side is not None)
    if border.count >= 3:
        return tall_share > 0.25 and grown <= (border.count - 2 if reaching else 0)
    return reaching and grown <= border.count - 1


def _corners_are_inked(mask: Picture) -> bool:
    """Whether the four corners of the ink's box hold ink, as those of a printed box do and those of an O do not."""

    import cv2

    left, top, width, height = cv2.boundingRect(mask)
    part = mask[top : top + height, left : left + width] > 0
    reach = max(2, min(part.shape) // 14)
    corners = (part[:reach, :reach], part[:reach, -reach:], part[-reach:, :reach], part[-reach:, -reach:])
    return all(each.mean() > 0.3 for each in corners)


def _grown_on(inside: Picture, border: Border) -> int:
    """On how many of the cut sides the ink inside reaches the cut."""
    edges = (inside[:2], inside[-2:], inside[:, :2], inside[:, -2:])
    return sum(bool(edge.any()) for side, edge in zip(border.sides, edges, strict=True) if side is not None)


def without_rules(mask: Picture, log: Log) -> Picture:
    """The mask without thin lines that run across the whole frame; where ink crosses a line it is kept."""
    if not has_line(mask):
        return mask
    level = _without_level_rules(mask)
    if level is not None:
        log.note("ruled lines removed")
        mask = level
    upright = _without_level_rules(np.ascontiguousarray(mask.T))
    if upright is not None:
        log.note("upright lines removed")
        mask = np.ascontiguousarray(upright.T)
    return mask


def _without_level_rules(mask: Picture) -> Picture | None:
    import cv2

    height, width = mask.shape
    thickest = max(3, round(0.05 * height))
    # Strokes that go on above or below are thicker than a line and survive the opening: what it takes away is thin.
    tall = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thickest + 1, 1), np.uint8))
    thin = cv2.subtract(mask, tall)
    bridged = cv2.morphologyEx(thin, cv2.MORPH_CLOSE, np.ones((3, max(3, width // 6)), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(bridged, connectivity=8)
    spans = stats[1:, cv2.CC_STAT_WIDTH] >= 0.93 * width
    flat = stats[1:, cv2.CC_STAT_HEIGHT] <= thickest + 0.08 * width
    rules = np.flatnonzero(spans & flat) + 1
    if not len(rules):
        return None
    on_rule = np.isin(labels, rules) & (thin > 0)
    if on_rule.any(axis=0).mean() < 0.72:
        return None
    cleaned = np.where(on_rule, 0, mask).astype(np.uint8)
    left_over = cv2.countNonZero(cleaned)
    return cleaned if left_over >= 0.25 * cv2.countNonZero(mask) or left_over >= 0.01 * mask.size else None
