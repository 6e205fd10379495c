"""A picture brought to another size: small enough for a page of many, or square."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def thumbnail(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture uint8 (H, W) or (H, W, 3) with its longer side brought down to ``side`` pixels; a smaller one as it is."""
    import cv2

    longer = max(picture.shape[:2])
    if longer <= side:
        return picture
    width, height = (max(1, round(each * side / longer)) for each in picture.shape[1::-1])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def fitted(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture uint8 (H, W) or (H, W, 3) at most ``side`` pixels long: brought down, or enlarged by a whole factor, without blur."""
    factor = side // max(picture.shape[:2])
    if factor < 2:
        return thumbnail(picture, side)
    return picture.repeat(factor, axis=0).repeat(factor, axis=1)


def stretched(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture uint8 (H, W) as (side, side), whatever that does to its proportions; nothing else about it changes."""
    import cv2

    smaller = min(picture.shape) >= side
    return cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA if smaller else cv2.INTER_LINEAR)  # type: ignore[return-value]
