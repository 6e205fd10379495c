"""Marks that are not the character: printed borders and rulings, specks, strokes of the neighbours.

A cover is float32 (H, W), 0 (paper) to 1 (mark). Lines are drawn from the distance of every pixel to them, so that a
width of 1.3 pixels is one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...errors import UsageError

if TYPE_CHECKING:
    from .paper import Border, Ruling

Floats = NDArray[np.float32]


def border_cover(shape: tuple[int, ...], border: Border) -> Floats:
    """The cover of a printed box's sides in a frame of this shape."""
    long = max(shape)
    thickness = border.thickness * long
    across, down = _turned(shape, border.tilt)
    inset = border.gap * long + thickness / 2.0
    half_height, half_width = (each / 2.0 - inset for each in shape[:2])
    cover = np.zeros(shape, np.float32)
    for side in border.sides:
        place, lines, others, reach = {
            "t": (-half_height, down, across, half_width),
            "b": (half_height, down, across, half_width),
            "l": (-half_width, across, down, half_height),
            "r": (half_width, across, down, half_height),
        }[side]
        line = _line(lines - np.float32(place), thickness)
        if not border.running:
            line = np.minimum(line, np.clip(reach + thickness / 2.0 + 0.5 - np.abs(others), 0.0, 1.0))
        cover = np.maximum(cover, line)
    return cover


def ruling_cover(shape: tuple[int, ...], ruling: Ruling) -> Floats:
    """The cover of the paper's own lines or squares in a frame of this shape."""
    long = max(shape)
    spacing = ruling.spacing * long
    across, down = _turned(shape, ruling.tilt)
    cover = _line(_to_nearest(down + ruling.phase * spacing, spacing), ruling.thickness * long)
    if ruling.squared:
        cover = np.maximum(cover, _line(_to_nearest(across + ruling.phase * 0.6 * spacing, spacing), ruling.thickness * long))
    return cover


