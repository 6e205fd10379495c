"""Straight lines that run through a mask of ink from side to side: found on strips, whatever crosses or touches them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .steps import Picture

CELL = 4
"""Pixels of the working frame that one cell of the first, coarse look covers."""

LONGEST_GAP = 0.7
"""Share of the frame's side that a line's cells cover at least, to be worth a closer look."""

STRIPS = 12
"""Parts into which the ink's width is cut; a line is met in nearly all of them."""

MISSED = 2
"""Strips at most that a line may miss."""

BLIND = 0.85
"""Share of a strip's rows that are met above which a line across lies in it, so that it tells nothing about lines along."""

FILLED = 130
"""Of 255: how full of ink two neighbouring rows of a strip are together where a line meets it."""

STRAIGHT = 0.75
"""Share of the strips, without those in which strokes cross it, in which one edge of a line lies where it should."""

CLEAR = 0.4
"""Share of the strips that no stroke crosses at least."""

STEEPEST = 0.087
"""Slope up to which a line is level: five degrees."""

THICKEST = 0.25
"""Thickness of a line at most, with what has grown onto it, as a share of the frame's side across it."""


@dataclass(frozen=True)
class Line:
    """One straight line, told as if it were level (an upright one with the frame turned).

    ``first``: its first row in the middle of its length; ``thick``: rows; ``lean``: rows by which it falls from its start
    to its end; ``start``, ``end``: the columns between which it runs, to a twelfth of the ink's extent.
    """

    first: float
    thick: float
    lean: float
    start: int
    end: int

    @property
    def last(self) -> float:
        """The first row after it, in the middle of its length."""
        return self.first + self.thick

    def rows(self, columns: int) -> NDArray[np.float64]:
        """Its first row in each of so many columns."""
        middle = (self.start + self.end - 1) / 2
        return self.first + self.lean * (np.arange(columns) - middle) / max(1, self.end - self.start)

    def band(self, shape: tuple[int, int], soft: float) -> NDArray[np.bool_]:
        """Which pixels of a frame of this shape lie on it or within ``soft`` rows of it: bool (H, W)."""
        height, width = shape
        rows, first = np.arange(height)[:, None], self.rows(width)
        return np.asarray((rows >= first - soft) & (rows < first + self.thick + soft))

    def touched(self, mask: Picture, after: bool, away: float) -> NDArray[np.bool_]:
        """In which columns of a mask there is ink within three rows, beginning ``away`` rows after or before the line."""
        height, width = mask.shape
        edge = self.rows(width) + (self.thick + away if after else -away - 1)
        nearest = (np.ceil(edge) if after else np.floor(edge)).astype(np.intp)
        places = nearest + np.array([[0], [1], [2]] if after else [[0], [-1], [-2]])
        inked = mask[np.clip(places, 0, height - 1), np.arange(width)] > 0
        return np.asarray((inked & (places >= 0) & (places < height)).any(axis=0), np.bool_)

    def strength(self, ink: Picture) -> float:
        """How strong its ink is in most columns of an ink map."""
        height, width = ink.shape
        rows = np.rint(self.rows(width)).astype(np.intp) + np.arange(-1, int(self.thick) + 1)[:, None]
        strongest = np.sort(ink[np.clip(rows, 0, height - 1), np.arange(width)].max(axis=0))
        return float(strongest[width // 2])

    def grown(self, mask: Picture, after: bool, soft: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Rows and columns of the ink within ``soft`` rows after or before the line where it grows onto the line.

        That is where ink goes on from the middle of the line for more than a pixel beyond its edge.
        """
        height, width = mask.shape
        step = 1 if after else -1
        edge = self.rows(width) + (self.thick if after else 0)
        within, far = int(self.thick / 2), int(soft) + 1
        away = np.arange(-within, far)[:, None]
        rows = np.clip(np.rint(edge - (0 if after else 1)).astype(np.intp) + step * away, 0, height - 1)
        unbroken = np.logical_and.accumulate(mask[rows, np.arange(width)] > 0, axis=0)
        beyond = unbroken & unbroken[within + 1] & (away >= 1)
        found, columns = np.nonzero(beyond)
        return rows[found, columns], columns

    def reaches(self, columns: int, slack: float) -> bool:
        """Whether it runs from edge to edge of a frame so many columns wide, up to a share ``slack`` of them."""
        return self.start <= slack * columns and self.end >= (1 - slack) * columns


def lines_of(mask: Picture) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The level and the upright lines in a mask of ink (uint8, 0 or 255), each from the top or the left on."""
    import cv2

    level, upright = _promising(mask)
    if not (level or upright):
        return (), ()
    left, top, width, height = cv2.boundingRect(mask)
    ink = mask[top : top + height, left : left + width]
    return (
        _found(_strips(ink), top, left, width, mask.shape[0]) if level else (),
        _found(_strips(ink.T), left, top, height, mask.shape[1]) if upright else (),
    )


def _promising(mask: Picture) -> tuple[bool, bool]:
    """A cheap first look: whether any row, any column of coarse cells, two cells deep, is mostly full of ink."""
    import cv2

    height, width = mask.shape
    coarse = cv2.resize(mask, (max(2, width // CELL), max(2, height // CELL)), interpolation=cv2.INTER_AREA)
    _, cells = cv2.threshold(coarse, 40, 1, cv2.THRESH_BINARY)
    rows = cv2.reduce(cv2.max(cells[1:], cells[:-1]), 1, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    columns = cv2.reduce(cv2.max(cells[:, 1:], cells[:, :-1]), 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S)
    return (
        cv2.minMaxLoc(rows)[1] >= LONGEST_GAP * cells.shape[1],
        cv2.minMaxLoc(columns)[1] >= LONGEST_GAP * cells.shape[0],
    )


def _strips(ink: Picture) -> NDArray[np.uint8]:
    """Which rows of each strip of the ink a line may meet: 0 or 1, uint8 (STRIPS, rows)."""
    import cv2

    rows, columns = ink.shape
    wide = columns // STRIPS
    if not wide or rows < 2:
        return np.zeros((STRIPS, rows), np.uint8)
    first = (columns - wide * STRIPS) // 2
    part = ink[:, first : first + wide * STRIPS]
    if part.strides[1] == 1:
        share = cv2.resize(part, (STRIPS, rows), interpolation=cv2.INTER_AREA)
    else:
        share = cv2.resize(part.T, (rows, STRIPS), interpolation=cv2.INTER_AREA).T
    met = np.zeros((STRIPS, rows), np.uint8)
    met[:, :-1] = (cv2.add(share[:-1], share[1:]) >= FILLED).T
    return met


def _found(met: NDArray[np.uint8], above: int, start: int, length: int, across: int) -> tuple[Line, ...]:
    """The lines that run through strips, each at the slope at which most of its rows are met."""
    rows, reach = met.shape[1], int(STEEPEST * length)
    space = -(-rows // 32) * 32
    leans, places = _leaning(space, reach)
    seeing = np.add.reduce(met, 1, np.int32) < BLIND * rows
    padded = np.zeros((STRIPS, space + 2 * reach), np.uint8)
    padded[:, reach : reach + rows] = met * seeing[:, None]
    counts = np.add.reduce(padded.ravel().take(places), 0, np.uint8)
    sighted = int(np.count_nonzero(seeing))
    full = (counts >= max(sighted - (MISSED if sighted == STRIPS else 1), STRIPS // 2)).view(np.uint8).reshape(len(leans), space)
    if not full.any():
        return ()
    found: list[Line] = []
    for lean, first, last in _candidates(full, leans):
        known = any(first < line.last - above + 1 and last > line.first - above - 1 for line in found)
        edges = None if known or last - first - 1 > THICKEST * across else _edges(met, seeing, first, last, lean)
        if edges:
            strips, begin, end = edges
            between = start + length * strips[0] // STRIPS, start + length * (strips[1] + 1) // STRIPS
            # two rows meet a strip together, so that a line meets the row before its first one as well
            begin = begin + 1 if 0 < begin < end - 1 else begin
            found.append(Line(above + float(begin), float(max(1, end - begin)), lean, *between))
    return tuple(sorted(found, key=lambda line: line.first))


def _candidates(full: NDArray[np.uint8], leans: tuple[int, ...]) -> list[tuple[int, int, int]]:
    """Lean, first row and row after the last of what may be lines: the outermost on both sides first, then all others."""
    firsts, lasts = [], []
    for lean, row in zip(leans, full, strict=True):
        met = row.tobytes()
        begin, end = met.find(b"\1"), met.rfind(b"\1") + 1
        if begin >= 0:
            firsts.append((begin, met.find(b"\0", begin) % (len(met) + 1), lean))
            lasts.append((met.rfind(b"\0", 0, end) + 1, end, lean))
    outer, lower = min(first for first, _, _ in firsts) + 2, max(last for _, last, _ in lasts) - 2
    upmost = max((each for each in firsts if each[0] <= outer), key=_length)
    downmost = max((each for each in lasts if each[1] >= lower), key=_length)
    between = []
    for begin, end in _runs(full.any(axis=0).tobytes()):
        best = int(np.add.reduce(full[:, begin:end], 1, np.int32).argmax())
        between += [(leans[best], begin + first, begin + last) for first, last in _runs(full[best, begin:end].tobytes())]
    return [(upmost[2], *upmost[:2]), (downmost[2], *downmost[:2]), *between]


def _length(run: tuple[int, int, int]) -> int:
    return run[1] - run[0]


def _edges(met: NDArray[np.uint8], seeing: NDArray[np.bool_], first: int, last: int, lean: int) -> tuple[tuple[int, int], int, int] | None:
    """First and last strip, first row and row after the last of the line that met these rows; ``None`` where it is none.

    One of its edges is straight; where strokes grow onto the other one, its thickness is what most strips leave free.
    """
    strips, tops, bottoms, thicks = [], [], [], []
    for strip, (column, sees) in enumerate(zip(met, seeing.tolist(), strict=True)):
        fall = round(lean * (strip - (STRIPS - 1) / 2) / STRIPS)
        middle, rows = (first + last - 1) // 2 + fall, column.tobytes()
        if 0 <= middle < len(rows) and rows[middle]:
            strips.append(strip)
            top, bottom = rows.rfind(b"\0", 0, middle) + 1, rows.find(b"\0", middle)
            bottom = bottom if bottom >= 0 else len(rows)
            if sees and bottom - top <= 3 * (last - first) + 4:  # else a stroke crosses the line here
                tops.append(top - fall)
                bottoms.append(bottom - fall)
                thicks.append(bottom - top)
    upper, lower = sum(abs(top - first) <= 2 for top in tops), sum(abs(bottom - last) <= 2 for bottom in bottoms)
    if len(thicks) < CLEAR * STRIPS or max(upper, lower) < STRAIGHT * len(thicks):
        return None
    thick = sorted(thicks)[len(thicks) // 3]
    return (strips[0], strips[-1]), *((first, first + thick) if upper >= lower else (last - thick, last))


def middle_level(ink: Picture, where: NDArray[np.bool_]) -> float:
    """The middle level of the ink at these places, 0 where there are none."""
    levels = np.sort(ink[where])
    return float(levels[len(levels) // 2]) if len(levels) else 0.0


@lru_cache(maxsize=64)
def _leaning(rows: int, reach: int) -> tuple[tuple[int, ...], NDArray[np.intp]]:
    """The slopes to try, flattest first, and for each the place in the padded strips of each strip's part of each row."""
    leans = tuple(sorted(range(-reach, reach + 1), key=abs))
    strips = np.arange(STRIPS)[:, None, None]
    fall = np.rint(np.array(leans)[None, :, None] * (strips - (STRIPS - 1) / 2) / STRIPS)
    places = strips * (rows + 2 * reach) + reach + fall + np.arange(rows)
    return leans, places.reshape(STRIPS, -1).astype(np.intp)


def _runs(full: bytes) -> list[tuple[int, int]]:
    """Where runs of ones begin and end."""
    found, last = [], 0
    while (first := full.find(b"\1", last)) >= 0:
        last = full.find(b"\0", first)
        last = last if last >= 0 else len(full)
        found.append((first, last))
    return found
