"""A last layer fitted to few pictures: logistic regression that starts from what is known and moves no further than it must.

The answer is the maximum of the posterior: every column of the layer has a normal prior round the known one. Its
precision is the scatter of the features under small distortions of the pictures, so that a layer may change freely along
what tells characters apart, and hardly along what differs between two writings of one character. (A normal prior
at an earlier model's weights: Chelba and Acero 2004; within-class scatter as its metric: regularised discriminant
analysis, Friedman 1989.) The pictures' classes are as frequent as the user happened to write them, which is taken out by
adding the logarithm of their counts while fitting (logit adjustment, Menon et al. 2021).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

STRENGTH = 3.0
"""How many pictures the prior is worth along a direction of average scatter."""

DISCOUNT = 0.7
"""What the known layer is multiplied with before it is improved: a reader is surer of itself than a new hand warrants.

This and the strength were chosen on UNIPEN writers, 3 pictures per character, between what suited a reader that had never
seen UNIPEN (0.5) and one that had trained on it (1); a factor of two in either costs less than a point.
"""

UNSEEN = 0.1
"""Pictures that a class without any counts for: it is not punished for a likeness that nobody wrote a counter-example to."""

STEPS, CLOSE = 300, 3e-4
"""Steps of the fit at most, and the change of the layer (root of the mean square, relative) at which it stops."""

SCALES = np.exp(np.linspace(np.log(0.1), np.log(2.0), 31))


@dataclass(frozen=True, eq=False)
class Layer:
    """A last layer: logits = features @ ``weights`` (D, K) + ``bias`` (K,), float64."""

    weights: Floats
    bias: Floats

    def logits(self, features: NDArray[np.floating]) -> Floats:
        """Logits float64 (N, K) of features (N, D)."""
        return np.asarray(features @ self.weights + self.bias, np.float64)

    def scaled(self, factor: float) -> Layer:
        return Layer(self.weights * factor, self.bias * factor)


@dataclass(frozen=True, eq=False)
class Lessons:
    """What a layer is fitted to.

    ``features``: float64 (N, D). ``targets``: int64 (N,), classes. ``weights``: float64 (N,), how many pictures each counts for.
    """

    features: Floats
    targets: NDArray[np.int64]
    weights: Floats

    def take(self, chosen: NDArray[np.bool_]) -> Lessons:
        return Lessons(self.features[chosen], self.targets[chosen], self.weights[chosen])

    def with_more(self, others: Lessons) -> Lessons:
        return Lessons(
            np.concatenate([self.features, others.features]),
            np.concatenate([self.targets, others.targets]),
            np.concatenate([self.weights, others.weights]),
        )


def scatter(differences: Floats, share: float = 0.05) -> Floats:
    """The second moment (D, D) of differences between features (N, D), its spectrum lifted by ``share`` of its mean and scaled
    to a mean of 1."""
    moment = differences.T @ differences / max(len(differences), 1)
    mean = float(np.trace(moment)) / len(moment)
    lifted = (1 - share) * moment / (mean or 1.0) + share * np.eye(len(moment))
    return np.asarray(lifted / (np.trace(lifted) / len(lifted)))


def fitted(lessons: Lessons, known: Layer, metric: Floats) -> Layer:
    """The known layer (D, K) improved on the lessons, with ``metric`` (D, D) as the precision of the prior.

    Steps of Newton's method with Böhning's bound on the curvature (1992), which never overshoots and is inverted once,
    with Nesterov's momentum.
    """
    scale = float(np.sqrt(np.mean((lessons.features - lessons.features.mean(axis=0)) ** 2))) or 1.0
    centre = lessons.features.mean(axis=0)
    inputs = np.c_[(lessons.features - centre) / scale, np.ones(len(lessons.features))]
    start = np.vstack([known.weights * scale, known.bias + centre @ known.weights])
    precision = np.zeros((len(start), len(start)))
    precision[:-1, :-1] = STRENGTH * metric
    precision[-1, -1] = STRENGTH
    found = _descended(inputs, lessons, start, precision)
    weights = found[:-1] / scale
    return Layer(weights, found[-1] - centre @ weights)


def _descended(inputs: Floats, lessons: Lessons, start: Floats, precision: Floats) -> Floats:
    counts = np.bincount(lessons.targets, lessons.weights, start.shape[1])
    prior = np.log(np.where(counts > 0, counts, UNSEEN))
    wanted = np.zeros((len(inputs), start.shape[1]))
    wanted[np.arange(len(inputs)), lessons.targets] = 1.0
    weights = lessons.weights[:, None]
    step = np.linalg.inv(0.5 * (inputs * weights).T @ inputs + precision)
    found = ahead = start
    momentum = 1.0
    for _ in range(STEPS):
        slope = inputs.T @ (weights * (softmax(inputs @ ahead + prior) - wanted)) + precision @ (ahead - start)
        last, found = found, ahead - step @ slope
        following = (1 + np.sqrt(1 + 4 * momentum**2)) / 2
        ahead = found + (momentum - 1) / following * (found - last)
        momentum = following
        if float(np.mean((found - last) ** 2)) <= CLOSE**2 * float(np.mean(found**2)):
            break
    return found


def best_scale(logits: Floats, targets: NDArray[np.int64]) -> float:
    """The factor, 0.1 to 2, that makes the logits' probabilities fit the targets best (the inverse of a temperature)."""
    at = np.arange(len(targets))
    fits = [float(np.mean(np.log(softmax(logits * scale)[at, targets] + 1e-12))) for scale in SCALES]
    return float(SCALES[int(np.argmax(fits))])


def softmax(logits: Floats) -> Floats:
    """Probabilities float64 (N, K) of logits (N, K)."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))
