"""From paper to ink: polarity, uneven light, contrast. White ink on black comes out, at the working size."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .light import flattened, out_of_shadow
from .steps import Log, Picture

LARGEST = 128
"""Pixels of a working frame's longer side at most: the size at which EMNIST's conversion works (Cohen et al. 2017)."""

SMALLEST = 64
"""Pixels of a working frame's longer side at least, so that edges stay smooth and a pixel's width is thin beside a stroke."""

FAINTEST = 10.0
"""Grey levels by which ink must differ from its paper to be ink at all."""

UNEVEN = 0.14
"""Spread of the paper, as a share of the contrast, above which its light is taken for uneven."""

EVEN = 0.25
"""Share of the frame from which the smaller part, light or dark, may be the paper."""

DEEPEST, EVENLY, AGAIN = 0.25, 0.8, 0.5
"""How deep inside the frame a printed box may lie, and the share of its length that the outermost layer and the next one are
equally thick."""

RIM = 0.06
"""Share of the frame's rim from which the smaller part may be a shadow."""

SHADED = 0.25
"""Share of the frame from which a shadow is looked for even where the rim shows none: a printed box may lie over it."""


def working_frame(picture: Picture) -> Picture:
    """The picture with its longer side brought between :data:`SMALLEST` and :data:`LARGEST` pixels, aspect kept."""
    import cv2

    height, width = picture.shape
    longer = max(height, width)
    wanted = min(max(longer, SMALLEST), LARGEST)
    if longer == wanted:
        return picture
    size = (max(1, round(width * wanted / longer)), max(1, round(height * wanted / longer)))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA if wanted < longer else cv2.INTER_CUBIC), np.uint8)


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

    def rim(self) -> float:
        """Share of the frame's outermost pixels that are light."""
        return _rim(self.light)


