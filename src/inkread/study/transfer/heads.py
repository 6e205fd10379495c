"""What is learnt on the features of a frozen body, from the training pictures of a fold alone."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

STRENGTHS = (1.0, 10.0, 100.0, 1000.0)
"""Of the data against the prior in logistic regression (scikit-learn's C), for features of length 1: from near the means of
the classes to nearly no prior at all."""

INNER = 3
"""Parts of the inner split by which one of these is chosen; as many as a class has pictures where those are fewer."""

WIDTH, EPOCHS = 128, 40
"""Of the added layer."""


def new_head(features: Floats, labels: NDArray[np.int64], asked: Floats, seed: int) -> NDArray[np.float64]:
    """Probabilities (M,C) of the C classes that occur in ``labels``, in their order: multinomial logistic regression.

    ``features`` (N,D) with ``labels`` (N,) to learn from, ``asked`` (M,D). The strength with the least loss in an inner
    cross-validation is taken; one picture of a class cannot be split, and leaves the second of :data:`STRENGTHS`.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import GridSearchCV, StratifiedKFold

    learner = LogisticRegression(C=STRENGTHS[1], max_iter=300, tol=1e-3)
    parts = min(INNER, int(np.unique(labels, return_counts=True)[1].min()))
    if parts > 1:
        inner = StratifiedKFold(parts, shuffle=True, random_state=seed)
        learner = GridSearchCV(learner, {"C": STRENGTHS}, scoring="neg_log_loss", cv=inner)
    given, asked = _scaled(features, asked, 1.0)
    with _unwarned():
        learner.fit(given, labels)
    return np.asarray(learner.predict_proba(asked), np.float64)


def added_layers(features: Floats, labels: NDArray[np.int64], asked: Floats, seed: int, epochs: int = 0) -> NDArray[np.float64]:
    """Like :func:`new_head`, with a hidden layer of :data:`WIDTH` between, trained by Adam for ``epochs`` (0: :data:`EPOCHS`).

    scikit-learn's own weight decay; the number of epochs is fixed, so that nothing is chosen.
    """
    from sklearn.neural_network import MLPClassifier

    learner = MLPClassifier((WIDTH,), batch_size=min(64, len(labels)), max_iter=epochs or EPOCHS, tol=0.0, random_state=seed)
    given, asked = _scaled(features, asked, features.shape[1] ** 0.5)
    with _unwarned():
        learner.fit(given, labels)
    return np.asarray(learner.predict_proba(asked), np.float64)


def _scaled(features: Floats, asked: Floats, length: float) -> tuple[Floats, Floats]:
    """Both centred on ``features`` and scaled alike, so that those have this ``length`` (root of the mean square)."""
    centre = features.mean(axis=0)
    now = float(np.sqrt(((features - centre) ** 2).sum(axis=1).mean())) or 1.0
    return (features - centre) * (length / now), (asked - centre) * (length / now)


def _unwarned() -> warnings.catch_warnings[None]:
    """Few pictures of many classes, and so many steps and no more, are meant: scikit-learn would warn of both."""
    return warnings.catch_warnings(action="ignore", category=UserWarning)
