"""The truth in either of its two forms: one class a picture, or the set of classes that it may be."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..errors import DataError


def as_targets(truth: ArrayLike, classes: int) -> NDArray[np.bool_]:
    """Targets bool (N, classes) of ``truth``: class indices int (N,), or targets bool (N, classes) already.

    :class:`DataError` where an index lies outside, or a picture may be nothing.
    """
    given = np.asarray(truth)
    if given.ndim == 2:
        if given.dtype != np.bool_ or given.shape[1] != classes:
            raise DataError(f"targets must be bool (N,{classes}): {given.dtype} {given.shape}")
        if not given.any(axis=1).all():
            raise DataError(f"pictures without a true class: {int((~given.any(axis=1)).sum())}")
        return given
    if given.ndim != 1 or (given.size and not np.issubdtype(given.dtype, np.integer)):
        raise DataError(f"labels must be integers (N,): {given.dtype} {given.shape}")
    if given.size and (given.min() < 0 or given.max() >= classes):
        raise DataError(f"labels must lie in 0..{classes - 1}: {given.min()}..{given.max()}")
    targets = np.zeros((len(given), classes), np.bool_)
    targets[np.arange(len(given)), given.astype(np.int64)] = True
    return targets


def answers_of(probabilities: NDArray[np.float64]) -> NDArray[np.int64]:
    """The most probable class of each row (N,K), int64 (N,); -1 where all classes are equally probable, which says nothing."""
    highest = probabilities.max(axis=1)
    silent = (highest == probabilities.min(axis=1)) & ((probabilities.shape[1] > 1) | (highest == 0))
    return np.where(silent, -1, probabilities.argmax(axis=1))


def check_length(what: str, values: NDArray[np.generic], targets: NDArray[np.bool_]) -> None:
    """:class:`DataError` where there is not one value a picture, or no picture at all."""
    if len(values) != len(targets):
        raise DataError(f"{len(values)} {what} for {len(targets)} pictures")
    if not len(values):
        raise DataError("there is no picture to evaluate on")
