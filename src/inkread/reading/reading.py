"""What a reader says about one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isnan
from typing import overload

import numpy as np
from numpy.typing import NDArray

from ..picture import SIDE_BY_SIDE, Placement


class Ranking(Sequence[tuple[str, float]]):
    """Answers with their probabilities, most probable first: a tuple of pairs that is made when it is first looked at.

    Most readers of many pictures want the likeliest answer alone, and 62 pairs a picture cost more than all that stands
    between the network and the answer. ``characters``: K answers; ``probabilities``: float64 (K,), kept and not copied.
    """

    __slots__ = ("_characters", "_probabilities", "_sorted")

    def __init__(self, characters: Sequence[str], probabilities: NDArray[np.float64]) -> None:
        self._characters = characters
        self._probabilities = probabilities
        self._sorted: tuple[tuple[str, float], ...] | None = None

    @overload
    def __getitem__(self, at: int) -> tuple[str, float]: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[tuple[str, float], ...]: ...
    def __getitem__(self, at: int | slice) -> tuple[str, float] | tuple[tuple[str, float], ...]:
        if isinstance(at, slice) and not range(*at.indices(len(self))):
            return ()
        return self._pairs()[at]

    def __len__(self) -> int:
        return len(self._characters)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Ranking):
            return self._pairs() == other._pairs()
        return self._pairs() == other

    def __hash__(self) -> int:
        return hash(self._pairs())

    def __repr__(self) -> str:
        return repr(self._pairs())

    def _pairs(self) -> tuple[tuple[str, float], ...]:
        if self._sorted is None:
            order = np.argsort(-self._probabilities, kind="stable").tolist()
            shares = self._probabilities.tolist()
            self._sorted = tuple((self._characters[at], shares[at]) for at in order)
        return self._sorted


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
    ranking: Sequence[tuple[str, float]] = field(repr=False)
    sure: bool
    outside: float
    blank: bool
    prepared: NDArray[np.uint8] = field(repr=False, compare=False)
    notes: tuple[str, ...] = field(default=(), repr=False)
    placement: Placement = field(default=Placement(), repr=False, compare=False)

    def __str__(self) -> str:
        return self.character

    @property
    def several(self) -> bool:
        """Whether the picture seems to hold more than one character, side by side."""
        return any(note.endswith(SIDE_BY_SIDE) for note in self.notes)

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
