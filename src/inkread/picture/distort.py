"""Prepared pictures as the same hand might have written them again: small slants, turns, stretches and bends, with NumPy alone.

Nothing here ever mirrors a picture.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SIDE = 28

TURN = 5.0
"""Degrees (standard deviation), as by a sheet that lies askew."""

SLANT, STRETCH = 0.1, 0.07
"""Standard deviations of the shear and of the logarithm of width and height: how far one writer's letters differ."""

SHIFT = 1.0
"""Pixels at most in either direction."""

BEND, GRID = 0.7, 4
"""Pixels (standard deviation) by which points of a grid of this many a side are moved, the rest following them (Simard et al. 2003)."""


def distorted(pictures: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """Each of the prepared pictures uint8 (N, 28, 28) changed a little, bilinearly; what leaves the frame is lost."""
    count = len(pictures)
    turn, shear = np.deg2rad(rng.normal(0, TURN, count)), rng.normal(0, SLANT, count)
    wide, high = np.exp(rng.normal(0, STRETCH, (2, count)))
    cosine, sine = np.cos(turn), np.sin(turn)
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    by_x, by_y = (each[:, None, None] for each in (cosine * wide, cosine * shear - sine * high))
    columns = by_x * x + by_y * y + rng.uniform(-SHIFT, SHIFT, (count, 1, 1)) + BEND * smooth_noise(count, GRID, rng)
    by_x, by_y = (each[:, None, None] for each in (sine * wide, sine * shear + cosine * high))
    rows = by_x * x + by_y * y + rng.uniform(-SHIFT, SHIFT, (count, 1, 1)) + BEND * smooth_noise(count, GRID, rng)
    return _sampled(pictures, rows + (SIDE - 1) / 2, columns + (SIDE - 1) / 2)


def warped(
    pictures: NDArray[np.uint8],
    *,
    turn: float = 0.0,
    scale: float = 1.0,
    slant: float = 0.0,
    right: float = 0.0,
    down: float = 0.0,
) -> NDArray[np.uint8]:
    """All pictures uint8 (N, 28, 28) changed alike, bilinearly; what leaves the frame is lost.

    ``turn``: degrees clockwise. ``scale``: above 1 larger. ``slant``: columns per row by which the upper part leans to the
    right. ``right``, ``down``: pixels. A flip cannot be told: ValueError where ``scale`` is not above 0.
    """
    at, shares = sampling(turn=turn, scale=scale, slant=slant, right=right, down=down)
    pixels = pictures.reshape(len(pictures), -1)
    mixed = sum((pixels[:, each] * share for each, share in zip(at, shares, strict=True)), np.zeros(1, np.float32))
    return np.asarray(np.rint(mixed), np.uint8)


def sampling(
    *, turn: float = 0.0, scale: float = 1.0, slant: float = 0.0, right: float = 0.0, down: float = 0.0
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """What each pixel of a picture :func:`warped` so is a mixture of.

    The four pixels, int64 (4,28,28), counted row by row, and how much each of them counts, float32 (4,28,28) in 0..1: 0
    for what is outside the frame.
    """
    if not 0 < scale < np.inf:
        raise ValueError(f"a scale must be above 0: {scale}")
    angle = np.deg2rad(turn)
    cosine, sine = np.array([np.cos(angle), np.sin(angle)]) / scale
    y, x = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    x, y = x - right, y - down
    columns = cosine * (x + slant * y) + sine * y + (SIDE - 1) / 2
    rows = -sine * (x + slant * y) + cosine * y + (SIDE - 1) / 2
    at, shares = [], []
    for row in (np.floor(rows), np.floor(rows) + 1):
        for column in (np.floor(columns), np.floor(columns) + 1):
            inside = (row >= 0) & (row < SIDE) & (column >= 0) & (column < SIDE)
            at.append(np.where(inside, row * SIDE + column, 0).astype(np.int64))
            shares.append(np.where(inside, (1 - abs(rows - row)) * (1 - abs(columns - column)), 0.0))
    return np.stack(at), np.stack(shares).astype(np.float32)


def scribbles(count: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Pictures uint8 (N, 28, 28) of lines as no alphabet has them: the zero lines of smooth noise, coarse and fine, thin and thick."""
    parts = []
    for at, grid in enumerate((4, 6, 9)):
        noise = np.abs(smooth_noise(len(range(at, count, 3)), grid, rng))
        thickness = np.quantile(noise, rng.uniform(0.1, 0.35), axis=(1, 2))[:, None, None]
        parts.append(np.clip(1.5 - noise / thickness, 0.0, 1.0))
    return np.asarray(np.concatenate(parts) * 255, np.uint8)


def smooth_noise(count: int, grid: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Normal noise on a grid, drawn out bilinearly to float64 (N, 28, 28)."""
    at = np.linspace(0, grid - 1, SIDE)
    left = np.minimum(at.astype(np.int64), grid - 2)
    spread = np.zeros((SIDE, grid))
    spread[np.arange(SIDE), left] = 1 - (at - left)
    spread[np.arange(SIDE), left + 1] += at - left
    return np.asarray(spread @ rng.normal(size=(count, grid, grid)) @ spread.T)


def _sampled(pictures: NDArray[np.uint8], rows: NDArray[np.float64], columns: NDArray[np.float64]) -> NDArray[np.uint8]:
    rim = 2
    framed = np.pad(pictures, ((0, 0), (rim, rim), (rim, rim))).astype(np.float32)
    rows, columns = (np.clip(each + rim, 0, SIDE + 2 * rim - 1.001) for each in (rows, columns))
    top, left = rows.astype(np.int64), columns.astype(np.int64)
    down, along = rows - top, columns - left
    which = np.arange(len(pictures))[:, None, None]
    upper = framed[which, top, left] * (1 - along) + framed[which, top, left + 1] * along
    lower = framed[which, top + 1, left] * (1 - along) + framed[which, top + 1, left + 1] * along
    return np.asarray(np.rint(upper * (1 - down) + lower * down), np.uint8)
