"""Whether two readers can be told apart, of the same pictures or of others."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import comb, erfc, sqrt

import numpy as np
from numpy.typing import ArrayLike

from ..errors import DataError
from .accuracy import Accuracy


@dataclass(frozen=True)
class PairedTest:
    """``first_only``, ``second_only``: pictures that only one of the two got right; ``p``: how likely a difference at
    least as large is where neither is better; ``difference``: accuracy of the first minus that of the second."""

    first_only: int
    second_only: int
    difference: float
    p: float

    def as_dict(self) -> dict[str, float | int]:
        """As plain numbers, for JSON."""
        return asdict(self)


def mcnemar(first: ArrayLike, second: ArrayLike) -> PairedTest:
    """McNemar's test (1947), two-sided, of which pictures were right, bool (N,) each.

    Exact (binomial) up to 1,000 disagreements, above that the normal approximation with continuity correction.
    """
    ours, theirs = np.asarray(first, np.bool_), np.asarray(second, np.bool_)
    if ours.shape != theirs.shape or ours.ndim != 1 or not len(ours):
        raise DataError(f"two rows of the same pictures are compared: {ours.shape} and {theirs.shape}")
    a, b = int((ours & ~theirs).sum()), int((~ours & theirs).sum())
    return PairedTest(a, b, (a - b) / len(ours), _p(a, b))


def unpaired(first: Accuracy, second: Accuracy) -> float:
    """How likely shares of other pictures each are to differ so much where neither is better: Pearson's test of four counts (1900)."""
    count, right = first.count + second.count, first.right + second.right
    spread = sqrt(right * (count - right) / (first.count * second.count * count))
    return erfc(abs(first.value - second.value) / spread / sqrt(2)) if spread else 1.0


def _p(a: int, b: int) -> float:
    n = a + b
    if n > 1000:
        return erfc(max(abs(a - b) - 1, 0) / sqrt(n) / sqrt(2))
    tail = sum(comb(n, k) for k in range(min(a, b) + 1))
    return min(1.0, float(2 * tail / 2**n))
