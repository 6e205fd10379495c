"""Which pieces of ink belong to the character: specks and neighbours' strokes go, the dots of i and j stay."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .steps import SIDE_BY_SIDE, Log, Picture

Box = tuple[int, int, int, int]
"""Top, bottom, left, right in pixels; bottom and right are the first ones outside."""

WHOLE = 0.8
"""Share of all ink that the largest piece holds, if the pen did not leave the strokes in fragments."""

NEAR = 2
"""Pixels by which fragments are grown to see which of them go together."""

SHALLOW = 0.25
"""How deep into the frame, as a share of its side, a stroke of a neighbour comes at most."""


@dataclass(frozen=True)
class Piece:
    """One connected piece of ink: its box, its area in pixels, and how deep it comes into the frame from an edge that it
    touches, as a share of the frame's side; 1 where it touches none."""

    label: int
    box: Box
    area: int
    depth: float
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

    count, _ = cv2.connectedComponents(mask, connectivity=8, ltype=cv2.CV_16U)
    if count == 1:
        return None
    if count == 2:
        left, top, width, height = cv2.boundingRect(mask)
        return (mask, (top, top + height, left, left + width)) if cv2.countNonZero(mask) >= _smallest(mask.shape) else None
    labels, pieces = _pieces(mask)
    main = max(pieces, key=lambda piece: _weight(piece, mask.shape))
    if main.area < WHOLE * sum(piece.area for piece in pieces):
        labels, pieces = _gathered(mask, labels, pieces)
        main = max(pieces, key=lambda piece: _weight(piece, mask.shape))
    if main.area < _smallest(mask.shape) or _is_noise(pieces, main):
        return None
    kept = _kept(pieces, main)
    abreast = 1 + sum(_is_beside(piece, main) and _is_character(piece, main) for piece in kept if piece is not main)
    if abreast > 1:
        log.note(f"{abreast} {SIDE_BY_SIDE}")
    if len(kept) < len(pieces):
        removed = len(pieces) - len(kept)
        log.note(f"{removed} {'speck or neighbour' if removed == 1 else 'specks or neighbours'} removed")
        wanted = np.zeros(max(piece.label for piece in pieces) + 1, np.uint8)
        wanted[[piece.label for piece in kept]] = 255
        mask = wanted[labels]
    return mask, _union(kept)


def _pieces(mask: Picture) -> tuple[NDArray[np.uint16], list[Piece]]:
    """The label of each pixel and the connected pieces."""
    import cv2

    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_16U)
    return np.asarray(labels, np.uint16), [_piece(label, row, mask.shape) for label, row in enumerate(stats[1:].tolist(), start=1)]


def _piece(label: int, stats: list[int], shape: tuple[int, ...]) -> Piece:
    left, top, wide, tall, area = stats
    height, width = shape
    right, bottom = left + wide, top + tall
    reaches = (
        bottom / height if top <= 1 else 1.0,
        1.0 - top / height if bottom >= height - 1 else 1.0,
        right / width if left <= 1 else 1.0,
        1.0 - left / width if right >= width - 1 else 1.0,
    )
    at_edge = left <= 1 or top <= 1 or right >= width - 1 or bottom >= height - 1
    return Piece(label, (top, bottom, left, right), area, min(reaches), at_edge)


def _gathered(mask: Picture, labels: NDArray[np.uint16], pieces: list[Piece]) -> tuple[NDArray[np.uint16], list[Piece]]:
    """The pieces with fragments that lie near each other as one piece, where that gathers most of the ink: a pencil's strokes."""
    import cv2

    size = 2 * NEAR + 1
    grown, groups = _pieces(np.asarray(cv2.dilate(mask, np.ones((size, size), np.uint8)), np.uint8))
    grown = np.where(mask > 0, grown, np.uint16(0))
    areas = np.bincount(grown.ravel(), minlength=len(groups) + 1)
    height, width = mask.shape
    gathered = []
    for group in groups:
        top, bottom, left, right = group.box
        top, left = (top + NEAR if top else 0), (left + NEAR if left else 0)
        bottom, right = (bottom - NEAR if bottom < height else height), (right - NEAR if right < width else width)
        stats = [left, top, max(1, right - left), max(1, bottom - top), int(areas[group.label])]
        gathered.append(_piece(group.label, stats, mask.shape))
    total = sum(piece.area for piece in pieces)
    return (grown, gathered) if max(piece.area for piece in gathered) >= WHOLE * total else (labels, pieces)


def _smallest(shape: tuple[int, ...]) -> float:
    """Pixels of ink below which a frame counts as blank."""
    return max(12.0, 0.0008 * shape[0] * shape[1])


