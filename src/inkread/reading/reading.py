"""What a reader says about one picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isnan

import numpy as np
from numpy.typing import NDArray

from ..picture import Placement


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer to one picture.

    ``character``: the answer, empty for a blank picture. ``probability``: how probable it is, 0..1, within the reader's
    alphabet; 0 for a blank picture. ``ranking``: every answer of the alphabet with its probability, most probable first;
    empty for a blank picture. ``sure``: whether the probability reaches the reader's threshold; never for a blank
    picture. ``outside``: 0..1, how much of the probability lay on characters that the alphabet leaves out. ``blank``:
    there was no ink. ``prepared``: what the network saw, uint8 (28, 28). ``notes``: what was done to the picture.
    ``placement``: where the ink stood in its frame.
    """

    character: str
    probability: float
    ranking: tuple[tuple[str, float], ...] = field(repr=False)
    sure: bool
    outside: float
    blank: bool
    prepared: NDArray[np.uint8] = field(repr=False, compare=False)
    notes: tuple[str, ...] = field(default=(), repr=False)
    placement: Placement = field(default=Placement(), repr=False, compare=False)

    def __str__(self) -> str:
        return self.character

    def as_dict(self, top: int | None = None) -> dict[str, object]:
        """The answer for JSON, without the picture; ``ranking`` cut to the ``top`` most probable answers.

        Keys: ``character``, ``probability``, ``sure``, ``outside``, ``blank``, ``ranking`` (rows of ``character`` and
        ``probability``), ``notes``, ``placement`` (``height``, ``baseline``; null where unknown).
        """
        placed = {"height": self.placement.height, "baseline": self.placement.baseline}
        return {
            "character": self.character,
            "probability": self.probability,
            "sure": self.sure,
            "outside": self.outside,
            "blank": self.blank,
            "ranking": [{"character": character, "probability": probability} for character, probability in self.ranking[:top]],
            "notes": list(self.notes),
            "placement": {name: None if isnan(value) else value for name, value in placed.items()},
        }
