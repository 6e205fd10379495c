"""Arrays -> bytes of a PNG."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..errors import PictureError


def encode_png(picture: NDArray[np.uint8]) -> bytes:
    """The bytes of a PNG of a uint8 picture, grey (H,W) or RGB (H,W,3); the same bytes for the same picture, with no date in them.

    :class:`PictureError` for another type or shape, and for a picture without pixels.
    """
    import cv2

    if picture.dtype != np.uint8 or picture.ndim not in (2, 3) or picture.shape[2:] not in ((), (3,)) or not picture.size:
        told = "x".join(map(str, picture.shape))
        raise PictureError(f"an array that no PNG is made of: {told} of {picture.dtype}", "give uint8 (H,W) or (H,W,3)")
    order = picture if picture.ndim == 2 else cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
    _, coded = cv2.imencode(".png", np.ascontiguousarray(order), (cv2.IMWRITE_PNG_COMPRESSION, 6))
    return coded.tobytes()
