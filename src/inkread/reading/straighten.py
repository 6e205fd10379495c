"""A picture of a row of characters -> its ink, level: polarity, uneven light and a slight rotation answered, with NumPy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import PictureError

WIDEST, LARGEST = 4800, 4_000_000
"""Pixels across a row and in all of it at most: 280 a box are more than any reader looks at, and they bound time and memory."""

FINEST_ANGLE, LARGEST_ANGLE = 0.02, 8.0
"""Degrees between two rotations tried, and the largest one: a row laid on a scanner by hand, not one turned on its side."""

FAINTEST = 12.0
"""Grey levels by which ink must differ from its paper."""

LEAST = 40
"""Pixels, or one in a thousand, that are the full ink of a row: a row on a page is little of it."""

POINTS = 20_000
"""Ink pixels that vote on the angle: more do not change the vote."""


@dataclass(frozen=True)
class Level:
    """A levelled row.

    ``grey``: uint8 (H, W) as it was, only turned. ``ink``: bool (H, W) the writing. ``faint``: bool (H, W) that and
    what is paler, as thin printed lines are. ``angle``: degrees it was turned by.
    """

    grey: NDArray[np.uint8]
    ink: NDArray[np.bool_]
    faint: NDArray[np.bool_]
    angle: float


def level(picture: NDArray[np.uint8]) -> Level:
    """The row turned so that its lines, or its characters' feet, are level; :class:`PictureError` where it holds no ink."""
    factor = int(np.ceil(max(picture.shape[1] / WIDEST, np.sqrt(picture.size / LARGEST), 1.0)))
    if factor > 1:
        picture = _shrunk(picture, factor)
    ink, faint = ink_masks(picture)
    angle = _angle(faint)
    if abs(angle) < 0.1:
        return Level(picture, ink, faint, 0.0)
    turned = _turned(picture, angle)
    return Level(turned, *ink_masks(turned), angle)


def ink_masks(picture: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where there is ink, and where there is any trace of it: bool (H, W) each, whichever of ink and paper is darker.

    Ink is what differs from the paper around it. It is the smaller part, so the differences from the local mean lean
    to its side; the paper's own level is then the local mean without ink.
    """
    height, width = picture.shape
    reach = max(4, min(height, width) // 3)
    grey = picture.astype(np.float32)
    from_mean = grey - _local_mean(grey, np.ones_like(grey), reach)
    sign = 1.0 if float((from_mean**3).mean()) > 0 else -1.0
    paper = (sign * from_mean <= max(4.0, 0.3 * float(from_mean.std()))).astype(np.float32)
    contrast = sign * (grey - _local_mean(grey, paper, reach))
    full = float(np.percentile(contrast, 100.0 * (1.0 - min(max(LEAST / contrast.size, 1e-3), 0.1))))
    noise = 1.4826 * float(np.median(np.abs(contrast)))
    if full < max(FAINTEST, 6.0 * noise):
        raise PictureError("there is no ink in the picture of the row")
    return np.asarray(contrast > max(0.4 * full, 3.0 * noise)), np.asarray(contrast > max(0.15 * full, 4.0, 3.0 * noise))


def _local_mean(values: NDArray[np.float32], weights: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    """The weighted mean over a window of 2 * reach + 1 pixels a side, cut at the picture's edges."""
    total, count = _window_sum(values * weights, reach), _window_sum(weights, reach)
    overall = float((values * weights).sum() / max(float(weights.sum()), 1.0))
    return np.where(count > 0.5, total / np.maximum(count, 0.5), overall).astype(np.float32)


def _window_sum(values: NDArray[np.float32], reach: int) -> NDArray[np.float64]:
    summed: NDArray[np.float64] = values.astype(np.float64)
    for axis in (0, 1):
        length = summed.shape[axis]
        running = np.concatenate([np.zeros_like(summed.take([0], axis)), np.cumsum(summed, axis)], axis)
        at = np.arange(length)
        summed = running.take(np.minimum(at + reach + 1, length), axis) - running.take(np.maximum(at - reach, 0), axis)
    return summed


def _angle(ink: NDArray[np.bool_]) -> float:
    """The rotation in degrees that makes the row's profile sharpest (sum of its squares), found from coarse to fine."""
    rows, columns = np.nonzero(ink)
    if len(rows) > POINTS:
        chosen = np.random.default_rng(0).choice(len(rows), POINTS, replace=False)
        rows, columns = rows[chosen], columns[chosen]
    x = columns - ink.shape[1] / 2.0
    best, step = 0.0, 0.5
    angles = np.arange(-LARGEST_ANGLE, LARGEST_ANGLE + step, step)
    while step >= FINEST_ANGLE:
        # the step in rows at the far end must not jump over a line: coarse steps look at coarse rows
        coarse = max(1.0, ink.shape[1] / 2.0 * np.deg2rad(step) / 2.0)
        scores = [_sharpness((rows - x * np.tan(np.deg2rad(angle))) / coarse) for angle in angles]
        best = float(angles[int(np.argmax(scores))])
        angles, step = best + np.linspace(-step, step, 9), step / 4.0
    return best


def _sharpness(heights: NDArray[np.float64]) -> float:
    profile = np.bincount(np.rint(heights - heights.min()).astype(np.int64)).astype(np.float64)
    return float((profile**2).sum())


def _turned(picture: NDArray[np.uint8], angle: float) -> NDArray[np.uint8]:
    """The picture turned about its centre so that what rises by ``angle`` becomes level; bilinear, edges repeated."""
    height, width = picture.shape
    cosine, sine = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    x = np.arange(width) - (width - 1) / 2.0
    turned = np.empty_like(picture)
    for row in range(height):
        y = row - (height - 1) / 2.0
        turned[row] = _sampled(picture, y * cosine + x * sine + (height - 1) / 2.0, x * cosine - y * sine + (width - 1) / 2.0)
    return turned


def _sampled(picture: NDArray[np.uint8], rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.float64]:
    height, width = picture.shape
    rows, columns = np.clip(rows, 0, height - 1), np.clip(columns, 0, width - 1)
    top, left = rows.astype(np.int64), columns.astype(np.int64)
    bottom, right = np.minimum(top + 1, height - 1), np.minimum(left + 1, width - 1)
    down, along = rows - top, columns - left
    upper = picture[top, left] * (1 - along) + picture[top, right] * along
    lower = picture[bottom, left] * (1 - along) + picture[bottom, right] * along
    return np.asarray(upper * (1 - down) + lower * down + 0.5)


def _shrunk(picture: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Means over blocks of ``factor`` x ``factor`` pixels; what does not fill a block is cut off."""
    height, width = (each // factor * factor for each in picture.shape)
    blocks = picture[: max(height, factor), :width].astype(np.float32)
    if height < factor:
        return picture[:, ::factor]
    means = blocks.reshape(height // factor, factor, width // factor, factor).mean(axis=(1, 3))
    return np.asarray(means.round(), np.uint8)
