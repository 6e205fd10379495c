"""The way of the pen: smooth curves through points, corners that haste rounds off, ends that overshoot, a hand that wavers."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
STEP = 2.0
"""Distance between two points of a finished way, in units of which 100 are the height of a capital."""


def curve(points: Points, corners: NDArray[np.bool_]) -> Points:
    """The way (P, 2) through these points (K, 2): smooth but at the corners (K,), a point every ``STEP``.

    Between corners it is a Catmull-Rom spline in its centripetal form (Yuksel et al. 2011), which makes no loops.
    """
    if len(points) < 2:
        return points.copy()
    cuts = [0, *(int(at) for at in np.flatnonzero(corners[1:-1]) + 1), len(points) - 1]
    parts = [_spline(points[first : last + 1]) for first, last in pairwise(cuts)]
    return np.concatenate([parts[0], *(part[1:] for part in parts[1:])])


def hurried(way: Points, haste: float) -> Points:
    """The way with its corners rounded over about ``haste`` units; its ends stay."""
    sigma = min(haste / STEP, len(way) / 6.0)
    if sigma < 0.3 or len(way) < 5:
        return way
    reach = int(np.ceil(2.5 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    # turned about the ends, so that these neither move nor bend
    before = 2.0 * way[0] - way[min(reach, len(way) - 1) : 0 : -1]
    after = 2.0 * way[-1] - way[-2 : max(-reach - 2, -len(way) - 1) : -1]
    long = np.concatenate([before, way, after])
    smooth = np.stack([np.convolve(long[:, axis], kernel, mode="same") for axis in (0, 1)], axis=1)
    return smooth[len(before) : len(before) + len(way)]


def lengthened(way: Points, start: float, end: float) -> Points:
    """The way with this many units more (or fewer, if negative) along its direction at the start and at the end."""
    if len(way) < 6:
        return way
    return _end_moved(_end_moved(way, end)[::-1], start)[::-1]


def wavering(way: Points, amount: float, rng: np.random.Generator) -> Points:
    """The way with slow waves across it: ``amount`` units at a length of 100, less for short strokes."""
    length = STEP * (len(way) - 1)
    if length <= 0.0 or amount <= 0.0:
        return way
    along = np.linspace(0.0, np.pi, len(way))
    counts = np.arange(1, 5)
    size = amount * min(length / 100.0, 1.5) / counts
    phases, sizes = rng.uniform(0.0, 2.0 * np.pi, (2, 4)), rng.normal(0.0, 1.0, (2, 4)) * size
    waves = np.sin(counts[None, :, None] * along + phases[..., None]) * sizes[..., None]
    return np.asarray(way + waves.sum(axis=1).T)


def warped(way: Points, bends: Points) -> Points:
    """The way in a plane bent by ``bends`` (2, 6): how far x and y move with six slow waves over the character."""
    x, y = way[:, 0] * (np.pi / 80.0), way[:, 1] * (np.pi / 130.0)
    waves = np.stack([np.sin(y), np.cos(y), np.sin(x), np.cos(x), np.sin(x + 1.7 * y), np.cos(1.5 * x - y)])
    return np.asarray(way + (bends @ waves).T)


def _spline(points: Points) -> Points:
    if len(points) == 2:
        count = max(int(np.ceil(float(np.hypot(*(points[1] - points[0]))) / STEP)), 1)
        return np.linspace(points[0], points[1], count + 1)
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.maximum(np.hypot(*np.diff(points, axis=0).T), 1e-6)))])
    gaps, slopes = np.diff(knots)[:, None], np.diff(points, axis=0) / np.diff(knots)[:, None]
    inner = (slopes[:-1] * gaps[1:] + slopes[1:] * gaps[:-1]) / (gaps[:-1] + gaps[1:])
    tangents = np.concatenate([[1.5 * slopes[0] - 0.5 * inner[0]], inner, [1.5 * slopes[-1] - 0.5 * inner[-1]]])
    at = np.linspace(0.0, 1.0, 12, endpoint=False)[:, None, None]
    fine = (
        (1 + 2 * at) * (1 - at) ** 2 * points[:-1]
        + at * (1 - at) ** 2 * gaps * tangents[:-1]
        + at**2 * (3 - 2 * at) * points[1:]
        + at**2 * (at - 1) * gaps * tangents[1:]
    )
    return _even(np.concatenate([fine.transpose(1, 0, 2).reshape(-1, 2), points[-1:]]))


def _even(way: Points) -> Points:
    """The way with points at even distances of about ``STEP``."""
    gone = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(way, axis=0).T))])
    at = np.linspace(0.0, gone[-1], max(int(np.ceil(gone[-1] / STEP)), 1) + 1)
    return np.stack([np.interp(at, gone, way[:, axis]) for axis in (0, 1)], axis=1)


def _end_moved(way: Points, more: float) -> Points:
    if more < 0.0:
        return way[: max(len(way) - int(-more / STEP), 4)]
    heading = way[-1] - way[-4]
    steps = np.arange(1, int(more / STEP) + 1)[:, None]
    return np.concatenate([way, way[-1] + steps * STEP * heading / max(float(np.hypot(*heading)), 1e-6)])
