"""Many pictures with captions on one page: data looked at, steps side by side, misread characters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from .thumbnail import fitted

if TYPE_CHECKING:
    from cv2 import FontFace

_PAGE, _CARD, _EDGE, _FRAME = (244, 244, 241), (255, 255, 255), (221, 221, 216), (190, 190, 186)
_INK, _FAINT = (28, 28, 30), (104, 104, 108)
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
    tops += page.shape[0] - _MARGIN - (tops[-1] - _GAP)
    width = cell + 2 * _PADDING
    for index, (picture, lines) in enumerate(zip(pictures, texts, strict=True)):
        row, column = divmod(index, across)
        top, left = tops[row], _MARGIN + column * (width + _GAP)
        _draw_card(page[top : top + heights[row], left : left + width], picture, lines, cell)
    return page


def _blank_page(width: int, height: int, title: str) -> NDArray[np.uint8]:
    above = _TITLE + 14 if title else 0
    page = np.full((height + above + 2 * _MARGIN, width + 2 * _MARGIN, 3), _PAGE, dtype=np.uint8)
    if title:
        _write(page, " ".join(_lines(title)), (_MARGIN + 1, _MARGIN + _TITLE - 3), _TITLE, _INK, width)
    return page


def _draw_card(card: NDArray[np.uint8], picture: NDArray[np.uint8], lines: list[str], cell: int) -> None:
    card[:] = _EDGE
    card[1:-1, 1:-1] = _CARD
    shown = fitted(picture, cell)
    height, width = shown.shape[:2]
    y, x = _PADDING + (cell - height) // 2, _PADDING + (cell - width) // 2
    card[y - 1 : y + height + 1, x - 1 : x + width + 1] = _FRAME
    card[y : y + height, x : x + width] = shown if shown.ndim == 3 else shown[..., None]
    for index, line in enumerate(lines):
        baseline = _PADDING + cell + 5 + _LINE * index + _TEXT
        _write(card, line, (None, baseline), _TEXT, _FAINT if index else _INK, card.shape[1] - 8)


def _lines(text: str) -> list[str]:
    """The lines of a caption with nothing in them that cannot be drawn: no control character, no stray half of UTF-16."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    lines = ["".join(each if each.isprintable() else " " for each in line) for line in whole.split("\n")]
    return lines if any(line.strip() for line in lines) else []


def _write(target: NDArray[np.uint8], text: str, at: tuple[int | None, int], size: int, colour: tuple[int, int, int], width: int) -> None:
    """Text with its baseline at ``at`` (x, y), centred where x is None, shortened to ``width`` pixels."""
    import cv2

    if not text.strip():
        return
    face = cv2.FontFace("sans")
    text = _shortened(text, face, size, width)
    x = at[0] if at[0] is not None else (target.shape[1] - _width(text, face, size)) // 2
    drawn = np.ascontiguousarray(target)
    cv2.putText(drawn, text, (x, at[1]), colour, face, size, 400)
    target[:] = drawn


def _shortened(text: str, face: FontFace, size: int, width: int) -> str:
    """The text without as much of its middle as does not fit: the end of a path tells most, its start something."""
    full = _width(text, face, size)
    kept = len(text) if full <= width else min(len(text), len(text) * width // full + 3)
    while full > width and kept > 1:
        kept -= 1
        short = text[: kept // 3] + "…" + text[len(text) - (kept - kept // 3) :]
        if _width(short, face, size) <= width:
            return short
    return text if full <= width else "…"


def _width(text: str, face: FontFace, size: int) -> int:
    import cv2

    return cv2.getTextSize((0, 0), text, (0, 0), face, size, 400)[2]
