"""What a preparation gives back: the finished picture, where the ink stood, and what was done on the way."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
"""Grey picture, uint8 (H, W), 0..255."""


SIDE_BY_SIDE = "pieces of a character's size side by side"
"""End of the note that tells of what looks like more than one character."""


@dataclass(frozen=True)
class Placement:
    """Where the ink stood in its frame (inside the printed border where there was one).

    ``height``: the ink's height, ``baseline``: its lower edge counted from the top, both as a share 0..1 of the frame's
    height; NaN where the frame tells nothing (an EMNIST-ready picture, a blank one).
    """

    height: float = math.nan
    baseline: float = math.nan


@dataclass(frozen=True)
class Step:
    """One step of a preparation: its ``name``, what it ``says`` in words, and the ``picture`` after it."""

    name: str
    says: str
    picture: Picture


@dataclass(frozen=True)
class Prepared:
    """A prepared picture.

    ``picture``: uint8 (28, 28), white ink on black, upright as given. ``blank``: no ink was found and the picture is
    black. ``notes``: what was done, in order, in words. ``steps``: the pictures of every step, only when asked for.
    """

    picture: Picture
    blank: bool = False
    placement: Placement = Placement()
    notes: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass
class Log:
    """Collects the notes of one preparation, and the pictures too where ``explain`` is set."""

    explain: bool = False
    notes: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def note(self, says: str) -> None:
        """Add one thing that was done."""
        self.notes.append(says)

    def show(self, name: str, picture: NDArray[Any], says: str = "") -> None:
        """Keep the picture of one step (a copy), where an explanation is wanted."""
        if self.explain:
            self.steps.append(Step(name, says, np.array(picture, dtype=np.uint8)))
