"""Sources turned: what was stored transposed, mirrored or on its side, brought upright when it is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError
from ..formats import TRANSPOSED, UPRIGHT, Orientation
from .judge import Judge, Judgement, sample
from .lazy import Lazy
from .opening import Opened

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .lazy import Picture, Pictures

TRANSPOSE = 4
"""Of the eight views (the quarter turns to the left of a picture, 0-3, and those of its transpose, 4-7) the transpose."""

STORED = (
    UPRIGHT,
    "turned a quarter to the right",
    "turned upside down",
    "turned a quarter to the left",
    TRANSPOSED,
    "mirrored top to bottom",
    "transposed and turned upside down",
    "mirrored left to right",
)
"""How pictures are stored that are upright in each view: the opposite of what has to be done to them."""


class Turned(Lazy):
    """Pictures of a row, each seen in one of the eight views."""

    def __init__(self, pictures: Pictures, view: int) -> None:
        self.pictures = pictures
        self.view = view

    def __len__(self) -> int:
        return len(self.pictures)

    def picture(self, index: int) -> Picture:
        return _turned(np.asarray(self.pictures[index]), self.view)


def as_stored(opened: Opened) -> Opened:
    """The source as its file stores it: turned back where opening has turned it."""
    return turned(opened, TRANSPOSE) if opened.orientation.stored == TRANSPOSED else opened


def stored_as(opened: Opened, stored: str) -> Opened:
    """The source as people say that its file stores it: `upright` or `transposed`."""
    known = Orientation(stored, "being told so")
    return replace(turned(as_stored(opened), TRANSPOSE if stored == TRANSPOSED else 0), orientation=known)


def oriented(opened: Opened, judge: Judge) -> tuple[Opened, Judgement]:
    """The source in the view that the judge is sure of; :class:`DataError` with the evidence where it is not sure."""
    stored = as_stored(opened)
    places = sample(stored)
    judgement = judge([stored.pictures[int(at)] for at in places], _labels(stored, places))
    if not judgement.sure:
        told = "; ".join(judgement.evidence)
        raise DataError(f"the orientation is not certain: {opened.source}: best is {judgement.says!r}", f"say --orientation ({told})")
    known = Orientation(STORED[judgement.best], "a reader's judgement")
    return replace(turned(stored, judgement.best), orientation=known), judgement


def turned(opened: Opened, view: int) -> Opened:
    """The source with every picture seen in another view."""
    if not view:
        return opened
    pictures = opened.pictures
    return replace(opened, pictures=_all_turned(pictures, view) if isinstance(pictures, np.ndarray) else Turned(pictures, view))


def _labels(opened: Opened, places: NDArray[np.int64]) -> list[str] | None:
    labels = opened.labels
    return None if labels is None or (opened.codes[places] < 0).any() else [labels[at] for at in places.tolist()]


def _turned(picture: Picture, view: int) -> Picture:
    return np.ascontiguousarray(np.rot90(picture.T if view >= TRANSPOSE else picture, view % 4))


def _all_turned(pictures: NDArray[np.uint8], view: int) -> NDArray[np.uint8]:
    return np.rot90(pictures.swapaxes(1, 2) if view >= TRANSPOSE else pictures, view % 4, (1, 2))
