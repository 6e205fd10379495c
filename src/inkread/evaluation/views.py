"""Predictors made of others: over fewer answers, and with test-time augmentation, the mean over nine slightly different views."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet, conversion
from ..picture import warped
from .predictor import Predictor

TURN, SCALE, SHIFT = 4.0, 1.06, 1.0
"""Degrees, factor and pixels: less than what two pictures of one hand differ by, so that no character becomes another."""

VIEWS: tuple[dict[str, float], ...] = (
    {},
    {"turn": TURN},
    {"turn": -TURN},
    {"scale": SCALE},
    {"scale": 1 / SCALE},
    {"right": SHIFT},
    {"right": -SHIFT},
    {"down": SHIFT},
    {"down": -SHIFT},
)
"""As it is, turned both ways, larger and smaller, moved by a pixel in four directions. Never mirrored: a mirrored b is a d."""


@dataclass(frozen=True)
class Averaged:
    """A predictor that reads every picture in all :data:`VIEWS` and tells the mean of the probabilities.

    It takes nine times as long. Method: Krizhevsky et al. 2012, "ImageNet Classification with Deep CNNs", section 4.1.
    """

    predictor: Predictor

    @property
    def alphabet(self) -> Alphabet:
        """The answers."""
        return self.predictor.alphabet

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """The mean probabilities (N,K) over all views of prepared pictures uint8 (N,28,28)."""
        views = (self.predictor.probabilities(warped(pictures, **each) if each else pictures) for each in VIEWS)
        return np.asarray(sum(views, np.zeros(1)) / len(VIEWS))


@dataclass(frozen=True)
class Restricted:
    """A predictor over another alphabet, by mass and before normalisation (see :class:`inkread.alphabet.Conversion`).

    ``case_weight``: how much of a letter counts towards its other case where the alphabet leaves its own case out.
    """

    predictor: Predictor
    alphabet: Alphabet
    case_weight: float = 0.0

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Probabilities (N,K) over :attr:`alphabet` of prepared pictures uint8 (N,28,28)."""
        way = conversion(self.predictor.alphabet, self.alphabet, self.case_weight)
        return way.restrict(self.predictor.probabilities(pictures))[0]
