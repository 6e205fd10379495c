"""Pixels of any depth, colour and transparency -> grey uint8, such that the ink survives."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import PictureError

_BLACK, _WHITE = np.uint8(0), np.uint8(255)
_DEPTHS = (1, 8, 10, 12, 14, 16)
_SAMPLE = 65536
_VARIES = 32  # alpha that varies by less says nothing
_COLOURED = 32  # channels that differ by less are grey
_FLAT = 64  # strokes whose grey varies by less are of one colour
_FLAT_PATCH = 24  # the same for a solid patch, which may hold faint pencil
_SOLID = 1 / 3  # mean thickness over longer side: pen strokes stay below, cut-out paper above


def levels(values: NDArray[Any]) -> NDArray[np.uint8]:
    """Pixel values of any type as 0..255 of the same shape.

    bool, and whole numbers of 0 and 1 alone: 0 and 255. Whole numbers up to 255 stay. Larger ones up to 65535 are scaled
    by the full range of the fewest bits (8, 10, 12, 14 or 16) that hold the largest value, for many cameras and scanners
    use only the low bits of 16. Floats: 0..1 (with the overshoot of a resampling, 10 %), else as whole numbers.
    :class:`PictureError` for NaN, infinite, negative or larger values and for what is no number.
    """
    if values.dtype.kind == "b":
        return np.where(values, _WHITE, _BLACK)
    if values.dtype.kind not in "uif":
        raise PictureError(f"an array that is no picture, by its type: {values.dtype}", "give numbers 0..255, 0..1 or True and False")
    low, high = float(values.min()), float(values.max())
    if not (np.isfinite(low) and np.isfinite(high)):
        raise PictureError("a picture with values that are no numbers: NaN or infinite", "replace them by the value of the paper")
    scale = _scale(low, high, whole=values.dtype.kind != "f")
    if scale == 1 and values.dtype == np.uint8:
        return values
    if values.dtype == np.uint8:
        return levels(values > 0)
    scaled: NDArray[np.float32] = np.rint(values.astype(np.float32) * np.float32(scale))
    return scaled.clip(0, 255).astype(np.uint8)


def _scale(low: float, high: float, *, whole: bool) -> float:
    unit = 1.0 if whole else 1.1
    if high <= unit and low >= 1 - unit:
        return 255.0
    if high > 65535 or low < (0 if whole else -0.1 * high):
        raise PictureError(f"values outside 0..65535: {low:g} to {high:g}", "scale them to 0..1 or 0..255 first")
    if not whole and high <= 280:
        return 1.0
    bits = next(each for each in _DEPTHS if high <= 2**each - 1)
    return 255.0 / float(2**bits - 1)


def grey(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey picture (H,W) of uint8 pixels (H,W) or (H,W,C): C is 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.

    Colour becomes luminance (ITU-R BT.601) unless another channel has at least twice its contrast (red ink on green paper of
    the same luminance, yellow on white): then that channel.

    Alpha: nothing visible is white paper; an alpha that hardly varies is ignored. Strokes of one colour: the ink is the alpha,
    drawn dark on white. A solid visible patch (a cut-out piece of paper): on the grey of its own edge, where it fills the picture
    on its middle grey. Strokes of several greys: on white when they are dark, on black when light; an outline lighter (darker)
    than what it surrounds is taken for paper.
    """
    if pixels.ndim == 2:
        return pixels
    channels = pixels.shape[2]
    if channels == 1:
        return pixels[..., 0]
    if channels == 3:
        return _one_channel(pixels)
    alpha = pixels[..., channels - 1]
    top, bottom = int(alpha.max()), int(alpha.min())
    if top < _VARIES:
        return np.full(alpha.shape, _WHITE)
    seen = alpha >= top // 2 if top - bottom >= _VARIES else None
    plane = pixels[..., 0] if channels == 2 else _one_channel(pixels, seen)
    return plane if seen is None else _on_background(plane, alpha, seen)


def _one_channel(pixels: NDArray[np.uint8], seen: NDArray[np.bool_] | None = None) -> NDArray[np.uint8]:
    """Luminance of RGB or RGBA pixels, or the channel with far more contrast among the pixels that are seen."""
    import cv2

    code = cv2.COLOR_RGB2GRAY if pixels.shape[2] == 3 else cv2.COLOR_RGBA2GRAY
    pixels = np.ascontiguousarray(pixels)
    luminance: NDArray[np.uint8] = np.asarray(cv2.cvtColor(pixels, code), dtype=np.uint8)
    channels = cv2.split(pixels)[:3]
    if max(cv2.norm(channels[0], each, cv2.NORM_INF) for each in channels[1:]) < _COLOURED:
        return luminance
    contrast = _spread(luminance, seen)
    spreads = [_spread(np.asarray(each, dtype=np.uint8), seen) for each in channels]
    best = int(np.argmax(spreads))
    if spreads[best] >= max(2 * contrast, _COLOURED):
        return np.asarray(channels[best], dtype=np.uint8)
    return luminance


def _on_background(plane: NDArray[np.uint8], alpha: NDArray[np.uint8], seen: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Grey with an alpha that varies, laid on a background on which the ink is seen; ``seen``: at least half as opaque as the most."""
    edge = _edge(seen)
    solid = _thickness(seen, edge) >= _SOLID
    if _spread(plane, seen) < (_FLAT_PATCH if solid else _FLAT):
        return np.asarray(255 - alpha, dtype=np.uint8)
    rim = float(np.median(plane[edge] if edge.any() else plane))
    if solid:
        return _blend(plane, alpha, int(rim))
    inner = seen & ~edge
    core = float(np.median(plane[inner])) if inner.any() else rim
    if abs(core - rim) < 32:
        core, rim = float(plane[seen].mean()), 127.5
    return _blend(plane, alpha, 255 if core < rim else 0)


def _edge(seen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    import cv2

    cross = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], np.uint8)
    kept = np.asarray(cv2.erode(seen.astype(np.uint8), cross), dtype=np.bool_)
    return seen & ~kept


def _thickness(seen: NDArray[np.bool_], edge: NDArray[np.bool_]) -> float:
    """Mean thickness of what is seen as a share of the longer side of its box."""
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    longer = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    return float(2 * seen.sum() / max(int(edge.sum()), 1) / longer)


def _blend(plane: NDArray[np.uint8], alpha: NDArray[np.uint8], background: int) -> NDArray[np.uint8]:
    wide = plane.astype(np.uint16)
    wide *= alpha
    wide += (255 - alpha) * np.uint16(background) + np.uint16(127)
    return (wide // np.uint16(255)).astype(np.uint8)


def _spread(plane: NDArray[np.uint8], seen: NDArray[np.bool_] | None = None) -> int:
    """Grey levels between the darkest and the lightest half per cent, on at most 65,536 pixels spread evenly."""
    values = plane.reshape(-1) if seen is None else plane[seen]
    sample = values[:: (values.size // _SAMPLE) | 1]
    counts = np.bincount(sample, minlength=256).cumsum()
    few = sample.size * 0.005
    return int(np.searchsorted(counts, sample.size - few) - np.searchsorted(counts, few, side="right"))
