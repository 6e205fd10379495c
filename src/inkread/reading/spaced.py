"""Where the characters of a row without boxes stand: parted by the empty columns between them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .printed import Cells, Span, columns_of, runs

SPECK = 0.15
"""Height of a piece, as a share of the usual one, below which it is dirt, if it is as narrow too."""

CLEARLY = 0.5
"""A gap inside a character is at most this share of the usual gap between two."""

TOUCHING = 1.5
"""Two characters that touch are at least so much wider than the usual one."""


def spaced_cells(ink: NDArray[np.bool_], wanted: int) -> Cells | None:
    """The characters of this level row, ``wanted`` of them where joining broken ones or parting touching ones gives as
    many beyond doubt; ``None`` where there is nothing."""
    pieces = _without_specks(ink, runs(columns_of(ink)))
    if not pieces:
        return None
    while len(pieces) > wanted and (joined := _joined(pieces)):
        pieces = joined
    while len(pieces) < wanted and (parted := _parted(ink, pieces)):
        pieces = parted
    inked = np.flatnonzero(ink[:, pieces[0][0] : pieces[-1][1]].any(axis=1))
    margin = max(2, (int(inked[-1]) - int(inked[0])) // 8)
    rows = (max(0, int(inked[0]) - margin), min(len(ink), int(inked[-1]) + 1 + margin))
    return Cells(_with_room(pieces, margin, ink.shape[1]), rows, "spaces")


def _without_specks(ink: NDArray[np.bool_], pieces: list[Span]) -> list[Span]:
    heights = np.array([_height(ink, piece) for piece in pieces])
    if not len(heights):
        return []
    usual = float(np.percentile(heights, 75))
    return [piece for piece, height in zip(pieces, heights, strict=True) if height > SPECK * usual or piece[1] - piece[0] > SPECK * usual]


def _height(ink: NDArray[np.bool_], piece: Span) -> int:
    rows = np.flatnonzero(ink[:, piece[0] : piece[1]].any(axis=1))
    return int(rows[-1] - rows[0] + 1)


def _joined(pieces: list[Span]) -> list[Span] | None:
    """The pieces with the two nearest made one, where their gap is clearly smaller than the usual one."""
    gaps = np.array([after[0] - before[1] for before, after in pairwise(pieces)])
    nearest = int(gaps.argmin())
    widest = max(end - first for first, end in pieces)
    whole = (pieces[nearest][0], pieces[nearest + 1][1])
    if gaps[nearest] > CLEARLY * float(np.median(gaps)) or whole[1] - whole[0] > 1.3 * widest:
        return None
    return [*pieces[:nearest], whole, *pieces[nearest + 2 :]]


def _parted(ink: NDArray[np.bool_], pieces: list[Span]) -> list[Span] | None:
    """The pieces with the widest one cut where it is thinnest, where it is clearly two."""
    widths = np.array([end - first for first, end in pieces])
    widest = int(widths.argmax())
    first, end = pieces[widest]
    if widths[widest] < TOUCHING * float(np.percentile(widths, 75)):
        return None
    profile = ink[:, first:end].sum(axis=0)
    middle = slice(widths[widest] * 3 // 10, widths[widest] * 7 // 10)
    thin = profile[middle]
    cut = first + middle.start + int(thin.argmin())
    # two that touch share a stroke's thickness at most; an M or a W holds more ink in every column
    if thin.min() > 0.25 * _height(ink, pieces[widest]):
        return None
    return [*pieces[:widest], (first, cut), (cut, end), *pieces[widest + 1 :]]


def _with_room(pieces: list[Span], margin: int, width: int) -> tuple[Span, ...]:
    """Each piece with half of the gap to its neighbours, at most ``margin``."""
    ends = [0, *(first - (first - end + 1) // 2 for (_, end), (first, _) in pairwise(pieces)), width]
    return tuple(
        (max(first - margin, left), min(end + margin, right)) for (first, end), (left, right) in zip(pieces, pairwise(ends), strict=True)
    )
