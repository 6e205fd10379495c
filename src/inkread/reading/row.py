"""One picture of a row -> the pictures of its boxes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import PictureError
from .printed import printed_cells, without_lines
from .spaced import spaced_cells
from .straighten import level


@dataclass(frozen=True)
class Row:
    """A row that was cut.

    ``boxes``: uint8 (H, W) each, from left to right, without the printed lines around them. ``places``: (left, top,
    right, bottom) of each in the levelled picture. ``layout``: ``boxes``, ``comb`` or ``spaces``. ``angle``: degrees
    that the picture was turned by.
    """

    boxes: tuple[NDArray[np.uint8], ...]
    places: tuple[tuple[int, int, int, int], ...]
    layout: str
    angle: float


def cut_row(picture: NDArray[np.uint8], wanted: int) -> Row:
    """The ``wanted`` boxes of a grey picture of one row, uint8 (H, W), either polarity, up to 8 degrees askew.

    Printed boxes (adjoining, in groups, apart), combs, or characters with spaces between them. :class:`PictureError`
    says how many were found where they are not ``wanted``.
    """
    straight = level(picture)
    cells = printed_cells(straight.faint, wanted) or spaced_cells(without_lines(straight.ink, straight.faint, wanted), wanted)
    count = 0 if cells is None else len(cells.columns)
    if cells is None or count != wanted:
        what = "characters" if cells is None or cells.layout == "spaces" else "boxes"
        hint = "cut the picture closer to the row, or give a folder with one picture per box"
        raise PictureError(f"{wanted} {what} are needed in the picture of a row, found: {count}", hint)
    places = tuple((left, cells.rows[0], right, cells.rows[1]) for left, right in cells.columns)
    return Row(tuple(_inside(straight.grey, place) for place in places), places, cells.layout, straight.angle)


def _inside(grey: NDArray[np.uint8], place: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    left, top, right, bottom = place
    return np.ascontiguousarray(grey[top:bottom, left : max(right, left + 1)])