def _is_noise(pieces: list[Piece], main: Piece) -> bool:
    """Whether the ink is strewn all over the frame, with no piece that stands out."""
    return len(pieces) > 30 and main.area < 0.25 * sum(piece.area for piece in pieces)


def _weight(piece: Piece, shape: tuple[int, ...]) -> float:
    """How likely a piece is the character: its size, less where it clings to the edge far from the middle."""
    height, width = shape
    across = abs((piece.box[2] + piece.box[3]) / 2 / width - 0.5) * 2
    down = abs((piece.box[0] + piece.box[1]) / 2 / height - 0.5) * 2
    size = piece.area + 0.5 * max(piece.height, piece.width) ** 2 * 0.1
    clinging = 0.2 if piece.depth < SHALLOW else 1.0
    return clinging * size * (1.0 - (0.6 if piece.at_edge else 0.3) * max(across, down) ** 2)


def _kept(pieces: list[Piece], main: Piece) -> list[Piece]:
    """The main piece and those that are part of the same character; of its dots only the largest, if it is no speck."""
    dots = [piece for piece in pieces if piece is not main and _is_dot(piece, main)]
    others = [piece for piece in pieces if piece is not main and piece not in dots]
    kept = [main, *(piece for piece in others if _belongs(piece, main))]
    dot = max(dots, key=lambda piece: piece.area, default=None)
    if dot is not None:
        alike = sum(piece.area > 0.4 * dot.area for piece in others if piece not in kept)
        if alike < 3 and dot.area >= 0.018 * main.area and _gap(dot.box, main.box) <= 0.8 * max(main.height, main.width):
            kept.append(dot)
            near = 2 * max(dot.height, dot.width)
            kept += [piece for piece in dots if piece is not dot and piece.area >= 0.3 * dot.area and _gap(piece.box, dot.box) <= near]
    return kept


def _belongs(piece: Piece, main: Piece) -> bool:
    """Whether a piece beside the main one is part of the same character, or a character as good as it."""
    share = piece.area / main.area
    gap = _gap(piece.box, main.box)
    reach = max(main.height, main.width)
    if share < 0.012 or piece.area < 6 or (piece.at_edge and _clings(piece, main, gap)):
        return False
    if gap <= 0.03 * reach or (_is_beside(piece, main) and _is_character(piece, main)):
        return True
    # No character has a small part of its own below it or beside it: that is dirt, or a neighbour.
    below = piece.box[0] >= main.box[1]
    beside = piece.box[3] <= main.box[2] or piece.box[2] >= main.box[3]
    return share >= (0.35 if below else 0.2 if beside else 0.04) and gap <= 0.4 * reach


def _is_character(piece: Piece, main: Piece) -> bool:
    """Whether a piece is of a character's size, as the main one is, and wholly in the frame."""
    return piece.height >= 0.55 * main.height and piece.area >= 0.25 * main.area and piece.depth > 0.5


def _is_beside(piece: Piece, main: Piece) -> bool:
    """Whether a piece stands to the left or to the right of the main one."""
    return piece.box[3] <= main.box[2] or piece.box[2] >= main.box[3]


def _is_dot(piece: Piece, main: Piece) -> bool:
    """Compact, above the main piece and over it: the dot of an i or a j, even where a tight crop lets it touch the edge."""
    compact = max(piece.height, piece.width) <= 3.0 * min(piece.height, piece.width) + 3
    small = piece.height <= 0.5 * main.height
    middle = (piece.box[2] + piece.box[3]) / 2
    slack = 0.25 * main.height
    over = main.box[2] - slack <= middle <= main.box[3] + slack
    above = piece.box[1] <= main.box[0] + 0.15 * main.height
    return compact and small and over and above and main.height >= 1.1 * main.width


def _clings(piece: Piece, main: Piece, gap: float) -> bool:
    """Whether a piece at the frame's edge is a neighbour's stroke: not reaching far in and small beside the main one, or
    apart from a main one that stands free."""
    small = piece.area < 0.6 * main.area
    if main.at_edge:
        return small and piece.depth < 0.22
    return piece.depth < SHALLOW or (piece.depth < 0.5 and gap > 0.06 * max(main.height, main.width)) or (small and piece.depth < 0.3)


def _gap(one: Box, other: Box) -> float:
    """Pixels between two boxes, 0 where they overlap."""
    down = max(one[0] - other[1], other[0] - one[1], 0)
    across = max(one[2] - other[3], other[2] - one[3], 0)
    return float(max(down, across))


def _union(pieces: list[Piece]) -> Box:
    boxes = [piece.box for piece in pieces]
    return min(box[0] for box in boxes), max(box[1] for box in boxes), min(box[2] for box in boxes), max(box[3] for box in boxes)
