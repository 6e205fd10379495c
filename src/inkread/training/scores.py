"""What an epoch's validation says of each source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError, nearest
from ..evaluation import accuracy, macro_accuracy, negative_log_likelihood, softmax
from ..recipes import judged_by

Scores: TypeAlias = dict[str, float]
METRICS = ("loss", "accuracy", "flat_accuracy", "macro_accuracy")


def scores(logits: NDArray[np.float32], targets: NDArray[np.bool_], prior: NDArray[np.floating]) -> Scores:
    """The scores of one source: logits (N,K) free of priors, targets bool (N,K), log prior of the source (K,).

    ``loss`` (nats) and ``accuracy`` with the source's own prior, ``flat_accuracy`` and ``macro_accuracy`` (mean over
    the classes present) with a flat one. An answer is right where it is among the allowed characters.
    """
    adjusted = logits.astype(np.float64) + prior
    flat = logits.argmax(axis=1)
    return {
        "loss": negative_log_likelihood(softmax(adjusted), targets),
        "accuracy": accuracy(adjusted.argmax(axis=1), targets).value,
        "flat_accuracy": accuracy(flat, targets).value,
        "macro_accuracy": macro_accuracy(flat, targets, targets.shape[1]),
    }


def totals(of: Mapping[str, Mapping[str, float]]) -> Scores:
    """The mean of each score over the sources, each source counting the same."""
    return {metric: float(np.mean([each[metric] for each in of.values()])) for metric in METRICS} if of else {}


def chosen(of: Mapping[str, Mapping[str, float]], choose_by: str) -> float:
    """The value that the choice of the best epoch goes by (see :func:`inkread.recipes.judged_by`)."""
    source, metric = judged_by(choose_by)
    check_choice(choose_by, tuple(of))
    return (totals(of) if source == "mean" else of[source])[metric]


def check_choice(choose_by: str, sources: tuple[str, ...]) -> None:
    """:class:`UsageError` where ``choose_by`` names no metric or no source of this run."""
    source, metric = judged_by(choose_by)
    if metric not in METRICS:
        raise UsageError(f"unknown metric to choose by: {choose_by}", nearest(metric, METRICS))
    if source not in (*sources, "mean"):
        raise UsageError(f"the run has no such source to choose by: {choose_by}", nearest(source, (*sources, "mean")))
