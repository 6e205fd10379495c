"""Uneven light: a lamp's fall-off divided out of a picture, and shadows told from ink."""

from __future__ import annotations

import numpy as np

from .steps import Picture

WIDEST = 3 / 8
"""Share of the frame's longer side that no stroke is wide, nor any hole that a shadow's paper could be mistaken for."""

SOLID = 0.12
"""Radius of the largest disc in both the light and the dark part, as a share of the longer side, from which one may be shadow."""

LIMITS = (0.9, 0.1), (0.62, 0.13)
"""When a shadow is believed: how broad the ink is at most under the right polarity, compared with the wrong one, together with
the spread of the paper out of the shadow as a share of the contrast. Frames without shadow, but parted like one, spread 0.14-0.24."""

CLEANER = 0.09
"""The spread at most of what lies inside a printed box at the rim, where that decides."""

RIM = 0.1
"""Share of the frame's shorter side that may be a printed box's."""


def flattened(light_paper: Picture, fineness: int = 4, smoothness: float = 0.25) -> Picture:
    """Dark ink on evenly white paper: each pixel over the paper around it, 255 = paper.

    The paper under the ink is what a grey closing with a window wider than any stroke leaves of the picture made
    ``fineness`` times smaller, smoothed by ``smoothness`` windows.
    """
    import cv2

    height, width = light_paper.shape
    size = (max(1, width // fineness), max(1, height // fineness))
    small = cv2.resize(light_paper, size, interpolation=cv2.INTER_AREA)
    window = max(3, int(max(small.shape) * WIDEST) | 1)
    padded = cv2.copyMakeBorder(small, window, window, window, window, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (window, window)))
    closed = cv2.GaussianBlur(closed, (0, 0), window * smoothness)[window:-window, window:-window]
    paper = cv2.resize(np.ascontiguousarray(closed), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(light_paper, cv2.max(paper, 1), scale=255), np.uint8)  # type: ignore[call-overload]


def out_of_shadow(frame: Picture, light: Picture) -> tuple[Picture, bool] | None:
    """A frame crossed by a shadow's edge as dark ink on white paper, and whether the ink was dark; ``None`` without shadow.

    ``light``: the mask of Otsu's light side. A shadow is solid, and so is the paper beside it. Under the right polarity
    a closing takes the ink away and leaves the shadow, so that what differs from it is thin and strong; under the wrong
    one it is what lies between the strokes.
    """
    if not (_is_solid(light) and _is_solid(255 - light)):
        return None
    candidates = [(flattened(frame, 2, 0.06), True), (flattened(255 - frame, 2, 0.06), False)]
    # a printed box at the rim is half evened out: then what lies inside it decides
    for rim in (0, round(RIM * min(frame.shape))):
        judged = [_judged(flat[rim : frame.shape[0] - rim, rim : frame.shape[1] - rim]) for flat, _ in candidates]
        best = int(judged[1][0] < judged[0][0])
        (breadth, spread), other = judged[best], judged[1 - best][0]
        if any(breadth < thinner * other and spread < (CLEANER if rim else clean) for thinner, clean in LIMITS):
            return candidates[best]
    return None


def _is_solid(part: Picture) -> bool:
    """Whether a large disc fits into this part of the frame."""
    import cv2

    radius = cv2.minMaxLoc(cv2.distanceTransform(part, cv2.DIST_L2, 3))[1]
    return bool(radius > SOLID * max(part.shape))


def _judged(flat: Picture) -> tuple[float, float]:
    """Of dark ink on white: how broad the ink is in pixels, and the spread of the paper, both for a grey level of contrast."""
    import cv2

    flat = np.ascontiguousarray(flat)
    _, ink = cv2.threshold(flat, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    mean, spread = cv2.meanStdDev(flat, mask=cv2.bitwise_not(ink))
    contrast = max(1.0, mean.item() - cv2.mean(flat, mask=ink)[0])
    rimmed = cv2.copyMakeBorder(ink, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distance = cv2.distanceTransform(rimmed, cv2.DIST_L2, 3)
    return cv2.sumElems(distance)[0] / max(1, cv2.countNonZero(ink)) / contrast, spread.item() / contrast
