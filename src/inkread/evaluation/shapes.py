"""How alike the classes of a test look: mean pictures, spreads, and whose nearest neighbour is of the other class."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .examples import SIDE, halved, squared_distances, taken
from .given import Pictures

MOST = 400
"""Pictures of a class, at most, that its looks are measured on."""

FAINTEST = 0.01
"""Variance of ink 0..1 that is added everywhere, or a faint trace in an empty corner would be the clearest difference."""

FEWEST = 5
"""Pictures of a class from which on its looks are told."""


@dataclass(frozen=True, eq=False)
class Looks:
    """What two classes look like beside each other.

    ``first``, ``second``: their mean pictures, uint8 (28,28); not in JSON. ``separation``: the distance of the two means
    in units of the spread of both (root of the summed variances; 0 one and the same, about 1 well apart).
    ``rank``: the place of this pair among the ``pairs`` of classes,
    closest means first. ``crossing``: share of pictures whose
    nearest other picture of the two classes, equally many of each, is of the other class: 0.5 where their looks tell
    nothing. ``nearest_own``, ``nearest_other``: median distance from a picture to the nearest of its own and of the other
    class, root mean square over the pixels in shares of full ink 0..1. ``differ``: where they
    differ most for what either varies by, in words. ``pictures``: of each class that were measured.
    """

    first: NDArray[np.uint8]
    second: NDArray[np.uint8]
    separation: float
    rank: int
    pairs: int
    crossing: float
    nearest_own: float
    nearest_other: float
    differ: str
    pictures: int

    def as_dict(self) -> dict[str, object]:
        """As plain values, for JSON."""
        names = ("separation", "rank", "pairs", "crossing", "nearest_own", "nearest_other", "differ", "pictures")
        return {name: getattr(self, name) for name in names}


class Shapes:
    """The looks of the K classes of a test. ``pictures``: prepared. ``truth``: int (N,), the class of each, -1 for unknown.

    Of each class :data:`MOST` pictures are measured, drawn by ``seed``; distances are Euclidean at half resolution.
    """

    def __init__(self, pictures: Pictures, truth: NDArray[np.int64], classes: int, seed: int = 0) -> None:
        rng = np.random.default_rng(seed)
        self._pictures = pictures
        self._rows = [_some(np.flatnonzero(truth == each), rng) for each in range(classes)]
        self._small = [halved(taken(pictures, rows)) for rows in self._rows]

    def told(self, first: int, second: int) -> bool:
        """Whether there are enough pictures of both classes."""
        return min(len(self._rows[first]), len(self._rows[second])) >= FEWEST

    def looks(self, first: int, second: int) -> Looks:
        """What two classes look like beside each other."""
        a, b = (self._mean_picture(each) for each in (first, second))
        apart = float(self._separations[first, second])
        others = self._separations[np.triu_indices(len(self._rows), 1)]
        others = others[np.isfinite(others)]
        count = min(len(self._rows[first]), len(self._rows[second]))
        neighbours = self._neighbours(first, second, count)
        differ = _where(self._small[first], self._small[second])
        return Looks(a, b, apart, 1 + int((others < apart).sum()), len(others), *neighbours, differ, count)

    def _mean_picture(self, each: int) -> NDArray[np.uint8]:
        return np.asarray(np.rint(taken(self._pictures, self._rows[each]).mean(axis=0)), np.uint8)

    @cached_property
    def _separations(self) -> NDArray[np.float64]:
        """The separation of every pair (K,K); infinite where a class has too few pictures."""
        enough = np.array([len(rows) >= FEWEST for rows in self._rows])
        width = self._small[0].shape[1]
        means = np.array([each.mean(axis=0) if len(each) else np.zeros(width) for each in self._small])
        variances = np.array([each.var(axis=0).sum() if len(each) else 0.0 for each in self._small])
        distances = np.sqrt(squared_distances(means.astype(np.float32), means.astype(np.float32)))
        found = distances / np.sqrt(np.maximum(variances[:, None] + variances[None, :], 1e-9))
        found[~(enough[:, None] & enough[None, :])] = np.inf
        return np.asarray(found, np.float64)

    def _neighbours(self, first: int, second: int, count: int) -> tuple[float, float, float]:
        """The share of pictures whose nearest is of the other class, and the median distance to the nearest of either."""
        both = np.concatenate([self._small[first][:count], self._small[second][:count]])
        distances = squared_distances(both, both)
        np.fill_diagonal(distances, np.inf)
        same = np.equal.outer(np.arange(2 * count) < count, np.arange(2 * count) < count)
        own, other = (np.where(each, distances, np.inf).min(axis=1) for each in (same, ~same))
        medians = [float(np.median(np.sqrt(each / both.shape[1]))) for each in (own, other)]
        return float((other < own).mean()), medians[0], medians[1]


def _some(rows: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.int64]:
    """At most :data:`MOST` of them in random order, so that any first few are a sample too."""
    return np.asarray(rng.permutation(rows)[:MOST])


def _where(first: NDArray[np.float32], second: NDArray[np.float32]) -> str:
    """Where two classes, rows (n,196), are told apart best, in words: where their means differ most beside what either varies by."""
    apart = (first.mean(axis=0) - second.mean(axis=0)) ** 2 / (first.var(axis=0) + second.var(axis=0) + FAINTEST)
    half = SIDE // 2
    framed = np.pad(apart.reshape(half, half), 1)
    around = sum(framed[down : down + half, along : along + half] for down in range(3) for along in range(3))
    row, column = np.unravel_index(np.asarray(around).argmax(), (half, half))
    down, across = (names[3 * int(at) // half] for names, at in ((("upper", "", "lower"), row), (("left", "", "right"), column)))
    if down and across:
        return f"{down} {across}"
    return {"upper": "top", "lower": "bottom"}.get(down, across or "middle")
