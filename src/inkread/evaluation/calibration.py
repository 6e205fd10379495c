"""How far probabilities can be believed, and the one number that makes them more believable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError
from .truth import answers_of, as_targets, check_length

LOWEST, HIGHEST = 0.05, 20.0
"""Between these the temperature is sought."""


@dataclass(frozen=True)
class CalibrationBin:
    """The ``count`` answers whose probability lies in (``low``, ``high``]: its mean, and the share that was right (NaN for none)."""

    low: float
    high: float
    count: int
    probability: float
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """``error``: the mean distance between probability and accuracy over all answers (ECE, Naeini et al. 2015), by ``bins``."""

    error: float
    bins: tuple[CalibrationBin, ...]

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON; an empty bin's NaN becomes None."""
        told = asdict(self)
        told["bins"] = [{key: None if value != value else value for key, value in each.items()} for each in told["bins"]]
        return told


@dataclass(frozen=True)
class Temperature:
    """``value``: what logits are divided by; ``before`` and ``after``: negative log likelihood in nats at 1 and at ``value``."""

    value: float
    before: float
    after: float

    def as_dict(self) -> dict[str, float]:
        """As plain numbers, for JSON."""
        return asdict(self)


def softmax(logits: ArrayLike) -> NDArray[np.float64]:
    """Probabilities (N,K) of logits (N,K), in float64."""
    values = np.asarray(logits, np.float64)
    powers = np.exp(values - values.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def negative_log_likelihood(probabilities: ArrayLike, truth: ArrayLike, weights: ArrayLike | None = None) -> float:
    """The mean of minus the log of the probability of the truth, in nats; summed over the classes that a picture may be.

    ``probabilities`` (N,K); ``truth`` int (N,) or bool (N,K); ``weights`` (N,): how much each picture counts.
    """
    given = np.asarray(probabilities, np.float64)
    targets = as_targets(truth, given.shape[-1])
    check_length("rows of probabilities", given, targets)
    losses = -np.log(np.maximum((given * targets).sum(axis=1), 1e-300))
    return float(np.average(losses, weights=None if weights is None else np.asarray(weights, np.float64)))


def calibration(probabilities: ArrayLike, truth: ArrayLike, bins: int = 15) -> Calibration:
    """How the probability of the answer compares with how often it is right, in ``bins`` bins of equal width.

    ``probabilities`` (N,K), rows summing to 1; ``truth`` int (N,) or bool (N,K). A row of equal ones is no answer, and not right.
    """
    given = np.asarray(probabilities, np.float64)
    targets = as_targets(truth, given.shape[-1])
    check_length("rows of probabilities", given, targets)
    if given.min() < -1e-9 or np.abs(given.sum(axis=1) - 1.0).max() > 1e-3:
        raise DataError("rows of probabilities must not be negative and must sum to 1")
    answers = answers_of(given)
    top = given.max(axis=1)
    hits = (answers >= 0) & targets[np.arange(len(given)), np.maximum(answers, 0)]
    number = np.clip(np.ceil(top * bins).astype(np.int64) - 1, 0, bins - 1)
    found = tuple(_bin(at, bins, top[number == at], hits[number == at]) for at in range(bins))
    error = sum(each.count / len(given) * abs(each.probability - each.accuracy) for each in found if each.count)
    return Calibration(float(error), found)


def expected_calibration_error(probabilities: ArrayLike, labels: ArrayLike, bins: int = 15) -> float:
    """The error of :func:`calibration`, 0..1."""
    return calibration(probabilities, labels, bins).error


def fit_temperature(logits: ArrayLike, truth: ArrayLike, prior: ArrayLike | None = None, weights: ArrayLike | None = None) -> Temperature:
    """The temperature under which the truth is likeliest (Guo et al. 2017), by golden section on its logarithm.

    ``logits`` (N,K) free of priors; ``truth`` int (N,) or bool (N,K); ``prior``: log prior (K,) or (N,K) of the pictures,
    added after the division as a reader does; ``weights`` (N,): how much each picture counts.
    """
    values = np.asarray(logits, np.float64)
    targets = as_targets(truth, values.shape[-1])
    check_length("rows of logits", values, targets)
    added = np.zeros(values.shape[-1]) if prior is None else np.asarray(prior, np.float64)

    def loss(log_temperature: float) -> float:
        return negative_log_likelihood(softmax(values / np.exp(log_temperature) + added), targets, weights)

    best = _lowest(loss, float(np.log(LOWEST)), float(np.log(HIGHEST)))
    return Temperature(float(np.exp(best)), loss(0.0), loss(best))


def _bin(number: int, bins: int, top: NDArray[np.float64], hits: NDArray[np.bool_]) -> CalibrationBin:
    mean, share = (float(top.mean()), float(hits.mean())) if len(top) else (float("nan"), float("nan"))
    return CalibrationBin(number / bins, (number + 1) / bins, len(top), mean, share)


def _lowest(function: Callable[[float], float], low: float, high: float, width: float = 1e-4) -> float:
    """Where ``function``, which has one valley, is lowest between ``low`` and ``high`` (golden section search)."""
    golden = (5**0.5 - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > width:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - golden * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + golden * (high - low)
            at_right = function(right)
    return (low + high) / 2
