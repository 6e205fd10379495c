"""What chance alone makes of a figure: nothing is to be read into one that does not exceed it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

DRAWS = 500
"""Tests that are drawn: the 95 % quantile then varies by a few percent of itself."""

LEVELS = 10
"""Levels of probability that each bin of a calibration is drawn in: one alone would spread its right answers too widely."""


@dataclass(frozen=True)
class Chance:
    """A figure over tests of the same size in which nothing but chance is at work: its ``mean``, and ``high``, which 5 % exceed."""

    mean: float
    high: float

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> Chance:
        """Of the figure in each of these tests, float64 (n,)."""
        return cls(float(values.mean()), float(np.quantile(values, 0.95)))


def calibration_error_by_chance(told: NDArray[np.float64], bins: int, seed: int = 0) -> Chance:
    """The calibration error of probabilities that are as good as their word, told of so many answers: ``told`` float64 (N,).

    Every answer is right with the very probability that was told of it ("consistency resampling", Bröcker & Smith 2007;
    Vaicenavicius et al. 2019); answers whose probabilities differ by less than 1 / (``bins`` * :data:`LEVELS`) share one.
    """
    fine = bins * LEVELS
    level = np.clip(np.ceil(told * fine).astype(np.int64) - 1, 0, fine - 1)
    counts, sums = np.bincount(level, minlength=fine), np.bincount(level, weights=told, minlength=fine)
    share = np.clip(sums / np.maximum(counts, 1), 0.0, 1.0)
    hits = np.random.default_rng(seed).binomial(counts[:, None], share[:, None], (fine, DRAWS))
    missed = np.abs((hits - sums[:, None]).reshape(bins, LEVELS, DRAWS).sum(axis=1))
    return Chance.of(missed.sum(axis=0) / len(told))


def accuracies_by_chance(counts: NDArray[np.float64], right: float, seed: int = 0) -> tuple[Chance, Chance]:
    """The range and the standard deviation of the accuracies of characters that are all read equally well.

    ``counts`` float64 (K,): pictures of each; ``right``: how many of all were read right. These are dealt out to the pictures
    at random (permutation test, Fisher 1935), which leaves each character a hypergeometric number. Parts of pictures are rounded.
    """
    pictures = np.maximum(np.round(counts), 1).astype(np.int64)
    dealt = min(round(right), int(pictures.sum()))
    rng = np.random.default_rng(seed)
    shares = rng.multivariate_hypergeometric(pictures, dealt, DRAWS, method="marginals") / pictures
    return Chance.of(np.ptp(shares, axis=1)), Chance.of(shares.std(axis=1))
