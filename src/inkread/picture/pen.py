"""Strokes of a pen -> a picture: white ink on black."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..errors import PictureError, UsageError

FINER = 3.0
"""The ink is drawn about this many times finer and averaged down; exactly, so that the pen's width is one that OpenCV draws."""
EDGE = 1.43
"""By how much OpenCV's antialiased line is wider than the even thickness that it was asked for (measured)."""
SHIFT = 6
"""Coordinates go to OpenCV in 1/64 of a pixel."""
PIECES = 20
"""Into how many pieces at least a stroke is cut where its width changes along the way."""


@dataclass(frozen=True)
class Pen:
    """What a stroke looks like.

    ``width``: stroke width as a share of the longer side of the glyph (0.02 a thin pencil ... 0.2 a marker).
    ``softness``: sigma of the Gaussian at the ink's edge as a share of the stroke width, 0..1. ``pressure``: how much
    the stroke thins where the pen is fast, that is away from starts and corners and towards its end, 0..1. ``flatness``
    of the tip: 0 a ball, towards 1 a broad nib that is thin along ``angle`` (degrees, 0 horizontal, y down).
    """

    width: float = 0.08
    softness: float = 0.0
    pressure: float = 0.0
    flatness: float = 0.0
    angle: float = -40.0

    def __post_init__(self) -> None:
        if not 0.0 < self.width <= 1.0:
            raise UsageError(f"a pen's width is a share of the glyph above 0, at most 1: {self.width}")
        if not (0.0 <= self.softness <= 1.0 and 0.0 <= self.pressure <= 1.0 and 0.0 <= self.flatness < 1.0):
            raise UsageError(f"softness, pressure and flatness of a pen lie between 0 and 1: {self}")

    @classmethod
    def random(cls, rng: np.random.Generator) -> Pen:
        """One of the pens that people write with: mostly ball pens, some pencils, markers and nibs."""
        return cls(
            width=float(np.clip(np.exp(rng.normal(np.log(0.065), 0.42)), 0.02, 0.2)),
            softness=float(rng.beta(1.2, 4.0) * 0.35),
            pressure=float(rng.beta(1.5, 2.5)) if rng.random() < 0.5 else 0.0,
            flatness=float(rng.uniform(0.2, 0.75)) if rng.random() < 0.15 else 0.0,
            angle=float(rng.normal(-40.0, 12.0)),
        )


