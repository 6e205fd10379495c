"""Whatever a caller holds - a path, bytes, a Pillow image, an array - as a grey uint8 picture."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import PictureError, PictureTooLarge, SourceNotFound
from .decode import MAX_BYTES, MAX_PIXELS, decode, from_pillow
from .grey import grey, levels


def as_picture(anything: object) -> NDArray[np.uint8]:
    """Grey picture (H,W) uint8 of a path, the bytes of a file, a Pillow image or an array (H,W) or (H,W,1|2|3|4).

    Arrays may be bool, 0..1, 0..255 or 0..65535 (see :func:`levels`), of any layout; channels are grey, grey and alpha, RGB, RGBA.
    What is given is never changed, but the answer may share its memory. :class:`SourceNotFound` for a path that is not there,
    :class:`PictureError` for everything that is no picture.
    """
    if isinstance(anything, str | os.PathLike):
        return decode(_bytes_of(os.fspath(anything)))
    if isinstance(anything, bytes | bytearray | memoryview):
        return decode(anything)
    pillow = sys.modules.get("PIL.Image")
    if pillow is not None and isinstance(anything, pillow.Image):
        return _of_pillow(anything)
    return _of_array(anything)


def _bytes_of(name: str | bytes) -> bytes:
    path = Path(os.fsdecode(name))
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise SourceNotFound(f"no such picture: {path}") from None
    except IsADirectoryError:
        raise PictureError(f"a folder, not a picture: {path}", "give one of its files, or `inkread read` the folder") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise PictureError(f"a picture that cannot be opened: {path} ({reason})") from None


def _of_pillow(image: Any) -> NDArray[np.uint8]:
    if not (image.width and image.height):
        raise PictureError(f"a picture without pixels: {image.width}x{image.height}")
    if image.width * image.height > MAX_PIXELS:
        raise PictureTooLarge(f"a picture of more than {MAX_PIXELS:,} pixels: {image.width}x{image.height}")
    try:
        image.load()
    except Exception as error:  # an image opened by the caller is decoded only here
        raise PictureError(f"the picture is damaged or cut off: {error or type(error).__name__}") from None
    return from_pillow(image)


def _of_array(anything: object) -> NDArray[np.uint8]:
    try:
        pixels = np.asarray(anything)
    except Exception as error:  # `__array__` of a stranger's type
        raise PictureError(f"no picture: {type(anything).__name__} ({error})", "give a path, bytes, a Pillow image or an array") from None
    if pixels.dtype.kind not in "buif":
        raise PictureError(
            f"no picture: {type(anything).__name__} of type {pixels.dtype}", "give a path, bytes, a Pillow image or an array of numbers"
        )
    _check_shape(pixels.shape)
    return np.ascontiguousarray(grey(levels(pixels)))


def _check_shape(shape: tuple[int, ...]) -> None:
    told = "x".join(map(str, shape)) or "a single number"
    if len(shape) not in (2, 3) or (len(shape) == 3 and shape[2] not in (1, 2, 3, 4)):
        hint = "give (height, width), or (height, width, channels) with 1 to 4 channels"
        if len(shape) == 3 and shape[0] in (1, 3, 4):
            hint = "put the channels last: picture.transpose(1, 2, 0)"
        elif len(shape) in (3, 4):
            hint = "these look like several pictures: give them one by one, or to `read_many`"
        raise PictureError(f"an array that is no picture, by its shape: {told}", hint)
    if 0 in shape:
        raise PictureError(f"a picture without pixels: {told}")
    if shape[0] * shape[1] > MAX_PIXELS:
        raise PictureTooLarge(f"a picture of more than {MAX_PIXELS:,} pixels: {told}")
