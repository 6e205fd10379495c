"""Repeated stratified cross-validation: the same folds for whoever asks with the same labels and seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import MissingExtra


@dataclass(frozen=True, eq=False)
class Fold:
    """``number`` from 0 over all repetitions; indices of the pictures that train and of those that are asked, int64."""

    number: int
    train: NDArray[np.int64]
    test: NDArray[np.int64]


def folds_of(labels: NDArray[np.int64], folds: int, repetition: int, seed: int) -> list[Fold]:
    """The folds of a repetition, counted from 1; together their test parts are every picture once.

    scikit-learn's RepeatedStratifiedKFold: how many repetitions there are does not change the earlier ones.
    """
    try:
        from sklearn.model_selection import RepeatedStratifiedKFold
    except ImportError as error:
        raise MissingExtra("scikit-learn", "study") from error
    dealt = RepeatedStratifiedKFold(n_splits=folds, n_repeats=repetition, random_state=seed)
    every = [Fold(number, train, test) for number, (train, test) in enumerate(dealt.split(labels, labels))]
    return every[-folds:]


def few(labels: NDArray[np.int64], fold: Fold, examples: int, seed: int) -> NDArray[np.int64]:
    """``examples`` training pictures of each class at most (0: all), indices int64; more of them hold the fewer ones."""
    if not examples:
        return fold.train
    shuffled = np.random.default_rng((seed, fold.number)).permutation(fold.train)
    return np.concatenate([shuffled[labels[shuffled] == each][:examples] for each in np.unique(labels)])


def equal_in_training(pictures: NDArray[np.uint8], folds: list[Fold]) -> int:
    """How many pictures uint8 (N,28,28) are asked while an equal one trains, over all these folds."""
    equal = np.unique(pictures.reshape(len(pictures), -1), axis=0, return_inverse=True)[1].reshape(-1)
    return sum(int(np.isin(equal[each.test], equal[each.train]).sum()) for each in folds)
