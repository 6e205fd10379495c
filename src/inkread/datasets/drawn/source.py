"""The source `drawn`: 62 classes by 80 hands, for whoever has no handwriting at hand.

Runs keep the digest of this file as that of their data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...alphabet import BYCLASS
from ...formats import Contents, Orientation
from ...picture import prepare
from ...preparation import Preparation
from .glyphs import drawn

if TYPE_CHECKING:
    from ..parallel import Progress

EDITION = 1
"""Seeds all hands. Another number wherever the pictures change, so that runs know one edition from another."""

HANDS = {"train": 60, "test": 20}
"""How many hands draw each part, every character once; none of them draws in both."""


def contents(part: str, progress: Progress | None = None) -> Contents:
    """A part of the source as read from files: pictures uint8 (N,28,28), white ink on black, hand by hand in ByClass' order.

    They are clean ink in EMNIST's rendering, which :func:`inkread.picture.prepare` leaves as it is. ``part``: one of
    :data:`HANDS`. Drawing takes about 2 ms a picture; ``progress`` is told how far it is.
    """
    first = 0 if part == "train" else HANDS["train"]
    chosen = np.arange(first * len(BYCLASS), (first + HANDS[part]) * len(BYCLASS))
    glyphs = drawn(BYCLASS, sum(HANDS.values()), EDITION, paper=False).take(chosen)
    preparation = Preparation()
    pictures = np.empty((len(glyphs), preparation.side, preparation.side), np.uint8)
    for at, picture in enumerate(glyphs.pictures):
        pictures[at] = prepare(picture, preparation).picture
        if progress is not None:
            progress(at + 1, len(glyphs))
    return Contents(
        format="drawn",
        orientation=Orientation("upright", "the program that draws it"),
        pictures=pictures,
        labels=glyphs.names,
        writer=glyphs.writer,
        part=part,
    )
