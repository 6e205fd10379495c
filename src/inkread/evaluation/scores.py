"""The figures of a test as a whole that need probabilities: top-k, calibration, thresholds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .accuracy import Accuracy, wilson
from .calibration import Calibration, calibration, negative_log_likelihood
from .chance import Chance, calibration_error_by_chance
from .risk import RiskCoverage, risk_coverage
from .view import View

TOP = (2, 3, 5)
ERRORS = (0.005, 0.01, 0.02)
POINTS = 200


@dataclass(frozen=True)
class Top:
    """How often the truth is among the ``k`` most probable answers."""

    k: int
    accuracy: Accuracy


@dataclass(frozen=True)
class Calibrated:
    """How far the probabilities can be believed.

    ``temperature``: what the logits are divided by in use, fitted on other pictures than these; None where not known.
    ``after``: the calibration with the temperature, or as told where it is not known. ``before``: without it, or None.
    ``by_chance``: the error that ``after`` would have in tests of this size were its probabilities as good as their word.
    """

    temperature: float | None
    before: Calibration | None
    after: Calibration
    by_chance: Chance

    @property
    def beyond_chance(self) -> bool:
        """Whether the error is larger than in 95 % of the tests of probabilities that are as good as their word."""
        return self.after.error > self.by_chance.high


@dataclass(frozen=True)
class Threshold:
    """Where answers below ``probability`` go to a person, the share ``coverage`` of all is kept, and of those ``risk`` is
    wrong, at most ``error``. ``kept``: pictures, ``wrong``: how many of them are; ``low``, ``high``: the 95 % interval of
    ``risk`` (Wilson). ``too_few``: had no kept answer been wrong, the interval would still reach above ``error``: so few
    pictures cannot show it. All None but ``error`` where no threshold does it."""

    error: float
    probability: float | None
    coverage: float | None
    risk: float | None
    kept: int | None
    wrong: int | None
    low: float | None
    high: float | None
    too_few: bool | None


@dataclass(frozen=True)
class Selective:
    """Risk against coverage. ``curve``: at most :data:`POINTS` points of it; ``area``: under all of it (AURC);
    ``thresholds``: for 0.5, 1 and 2 % error, read off on this very test."""

    curve: RiskCoverage
    area: float
    thresholds: tuple[Threshold, ...]


def top(seen: View) -> tuple[Top, ...]:
    """The accuracy of the first 2, 3 and 5 answers, as far as there are more classes than that.

    Classes as probable as the truth come before it, unless it is the answer; where nothing was answered nothing is right.
    """
    truth = np.where(seen.targets, seen.probabilities, -1.0).max(axis=1)
    before = (~seen.targets & (seen.probabilities >= truth[:, None])).sum(axis=1)
    told = (seen.answers >= 0) & (truth > 0)
    among = [(k, seen.right | told & (before < k)) for k in TOP if k < len(seen.alphabet)]
    return tuple(Top(k, Accuracy.of(int(each.sum()), len(seen))) for k, each in among)


def calibrated(seen: View) -> Calibrated:
    """The calibration of a view's probabilities, before and after the temperature."""
    told = seen.answered
    before = None if told.before is None else calibration(told.before, seen.targets)
    found = calibration(told.probabilities, seen.targets)
    by_chance = calibration_error_by_chance(np.asarray(told.probabilities.max(axis=1)), len(found.bins))
    return Calibrated(told.temperature, before, found, by_chance)


def selective(seen: View) -> Selective:
    """Risk against coverage of a view's answers."""
    curve = risk_coverage(seen.confidence, seen.right)
    return Selective(_thinned(curve), curve.area, tuple(_threshold(curve, error, len(seen)) for error in ERRORS))


def likelihood(seen: View) -> float:
    """The negative log likelihood of the truth in nats a picture."""
    return negative_log_likelihood(seen.probabilities, seen.targets)


def _threshold(curve: RiskCoverage, error: float, count: int) -> Threshold:
    at = curve.place_for(error)
    if at is None:
        return Threshold(error, None, None, None, None, None, None, None, None)
    coverage, risk = float(curve.coverage[at]), float(curve.risk[at])
    kept = round(coverage * count)
    wrong, too_few = round(risk * kept), wilson(0, kept)[1] > error
    return Threshold(error, float(curve.threshold[at]), coverage, risk, kept, wrong, *wilson(wrong, kept), too_few)


def _thinned(curve: RiskCoverage) -> RiskCoverage:
    """Some of the points, evenly over the coverage, first and last included."""
    if len(curve.coverage) <= POINTS:
        return curve
    wanted = np.linspace(curve.coverage[0], curve.coverage[-1], POINTS)
    at = np.unique(np.searchsorted(curve.coverage, wanted - 1e-12))
    return RiskCoverage(curve.threshold[at], curve.coverage[at], curve.risk[at])
