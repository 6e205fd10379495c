"""From the character's own ink to the canonical picture: cut, scale, one stroke width, centre (Cohen et al. 2017)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..preparation import Preparation
from .clutter import Box
from .steps import Log, Picture

SUPERSAMPLING = 4
"""Pixels of the canvas per pixel of the finished picture: 112 for 28, near the 128 of EMNIST's conversion."""


def is_ready(picture: Picture, preparation: Preparation) -> bool:
    """Whether a picture is EMNIST-ready: right size, empty dark rim, longer side of the ink 22..26 (above grey 10)."""

    import cv2

    side = preparation.side
    if picture.shape != (side, side):
        return False
    mask = cv2.threshold(picture, 10, 255, cv2.THRESH_BINARY)[1]
    left, top, width, height = cv2.boundingRect(mask)
    inside = left > 0 and top > 0 and left + width < side and top + height < side
    return inside and abs(max(width, height) - preparation.ink) <= 2


def canonical(ink: Picture, threshold: float, box: Box, preparation: Preparation, log: Log) -> Picture:
    """The finished picture uint8 (28, 28) of the ink map's part inside ``box``."""
    top, bottom, left, right = box
    cut = ink[top:bottom, left:right]
    target = preparation.stroke * SUPERSAMPLING
    width = stroke_width(cut, threshold)
    longer = max(cut.shape)
    # Thickening by the pen's missing width makes the ink longer by as much: scale for what it will measure then.
    scale = (preparation.ink * SUPERSAMPLING - target) / max(longer - width, 0.25 * longer)
    scale = min(scale, preparation.ink * SUPERSAMPLING / max(longer - width, 1.0))
    large = _on_canvas(cut, scale, preparation)
    log.show("cut", large, f"cut to {right - left}x{bottom - top} of the working frame")
    stroked = _one_stroke_width(large, threshold, width * scale, scale, preparation, log)
    if not stroked.any():  # ink that fills the whole canvas has no edge to measure a stroke from
        stroked = large
    log.show("stroke", stroked, f"strokes {width * scale / SUPERSAMPLING:.1f} pixels of 28 wide brought to {preparation.stroke:.1f}")
    return _brought_down(stroked, preparation)


def stroke_width(ink: Picture, threshold: float) -> float:
    """Mean width in pixels of the strokes of an ink map cut to its ink: four times the mean distance from the edge.

    In a stroke of width w the distance to the nearest edge runs evenly from 0 to w/2, so its mean is w/4.
    """

    import cv2

    mask = cv2.threshold(ink, threshold, 255, cv2.THRESH_BINARY)[1]
    rimmed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    total = cv2.countNonZero(mask)
    distance = cv2.distanceTransform(rimmed, cv2.DIST_L2, 3)
    return max(1.0, 4.0 * cv2.sumElems(distance)[0] / total - 1.0) if total else 1.0


def _on_canvas(cut: Picture, scale: float, preparation: Preparation) -> Picture:
    """The cut enlarged by ``scale`` in the middle of the canvas."""

    import cv2

    canvas = preparation.side * SUPERSAMPLING
    height, width = (min(canvas, max(1, round(each * scale))) for each in cut.shape)
    enlarged = cv2.resize(cut, (width, height), interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    placed = np.zeros((canvas, canvas), np.uint8)
    top, left = (canvas - height) // 2, (canvas - width) // 2
    placed[top : top + height, left : left + width] = enlarged
    return placed


def _one_stroke_width(ink: Picture, threshold: float, width: float, scale: float, preparation: Preparation, log: Log) -> Picture:
    """The ink map with smooth edges and its strokes brought to the width that EMNIST's have."""

    import cv2

    target = preparation.stroke * SUPERSAMPLING
    # Enlarged pixels leave stairs as wide as the scale; half of that evens them out without closing any gap.
    smooth = cv2.GaussianBlur(ink, (0, 0), min(0.5 * scale, 2.5)) if scale > 1.2 else ink
    mask = cv2.threshold(smooth, threshold, 255, cv2.THRESH_BINARY)[1]
    half = (target - width) / 2
    if abs(half) < 0.5:
        return mask  # type: ignore[return-value]
    says = "thickened" if half > 0 else "thinned"
    log.note(f"strokes {says} from {width / SUPERSAMPLING:.1f} to {preparation.stroke:.1f} pixels")
    if half > 0:
        outside = cv2.distanceTransform(cv2.bitwise_not(mask), cv2.DIST_L2, 5)
        return _soft(cv2.subtract(half + 0.5, outside))  # type: ignore[call-overload]
    inside = np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, 5), np.float32)
    return _soft(cv2.add(inside, max(half, -_thinnable(inside, target))))  # type: ignore[call-overload]


def _soft(signed: NDArray[np.float32]) -> Picture:
    """Ink 255 where a signed distance in pixels is well above 0, paper below, a one-pixel ramp between."""

    import cv2

    return np.asarray(cv2.convertScaleAbs(cv2.max(cv2.add(signed, 0.5), 0.0), alpha=255.0), np.uint8)  # type: ignore[call-overload]


def _thinnable(inside: NDArray[np.float32], target: float) -> float:
    """Pixels that may be taken off each side of the strokes so that their thin parts keep a third of the target width.

    The middle lines of the strokes are where the distance from the edge peaks; the thin parts are their lower fifth.
    """

    import cv2

    peaks = inside[(inside >= cv2.dilate(inside, np.ones((5, 5), np.uint8))) & (inside > 2.0)]
    thin = float(np.percentile(peaks, 20)) if len(peaks) else 0.0
    return max(0.0, thin - target / 6)


def _brought_down(ink: Picture, preparation: Preparation) -> Picture:
    """The finished picture: blurred, centred by its box, brought down to 28 pixels, its darkest ink at 255."""

    import cv2

    canvas = preparation.side * SUPERSAMPLING
    left, top, width, height = cv2.boundingRect(ink)
    size = preparation.ink * SUPERSAMPLING
    scale = size / max(width, height, 1)
    if abs(scale - 1) > 0.03:
        width, height, cut = round(width * scale), round(height * scale), ink[top : top + height, left : left + width]
        ink = np.zeros((canvas, canvas), np.uint8)
        top, left = (canvas - height) // 2, (canvas - width) // 2
        ink[top : top + height, left : left + width] = cv2.resize(cut, (width, height), interpolation=cv2.INTER_LINEAR)
    else:
        ink = np.roll(ink, ((canvas - height) // 2 - top, (canvas - width) // 2 - left), (0, 1))
    blurred = cv2.GaussianBlur(ink, (5, 5), preparation.blur * canvas / 128)
    small = cv2.resize(blurred, (preparation.side, preparation.side), interpolation=cv2.INTER_AREA)
    peak = int(small.max())
    return small if peak in (0, 255) else cv2.convertScaleAbs(small, alpha=255.0 / peak)  # type: ignore[return-value]
