"""Training and validation pictures out of one set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def split(targets: NDArray[np.bool_], fraction: float, seed: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Indices for training and for validation, int64 and rising, which together are all pictures, each once.

    ``targets``: bool (N,K). ``fraction``: the share that validates, 0 <= fraction < 1. Stratified: every set of targets
    that occurs (a class, or a row of several such as ``Cc``) gives this share of its pictures, rounded, but at least one
    to each side where it has two and the fraction is not 0; a single picture trains. The same targets, fraction and seed
    give the same split.
    """
    if not 0 <= fraction < 1:
        raise UsageError(f"the share that validates must be at least 0 and below 1: {fraction}")
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(targets))
    groups = np.unique(np.packbits(targets, axis=1), axis=0, return_inverse=True)[1].reshape(-1)[order]
    validates = np.zeros(len(targets), np.bool_)
    for group in range(int(groups.max(initial=-1)) + 1):
        members = order[groups == group]
        least = 1 if fraction else 0
        count = min(max(round(len(members) * fraction), least), len(members) - 1)
        validates[members[:count]] = True
    return np.flatnonzero(~validates), np.flatnonzero(validates)
