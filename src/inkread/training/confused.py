"""A confusion matrix as a picture that can be read at 62 classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..evaluation import Confusion
from ..picture import Canvas, text_width

RIGHT, WRONG = (38, 84, 150), (196, 60, 10)
WHITE, LINE = (255, 255, 255), (232, 232, 228)
LARGEST = 820
"""Pixels of the matrix, at most, but that a class has 13 at least."""
NUMBERED = 24
"""Pixels that a cell needs to hold its percentage."""


def confusion_picture(found: Confusion) -> NDArray[np.uint8]:
    """RGB uint8 (H,W,3): a row a true class, a column an answer; blue where right, orange where wrong.

    The darkness is the square root of the share of the row, so that one picture in a hundred can still be seen.
    """
    characters = found.alphabet.characters
    classes = len(characters)
    cell = int(np.clip(LARGEST // classes, 13, 44))
    edge = cell + 14
    page = Canvas(2 * edge + classes * cell, 2 * edge + classes * cell + 22, WHITE)
    counts = found.counts[:, :classes]
    totals = found.counts.sum(axis=1, keepdims=True)
    shares = counts / np.maximum(totals, 1e-12)
    page.paste(_cells(shares, cell), edge, edge)
    for at, character in enumerate(characters):
        middle = edge + at * cell + cell // 2
        for place in (edge // 2, page.width - edge // 2):
            _centred(page, character, place, middle, min(cell, 18), Canvas.INK)
            _centred(page, character, middle, place, min(cell, 18), Canvas.INK)
    if cell >= NUMBERED:
        _numbers(page, shares, cell, edge)
    page.write("row: what it is; column: what it was read as", edge, page.height - 8, 14, Canvas.FAINT)
    return page.pixels


def _cells(shares: NDArray[np.float64], cell: int) -> NDArray[np.uint8]:
    """The matrix alone, each share a square of ``cell`` pixels with a fine line below and beside it."""
    dark = np.sqrt(shares)[..., None]
    full = np.where(np.eye(len(shares), dtype=bool)[..., None], RIGHT, WRONG)
    pixels = np.rint(255 + dark * (full - 255.0)).astype(np.uint8).repeat(cell, axis=0).repeat(cell, axis=1)
    pixels[cell - 1 :: cell], pixels[:, cell - 1 :: cell] = LINE, LINE
    return pixels


def _numbers(page: Canvas, shares: NDArray[np.float64], cell: int, edge: int) -> None:
    for row, column in zip(*np.nonzero(shares.round(2)), strict=True):
        share = float(shares[row, column])
        colour = WHITE if share > 0.25 else Canvas.INK
        _centred(page, f"{100 * share:.0f}", edge + column * cell + cell // 2, edge + row * cell + cell // 2, cell // 2, colour)


def _centred(page: Canvas, text: str, x: int, y: int, size: int, colour: tuple[int, int, int]) -> None:
    page.write(text, int(x) - text_width(text, size) // 2, int(y) + size * 3 // 8, size, colour)
