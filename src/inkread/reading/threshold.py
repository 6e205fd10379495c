"""From which probability an answer counts as sure, so that at most a wanted share of the sure ones is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np
from numpy.typing import NDArray

from ..bundle import RiskData
from ..errors import UsageError
from .posterior import Posterior


@dataclass(frozen=True)
class Threshold:
    """A probability from which answers are sure, and what that did to the left-out pictures.

    ``probability``: 0..1. ``coverage``: share of them that it accepts. ``error``: share of the accepted ones that are
    wrong. Both are NaN where the bundle holds no left-out pictures that the alphabet can answer.
    """

    probability: float
    coverage: float = nan
    error: float = nan


@dataclass(frozen=True, eq=False)
class Curve:
    """Left-out pictures from the most probable answer to the least: risk against coverage (El-Yaniv and Wiener 2010).

    All float64 (n,). ``probabilities``: falling. ``coverage``, ``error``: of accepting up to and with each. ``least``: the
    smallest error that so many pictures can show, one over their number (Kish's effective number, as they are weighted).
    """

    probabilities: NDArray[np.float64]
    coverage: NDArray[np.float64]
    error: NDArray[np.float64]
    least: NDArray[np.float64]

    def at(self, probability: float) -> Threshold:
        """What accepting from this probability on does."""
        accepted = int(np.searchsorted(-self.probabilities, -probability, side="right"))
        if not len(self.probabilities):
            return Threshold(probability)
        if not accepted:
            return Threshold(probability, 0.0)
        return Threshold(probability, float(self.coverage[accepted - 1]), float(self.error[accepted - 1]))

    def within(self, max_error: float) -> Threshold:
        """The smallest probability from which at most this share of the accepted pictures is wrong.

        :class:`UsageError` where none keeps to it, or where too few pictures would be accepted to show such an error.
        """
        if not 0.0 < max_error < 1.0:
            raise UsageError(f"an error to keep to must be above 0 and below 1: {max_error:g}")
        if not len(self.probabilities):
            raise UsageError("the bundle holds no left-out pictures of this alphabet to compute a threshold from", _INSTEAD)
        shown = np.maximum(self.error, self.least)
        shown[:-1][np.diff(self.probabilities) == 0] = np.inf  # equal probabilities are accepted together
        kept = np.flatnonzero(shown <= max_error)
        if not len(kept):
            best = int(shown.argmin())
            way = f"the left-out pictures show {shown[best]:.2%} at least, when {self.coverage[best]:.0%} of them are accepted"
            raise UsageError(f"an error of at most {max_error:.2%} is not reachable with this alphabet and prior", way)
        return self.at(float(self.probabilities[kept[-1]]))


_INSTEAD = "give the probability itself (reject below)"


def curve(risk: RiskData | None, posterior: Posterior) -> Curve:
    """The curve of these left-out pictures under this alphabet, case policy and prior.

    Pictures of characters outside the alphabet are left out. The others are weighted so that each class counts as often
    as the prior expects it, however many pictures of it were left out.
    """
    if risk is None or not len(risk):
        return Curve(*(np.zeros(0) for _ in range(4)))
    classes = risk.targets.astype(np.int64)
    truth = posterior.conversion.labels(classes)
    counted = truth >= 0
    if not counted.any():
        return Curve(*(np.zeros(0) for _ in range(4)))
    classes, truth = classes[counted], truth[counted]
    probabilities, _ = posterior.of(risk.logits[counted])
    expected = np.exp(posterior.log_prior)[classes] / np.bincount(classes)[classes]
    top = probabilities.max(axis=1)
    order = np.argsort(-top, kind="stable")
    weights = expected[order]
    wrong = (probabilities.argmax(axis=1) != truth)[order]
    accepted = np.cumsum(weights)
    return Curve(top[order], accepted / accepted[-1], np.cumsum(weights * wrong) / accepted, np.cumsum(weights**2) / accepted**2)
