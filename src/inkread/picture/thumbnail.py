"""A picture made small enough for a page of many."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def thumbnail(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    """The picture uint8 (H, W) with its longer side brought down to ``side`` pixels; smaller ones are given back as they are."""
    longer = max(picture.shape)
    if longer <= side:
        return picture
    width, height = (max(1, round(each * side / longer)) for each in picture.shape[::-1])
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)  # type: ignore[return-value]
