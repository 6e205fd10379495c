"""Where the boxes of a printed row stand: adjoining, in groups, apart, or a comb (one line with ticks)."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.bool_]
Span = tuple[int, int]

LINE_COVERS = 0.5
"""Share of the row's width that must lie on a printed line: boxes apart leave gaps, characters' bars never cover as much."""

UNBROKEN = 0.9
"""Share of a stretch of line that must hold ink."""

SIDE_COVERS = (0.95, 0.85, 0.75)
"""Shares of the height between two lines that a box's side must cover, tried in turn: printed sides break, tall strokes
reach nearly as far."""

FEWEST = 3
"""Boxes from which on a row counts as printed: fewer are a frame round something else."""

TICK = 0.12
"""Height of a comb's ticks at least, as a share of the writing's."""

NARROW = 0.35
"""Width of a comb's ticks at most, as a share of a box: a wider foot on the line is a character's."""

MISSING = 0.15
"""Share of the sides between equal boxes that may not be found: more, and the boxes are imagined."""

ALIKE = 1.01
"""Widths of a box that differ by less give the same boxes."""

NEAR = 0.18
"""How far a side may stand from where equal boxes would have it, as a share of a box."""


@dataclass(frozen=True)
class Cells:
    """Boxes found: ``columns`` (first, end) of each one's inside, ``rows`` (first, end), and the ``layout``'s name."""

    columns: tuple[Span, ...]
    rows: Span
    layout: str


@dataclass(frozen=True)
class _Lines:
    """Level printed lines: ``rows`` (first, end) each, ``covered`` bool (H, W) where they run."""

    rows: tuple[Span, ...]
    covered: Ink


def printed_cells(ink: Ink, wanted: int) -> Cells | None:
    """The boxes of this level row, or ``None`` where none are printed. Where several readings fit, the one with ``wanted`` boxes."""
    lines = _level_lines(ink, wanted)
    found = [cells for top, bottom in combinations(lines.rows, 2) if (cells := _boxes(ink, lines, top, bottom, wanted))]
    if not found:
        found = [cells for line in lines.rows if (cells := _comb(ink, lines, line, wanted))]
    return max(found, key=lambda cells: (len(cells.columns) == wanted, len(cells.columns)), default=None)


def without_lines(ink: Ink, faint: Ink, wanted: int) -> Ink:
    """The ink without the level printed lines of ``faint`` (an underline); what crosses them loses as many rows as they have."""
    lines = _level_lines(faint, wanted)
    cleaned = ink.copy()
    for first, end in lines.rows:
        edge = slice(max(0, first - 2), end + 2)
        cleaned[edge] &= ~columns_of(lines.covered[first:end])
    return cleaned


def columns_of(ink: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which columns hold any ink: true where any of the first axis is."""
    return np.asarray(ink.any(axis=0))


