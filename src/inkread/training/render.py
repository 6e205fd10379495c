"""One picture or one writer's strokes -> several prepared renderings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..datasets.drawn import on_paper
from ..picture import Pen, prepare, render
from ..preparation import Preparation

Strokes: TypeAlias = Sequence[NDArray[np.floating]]
Original: TypeAlias = NDArray[np.uint8] | Strokes

LEAST_LEFT = 0.6
"""Share of the ink that a rendering must still show where it was, else its label would be a lie (an E of which a bar is left)."""


@dataclass(frozen=True)
class Renderings:
    """How originals become renderings: ``count`` of them, the first plain; of the others the share ``paper`` on paper."""

    count: int
    paper: float
    preparation: Preparation
    seed: int


def render_all(originals: Sequence[Original], first: int, how: Renderings) -> NDArray[np.uint8]:
    """The renderings of these originals, uint8 (count,N,28,28).

    ``originals``: pictures uint8 (H,W) of any size, or the strokes of characters. ``first``: the number of the first one
    in its source; with the seed it decides what is random, so that the result does not depend on how a source is cut.
    """
    side = how.preparation.side
    out = np.zeros((how.count, len(originals), side, side), np.uint8)
    for at, original in enumerate(originals):
        rng = np.random.default_rng((how.seed, first + at))
        for number, picture in enumerate(_renderings(original, how, rng)):
            out[number, at] = picture
    return out


def _renderings(original: Original, how: Renderings, rng: np.random.Generator) -> list[NDArray[np.uint8]]:
    picture = original if isinstance(original, np.ndarray) else render(original)
    plain = prepare(picture, how.preparation).picture
    return [plain, *(_another(original, plain, how, rng) for _ in range(how.count - 1))]


def _another(original: Original, plain: NDArray[np.uint8], how: Renderings, rng: np.random.Generator) -> NDArray[np.uint8]:
    """One more rendering; the plain one where the paper has swallowed the character."""
    paper = rng.random() < how.paper
    if not isinstance(original, np.ndarray):
        ink = render(original, Pen.random(rng), size=int(rng.integers(32, 97)))
    elif paper:
        ink = _enlarged(plain, rng)
    else:
        return plain
    again = prepare(on_paper(ink, rng) if paper else ink, how.preparation).picture
    return again if _share_left(plain, again) >= LEAST_LEFT else plain


def _share_left(plain: NDArray[np.uint8], again: NDArray[np.uint8]) -> float:
    """How much of the plain rendering's ink lies within two pixels of ink of the other one, 0..1."""
    import cv2

    near = cv2.dilate(again, np.ones((5, 5), np.uint8)) > 96
    ink = plain > 128
    return float((ink & near).sum() / max(ink.sum(), 1))


def _enlarged(plain: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    import cv2

    side = round(plain.shape[0] * rng.uniform(1.2, 4.0))
    return np.asarray(cv2.resize(plain, (side, side), interpolation=cv2.INTER_CUBIC), np.uint8)