def two_tone(picture: Picture) -> TwoTone:
    """The picture parted in light and dark (Otsu 1979)."""
    import cv2

    threshold, parted = cv2.threshold(picture, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    light = np.asarray(parted, np.uint8)
    share = cv2.countNonZero(light) / light.size
    mean, spread = (each.item() for each in cv2.meanStdDev(picture))
    if share in (0.0, 1.0):
        return TwoTone(threshold, light, share, *((mean, spread, 0.0, 0.0) if share else (0.0, 0.0, mean, spread)))
    light_mean, light_spread = (each.item() for each in cv2.meanStdDev(picture, mask=light))
    dark_mean = (mean - share * light_mean) / (1.0 - share)
    # the squares of all pixels are those of the light and of the dark ones
    squares = (spread**2 + mean**2 - share * (light_spread**2 + light_mean**2)) / (1.0 - share)
    dark_spread = math.sqrt(max(0.0, squares - dark_mean**2))
    return TwoTone(threshold, light, share, light_mean, light_spread, dark_mean, dark_spread)


class Ink(NamedTuple):
    """Ink of a working frame: ``map`` uint8 (H, W), 0 = paper, 255 = full ink; the threshold between; whether it was
    dark; whether uneven light had to be evened out; the frame as dark ink on white where a shadow was taken off it."""

    map: Picture
    threshold: float
    dark: bool
    evened: bool = False
    out_of_shadow: Picture | None = None

    def mask(self, share: float = 1.0) -> Picture:
        """Where the ink is stronger than this share of the threshold: uint8 (H, W), 0 or 255."""
        import cv2

        return np.asarray(cv2.threshold(self.map, share * self.threshold, 255, cv2.THRESH_BINARY)[1], np.uint8)


def ink_of(frame: Picture, log: Log, dark: bool | None = None, *, even: bool = True) -> Ink | None:
    """The ink of a working frame, white on black whatever it was.

    ``None`` where there is no ink. Dark ink on light paper is turned round; uneven light and shadows are divided out.
    ``dark``: whether the ink is, where that is known. ``even``: whether to look for uneven light.
    """

    parted = two_tone(frame)
    evened = _evened(frame, parted, dark) if even else None
    if dark is None:
        dark = evened[1] if evened else ink_is_dark(parted)
        log.note("inverted" if dark else "ink is light")
    spread = parted.light_spread if dark else parted.dark_spread
    shadowless = evened[0] if evened else None
    if even and evened is None and spread > UNEVEN * max(parted.contrast, 1.0):
        evened = flattened(frame if dark else 255 - frame), dark
    if evened:
        log.note("light evened out")
        flat = _stretched(evened[0], two_tone(evened[0]), True)
        return flat and flat._replace(dark=dark, evened=True, out_of_shadow=shadowless)
    return _stretched(frame, parted, dark)


def _evened(frame: Picture, parted: TwoTone, dark: bool | None) -> tuple[Picture, bool] | None:
    """A frame that a shadow's edge crosses as dark ink on white paper and its polarity; ``None`` for all others."""
    rim = parted.rim()
    minor = min(parted.share, 1.0 - parted.share)
    if min(rim, 1.0 - rim) < RIM and (rim < 0.5) == (parted.share < 0.5) and minor < SHADED:
        return None
    found = out_of_shadow(frame, parted.light)
    return found if found and dark in (None, found[1]) else None


def _stretched(frame: Picture, parted: TwoTone, dark: bool) -> Ink | None:
    """The ink of an evenly lit frame; ``None`` where the two sides hardly differ."""
    import cv2

    ink = 255 - frame if dark else frame
    paper = 255.0 - parted.light_mean if dark else parted.dark_mean
    spread = parted.light_spread if dark else parted.dark_spread
    threshold = 255.0 - parted.threshold if dark else parted.threshold
    if parted.contrast < max(FAINTEST, 2.0 * spread):
        return None
    alpha = 255.0 / parted.contrast
    stretched = cv2.convertScaleAbs(cv2.subtract(ink, round(paper)), alpha=alpha)  # type: ignore[call-overload]
    return Ink(np.asarray(stretched, np.uint8), min((threshold - paper) * alpha, 100.0), dark)


def ink_is_dark(parted: TwoTone) -> bool:
    """Whether the ink is darker than the paper.

    Paper is the larger part. Where the two are near in area (thick ink in a tight crop), it is the part that has the
    rim and the corners of the frame and in which there is room for a larger disc; a printed box round it all is ink.
    """
    import cv2

    share, light = parted.share, parted.light
    if share > 1 - EVEN or share < EVEN:
        return share > 0.5
    boxed = _box_is_dark(light)
    if boxed is not None:
        return boxed
    corners = sum(int(light[row, column]) // 255 for row in (0, -1) for column in (0, -1))
    parts = light, cv2.bitwise_not(light)
    light_disc, dark_disc = (cv2.minMaxLoc(cv2.distanceTransform(part, cv2.DIST_L2, 3))[1] for part in parts)
    room = (light_disc - dark_disc) / max(light_disc + dark_disc, 1.0)
    return bool(2 * parted.rim() - 1 + room + 0.3 * (corners - 2) > 0)


def _box_is_dark(light: Picture) -> bool | None:
    """Whether a printed box round it all is dark; ``None`` without one.

    Layers of one tone are peeled off from the rim inwards as long as they are equally thick in most places: the last of
    them is the box. The paper's margin round a character is not so even, that of a tight B or D but nearly.
    """
    deepest = max(2, round(DEEPEST * min(light.shape)))
    sides = [np.ascontiguousarray(side[:deepest] > 0) for side in (light, light[::-1], light.T, light.T[::-1])]
    # the ends of each side lie in the layers of its neighbours
    sides = [side[:, side.shape[1] // 8 : -(side.shape[1] // 8) or None] for side in sides]
    tone = bool(_rim(light) > 0.5)
    begins = [np.zeros(side.shape[1], np.intp) for side in sides]
    box = None
    for _ in range(3):
        ends = [_layer_end(side == tone, begin) for side, begin in zip(sides, begins, strict=True)]
        evenness = [_evenness(end - begin, deepest - begin) for begin, end in zip(begins, ends, strict=True)]
        if sum(evenness) / 4 < (EVENLY if box is None else AGAIN):
            return None if box is None else not box
        box, tone, begins = tone, not tone, ends
    return None  # squared paper goes on like this


def _layer_end(same: NDArray[np.bool_], begin: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where in each column what is the same from ``begin`` on ends; the last row where it does not."""
    other = ~same & (np.arange(len(same))[:, None] >= begin)
    return np.where(other.any(axis=0), other.argmax(axis=0), len(same))


def _evenness(thickness: NDArray[np.intp], room: NDArray[np.intp]) -> float:
    """Share of the columns in which a layer is as thick as in most."""
    usual = np.sort(thickness)[len(thickness) // 2]
    return float(((np.abs(thickness - usual) <= 1) & (thickness > 0) & (thickness < room)).mean())


def _rim(light: Picture) -> float:
    """Share of a frame's outermost pixels that are light."""
    edges = light[0], light[-1], light[:, 0], light[:, -1]
    return sum(edge.tobytes().count(b"\xff") for edge in edges) / max(1, sum(len(edge) for edge in edges))
