"""Many pictures with captions on one page: data looked at, steps side by side, misread characters."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from .canvas import Canvas, printable, shortened, text_width
from .thumbnail import fitted

_FRAME = (190, 190, 186)
_MARGIN, _GAP, _PADDING = 18, 10, 9
_TEXT, _LINE, _TITLE = 14, 19, 20


def sheet(
    pictures: Sequence[NDArray[np.uint8]], captions: Sequence[str], *, columns: int | None = None, cell: int = 112, title: str = ""
) -> NDArray[np.uint8]:
    """RGB page (H,W,3) uint8 with each picture in a card above its caption, row by row.

    ``pictures``: uint8, grey (H,W) or RGB (H,W,3), of any sizes: brought to at most ``cell`` pixels on the longer side, aspect
    kept; small ones are enlarged by whole factors without blur. ``captions``: one each, lines parted by newlines, the first
    dark, the others faint; what is too long loses its middle; any script is drawn (OpenCV's own fonts). ``columns``: chosen to make
    a page about as wide as high where None. :class:`UsageError` for no picture, or another number of captions.
    """
    if not len(pictures) or len(pictures) != len(captions):
        raise UsageError(f"a sheet needs pictures and a caption for each: {len(pictures)} pictures, {len(captions)} captions")
    if cell < 16 or (columns is not None and columns < 1):
        raise UsageError(f"a sheet needs columns, and cells of at least 16 pixels: {columns} columns, cells of {cell}")
    across = min(columns or max(1, round(math.sqrt(1.3 * len(pictures)))), len(pictures))
    texts = [_lines(caption) for caption in captions]
    deepest = [max(map(len, texts[start : start + across])) for start in range(0, len(texts), across)]
    heights = [2 * _PADDING + cell + (5 + _LINE * depth if depth else 0) for depth in deepest]
    tops = np.cumsum([0, *(each + _GAP for each in heights)])
    page = _blank_page(across * (cell + 2 * _PADDING + _GAP) - _GAP, int(tops[-1]) - _GAP, title)
    tops += page.height - _MARGIN - (tops[-1] - _GAP)
    width = cell + 2 * _PADDING
    for index, (picture, lines) in enumerate(zip(pictures, texts, strict=True)):
        row, column = divmod(index, across)
        page.card(left := _MARGIN + column * (width + _GAP), top := int(tops[row]), width, heights[row])
        _fill_card(page, left, top, picture, lines, cell)
    return page.pixels


def _blank_page(width: int, height: int, title: str) -> Canvas:
    above = _TITLE + 14 if title else 0
    page = Canvas(width + 2 * _MARGIN, height + above + 2 * _MARGIN)
    if title:
        page.write(shortened(" ".join(_lines(title)), _TITLE, width), _MARGIN + 1, _MARGIN + _TITLE - 3, _TITLE)
    return page


def _fill_card(page: Canvas, left: int, top: int, picture: NDArray[np.uint8], lines: list[str], cell: int) -> None:
    shown = fitted(picture, cell)
    height, width = shown.shape[:2]
    y, x = top + _PADDING + (cell - height) // 2, left + _PADDING + (cell - width) // 2
    page.fill(x - 1, y - 1, width + 2, height + 2, _FRAME)
    page.paste(shown, x, y)
    across = cell + 2 * _PADDING
    for index, line in enumerate(lines):
        text = shortened(line, _TEXT, across - 8)
        baseline = top + _PADDING + cell + 5 + _LINE * index + _TEXT
        page.write(text, left + (across - text_width(text, _TEXT)) // 2, baseline, _TEXT, page.FAINT if index else page.INK)


def _lines(text: str) -> list[str]:
    """The lines of a caption; none where there is nothing to be seen in it."""
    lines = [printable(line) for line in text.split("\n")]
    return lines if any(line.strip() for line in lines) else []
