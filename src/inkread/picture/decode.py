"""Bytes of a picture file -> grey uint8 array. One decoder, Pillow: strict with cut-off files, and silent."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..errors import InkreadError, PictureError, PictureTooLarge
from .content import format_of, looks_like
from .grey import grey, levels
from .plain import plain_pixels

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

MAX_PIXELS = 1 << 26
"""Pixels that a header may announce, 67 million (8,192 x 8,192): telephones' photos of 12, 48 and 50 megapixels pass."""

MAX_BYTES = 1 << 29
"""Bytes that a file may have, half a gibibyte: :data:`MAX_PIXELS` of 16-bit RGBA, uncompressed."""

_LARGE = 16_000_000  # pixels beyond which a picture is halved: one character never needs more than 4,000 x 4,000
_WIDE_MODES = ("I", "F", "I;16", "I;16L", "I;16B", "I;16N")
_ROTATING = ("exif", "Raw profile type exif", "xmp", "XML:com.adobe.xmp")
_warnings_lock = Lock()

Result = TypeVar("Result")


def decode(data: bytes | bytearray | memoryview, *, max_pixels: int = MAX_PIXELS) -> NDArray[np.uint8]:
    """Grey picture (H,W), upright, of the bytes of a PNG, JPEG, BMP, TIFF, WebP or GIF (its first frame or page).

    The format is found by content. EXIF rotation is applied; depth, colour and alpha become grey as :func:`levels` and
    :func:`grey` say; pictures above 16 million pixels come halved as often as it takes. :class:`PictureTooLarge` when the header
    announces more than ``max_pixels``, before anything is unpacked; :class:`PictureError` for what is no picture, cut off or damaged.
    """
    return _used(data, max_pixels, _as_grey)


def channel_gap(data: bytes | bytearray | memoryview) -> int:
    """By how many levels green or blue of a picture file differ from red at most, 0..255; 0 where it is grey. Errors as :func:`decode`."""
    return _used(data, MAX_PIXELS, _gap)


def _used(data: bytes | bytearray | memoryview, max_pixels: int, use: Callable[[NDArray[Any], int], Result]) -> Result:
    """What ``use`` makes of the pixels as they are stored and of the orientation in which they are meant to be looked at."""
    if len(data) > MAX_BYTES:
        raise PictureTooLarge(f"a picture file above the limit of {MAX_BYTES >> 20} MiB: {len(data) >> 20} MiB")
    data = bytes(data)
    if not data:
        raise PictureError("not a picture: the file is empty", "copy or save it again")
    kind = format_of(data)
    if kind is None:
        name, hint = looks_like(data)
        raise PictureError(f"not a picture, though given as one: it looks like {name}", hint)
    try:
        return use(*_decoded(data, kind, max_pixels))
    except InkreadError:
        raise
    except Exception as error:  # Pillow answers hostile bytes with a dozen types of exception
        raise _damaged(kind, data, error) from None


def _damaged(kind: str, data: bytes, error: Exception) -> PictureError:
    reason = " ".join(str(error).split()) or type(error).__name__
    if type(error).__name__ == "DecompressionBombError":
        return PictureTooLarge(f"a picture of far too many pixels: {''.join(filter(str.isdigit, reason.partition('exceeds')[0]))}")
    if _is_cut_off(kind, data) or isinstance(error, struct.error | IndexError | EOFError) or "truncated" in reason.lower():
        return PictureError(f"the {kind} is cut off: only {len(data):,} bytes are there", "copy or save it again")
    if isinstance(error, SyntaxError):
        reason = "its structure makes no sense"
    elif any(each in reason for each in ("decoder", "data stream", "cannot load", "failed to read")):
        reason = "its pixels cannot be unpacked"
    return PictureError(f"the {kind} is damaged or of a kind not known here: {reason}", "save it again as an ordinary PNG")


def _is_cut_off(kind: str, data: bytes) -> bool:
    if kind == "PNG":
        return b"IEND" not in data
    if kind == "JPEG":
        return b"\xff\xd9" not in data
    return kind == "WebP" and int.from_bytes(data[4:8], "little") + 8 > len(data)


def _decoded(data: bytes, kind: str, max_pixels: int) -> tuple[NDArray[Any], int]:
    if kind == "WebP":  # its library takes memory for the whole canvas while it opens
        _check_size(_webp_size(data), max_pixels)
    elif kind == "PNG" and data[12:16] == b"IHDR" and len(data) >= 24:
        _check_size((int.from_bytes(data[16:20]), int.from_bytes(data[20:24])), max_pixels)
    if (pixels := plain_pixels(data, kind, max_pixels)) is not None:
        return pixels, 1
    image = _opened(data, kind)
    _check_size(image.size, max_pixels)
    if kind == "JPEG" and image.width * image.height > _LARGE:
        _ask_for_less(image)
    with _quiet(kind == "TIFF" or (kind == "PNG" and _animated(data))):
        image.load()
    return _pixels(image), _orientation(image)


