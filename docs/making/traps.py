"""What the usual code makes of well-known files: one drawn F through each of the mistakes that `docs/formats.md` lists."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inkread.datasets.drawn import Hand, draw
from inkread.picture import prepare

CELL = 112
COLUMNS = 5
SEED = 8


def upright() -> NDArray[np.uint8]:
    """An F by the synthetic hand, uint8 (28,28): no turn and no mirror image of it looks like another letter."""
    rng = np.random.default_rng(SEED)
    return prepare(draw("F", rng, Hand.random(rng))).picture


def traps() -> dict[str, NDArray[np.uint8]]:
    """Caption -> the picture that one sees; pictures are uint8 (H,W) or grey made visible as it comes out."""
    picture = upright()
    stored = picture.T
    small = _resized(picture, 20, 16)
    rgb = np.repeat(picture[:, :, None], 3, axis=2)
    return {
        "as it should be": picture,
        "1  as stored\nnot transposed": stored,
        "2  np.rot90\ninstead of .T": np.rot90(stored, 3),
        "3  called G\nlabel 6 from 0": picture,
        "4  idx header\nnot skipped": _shifted(picture, 16),
        "5  0 and 1\nshown as grey": picture // 128,
        "6  0..1 cast\nto integers": (picture / 255.0).astype(np.uint8) * 255,
        "7  20x16 read\nas 16x20": small.reshape(16, 20),
        "8  RGB bytes\nas 3 pictures": rgb.reshape(-1, 28, 28)[1],
        "9  LEAF\nblack on white": 255 - picture,
    }


def _shifted(picture: NDArray[np.uint8], by: int) -> NDArray[np.uint8]:
    """The picture after ``by`` bytes that are not its own, as every picture of the file then comes out."""
    return np.roll(picture.ravel(), by).reshape(picture.shape)


def _resized(picture: NDArray[np.uint8], height: int, width: int) -> NDArray[np.uint8]:
    rows = np.linspace(2, picture.shape[0] - 3, height).round().astype(int)
    columns = np.linspace(4, picture.shape[1] - 5, width).round().astype(int)
    return np.where(picture[np.ix_(rows, columns)] > 100, 255, 0).astype(np.uint8)
