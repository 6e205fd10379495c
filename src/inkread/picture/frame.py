"""From the character's own ink to the canonical picture: cut, scale, one stroke width, centre (Cohen et al. 2017)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..preparation import Preparation
from .clutter import Box
from .steps import Log, Picture

SUPERSAMPLING = 3
"""Pixels of the canvas per pixel of the finished picture: 84 for 28. More (EMNIST's conversion: 128) reads no better and takes longer."""


def is_ready(picture: Picture, preparation: Preparation) -> bool:
    """Whether a picture is EMNIST-ready: right size, empty dark rim, longer side of the ink 22..26 (above grey 10)."""
    import cv2

    side = preparation.side
    if picture.shape != (side, side):
        return False
    _, mask = cv2.threshold(picture, 10, 255, cv2.THRESH_BINARY)
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
    large = _enlarged(cut, scale, preparation)
    log.show("cut", large, f"cut to {right - left}x{bottom - top} of the working frame")
    stroked = _one_stroke_width(large, threshold, width * scale, scale, preparation, log)
    if not stroked.any():  # ink that fills the whole canvas has no edge to measure a stroke from
        stroked = large
    log.show("stroke", stroked, f"strokes {width * scale / SUPERSAMPLING:.1f} pixels of 28 wide brought to {preparation.stroke:.1f}")
    return _brought_down(stroked, preparation)


def stroke_width(ink: Picture, threshold: float) -> float:
    """Mean width in pixels of the strokes of an ink map cut to its ink, from the mean distance to the nearest paper.

    Across a stroke w pixels wide the distances of pixels run 1, 2, ... w/2 and back: their mean is (w + 2) / 4.
    """
    import cv2

    _, mask = cv2.threshold(ink, threshold, 255, cv2.THRESH_BINARY)
    rimmed = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    total = cv2.countNonZero(mask)
    distance = cv2.distanceTransform(rimmed, cv2.DIST_L2, 5)
    return max(1.0, 4.0 * cv2.sumElems(distance)[0] / total - 2.0) if total else 1.0


def _enlarged(cut: Picture, scale: float, preparation: Preparation) -> Picture:
    """The cut enlarged by ``scale``, at most to the canvas."""
    import cv2

    canvas = preparation.side * SUPERSAMPLING
    height, width = (min(canvas, max(1, round(each * scale))) for each in cut.shape)
    return np.asarray(cv2.resize(cut, (width, height), interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA), np.uint8)


def _one_stroke_width(ink: Picture, threshold: float, width: float, scale: float, preparation: Preparation, log: Log) -> Picture:
    """The ink map with smooth edges and its strokes brought to the width that EMNIST's have, and some room around it."""
    import cv2

    target = preparation.stroke * SUPERSAMPLING
    half = (target - width) / 2
    # Enlarged pixels leave stairs as wide as the scale; half of that evens them out without closing any gap.
    sigma = min(0.5 * scale, 2.5) if scale > 1.2 else 0.0
    roomy = _with_room(ink, preparation.side * SUPERSAMPLING, int(max(3 * sigma + 2, 0) + max(half + 2, 0)))
    smooth = _smoothed(roomy, sigma) if sigma else roomy
    mask = np.asarray(cv2.threshold(smooth, threshold, 255, cv2.THRESH_BINARY)[1], np.uint8)
    if abs(half) < 0.5:
        return mask
    says = "thickened" if half > 0 else "thinned"
    log.note(f"strokes {says} from {width / SUPERSAMPLING:.1f} to {preparation.stroke:.1f} pixels")
    if half > 0:
        outside = np.asarray(cv2.distanceTransform(255 - mask, cv2.DIST_L2, 5), np.float32)
        return _soft(outside, -1.0, half + 0.5)
    inside = np.asarray(cv2.distanceTransform(mask, cv2.DIST_L2, 5), np.float32)
    return _soft(inside, 1.0, max(half, -_thinnable(inside, target)))


def _with_room(ink: Picture, canvas: int, room: int) -> Picture:
    """The ink map with ``room`` empty pixels on each side, but no more than a canvas has round the ink in its middle."""
    import cv2

    height, width = ink.shape
    above, before = (canvas - height) // 2, (canvas - width) // 2
    below, behind = canvas - height - above, canvas - width - before
    sides = (min(room, above), min(room, below), min(room, before), min(room, behind))
    return np.asarray(cv2.copyMakeBorder(ink, *sides, cv2.BORDER_CONSTANT, value=0), np.uint8)


def _smoothed(ink: Picture, sigma: float) -> Picture:
    """The ink map under a Gaussian of ``sigma`` pixels.

    OpenCV's own blur of grey pictures is slow for wide kernels; its separable filter with the same whole-numbered kernel
    (256ths, the rounding error handed on from tap to tap) gives the same pixels in a third of the time.
    """
    import cv2

    taps = round(6 * sigma + 1) | 1
    if taps <= 5:
        return np.asarray(cv2.GaussianBlur(ink, (taps, taps), sigma), np.uint8)
    outer, left_over = [], 0.0
    for weight in cv2.getGaussianKernel(taps, sigma).ravel().tolist()[: taps // 2]:
        exact = weight * 256 + left_over
        left_over = exact - round(exact)
        outer.append(round(exact) / 256)
    kernel = np.array([*outer, 1 - 2 * sum(outer), *outer[::-1]])
    return np.asarray(cv2.sepFilter2D(ink, -1, kernel, kernel), np.uint8)


def _soft(distance: NDArray[np.float32], sign: float, level: float) -> Picture:
    """Ink 255 where ``sign * distance + level`` (in pixels) is well above 0, paper below, a one-pixel ramp between."""
    import cv2

    soft = cv2.addWeighted(distance, 255.0 * sign, distance, 0.0, 255.0 * (level + 0.5), dtype=cv2.CV_8U)
    return np.asarray(soft, np.uint8)


def _thinnable(inside: NDArray[np.float32], target: float) -> float:
    """Pixels that may be taken off each side of the strokes so that their thin parts keep a third of the target width.

    The middle lines of the strokes are where the distance from the edge peaks; the thin parts are their lower fifth.
    """
    import cv2

    peaks = inside[(inside == cv2.dilate(inside, np.ones((5, 5), np.uint8))) & (inside > 2.0)]
    if not len(peaks):
        return 0.0
    peaks.sort()
    at = 0.2 * (len(peaks) - 1)
    low = peaks[int(at) : int(at) + 2].tolist()
    thin = low[0] + (low[-1] - low[0]) * (at - int(at))
    return max(0.0, float(thin) - target / 6)


def _brought_down(ink: Picture, preparation: Preparation) -> Picture:
    """The finished picture: blurred, centred by its box, brought down to 28 pixels, its darkest ink at 255."""
    import cv2

    canvas, size = preparation.side * SUPERSAMPLING, preparation.ink * SUPERSAMPLING
    left, top, width, height = cv2.boundingRect(ink)
    cut = ink[top : top + height, left : left + width]
    scale = size / max(width, height, 1)
    if abs(scale - 1) > 0.03:
        width, height = max(1, round(width * scale)), max(1, round(height * scale))
        cut = np.asarray(cv2.resize(cut, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)
    rows, columns = _whole_cells((canvas - height) // 2, height, canvas), _whole_cells((canvas - width) // 2, width, canvas)
    top, left = (canvas - height) // 2 - rows.start, (canvas - width) // 2 - columns.start
    sides = (top, rows.stop - rows.start - height - top, left, columns.stop - columns.start - width - left)
    roomy = cv2.copyMakeBorder(cut, *sides, cv2.BORDER_CONSTANT, value=0)
    blurred = cv2.GaussianBlur(roomy, (5, 5), preparation.blur * canvas / 128)
    small = _cells(np.asarray(blurred, np.uint8))
    peak = cv2.minMaxLoc(small)[1]
    if peak not in (0, 255):
        small = np.asarray(cv2.convertScaleAbs(small, alpha=255.0 / peak), np.uint8)
    finished = np.zeros((preparation.side, preparation.side), np.uint8)
    top, left = rows.start // SUPERSAMPLING, columns.start // SUPERSAMPLING
    finished[top : top + small.shape[0], left : left + small.shape[1]] = small
    return finished


def _whole_cells(first: int, length: int, canvas: int) -> slice:
    """The pixels of the canvas from ``first`` on, with room for the blur, widened to whole pixels of the finished picture."""
    room = 3
    start = max(0, (first - room) // SUPERSAMPLING * SUPERSAMPLING)
    return slice(start, min(canvas, -(-(first + length + room) // SUPERSAMPLING) * SUPERSAMPLING))


def _cells(fine: Picture) -> Picture:
    """The mean of each cell of the canvas that becomes one pixel."""
    import cv2

    height, width = fine.shape
    return np.asarray(cv2.resize(fine, (width // SUPERSAMPLING, height // SUPERSAMPLING), interpolation=cv2.INTER_AREA), np.uint8)
