"""What a study measured, as the charts take it: a mean over seeds with its interval, and points along an axis."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isfinite, isnan, nan
from statistics import median

FAR = 10
"""How many times as far below the middle as the best lies above it a value must lie to fall off the axis."""
LEAST = 0.01
"""Of an axis of shares: how much it spans at least, so that chance does not look like an effect."""


@dataclass(frozen=True)
class Measured:
    """A share 0..1 measured over seeds: its ``mean``, the interval ``low`` to ``high`` and ``each`` seed's value.

    NaN: a mean where all seeds failed, an interval that one seed cannot give, a seed that failed.
    """

    mean: float
    low: float = nan
    high: float = nan
    each: tuple[float, ...] = ()

    @property
    def there(self) -> bool:
        """Whether there is a mean."""
        return isfinite(self.mean)

    @property
    def failed(self) -> int:
        """How many seeds failed; at least one where there is no mean."""
        return max(sum(isnan(value) for value in self.each), not self.there)

    @property
    def arms(self) -> tuple[float, float]:
        """How far the interval reaches below and above the mean, 0 where there is none."""
        return tuple(abs(end - self.mean) if isfinite(end) else 0.0 for end in (self.low, self.high))  # type: ignore[return-value]

    @property
    def extent(self) -> list[float]:
        """Every finite value of it."""
        return [value for value in (self.mean, self.low, self.high, *self.each) if isfinite(value)]

    @property
    def complement(self) -> Measured:
        """The error of an accuracy, and the other way round."""
        return Measured(1 - self.mean, 1 - self.high, 1 - self.low, tuple(1 - value for value in self.each))


@dataclass(frozen=True)
class Series:
    """A line of a chart: ``points`` in the order of a factor's levels, or ``at`` these numbers, one a point."""

    name: str
    points: tuple[Measured, ...]
    at: tuple[float, ...] = ()


def limits(points: Iterable[Measured], far: float = FAR) -> tuple[float, float]:
    """Where an axis of shares begins and ends, so that what differs is seen.

    A value far below all others (a training that diverged) does not press them into a line: it falls off the axis, and the
    chart says so at the edge.
    """
    there = [each for each in points if each.there]
    means = [each.mean for each in there]
    if not means:
        return 0.0, 1.0
    middle, best = median(means), max(means)
    off = middle - far * max(best - middle, LEAST)
    values = [value for each in there if each.mean >= off for value in each.extent if value >= off]
    low, high = min(values), max(values)
    more = max(0.08 * (high - low), (LEAST - (high - low)) / 2)
    return max(low - more, 0.0), min(high + more, 1.0 + more / 4)