def neighbours_cover(framed: NDArray[np.uint8], rng: np.random.Generator, count: int) -> Floats:
    """The cover of ``count`` strokes that come in from the frame's edge, outside the ink where there is room."""
    import cv2

    height, width = framed.shape
    long = max(framed.shape)
    canvas = np.zeros_like(framed)
    thickness = max(round(_stroke_width(framed)), 1)
    way = np.linspace(-1.0, 1.0, 16)
    for _ in range(count):
        at, half = rng.uniform(0.15, 0.85), rng.uniform(0.12, 0.4)
        deep, reach = rng.uniform(-0.15, 0.0) * long, rng.uniform(0.01, 0.09) * long
        x = (at + way * half) * long + rng.uniform(-0.1, 0.1) * long * way**2
        y = deep + (reach - deep) * (1.0 - way**2)
        side = rng.integers(4)
        points = ((x, y), (x, height - 1 - y), (y, x), (width - 1 - y, x))[int(side)]
        cv2.polylines(canvas, [np.rint(np.stack(points, axis=1) * 16).astype(np.int32)], False, 255, thickness, cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / np.float32(255.0)


def speckled(cover: Floats, rng: np.random.Generator, count: int) -> Floats:
    """The cover with ``count`` specks of 0.4 to 1.5 % of the longer side on it."""
    import cv2

    specks = np.zeros(cover.shape, np.uint8)
    long = max(cover.shape)
    for _ in range(count):
        x, y = rng.uniform(0.0, cover.shape[1]), rng.uniform(0.0, cover.shape[0])
        radius = max(rng.uniform(0.004, 0.015) * long, 0.4)
        cv2.circle(specks, (int(x * 16), int(y * 16)), int(radius * 16), int(rng.integers(90, 256)), -1, cv2.LINE_AA, 4)
    return np.asarray(np.maximum(cover, specks.astype(np.float32) / 255.0), np.float32)


def with_border(
    picture: NDArray[np.uint8],
    rng: np.random.Generator,
    thickness: float,
    *,
    room: float | None = None,
    sides: str = "trbl",
) -> NDArray[np.uint8]:
    """An existing picture, uint8 (H, W) of either polarity, with a printed box drawn round it.

    ``thickness``: of the box's lines, as a share of the longer side of the finished picture, 0..0.25. ``room``: paper
    between picture and box as such a share; negative: the box lies over the picture's edge; None: drawn from ``rng``,
    -0.01..0.06. Darkness (60 to 100 % of the contrast) and tilt (sigma 0.4 degrees) come from ``rng``. The paper goes
    on outwards as it is at the picture's edge.
    """
    from .paper import Border

    room = float(rng.uniform(-0.01, 0.06)) if room is None else room
    dark, tilt, gap = float(rng.uniform(0.6, 1.0)), float(rng.normal(0.0, 0.4)), float(rng.uniform(0.0, 0.015))
    added = thickness + room + gap
    if picture.ndim != 2 or not picture.size or added >= 0.45:
        raise UsageError(f"no box of thickness {thickness} and room {room} fits round a picture of shape {picture.shape}")
    ground = _ground(picture)
    pixels = max(round(max(picture.shape) * added / (1.0 - 2.0 * added)), 0)
    framed = _extended(picture, pixels)
    if not thickness:
        return framed
    cover = border_cover(framed.shape, Border(thickness, gap, sides, 1.0, tilt)) * dark
    ink = 0.0 if ground > 127 else 255.0
    return np.clip(np.rint(framed + (ink - framed) * cover), 0, 255).astype(np.uint8)


def _turned(shape: tuple[int, ...], tilt: float) -> tuple[Floats, Floats]:
    """How far each pixel's centre lies to the right of and below the middle, along axes turned by ``tilt`` degrees."""
    y = np.arange(shape[0], dtype=np.float32)[:, None] - np.float32((shape[0] - 1) / 2.0)
    x = np.arange(shape[1], dtype=np.float32)[None, :] - np.float32((shape[1] - 1) / 2.0)
    cosine, sine = np.float32(np.cos(np.deg2rad(tilt))), np.float32(np.sin(np.deg2rad(tilt)))
    return x * cosine + y * sine, y * cosine - x * sine


def _line(distance: Floats, thickness: float) -> Floats:
    """The cover of a line of this many pixels, by the distance to its middle."""
    return np.asarray(np.clip(np.float32(0.5 + thickness / 2.0) - np.abs(distance), 0.0, min(thickness, 1.0)), np.float32)


def _to_nearest(place: Floats, spacing: float) -> Floats:
    """The distance to the nearest multiple of ``spacing``."""
    return np.asarray(place - spacing * np.rint(place / spacing), np.float32)


def _stroke_width(framed: NDArray[np.uint8]) -> float:
    """About how wide the strokes are, in pixels: a line's pixels lie a quarter of its width from its edge on the average."""
    import cv2

    inside = framed > 127
    distance = cv2.distanceTransform(inside.astype(np.uint8), cv2.DIST_L2, 3)
    return float(4.0 * distance[inside].mean()) if inside.any() else 1.0


def _ground(picture: NDArray[np.uint8]) -> float:
    edge = np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
    return float(np.median(edge))


def _extended(picture: NDArray[np.uint8], pixels: int) -> NDArray[np.uint8]:
    """The picture with this many pixels of its paper on each side; ink at the edge does not go on."""
    import cv2

    if not pixels:
        return picture.copy()
    small = cv2.resize(picture, (24, 24), interpolation=cv2.INTER_AREA)
    paper = cv2.resize(cv2.medianBlur(small, 15), picture.shape[::-1], interpolation=cv2.INTER_LINEAR)
    framed = np.asarray(cv2.copyMakeBorder(paper, pixels, pixels, pixels, pixels, cv2.BORDER_REPLICATE), np.uint8)
    framed[pixels:-pixels, pixels:-pixels] = picture
    return framed
