"""What of a picture mattered: occlusion maps of right answers and of mistakes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..picture import occlusion
from .examples import Example
from .predictor import Predictor


@dataclass(frozen=True, eq=False)
class Saliency:
    """One picture's occlusion maps (see :class:`inkread.picture.Occlusion`).

    ``for_answer``: float64 (28,28), how much the logarithm of the answer's probability falls where a pixel is covered.
    ``for_truth``: the same for the truth, of a mistake about one known character, else None. ``place``: where the ink is that
    speaks most for the answer, as (row, column). ``flip``: what covering 5x5 pixels at ``flip_place`` makes of the answer
    (the most probable of all others that it can be made), or empty where the answer stands.
    """

    example: Example
    for_answer: NDArray[np.float64]
    for_truth: NDArray[np.float64] | None
    place: tuple[int, int]
    flip: str
    flip_place: str


def saliency(examples: Sequence[Example], predictor: Predictor) -> tuple[Saliency, ...]:
    """The maps of these pictures, of those that have one and an answer of the predictor's alphabet."""
    return tuple(_saliency(each, predictor) for each in examples if each.picture is not None and each.answer in predictor.alphabet)


def _saliency(each: Example, predictor: Predictor) -> Saliency:
    assert each.picture is not None
    characters = predictor.alphabet.characters
    found = occlusion(each.picture, each.answer, characters, predictor.probabilities)
    truth = None
    if each.truth != each.answer and each.truth in predictor.alphabet:
        truth = occlusion(each.picture, each.truth, characters, predictor.probabilities).falls
    row, column = np.unravel_index(found.falls.argmax(), found.falls.shape)
    flip = found.flips[0] if found.flips else None
    return Saliency(each, found.falls, truth, (int(row), int(column)), flip.character if flip else "", flip.place if flip else "")