def runs(flags: NDArray[np.bool_]) -> list[Span]:
    """First and end of each stretch of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [(int(first), int(end)) for first, end in zip(edges[::2], edges[1::2], strict=True)]


def closed(flags: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """The flags with stretches of false values up to ``gap`` long, between true ones, made true."""
    filled = flags.copy()
    for (_, end), (first, _) in pairwise(runs(flags)):
        if first - end <= gap:
            filled[end:first] = True
    return filled


def _level_lines(ink: Ink, wanted: int) -> _Lines:
    """Rows where long stretches of ink cover much of the row's width."""
    columns = np.flatnonzero(columns_of(ink))
    if not len(columns):
        return _Lines((), ink)
    width = int(columns[-1] - columns[0] + 1)
    long = _long_runs(ink, max(6, width // (2 * wanted)))
    reach = max(1, len(ink) // 100)
    thick = columns_of(np.stack([np.roll(long, shift, axis=0) for shift in range(-reach, reach + 1)]))
    rows = runs(thick.sum(axis=1) >= LINE_COVERS * width)
    # the search is as wide as the line wobbles; the line itself is where its own ink is
    tight = [_tight(long, first, end) for first, end in rows]
    return _Lines(tuple(tight), thick)


def _tight(long: Ink, first: int, end: int) -> Span:
    inked = np.flatnonzero(long[first:end].sum(axis=1) >= 0.1 * max(1, int(long[first:end].sum(axis=1).max())))
    return first + int(inked[0]), first + int(inked[-1]) + 1


def _long_runs(ink: Ink, length: int) -> Ink:
    """What remains of the ink when only stretches of ``length`` pixels along a row count, all but unbroken (an opening)."""
    height, width = ink.shape
    if length > width:
        return np.zeros_like(ink)
    # a line that leans by a fraction of a degree steps from row to row
    ink = _wide(ink.T).T
    counted = np.concatenate([np.zeros((height, 1), np.int32), np.cumsum(ink, axis=1, dtype=np.int32)], axis=1)
    starts = counted[:, length:] - counted[:, :-length] >= UNBROKEN * length
    change = np.zeros((height, width + 1), np.int32)
    change[:, : starts.shape[1]] += starts
    change[:, length : length + starts.shape[1]] -= starts
    return np.asarray(np.cumsum(change[:, :width], axis=1) > 0)


def _boxes(ink: Ink, lines: _Lines, top: Span, bottom: Span, wanted: int) -> Cells | None:
    """The boxes between two level lines."""
    first, end = top[1], bottom[0]
    height = end - first
    if height < 6 or height > 4 * ink.shape[1] / wanted:
        return None
    covered = columns_of(lines.covered[top[0] : top[1]]) | columns_of(lines.covered[bottom[0] : bottom[1]])
    upright = _wide(ink[first:end]).mean(axis=0)
    found = [columns for share in SIDE_COVERS if (columns := _between_lines(covered, upright >= share, height, wanted))]
    columns = next((each for each in found if len(each) == wanted), found[0] if found else None)
    return Cells(columns, (first, end), "boxes") if columns else None


def _between_lines(covered: NDArray[np.bool_], upright: NDArray[np.bool_], height: int, wanted: int) -> tuple[Span, ...] | None:
    """The insides of boxes whose level lines are ``covered`` and whose sides are ``upright``: both bool (W,)."""
    sides = runs(closed(upright, 2))
    stretches = [each for each in runs(closed(covered | upright, max(3, height // 20))) if each[1] - each[0] > 0.2 * height]
    columns = _cells(stretches, sides, wanted, spare=0.5)
    if columns is None or not 0.25 < np.median([right - left for left, right in columns]) / height < 4.0:
        return None
    return columns


def _comb(ink: Ink, lines: _Lines, line: Span, wanted: int) -> Cells | None:
    """The boxes above one level line with ticks that rise from it."""
    inked = np.flatnonzero(ink[: line[0]].any(axis=1))
    if not len(inked):
        return None
    top = int(inked[0])
    height = line[0] - top
    rising = np.cumprod(_wide(ink[top : line[0]])[::-1], axis=0).sum(axis=0)
    narrow = NARROW * float(columns_of(lines.covered[line[0] : line[1]]).sum()) / wanted
    ticks = [each for each in runs(rising >= TICK * height) if each[1] - each[0] <= narrow]
    stretches = [
        each for each in runs(closed(columns_of(lines.covered[line[0] : line[1]]), max(3, height // 20))) if each[1] - each[0] > height
    ]
    # characters that stand on the line rise from it too: an extra side costs little, a missing tick much
    columns = _cells(stretches, ticks, wanted, spare=0.15)
    # a few feet of characters on an underline can stand as evenly as ticks
    return None if columns is None or len(columns) < wanted / 2 else Cells(columns, (max(0, top - height // 10), line[0]), "comb")


def _wide(ink: Ink) -> Ink:
    """The ink grown by one pixel to both sides, so that a side may lean by a pixel or two."""
    grown = ink.copy()
    grown[:, 1:] |= ink[:, :-1]
    grown[:, :-1] |= ink[:, 1:]
    return grown


def _cells(stretches: list[Span], sides: list[Span], wanted: int, spare: float) -> tuple[Span, ...] | None:
    """The insides of the boxes into which ``sides`` divide the ``stretches`` of line."""
    plain = _between(stretches, sides)
    if len(plain) == wanted and _even(plain):
        return plain
    divisions = [
        [_divided(stretch, _within(stretch, sides), pitch) for stretch in stretches] for pitch in _pitches(stretches, sides, wanted)
    ]
    best = min(divisions, key=lambda parts: sum(part.uneven + part.missing + spare * part.spare for part in parts), default=[])
    cells = tuple(cell for part in best for cell in part.cells)
    if sum(part.missing for part in best) > MISSING * len(cells):
        cells = plain if _even(plain) else ()
    return cells if len(cells) >= FEWEST else None


def _between(stretches: list[Span], sides: list[Span]) -> tuple[Span, ...]:
    """What lies between each side and the next, but for the gaps between boxes that nearly touch."""
    spans = [(left[1], right[0]) for stretch in stretches for left, right in pairwise(_within(stretch, sides)) if right[0] > left[1]]
    usual = np.median([end - first for first, end in spans]) if spans else 0.0
    return tuple((first, end) for first, end in spans if end - first > 0.35 * usual)


def _even(cells: tuple[Span, ...]) -> bool:
    widths = np.array([end - first for first, end in cells])
    return bool(len(cells) and widths.min() > 0.6 * np.median(widths) and widths.max() < 1.6 * np.median(widths))


def _within(stretch: Span, sides: list[Span]) -> list[Span]:
    return [side for side in sides if stretch[0] - 2 <= side[0] and side[1] <= stretch[1] + 2]


def _pitches(stretches: list[Span], sides: list[Span], wanted: int) -> list[float]:
    """Widths that a box may have: the distances of neighbouring sides and the longest stretch in 1 to 1.5 ``wanted`` parts."""
    centres = [(left + right) / 2.0 for left, right in sides]
    near = [after - before for step in (1, 2) for before, after in zip(centres, centres[step:], strict=False)]
    longest = max((end - first for first, end in stretches), default=0)
    apart: list[float] = []
    for pitch in sorted(near + [longest / parts for parts in range(1, wanted * 3 // 2)]):
        if pitch > 4 and (not apart or pitch > ALIKE * apart[-1]):
            apart.append(pitch)
    return apart


@dataclass(frozen=True)
class _Division:
    """A stretch of line in equal boxes: their insides; how far its length is from a multiple of the width looked for;
    how many sides between boxes are missing, and how many stand where none should."""

    cells: tuple[Span, ...]
    uneven: float
    missing: int
    spare: int


def _divided(stretch: Span, sides: list[Span], pitch: float) -> _Division:
    """The stretch in boxes of about ``pitch``, their edges moved to the sides that stand near."""
    length = stretch[1] - stretch[0]
    count = max(1, round(length / pitch))
    centres = np.array([(left + right) / 2.0 for left, right in sides])
    expected = stretch[0] + np.arange(count + 1) * length / count
    near = np.abs(centres - expected[:, None]) <= NEAR * length / count
    edges: list[Span] = []
    for at, here in enumerate(np.rint(expected).astype(int).tolist()):
        close = [sides[each] for each in np.flatnonzero(near[at])] or [(here, here)]
        edges.append((min(left for left, _ in close), max(right for _, right in close)))
    cells = tuple((left[1], right[0]) for left, right in pairwise(edges))
    uneven = 2.0 * abs(length / pitch - count) / float(np.sqrt(count))
    return _Division(cells, uneven, int((~near[1:-1].any(axis=1)).sum()), int((~near.any(axis=0)).sum()))
