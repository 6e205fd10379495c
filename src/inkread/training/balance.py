"""Rare classes made to count as much as frequent ones: in the loss, or by how often their pictures are drawn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .loss import certain_counts, class_shares


def class_weights(targets: Sequence[NDArray[np.bool_]], repeat: Sequence[float]) -> NDArray[np.float64]:
    """One over how many pictures of each class are drawn an epoch, float64 (K,).

    ``targets`` bool (N_s,K) and ``repeat`` of each pool, as for :func:`sampler_weights`. Scaled so that the mean over what is
    drawn is 1 (the size of the loss stays what it was); a class without pictures has weight 0. Pictures that may be
    several classes count for each in proportion (:func:`~.loss.class_shares`).
    """
    return _inverse(_drawn(targets, repeat))


def sampler_weights(targets: Sequence[NDArray[np.bool_]], repeat: Sequence[float]) -> list[NDArray[np.float64]]:
    """Weights for ``Feed(weights=...)``, one float64 (N_s,) a pool, by which all classes are drawn equally often.

    ``targets``: of each pool's training pictures, bool (N_s,K). ``repeat``: how often each pool's pictures are drawn an
    epoch; pools that are drawn often make their classes frequent.
    """
    weights = class_weights(targets, repeat)
    return [_of_pictures(of, weights) for of in targets]


def _drawn(targets: Sequence[NDArray[np.bool_]], repeat: Sequence[float]) -> NDArray[np.float64]:
    return np.asarray(np.sum([each * class_shares(of) for of, each in zip(targets, repeat, strict=True)], axis=0))


def _inverse(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    present = counts > 0
    weights = np.divide(1.0, counts, out=np.zeros_like(counts), where=present)
    return np.asarray(weights * (counts.sum() / present.sum()))


def _of_pictures(targets: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Shared out between the classes of a picture as :func:`~.loss.class_shares` does."""
    certain = certain_counts(targets) + 1.0
    return np.asarray((targets @ (certain * weights)) / (targets @ certain))