def _opened(data: bytes, kind: str) -> ImageFile:
    """The picture with its header read and no pixel unpacked. Pillow's classes are taken directly: `Image.open` loads every plugin."""
    stream = io.BytesIO(data)
    if kind == "PNG":
        from PIL.PngImagePlugin import PngImageFile

        with _quiet(_animated(data)):
            return PngImageFile(stream)
    if kind == "JPEG":
        from PIL.JpegImagePlugin import JpegImageFile

        with _quiet(b"Exif" in data[:65536]):
            return JpegImageFile(stream)
    if kind == "GIF":
        from PIL.GifImagePlugin import GifImageFile

        with _quiet():  # it warns of canvases larger than Pillow's own limit
            return GifImageFile(stream)
    if kind == "WebP":
        from PIL.WebPImagePlugin import WebPImageFile

        return WebPImageFile(stream)
    if kind == "BMP":
        from PIL.BmpImagePlugin import BmpImageFile

        return BmpImageFile(stream)
    from PIL.TiffImagePlugin import TiffImageFile

    _silence_tiff()
    with _quiet():
        return TiffImageFile(stream)


def _animated(data: bytes) -> bool:
    """Whether a PNG may have an animation control chunk: Pillow warns of one that makes no sense."""
    return b"acTL" in data


@contextmanager
def _quiet(needed: bool = True) -> Iterator[None]:
    """Without Pillow's warnings on stderr about odd metadata; Python's filters of warnings are one for all threads."""
    import warnings

    if not needed:
        yield
        return
    with _warnings_lock, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@cache
def _silence_tiff() -> None:
    """Keep damaged files off stderr: Pillow's log where nobody listens to it, and libtiff's messages, for which Pillow has no switch."""
    import ctypes
    import logging

    from PIL import _imaging

    logging.getLogger("PIL").addHandler(logging.NullHandler())
    try:
        ctypes.CDLL(_imaging.__file__).TIFFSetErrorHandler(None)
    except (AttributeError, OSError):  # a Pillow with libtiff inside itself: it talks, and that is all
        return


def _webp_size(data: bytes) -> tuple[int, int]:
    """Width and height from a WebP's first chunk (RFC 9649, sections 2.5 to 2.7)."""
    chunk = data[12:16]
    if len(data) < 30:
        raise EOFError
    if chunk == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if chunk == b"VP8L":
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF


def _check_size(size: tuple[int, int], max_pixels: int) -> None:
    width, height = size
    if width < 1 or height < 1:
        raise PictureError(f"a picture without pixels: {width}x{height}")
    if width * height > max_pixels:
        raise PictureTooLarge(
            f"a picture of more than {max_pixels:,} pixels: {width}x{height}", "cut or scale it down; one character needs 100x100"
        )


def _ask_for_less(image: ImageFile) -> None:
    """Let the JPEG library decode at half, quarter or eighth size, which is quicker and loses no ink."""
    halvings = 1
    while halvings < 3 and (image.width >> halvings) * (image.height >> halvings) > _LARGE:
        halvings += 1
    image.draft(None, (image.width >> halvings, image.height >> halvings))


def from_pillow(image: Image) -> NDArray[np.uint8]:
    """Grey picture (H,W), upright, of a Pillow image in any of its modes; its orientation tag, where it has one, is applied."""
    return _as_grey(_pixels(image), _orientation(image))


def _as_grey(pixels: NDArray[Any], orientation: int) -> NDArray[np.uint8]:
    pixels = _reduced(pixels)
    flat = grey(pixels if pixels.dtype == np.uint8 else levels(pixels))
    return np.ascontiguousarray(_turned(flat, orientation))


def _gap(pixels: NDArray[Any], _: int) -> int:
    import cv2

    if pixels.ndim < 3 or pixels.shape[2] < 3:
        return 0
    red, *others = cv2.split(np.ascontiguousarray(pixels))[:3]
    return int(max(cv2.norm(red, each, cv2.NORM_INF) for each in others))


def _pixels(image: Image) -> NDArray[Any]:
    mode, keyed = image.mode, "transparency" in image.info
    if mode in _WIDE_MODES or (mode in ("L", "LA", "RGB", "RGBA") and not keyed):
        return np.asarray(image)
    if mode == "1":
        return np.asarray(image.convert("L"))
    if mode in ("L", "LA", "La"):
        return np.asarray(image.convert("LA"))
    if mode in ("RGBA", "RGBa", "PA") or (mode in ("P", "RGB") and keyed):
        return np.asarray(image.convert("RGBA"))
    return np.asarray(image.convert("RGB"))


def _reduced(pixels: NDArray[Any]) -> NDArray[Any]:
    factor = 1
    while (pixels.shape[0] // factor) * (pixels.shape[1] // factor) > _LARGE:
        factor *= 2
    if factor == 1:
        return pixels
    import cv2

    size = (max(pixels.shape[1] // factor, 1), max(pixels.shape[0] // factor, 1))
    if pixels.dtype == np.int32:
        pixels = pixels.astype(np.float32)
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), size, interpolation=cv2.INTER_AREA))


def _orientation(image: Image) -> int:
    """The EXIF tag 274 of a picture, 1..8; 1 where there is none. A TIFF's own tag is applied by Pillow on loading."""
    if not any(key in image.info for key in _ROTATING):
        return 1
    try:
        with _quiet():
            return int(image.getexif().get(274, 1))
    except Exception:  # a broken EXIF block must not cost a good picture
        return 1


def _turned(picture: NDArray[np.uint8], orientation: int) -> NDArray[np.uint8]:
    """The picture as its orientation (EXIF 2.32, tag 274) means it to be looked at; unknown values change nothing."""
    if orientation in (5, 6, 7, 8):
        picture = picture.T
    if orientation in (2, 3, 6, 7):
        picture = picture[:, ::-1]
    if orientation in (3, 4, 7, 8):
        picture = picture[::-1]
    return picture
