"""What several seeds of one training say together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

from ..errors import DataError, MissingExtra


@dataclass(frozen=True)
class OverSeeds:
    """The ``mean`` of a value over ``count`` seeds, its 95 % interval ``low`` to ``high`` (Student 1908), and the ``deviation``
    of one seed."""

    count: int
    mean: float
    low: float
    high: float
    deviation: float

    def as_dict(self) -> dict[str, float | int]:
        """As plain numbers, for JSON."""
        return asdict(self)


def over_seeds(values: Sequence[float]) -> OverSeeds:
    """The values of two or more seeds, taken as drawn from one normal distribution. :class:`DataError` for fewer."""
    if len(values) < 2:
        raise DataError(f"an interval over seeds needs two or more: {len(values)}")
    try:
        from scipy.stats import t
    except ImportError as error:
        raise MissingExtra("SciPy", "data") from error
    mean, deviation = float(np.mean(values)), float(np.std(values, ddof=1))
    half = float(t.ppf(0.975, len(values) - 1)) * deviation / len(values) ** 0.5
    return OverSeeds(len(values), mean, mean - half, mean + half, deviation)
