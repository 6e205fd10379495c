"""From paper to ink: polarity, uneven light, contrast. White ink on black comes out, at the working size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .lines import is_boxed
from .steps import Log, Picture

LARGEST = 128
"""Pixels of a working frame's longer side at most: the size at which EMNIST's conversion works (Cohen et al. 2017)."""

SMALLEST = 84
"""Pixels of a working frame's longer side at least: three per pixel of the finished picture, so that edges stay smooth."""

FAINTEST = 10.0
"""Grey levels by which ink must differ from its paper to be ink at all."""

UNEVEN = 0.14
"""Spread of the paper, as a share of the contrast, above which its light is taken for uneven."""


def working_frame(picture: Picture) -> Picture:
    """The picture with its longer side brought between :data:`SMALLEST` and :data:`LARGEST` pixels, aspect kept."""

    import cv2

    height, width = picture.shape
    longer = max(height, width)
    wanted = min(max(longer, SMALLEST), LARGEST)
    if longer == wanted:
        return picture
    size = (max(1, round(width * wanted / longer)), max(1, round(height * wanted / longer)))
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA if wanted < longer else cv2.INTER_CUBIC)  # type: ignore[return-value]


@dataclass(frozen=True)
class TwoTone:
    """A picture parted by Otsu's threshold: mean and spread of both sides in grey levels, and the light share of its area."""

    threshold: float
    light: Picture
    share: float
    light_mean: float
    light_spread: float
    dark_mean: float
    dark_spread: float

    @property
    def contrast(self) -> float:
        """Grey levels between the two sides' means."""
        return self.light_mean - self.dark_mean


def two_tone(picture: Picture) -> TwoTone:
    """The picture parted in light and dark (Otsu 1979)."""

    import cv2

    threshold, light = cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    share = cv2.countNonZero(light) / light.size
    light_mean, light_spread = cv2.meanStdDev(picture, mask=light)
    dark_mean, dark_spread = cv2.meanStdDev(picture, mask=cv2.bitwise_not(light))
    sides = (light_mean.item(), light_spread.item(), dark_mean.item(), dark_spread.item())
    return TwoTone(threshold, light, share, *sides)  # type: ignore[arg-type]


def ink_of(frame: Picture, log: Log) -> tuple[Picture, float] | None:
    """Ink map uint8 (H, W) of a working frame, 0 = paper, 255 = full ink, and the threshold between them.

    ``None`` where there is no ink. Dark ink on light paper is turned round; uneven light is divided out.
    """

    import cv2

    parted = two_tone(frame)
    dark = ink_is_dark(parted)
    light_paper = frame if dark else np.asarray(cv2.bitwise_not(frame), np.uint8)
    log.note("inverted" if dark else "ink is light")
    spread = parted.light_spread if dark else parted.dark_spread
    if spread > UNEVEN * max(parted.contrast, 1.0):
        light_paper = _flatten(light_paper)
        parted, dark = two_tone(light_paper), True
        log.note("light evened out")
    ink = cv2.bitwise_not(light_paper)
    paper = 255.0 - parted.light_mean if dark else parted.dark_mean
    spread = parted.light_spread if dark else parted.dark_spread
    threshold = 255.0 - parted.threshold if dark else parted.threshold
    if parted.contrast < max(FAINTEST, 2.0 * spread):
        return None
    alpha = 255.0 / parted.contrast
    stretched = cv2.convertScaleAbs(cv2.subtract(ink, round(paper)), alpha=alpha)  # type: ignore[call-overload]
    return np.asarray(stretched, np.uint8), min((threshold - paper) * alpha, 100.0)


def ink_is_dark(parted: TwoTone) -> bool:
    """Whether the ink is darker than the paper.

    Paper is the larger part; where the two are near in area (thick ink in a tight crop), ink is the part that is thin
    everywhere: the largest circle inside it is the smaller one. A printed box round it all is ink in any case.
    """

    import cv2

    share = parted.share
    if share > 0.68 or share < 0.32:
        return share > 0.5
    dark = cv2.bitwise_not(parted.light)
    light_box, dark_box = is_boxed(parted.light), is_boxed(dark)  # type: ignore[arg-type]
    if light_box != dark_box:
        return dark_box
    thickest_light = float(cv2.distanceTransform(parted.light, cv2.DIST_L2, 3).max())
    thickest_dark = float(cv2.distanceTransform(dark, cv2.DIST_L2, 3).max())
    return thickest_light * (0.5 + share) > thickest_dark * (1.5 - share)


def _flatten(light_paper: Picture) -> Picture:
    """Dark ink on evenly white paper: each pixel over the paper around it, 255 = paper.

    The paper under the ink is what a grey closing with a window wider than any stroke leaves, smoothed.
    """

    import cv2

    height, width = light_paper.shape
    small = cv2.resize(light_paper, (max(1, width // 4), max(1, height // 4)), interpolation=cv2.INTER_AREA)
    window = max(3, (max(small.shape) * 3 // 8) | 1)
    padded = cv2.copyMakeBorder(small, window, window, window, window, cv2.BORDER_REPLICATE)
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (window, window)))
    closed = cv2.GaussianBlur(closed, (0, 0), window / 4)[window:-window, window:-window]
    paper = cv2.resize(np.ascontiguousarray(closed), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(light_paper, cv2.max(paper, 1), scale=255), np.uint8)  # type: ignore[call-overload]