def render(strokes: Sequence[NDArray[np.floating]], pen: Pen | None = None, *, size: int = 64, margin: int = 2) -> NDArray[np.uint8]:
    """The picture of these strokes: uint8 (H, W), white ink on black, antialiased, aspect kept.

    ``strokes``: arrays (P, 2) of x (to the right) and y (down) in any unit; a stroke of one point becomes a dot.
    ``size``: pixels of the picture's longer side; ``margin``: empty pixels around the ink (the ink's width is counted
    as ink). :class:`PictureError` where there is no point or one that is not finite.
    """
    import cv2

    pen = pen or Pen()
    placed, ink, shape = _place(strokes, pen, size, margin)
    finer = _finer(ink)
    canvas = np.zeros([round(each * finer) for each in shape], np.uint8)
    by = np.array(canvas.shape[::-1]) / shape[::-1]
    for stroke in placed:
        # OpenCV counts from the centre of a pixel, the picture from its edge
        _draw(canvas, stroke * by - 0.5, ink * finer, pen)
    picture: NDArray[np.uint8] = cv2.resize(canvas, shape[::-1], interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    sigma = pen.softness * ink
    if sigma > 0.2:
        picture = cv2.GaussianBlur(picture, (0, 0), sigma)  # type: ignore[assignment]
    return picture


def _place(
    strokes: Sequence[NDArray[np.floating]], pen: Pen, size: int, margin: int
) -> tuple[list[NDArray[np.float64]], float, tuple[int, int]]:
    """The strokes and the pen's width in pixels, and height and width of the picture."""
    every = [np.asarray(stroke, np.float64).reshape(-1, 2) for stroke in strokes if len(stroke)]
    if not every or not all(np.isfinite(stroke).all() for stroke in every):
        raise PictureError("strokes without a point, or with one that is not finite")
    room = size - 2 * margin
    if room < 1 or margin < 0:
        raise UsageError(f"no room for ink in a picture of {size} pixels with a margin of {margin}")
    points = np.concatenate(every)
    low, extent = points.min(axis=0), np.ptp(points, axis=0)
    long = float(extent.max())
    scale = room / (long * (1.0 + pen.width)) if long > 0.0 else 0.0
    ink = pen.width * room / (1.0 + pen.width)
    width, height = (max(int(np.ceil(each * scale + ink - 1e-6)), 1) + 2 * margin for each in extent)
    middle = low + extent / 2.0
    centre = np.array([width, height]) / 2.0
    return [(stroke - middle) * scale + centre for stroke in every], ink, (height, width)


def _finer(ink: float) -> float:
    """How many times finer to draw so that a line of ``ink`` pixels becomes a width that OpenCV draws exactly."""
    wanted = ink * FINER
    if wanted < 4.4:
        return min((1.34 if wanted < 2.1 else 2 + EDGE) / ink, 3 * FINER)
    return (float(_thickness(np.array(wanted))) + EDGE) / ink


def _thickness(width: NDArray[np.float64]) -> NDArray[np.int64]:
    """The thickness to ask OpenCV for, so that its antialiased line is ``width`` pixels wide (odd ones give the next even)."""
    even = 2 * np.rint((width - EDGE) / 2.0).astype(np.int64)
    return np.maximum(even, np.int64(1))


def _draw(canvas: NDArray[np.uint8], stroke: NDArray[np.float64], width: float, pen: Pen) -> None:
    """Puts one stroke, in pixels of the canvas, into the canvas."""
    import cv2

    if len(stroke) == 1 or float(np.ptp(stroke, axis=0).max()) < 0.25:
        x, y = (int(each) for each in np.rint(stroke.mean(axis=0) * (1 << SHIFT)))
        cv2.circle(canvas, (x, y), max(int((width - 0.5) * (1 << SHIFT)) // 2, 1), 255, -1, cv2.LINE_AA, SHIFT)
        return
    changing = pen.pressure > 0.0 or pen.flatness > 0.0
    for line, thickness in _pieces(stroke, width, pen) if changing else ((stroke, int(_thickness(np.array(width)))),):
        points = np.rint(line * (1 << SHIFT)).astype(np.int32)
        cv2.polylines(canvas, [points], False, 255, thickness, cv2.LINE_AA, SHIFT)


def _pieces(stroke: NDArray[np.float64], width: float, pen: Pen) -> Iterator[tuple[NDArray[np.float64], int]]:
    """The stroke as pieces of one thickness each; neighbours share a point."""
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    way = np.concatenate([[0.0], np.cumsum(steps)])
    count = int(np.clip(way[-1] / max(width, 1.0) * 3.0, PIECES, 5 * PIECES))
    at = np.linspace(0.0, way[-1], count + 1)
    fine = np.stack([np.interp(at, way, stroke[:, axis]) for axis in (0, 1)], axis=1)
    along = np.diff(fine, axis=0)
    heading = np.arctan2(along[:, 1], along[:, 0])
    widths = width * _thinning(heading, pen.pressure)
    if pen.flatness:
        across = heading - np.deg2rad(pen.angle)
        widths = widths * np.hypot(np.sin(across), (1.0 - pen.flatness) * np.cos(across))
    whole = _thickness(widths)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(whole)) + 1, [count]])
    for first, last in pairwise(edges):
        yield fine[first : last + 1], int(whole[first])


def _thinning(heading: NDArray[np.float64], pressure: float) -> NDArray[np.float64]:
    """The width of each piece of a stroke as a share, 1 at rest: slow at the start and where it turns, fast at the end."""
    turn = np.abs(np.angle(np.exp(1j * np.diff(heading, prepend=heading[0]))))
    slow = np.convolve(turn, np.hanning(9)[1:-1], mode="same")
    part = np.linspace(0.0, 1.0, len(heading))
    fast = np.clip(part * 6.0, 0.0, 1.0) * np.exp(-0.9 * slow)
    tail = np.clip((part - 0.8) / 0.2, 0.0, 1.0)
    return 1.0 - pressure * (0.4 * fast + 0.35 * tail)
