"""Pictures as files that say of themselves that they are drawn."""

from __future__ import annotations

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

SAYS = "drawn by inkread, not handwriting"
"""What stands in every file: the text `Comment` of a PNG, the comment of a JPEG."""


def png(picture: NDArray[np.uint8] | NDArray[np.uint16]) -> bytes:
    """A PNG of a picture uint8 or uint16 (H, W), or uint8 (H, W, 3 or 4) in the order red, green, blue, alpha."""
    import cv2

    if picture.ndim == 3:
        picture = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR if picture.shape[2] == 3 else cv2.COLOR_RGBA2BGRA), np.uint8)
    coded = cv2.imencode(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])[1].tobytes()
    chunk = b"tEXt" + b"Comment\0" + SAYS.encode()
    after_header = 8 + 25
    text = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return coded[:after_header] + text + coded[after_header:]


def jpeg(picture: NDArray[np.uint8], quality: int, *, turned: bool = False) -> bytes:
    """A JPEG of a grey picture uint8 (H, W); ``turned``: its EXIF data say that it is to be turned right by a quarter."""
    import cv2

    coded = cv2.imencode(".jpg", np.ascontiguousarray(picture), [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
    comment = SAYS.encode()
    segments = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    if turned:
        orientation = struct.pack("<HHIHH", 0x0112, 3, 1, 6, 0)
        exif = b"Exif\0\0" + struct.pack("<2sHIH", b"II", 42, 8, 1) + orientation + bytes(4)
        segments = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + segments
    return coded[:2] + segments + coded[2:]
