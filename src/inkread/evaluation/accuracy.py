"""How often the answer is right, with its interval."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import hypot, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError
from .truth import as_targets, check_length

NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Accuracy:
    """``right`` of ``count`` pictures; ``value`` is their share 0..1, ``low`` and ``high`` its 95 % interval (Wilson 1927)."""

    right: int
    count: int
    value: float
    low: float
    high: float

    @classmethod
    def of(cls, right: int, count: int) -> Accuracy:
        """So many right of ``count``, at least one."""
        return cls(right, count, right / count, *wilson(right, count))

    def as_dict(self) -> dict[str, float | int]:
        """As plain numbers, for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        return f"{100 * self.value:.2f} % ({100 * self.low:.2f}-{100 * self.high:.2f}, n={self.count})"


def wilson(successes: float, count: float, z: float = NORMAL_95) -> tuple[float, float]:
    """The score interval of a share, both ends in 0..1 and the share between them (Wilson 1927; Brown, Cai & DasGupta 2001); 0..1 for
    none. Pictures that count in parts make the two no whole numbers."""
    if not count:
        return 0.0, 1.0
    share = successes / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    # rounding must not put the share itself outside
    return min(max(middle - half, 0.0), share), max(min(middle + half, 1.0), share)


def newcombe(first: Accuracy, second: Accuracy) -> tuple[float, float]:
    """The 95 % interval of the first share minus the second, of other pictures each (Newcombe 1998, method 10)."""
    difference = first.value - second.value
    below = hypot(first.value - first.low, second.high - second.value)
    return difference - below, difference + hypot(first.high - first.value, second.value - second.low)


def right(answers: ArrayLike, truth: ArrayLike, classes: int | None = None) -> NDArray[np.bool_]:
    """Which answers are right, bool (N,). ``answers`` int (N,), -1 for none; ``truth`` int (N,) or bool (N,K).

    An answer is right where it is one of the classes that the picture may be. ``classes``: K where ``truth`` is int
    and the highest class may be absent.
    """
    given = np.asarray(answers)
    if given.ndim != 1 or (given.size and not np.issubdtype(given.dtype, np.integer)):
        raise DataError(f"answers must be integers (N,): {given.dtype} {given.shape}")
    told = np.asarray(truth)
    most = told.shape[1] if told.ndim == 2 else classes or 1 + int(max(given.max(initial=0), told.max(initial=0)))
    targets = as_targets(told, most)
    check_length("answers", given, targets)
    if given.max() >= most:
        raise DataError(f"answers must lie below {most}: {given.max()}")
    return np.where(given < 0, False, targets[np.arange(len(given)), np.maximum(given, 0)])


def accuracy(answers: ArrayLike, truth: ArrayLike) -> Accuracy:
    """The share of right answers. ``answers`` int (N,), -1 for none; ``truth`` int (N,), or bool (N,K) where it is a set."""
    hits = right(answers, truth)
    return Accuracy.of(int(hits.sum()), len(hits))


def by_class(answers: ArrayLike, truth: ArrayLike, classes: int) -> NDArray[np.float64]:
    """The share of right answers of each class, float64 (K,), NaN where the class is absent.

    A picture that may be several classes counts for each of them in equal parts.
    """
    hits = right(answers, truth, classes)
    targets = as_targets(truth, classes)
    shares = targets / targets.sum(axis=1, keepdims=True)
    present = shares.sum(axis=0)
    return np.where(present > 0, (shares * hits[:, None]).sum(axis=0) / np.maximum(present, 1e-12), np.nan)


def macro_accuracy(answers: ArrayLike, truth: ArrayLike, classes: int) -> float:
    """The mean of :func:`by_class` over the classes present: what a reader gets where all classes are equally frequent."""
    return float(np.nanmean(by_class(answers, truth, classes)))
