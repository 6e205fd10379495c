"""A page that pictures and words are put on: what the sheet and the doctor's page are drawn with."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from cv2 import FontFace

Colour = tuple[int, int, int]
"""Red, green, blue, 0..255."""


class Canvas:
    """An RGB page, ``pixels`` uint8 (H,W,3), of the colour of paper at first.

    Coordinates are pixels from the upper left corner. What lies outside is cut off, never an error. Words are drawn in any
    script by OpenCV's own fonts.
    """

    PAGE: ClassVar[Colour] = (244, 244, 241)
    CARD: ClassVar[Colour] = (255, 255, 255)
    EDGE: ClassVar[Colour] = (221, 221, 216)
    INK: ClassVar[Colour] = (28, 28, 30)
    FAINT: ClassVar[Colour] = (104, 104, 108)

    def __init__(self, width: int, height: int, colour: Colour = PAGE) -> None:
        self.pixels = np.full((height, width, 3), colour, dtype=np.uint8)

    @property
    def width(self) -> int:
        """Pixels across."""
        return self.pixels.shape[1]

    @property
    def height(self) -> int:
        """Pixels down."""
        return self.pixels.shape[0]

    def fill(self, left: int, top: int, width: int, height: int, colour: Colour) -> None:
        """A rectangle of one colour."""
        self.pixels[max(0, top) : max(0, top + height), max(0, left) : max(0, left + width)] = colour

    def card(self, left: int, top: int, width: int, height: int) -> None:
        """A white card with a fine edge."""
        self.fill(left, top, width, height, self.EDGE)
        self.fill(left + 1, top + 1, width - 2, height - 2, self.CARD)

    def paste(self, picture: NDArray[np.uint8], left: int, top: int) -> None:
        """A picture uint8, grey (H,W) or RGB (H,W,3), with its upper left corner there; both at least 0."""
        place = self.pixels[top : top + picture.shape[0], left : left + picture.shape[1]]
        shown = picture[: place.shape[0], : place.shape[1]]
        place[:] = shown if shown.ndim == 3 else shown[..., None]

    def write(self, text: str, left: int, baseline: int, size: int, colour: Colour = INK, weight: int = 400) -> None:
        """One line of words, ``size`` pixels high, standing on ``baseline``; ``weight`` 300..800 is how bold."""
        import cv2

        if text.strip():
            cv2.putText(self.pixels, printable(text), (left, baseline), colour, _face(), size, weight)


def text_width(text: str, size: int, weight: int = 400) -> int:
    """Pixels that a line of words takes."""
    import cv2

    return cv2.getTextSize((0, 0), printable(text), (0, 0), _face(), size, weight)[2]


def shortened(text: str, size: int, width: int) -> str:
    """The text without as much of its middle as does not fit: the end of a path tells most, its start something."""
    full = text_width(text, size)
    kept = len(text) if full <= width else min(len(text), len(text) * width // full + 3)
    while full > width and kept > 1:
        kept -= 1
        short = text[: kept // 3] + "…" + text[len(text) - (kept - kept // 3) :]
        if text_width(short, size) <= width:
            return short
    return text if full <= width else "…"


def wrapped(text: str, size: int, width: int) -> list[str]:
    """The text as lines of at most ``width`` pixels, broken at plain spaces; a word that is too long is shortened."""
    lines: list[str] = []
    for word in filter(None, text.split(" ")):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(shortened(word, size, width))
    return lines


def printable(text: str) -> str:
    """The text with nothing in it that cannot be drawn: no control character, no stray half of UTF-16."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(each if each.isprintable() else " " for each in whole)


@cache
def _face() -> FontFace:
    import cv2

    return cv2.FontFace("sans")
