"""What befalls prepared pictures on their way: noise, blur, shifts, borders, other pens, faint ink, each at three strengths."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pictures = NDArray[np.uint8]


@dataclass(frozen=True)
class Damage:
    """One kind of damage. ``says``: what a strength means. ``strengths``: weak, middle, strong, in the unit that it names.

    ``apply``: pictures uint8 (N, 28, 28), white ink on black, a strength and a generator -> changed pictures of the same
    shape; the generator is used by ``noise`` and ``shift`` only.
    """

    name: str
    says: str
    strengths: tuple[float, float, float]
    apply: Callable[[Pictures, float, np.random.Generator], Pictures]


def _noise(pictures: Pictures, strength: float, rng: np.random.Generator) -> Pictures:
    return _grey(pictures + rng.normal(0, strength, pictures.shape))


def _blur(pictures: Pictures, strength: float, _rng: np.random.Generator) -> Pictures:
    import cv2

    return np.stack([np.asarray(cv2.GaussianBlur(each, (0, 0), strength), np.uint8) for each in pictures]) if len(pictures) else pictures


def _shift(pictures: Pictures, strength: float, rng: np.random.Generator) -> Pictures:
    """Each picture in one of the eight directions."""
    step = int(strength)
    ways = [(down, right) for down in (-step, 0, step) for right in (-step, 0, step) if down or right]
    chosen = rng.integers(len(ways), size=len(pictures))
    height, width = pictures.shape[1:]
    padded = np.pad(pictures, ((0, 0), (step, step), (step, step)))
    moved = np.empty_like(pictures)
    for at, (down, right) in enumerate(ways):
        rows = chosen == at
        moved[rows] = padded[rows, step - down : step - down + height, step - right : step - right + width]
    return moved


def _border(pictures: Pictures, strength: float, _rng: np.random.Generator) -> Pictures:
    framed, thick = pictures.copy(), int(strength)
    for edge in (np.s_[:, :thick], np.s_[:, -thick:], np.s_[:, :, :thick], np.s_[:, :, -thick:]):
        framed[edge] = 255
    return framed


def _thinner(pictures: Pictures, strength: float, _rng: np.random.Generator) -> Pictures:
    return _mixed(pictures, _neighbours(pictures).min(axis=0), strength)


def _thicker(pictures: Pictures, strength: float, _rng: np.random.Generator) -> Pictures:
    first, rest = min(strength, 1.0), max(strength - 1.0, 0.0)
    grown = _mixed(pictures, _neighbours(pictures).max(axis=0), first)
    return _mixed(grown, _neighbours(grown).max(axis=0), rest)


def _darker(pictures: Pictures, strength: float, _rng: np.random.Generator) -> Pictures:
    return _grey(pictures * (1.0 - strength))


def _neighbours(pictures: Pictures) -> NDArray[np.uint8]:
    """Every pixel and its four neighbours, uint8 (5, N, H, W); beyond the edge there is what the edge has."""
    edged = np.pad(pictures, ((0, 0), (1, 1), (1, 1)), mode="edge")
    return np.stack([pictures, edged[:, :-2, 1:-1], edged[:, 2:, 1:-1], edged[:, 1:-1, :-2], edged[:, 1:-1, 2:]])


def _mixed(pictures: Pictures, changed: Pictures, share: float) -> Pictures:
    return _grey(pictures + share * (changed.astype(np.float64) - pictures))


def _grey(values: NDArray[np.floating]) -> Pictures:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)


DAMAGES = (
    Damage("noise", "normal noise of so many grey levels", (16, 40, 80), _noise),
    Damage("blur", "Gaussian blur of so many pixels", (0.7, 1.2, 2.0), _blur),
    Damage("shift", "moved by so many pixels in one of eight directions", (1, 2, 4), _shift),
    Damage("border", "a white frame of so many pixels, as of a printed box", (1, 2, 3), _border),
    Damage("thinner", "the stroke eroded by so much of a pixel on each side", (0.3, 0.6, 0.9), _thinner),
    Damage("thicker", "the stroke grown by so many pixels on each side", (0.6, 1.2, 2.0), _thicker),
    Damage("darker", "the ink darkened by this share", (0.3, 0.5, 0.7), _darker),
)
"""Every kind of damage that robustness is measured with."""
