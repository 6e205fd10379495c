"""What becomes of the accuracy where the pictures are damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..picture import DAMAGES, Damage, prepare
from .accuracy import Accuracy, accuracy
from .examples import taken
from .given import Labelled
from .predictor import Predictor
from .view import targets_in

Prepare: TypeAlias = "Callable[[NDArray[np.uint8]], NDArray[np.uint8]]"

ROBUST = 1_000
"""Pictures of the test, at most, that are damaged: an interval of three points, in a minute."""


@dataclass(frozen=True)
class Damaged:
    """One strength of a damage, in the unit that :class:`Suffered` names. ``network``: accuracy where the network sees the
    damaged picture itself; ``prepared``: where that is prepared again first, as a reader does with what it is given."""

    strength: float
    network: Accuracy
    prepared: Accuracy


@dataclass(frozen=True)
class Suffered:
    """One kind of damage: its ``name``, what a strength ``means``, and its three strengths."""

    name: str
    means: str
    strengths: tuple[Damaged, ...]


@dataclass(frozen=True)
class Robustness:
    """``pictures`` of the test, drawn at random, undamaged (``whole``) and with every kind of damage (``damages``)."""

    pictures: int
    whole: Accuracy
    damages: tuple[Suffered, ...]


def as_usual(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture uint8 (28,28) prepared by the settings that hold unless others are told."""
    return prepare(picture).picture


def robustness(
    predictor: Predictor,
    labelled: Labelled,
    most: int = ROBUST,
    seed: int = 0,
    advance: Callable[[int], object] = lambda count: None,
    *,
    prepared: Prepare = as_usual,
) -> Robustness:
    """How a model stands noise, blur, shifts, borders, other pens and faint ink.

    ``labelled``: with pictures, all of which the predictor has an answer for. The same pictures suffer every damage, by a
    generator of ``seed``. ``advance`` is told how many pictures more have been read. ``prepared``: prepares a damaged picture
    as the predictor's were.
    """
    assert labelled.pictures is not None
    told = targets_in(labelled, predictor.alphabet)
    rows = np.random.default_rng(seed).permutation(np.flatnonzero(told.any(axis=1)))[:most]
    pictures, targets = taken(labelled.pictures, rows), told[rows]

    def scored(seen: NDArray[np.uint8]) -> Accuracy:
        found = accuracy(predictor.probabilities(seen).argmax(axis=1), targets)
        advance(len(seen))
        return found

    def suffered(damage: Damage) -> Suffered:
        found = []
        for strength in damage.strengths:
            damaged = damage.apply(pictures, strength, np.random.default_rng(seed))
            again = np.stack([prepared(each) for each in damaged])
            found.append(Damaged(strength, scored(damaged), scored(again)))
        return Suffered(damage.name, damage.says, tuple(found))

    return Robustness(len(pictures), scored(pictures), tuple(suffered(each) for each in DAMAGES))


PASSES = 1 + 2 * sum(len(each.strengths) for each in DAMAGES)
"""How often :func:`robustness` reads each of its pictures."""
