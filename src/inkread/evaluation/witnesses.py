"""For a doubtful label, the pictures that speak for it and those that speak against it: look at them side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError
from .truth import as_targets, check_length

CONFIDENT = 0.9
"""Probability of its own label from which a picture can stand for it."""


@dataclass(frozen=True)
class Witnesses:
    """The nearest confident pictures of the label that was ``given`` and of the one ``suggested``, nearest first, as indices."""

    given: tuple[int, ...]
    suggested: tuple[int, ...]


def witnesses(
    pictures: NDArray[np.uint8], truth: ArrayLike, probabilities: ArrayLike, suspects: ArrayLike, count: int = 3
) -> list[Witnesses]:
    """For each of ``suspects`` (indices into N pictures) the ``count`` confident pictures of either class that look most like it.

    ``pictures``: prepared, uint8 (N,28,28). ``truth``: int (N,) or bool (N,K). ``probabilities``: (N,K). Confident is a
    picture that was answered as it is labelled with a probability of at least :data:`CONFIDENT` (of any, where a class has
    none such). Nearest is by the cosine of softened pixels, not by what a network makes of them: the network that doubts
    the label must not also choose the witnesses.
    """
    given = np.asarray(probabilities, np.float64)
    targets = as_targets(truth, given.shape[1])
    check_length("rows of probabilities", given, targets)
    if pictures.ndim != 3 or len(pictures) != len(targets):
        raise DataError(f"one picture (28,28) for each of {len(targets)} rows is needed: {pictures.shape}")
    chosen = np.asarray(suspects, np.int64)
    mass = np.where(targets, given, 0.0).sum(axis=1)
    answers = given.argmax(axis=1)
    agreed = targets[np.arange(len(targets)), answers]
    agreed[chosen] = False
    soft = _Soft(pictures)
    found = []
    for at in chosen.tolist():
        suggested = int(np.where(targets[at], -1.0, given[at]).argmax())
        for_given = _candidates(targets[:, targets[at]].any(axis=1) & agreed, mass)
        for_suggested = _candidates(targets[:, suggested] & (answers == suggested) & agreed, mass)
        found.append(Witnesses(soft.nearest(at, for_given, count), soft.nearest(at, for_suggested, count)))
    return found


def _candidates(possible: NDArray[np.bool_], mass: NDArray[np.float64]) -> NDArray[np.int64]:
    confident = np.flatnonzero(possible & (mass >= CONFIDENT))
    return confident if len(confident) else np.flatnonzero(possible)


class _Soft:
    """Pictures as directions: softened over 3x3 pixels, every second pixel, of length 1; made when they are asked for."""

    def __init__(self, pictures: NDArray[np.uint8]) -> None:
        self._pictures = pictures
        self._made: dict[bytes, NDArray[np.float32]] = {}

    def nearest(self, at: int, candidates: NDArray[np.int64], count: int) -> tuple[int, ...]:
        """The candidates most like picture ``at``, nearest first."""
        if not len(candidates):
            return ()
        key = candidates.tobytes()
        if key not in self._made:
            self._made[key] = _directions(self._pictures[candidates])
        alike = self._made[key] @ _directions(self._pictures[at : at + 1])[0]
        return tuple(candidates[np.argsort(-alike, kind="stable")[:count]].tolist())


def _directions(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    values = np.pad(pictures.astype(np.float32), ((0, 0), (1, 1), (1, 1)))
    height, width = pictures.shape[1:]
    soft = sum(values[:, y : y + height : 2, x : x + width : 2] for y in range(3) for x in range(3))
    rows = np.asarray(soft, np.float32).reshape(len(pictures), -1)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12), np.float32)
