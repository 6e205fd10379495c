"""Why it is read so: what becomes of the answer where a small part of the picture is covered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PATCH = 5
"""Pixels of the patch's edge: a stroke is about three wide, so a patch takes a piece of a stroke and little else."""

TINY = 1e-12


@dataclass(frozen=True)
class Flip:
    """Covering the patch whose upper left pixel is at ``row``, ``column`` makes ``character`` the answer, with ``probability``.

    ``place``: where that is, in words such as ``upper left``.
    """

    row: int
    column: int
    place: str
    character: str
    probability: float


@dataclass(frozen=True, eq=False)
class Occlusion:
    """What a covering patch does to the answer.

    ``falls``: float64 (28, 28), how much the natural logarithm of the answer's probability falls where a pixel is
    covered, mean over the patches that cover it: positive where the ink speaks for the answer, negative where against
    it. ``patch``: the patch's edge in pixels. ``least``: the answer's lowest probability under any patch. ``flips``:
    what it is read as under some patch, each other answer once, most probable first.
    """

    falls: NDArray[np.float64]
    patch: int
    least: float
    flips: tuple[Flip, ...]


Probabilities = Callable[[NDArray[np.uint8]], NDArray[np.float64]]
"""What a reader says of prepared pictures uint8 (N, 28, 28): probabilities (N, K)."""


def occlusion(seen: NDArray[np.uint8], character: str, characters: str, probabilities: Probabilities, patch: int = PATCH) -> Occlusion:
    """The occlusion map of one prepared picture uint8 (28, 28) for an answer of the K ``characters`` that ``probabilities`` tells.

    Method: Zeiler & Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 4.2: a patch of paper
    is moved over the picture, and the probability of the answer is looked at. Patches that cover no ink change nothing
    and are not computed.
    """
    answer = characters.index(character)
    covers = _covers(seen.shape, patch)
    touching = covers[(covers & (seen > 0)).any(axis=(1, 2))]
    found = probabilities(np.concatenate([seen[None], np.where(touching, np.uint8(0), seen)]))
    logs = np.log(np.maximum(found[:, answer], TINY))
    falls = np.tensordot(logs[0] - logs[1:], touching.astype(np.float64), axes=1) / covers.sum(axis=0)
    return Occlusion(falls, patch, float(found[:, answer].min()), _flips(found[1:], touching, answer, characters))


def _covers(shape: tuple[int, ...], patch: int) -> NDArray[np.bool_]:
    """The pixels under the patch in all its places: bool (M, H, W)."""
    rows, columns = shape[0] - patch + 1, shape[1] - patch + 1
    covers = np.zeros((rows * columns, *shape), np.bool_)
    for index in range(rows * columns):
        top, left = divmod(index, columns)
        covers[index, top : top + patch, left : left + patch] = True
    return covers


def _flips(probabilities: NDArray[np.float64], covers: NDArray[np.bool_], answer: int, characters: str) -> tuple[Flip, ...]:
    best = probabilities.argmax(axis=1)
    flips = []
    for other in np.unique(best[best != answer]).tolist():
        at = int(np.where(best == other, probabilities[:, other], -1.0).argmax())
        row, column = (int(covers[at].any(axis=axis).argmax()) for axis in (1, 0))
        flips.append(Flip(row, column, _place(covers[at]), characters[other], float(probabilities[at, other])))
    return tuple(sorted(flips, key=lambda flip: -flip.probability))


def _place(cover: NDArray[np.bool_]) -> str:
    """Where a patch lies, in words: thirds of the picture."""
    height, width = cover.shape
    row, column = (float(np.flatnonzero(cover.any(axis=axis)).mean()) for axis in (1, 0))
    down = ("upper", "", "lower")[min(2, int(3 * row / height))]
    across = ("left", "", "right")[min(2, int(3 * column / width))]
    if not across:
        return {"upper": "top", "": "middle", "lower": "bottom"}[down]
    return f"{down} {across}".strip()
