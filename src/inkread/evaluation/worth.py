"""What reuse is worth: how many labels a network from scratch needs for the same accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf, isfinite, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError
from .compare import LEVEL
from .plain import fields_of

ROUNDS = 2000
"""Resamplings of the folds: the ends of the interval then move by a few hundredths of its width."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LabelWorth:
    """Reuse with ``labels`` a class has this ``accuracy``, which from scratch takes ``equals`` labels a class.

    ``low``, ``high``: its 95 % interval. Of these three infinity is more than ``most``, and 0 fewer than ``fewest``, the ends of what
    was measured.
    """

    labels: int
    accuracy: float
    equals: float
    low: float
    high: float
    fewest: int
    most: int

    @property
    def says(self) -> str:
        """``about 12 (9 to 17)``, ``more than 35 (21 to more than 35)``: labels a class from scratch."""
        ends = self._told(self.low), self._told(self.high)
        middle = self._told(self.equals)
        return (middle if not self._inside(self.equals) else f"about {middle}") + (
            f" ({ends[0]} to {ends[1]})" if ends[0] != ends[1] else ""
        )

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON; what is more than was measured is None there, as :attr:`says` tells."""
        told = {key: value if isfinite(value) else None for key, value in fields_of(self).items()}
        return told | {"says": self.says}

    def _inside(self, labels: float) -> bool:
        return self.fewest <= labels <= self.most

    def _told(self, labels: float) -> str:
        if not self._inside(labels):
            return f"more than {self.most}" if labels > self.most else f"fewer than {self.fewest}"
        return f"{labels:.2g}" if labels < 3 else f"{labels:.0f}"


def label_worth(
    labels: Sequence[int], scratch: ArrayLike, reuse: ArrayLike, test_share: float = 0.0, seed: int = 0, rounds: int = ROUNDS
) -> tuple[LabelWorth, ...]:
    """For each number of labels a class, how many from scratch do what reuse does with so many.

    ``labels`` (K,): examples a class, rising. ``scratch``, ``reuse`` float64 (K, N): accuracies on N folds, the same ones. Both curves
    of means are made rising (isotonic regression, Ayer et al. 1955) and are taken as straight between the points of
    the logarithm of the labels. The interval draws folds anew, for both curves and all points together (bootstrap, percentiles,
    Efron 1979); since trainings of a cross-validation share pictures, deviations of the mean are widened as Nadeau & Bengio's (2003)
    correction widens its error: ``test_share`` is pictures tested by pictures trained on, 1/9 for ten folds, 0 for independent repetitions.
    :class:`DataError` for curves of other shapes or labels that do not rise.
    """
    given = [np.asarray(each, np.float64) for each in (scratch, reuse)]
    if any(each.ndim != 2 or each.shape != given[0].shape or len(each) != len(labels) for each in given):
        raise DataError(f"two curves need (K, N) values of {len(labels)} numbers of labels: {given[0].shape} and {given[1].shape}")
    if not labels or labels[0] < 1 or any(after <= before for before, after in pairwise(labels)):
        raise DataError(f"numbers of labels must rise from 1 or more: {', '.join(map(str, labels))}")
    folds = given[0].shape[1]
    drawn = np.random.default_rng(seed).integers(0, folds, (rounds, folds))
    wider = sqrt(1 + folds * test_share)
    means = [each.mean(axis=1) for each in given]
    again = [_rising(mean + wider * (each[:, drawn].mean(axis=2).T - mean)) for each, mean in zip(given, means, strict=True)]
    ours, theirs = (_rising(mean[None]) for mean in means)
    found = []
    for at, count in enumerate(labels):
        equals = _needed(labels, ours, theirs[:, at])[0]
        low, high = np.quantile(_needed(labels, again[0], again[1][:, at]), [LEVEL / 2, 1 - LEVEL / 2], method="nearest")
        found.append(LabelWorth(count, float(theirs[0, at]), float(equals), float(low), float(high), labels[0], labels[-1]))
    return tuple(found)


def _rising(curves: Floats) -> Floats:
    """The nearest rising curve of each by least squares, (R, K) -> (R, K): of the means of all stretches that hold a point the lowest for
    each start, and of these the highest (the min-max formula of isotonic regression)."""
    count = curves.shape[1]
    sums = np.concatenate([np.zeros((len(curves), 1)), curves.cumsum(axis=1)], axis=1)
    fitted = np.full_like(curves, -inf)
    for start in range(count):
        means = (sums[:, start + 1 :] - sums[:, start : start + 1]) / np.arange(1, count - start + 1)
        lowest = np.minimum.accumulate(means[:, ::-1], axis=1)[:, ::-1]
        fitted[:, start:] = np.maximum(fitted[:, start:], lowest)
    return fitted


def _needed(labels: Sequence[int], curves: Floats, wanted: Floats) -> Floats:
    """Labels a class at which each rising curve (R, K) reaches what is ``wanted`` of it (R,)."""
    logs = np.log(np.asarray(labels, np.float64))
    at = (curves < wanted[:, None]).sum(axis=1)
    rows, before, after = np.arange(len(curves)), np.maximum(at - 1, 0), np.minimum(at, len(labels) - 1)
    low, high = curves[rows, before], curves[rows, after]
    share = np.clip((wanted - low) / np.where(high > low, high - low, 1.0), 0.0, 1.0)
    inside = np.exp(logs[before] + share * (logs[after] - logs[before]))
    fewer = np.where(curves[:, 0] > wanted, 0.0, labels[0])
    return np.where(at == len(labels), inf, np.where(at == 0, fewer, inside))
