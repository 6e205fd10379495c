"""Which pieces of ink belong to the character: specks and neighbours' strokes go, the dots of i and j stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .steps import Log, Picture

Box = tuple[int, int, int, int]
"""Top, bottom, left, right in pixels; bottom and right are the first ones outside."""


@dataclass(frozen=True)
class Piece:
    """One connected piece of ink: its box, its area in pixels, and whether it touches the edge of the frame."""

    label: int
    box: Box
    area: int
    at_edge: bool

    @property
    def height(self) -> int:
        """Rows that the piece spans."""
        return self.box[1] - self.box[0]

    @property
    def width(self) -> int:
        """Columns that the piece spans."""
        return self.box[3] - self.box[2]


def pieces_of_character(mask: Picture, log: Log) -> tuple[Picture, Box] | None:
    """The mask (uint8, 0 or 255) with only the character's own pieces, and their box; ``None`` where nothing is left."""

    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    if count == 1:
        return None
    pieces = _pieces(np.asarray(stats, np.int32), mask.shape)
    if len(pieces) == 1:
        return (mask, pieces[0].box) if pieces[0].area >= _smallest(mask.shape) else None
    main = max(pieces, key=lambda piece: _weight(piece, mask.shape))
    if main.area < _smallest(mask.shape):
        return None
    kept = [piece for piece in pieces if piece is main or _belongs(piece, main, mask.shape)]
    if len(kept) < len(pieces):
        log.note(f"{len(pieces) - len(kept)} specks or neighbours removed")
        wanted = np.zeros(count, np.uint8)
        wanted[[piece.label for piece in kept]] = 255
        mask = wanted[labels]
    return mask, _union(kept)


def _pieces(stats: NDArray[np.int32], shape: tuple[int, ...]) -> list[Piece]:
    height, width = shape
    found = []
    for label, (left, top, wide, tall, area) in enumerate(stats[1:].tolist(), start=1):
        at_edge = left <= 1 or top <= 1 or left + wide >= width - 1 or top + tall >= height - 1
        found.append(Piece(label, (top, top + tall, left, left + wide), area, at_edge))
    return found


def _smallest(shape: tuple[int, ...]) -> float:
    """Pixels of ink below which a frame counts as blank."""
    return max(12.0, 0.0008 * shape[0] * shape[1])


def _weight(piece: Piece, shape: tuple[int, ...]) -> float:
    """How likely a piece is the character: its size, less where it clings to the edge far from the middle."""
    height, width = shape
    across = abs((piece.box[2] + piece.box[3]) / 2 / width - 0.5) * 2
    down = abs((piece.box[0] + piece.box[1]) / 2 / height - 0.5) * 2
    size = piece.area + 0.5 * max(piece.height, piece.width) ** 2 * 0.1
    return size * (1.0 - (0.6 if piece.at_edge else 0.3) * max(across, down) ** 2)


def _belongs(piece: Piece, main: Piece, shape: tuple[int, ...]) -> bool:
    """Whether a piece beside the main one is part of the same character."""
    share = piece.area / main.area
    gap = _gap(piece.box, main.box)
    reach = max(main.height, main.width)
    if _is_dot(piece, main):
        return share >= 0.018 and gap <= 0.8 * reach
    if share < 0.012 or piece.area < 6:
        return False
    if piece.at_edge and _clings(piece, main, shape):
        return False
    if gap <= 0.03 * reach:
        return True
    # No character has a small part of its own below it or beside it: that is dirt, or a neighbour.
    below = piece.box[0] >= main.box[1]
    beside = piece.box[3] <= main.box[2] or piece.box[2] >= main.box[3]
    return share >= (0.35 if below else 0.2 if beside else 0.04) and gap <= 0.4 * reach


def _is_dot(piece: Piece, main: Piece) -> bool:
    """Compact, above the main piece and over it: the dot of an i or a j, even where a tight crop lets it touch the edge."""
    compact = max(piece.height, piece.width) <= 3.0 * min(piece.height, piece.width) + 3
    small = piece.height <= 0.5 * main.height
    middle = (piece.box[2] + piece.box[3]) / 2
    slack = 0.25 * main.height
    over = main.box[2] - slack <= middle <= main.box[3] + slack
    above = piece.box[1] <= main.box[0] + 0.15 * main.height
    return compact and small and over and above and main.height >= 1.1 * main.width


def _clings(piece: Piece, main: Piece, shape: tuple[int, ...]) -> bool:
    """Whether a piece at the frame's edge is a neighbour's stroke: small beside the main one and not reaching far in."""
    height, width = shape
    depth = min(
        piece.box[1] / height if piece.box[0] <= 1 else 1.0,
        1.0 - piece.box[0] / height if piece.box[1] >= height - 1 else 1.0,
        piece.box[3] / width if piece.box[2] <= 1 else 1.0,
        1.0 - piece.box[2] / width if piece.box[3] >= width - 1 else 1.0,
    )
    share = piece.area / main.area
    return share < 0.6 and depth < (0.3 if not main.at_edge else 0.22)


def _gap(one: Box, other: Box) -> float:
    """Pixels between two boxes, 0 where they overlap."""
    down = max(one[0] - other[1], other[0] - one[1], 0)
    across = max(one[2] - other[3], other[2] - one[3], 0)
    return float(max(down, across))


def _union(pieces: list[Piece]) -> Box:
    boxes = [piece.box for piece in pieces]
    return min(box[0] for box in boxes), max(box[1] for box in boxes), min(box[2] for box in boxes), max(box[3] for box in boxes)
