"""Several models that answer together: the mean of their probabilities, and how often each should count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..alphabet import Alphabet
from ..errors import AlphabetError, RunError
from .calibration import softmax

ROUNDS = 30
"""Choices, at most: one more changes a weight by a thirtieth."""

TINY = 1e-30
"""The least probability that a logarithm is taken of."""


def check_together(models: Sequence[tuple[str, Alphabet, object]]) -> None:
    """:class:`AlphabetError` and :class:`RunError` where these models, each with its name, its answers and how its pictures are
    prepared, do not answer the same question."""
    name, told, prepared = models[0]
    for other, theirs, otherwise in models[1:]:
        if theirs != told:
            raise AlphabetError(
                f"models of different characters cannot answer together: {name} reads {told.characters}, {other} {theirs.characters}"
            )
        if otherwise != prepared:
            raise RunError(f"models whose pictures are prepared differently cannot answer together: {name}, {other}")


def pooled(logits: Sequence[ArrayLike], weights: Sequence[float] | None = None) -> NDArray[np.float64]:
    """The log of the mean of the members' probabilities, float64 (N,K), the rows of its exp summing to 1.

    ``logits``: of each of the M members (N,K), divided by its temperature; ``weights`` (M,) in proportion, all equal where
    not told. Lakshminarayanan et al. 2017, "Simple and Scalable Predictive Uncertainty Estimation using Deep Ensembles".
    """
    mean = np.average([softmax(each) for each in logits], axis=0, weights=weights)
    return np.asarray(np.log(np.maximum(mean, TINY)))


def chosen_greedily(
    logits: Sequence[ArrayLike], targets: NDArray[np.bool_], prior: ArrayLike = 0.0, importance: NDArray[np.float64] | None = None
) -> NDArray[np.int64]:
    """How often each of M members is taken, int64 (M,), by a greedy choice with replacement.

    Begins with the best one, then adds whichever makes the mean's loss on these pictures least, and keeps what had the
    least loss of all, the fewest choices of equals. ``logits``: of each (N,K), divided by its temperature; ``targets``
    bool (N,K); ``prior``: log prior under which they are asked, (K,) or (N,K); ``importance`` (N,): how much each picture
    counts. The pictures must be none that trained a member. Caruana et al. 2004, "Ensemble Selection from Libraries of
    Models".
    """
    members = [softmax(each) * np.exp(prior) for each in logits]
    # of the mean's loss only two sums are needed: what the allowed classes have, and what all have
    told = np.stack([np.stack([(each * targets).sum(axis=1), each.sum(axis=1)]) for each in members])
    taken, sums = np.zeros(len(members), np.int64), np.zeros(told.shape[1:])
    best, least = taken, np.inf
    for _ in range(ROUNDS):
        losses = [_loss(sums + each, importance) for each in told]
        at = int(np.argmin(losses))
        taken, sums = taken + (np.arange(len(members)) == at), sums + told[at]
        if losses[at] < least - 1e-9:
            best, least = taken, losses[at]
    return best


def _loss(sums: NDArray[np.float64], importance: NDArray[np.float64] | None) -> float:
    allowed, whole = sums
    return float(np.average(-np.log(np.maximum(allowed / whole, TINY)), weights=importance))
