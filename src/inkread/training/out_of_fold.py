"""What networks say of pictures that did not train them, for every picture of a set: k-fold cross-prediction."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import blake2b
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import UsageError
from ..evaluation import softmax
from ..recipes import Recipe, SourceUse
from .circumstances import Circumstances
from .fit import ALONE, run_in
from .loss import log_prior
from .pool import Pool
from .run import logits_of

FEWEST = 10
"""Pictures that a fold needs to train on anything at all."""

STEPS, SMALLEST_BATCH = 600, 32
"""Small sets are gone through in smaller batches, and their pictures more than once an epoch: so many steps at least in all."""


def out_of_fold(
    recipe: Recipe,
    pool: Pool,
    folder: Path,
    folds: int = 5,
    seed: int = 0,
    circumstances: Circumstances = ALONE,
    begun: Callable[[int], object] = lambda fold: None,
    *,
    writers: NDArray[np.str_] | None = None,
) -> NDArray[np.float32]:
    """Probabilities float32 (N,K) of the pool's pictures, each from a network that was trained without that picture.

    The pictures are dealt to ``folds`` parts (:func:`dealt`), equal ones and those of one of ``writers``, str (N,), to the same
    part (:func:`kept_together`); for each, a network is trained on all others as ``recipe``
    says (its sources give way to the pool; see :func:`sized` for small ones) and asked about that part, with the class
    shares of what it was trained on as prior. ``folder`` keeps a run a fold: a finished one is not trained again, a killed
    one goes on where it stopped. ``begun`` is told each fold from 0 that has still to be trained.

    :class:`UsageError` for less than two folds, or too few pictures; :class:`RunError` where the folder holds folds of
    other pictures or of another recipe.
    """
    if folds < 2 or len(pool) < folds * FEWEST:
        raise UsageError(f"at least two folds of {FEWEST} pictures each are needed: {folds} of {len(pool):,} pictures")
    part = dealt(pool.targets, folds, seed, kept_together(pool.renderings[0], writers, folds))
    if (held := int(np.bincount(part, minlength=folds).min())) < FEWEST // 2:
        raise UsageError(f"equal pictures stay in one fold, which leaves one with {held} pictures: {pool.name}", "give fewer --folds")
    recipe, repeat = sized(recipe.on([SourceUse(pool.name, pool.name)], recipe.alphabet), len(pool) * (folds - 1) // folds)
    found = np.empty(pool.targets.shape, np.float32)
    for fold in range(folds):
        trains, asked = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
        rest = Pool(pool.name, pool.renderings[:, trains], pool.targets[trains], repeat, data=pool.data)
        run = run_in(folder / f"fold-{fold + 1}-of-{folds}", recipe, [rest], circumstances, partial(begun, fold))
        logits = logits_of(run.network(), pool.renderings[0, asked]).astype(np.float64)
        found[asked] = softmax(logits + log_prior(rest.targets))
    return found


def sized(recipe: Recipe, count: int) -> tuple[Recipe, float]:
    """The recipe for a training on ``count`` pictures, and how often an epoch draws each: small sets take smaller batches
    and are gone through more often, and more of few is held back, so that every class has some to validate on."""
    training = recipe.training
    batch = min(training.batch, max(SMALLEST_BATCH, count // 20))
    share = max(training.validation, min(0.1, 100 / count))
    steps = training.epochs * count * (1.0 - share) / batch
    return recipe.changed({"training.batch": batch, "training.validation": share}), max(1.0, STEPS / steps)


def dealt(targets: NDArray[np.bool_], folds: int, seed: int, together: NDArray[np.integer] | None = None) -> NDArray[np.int64]:
    """The fold 0..folds-1 of each picture, int64 (N,): of every class (or set of classes, such as ``Cc``) each fold gets as
    many as any other, give or take one, and of all pictures likewise. The same for the same seed.

    ``together``: int (N,); pictures of one number come into one fold, and the folds are as even as that allows.
    """
    order = np.random.default_rng(seed).permutation(len(targets))
    classes = np.unique(np.packbits(targets, axis=1), axis=0, return_inverse=True)[1].reshape(-1).tolist()
    groups: dict[int, list[int]] = {}
    for at in order.tolist():
        groups.setdefault(at if together is None else int(together[at]), []).append(at)
    part = np.empty(len(targets), np.int64)
    totals, held = [0] * folds, [[0] * (max(classes) + 1) for _ in range(folds)]
    for group in sorted(groups.values(), key=lambda group: (-len(group), classes[group[0]])):
        fold = min(range(folds), key=lambda fold: (sum(held[fold][classes[at]] for at in group), totals[fold]))
        part[group] = fold
        totals[fold] += len(group)
        for at in group:
            held[fold][classes[at]] += 1
    return part


def kept_together(pictures: NDArray[np.uint8], writers: NDArray[np.str_] | None, folds: int) -> NDArray[np.int64]:
    """A number a picture, int64 (N,), alike for equal pictures and, where that leaves no group larger than a fold, for those of
    one writer: what a network has learnt of one would tell it the other's label. ``writers``: str (N,), "" where not known."""
    hashes = [blake2b(np.ascontiguousarray(each).tobytes(), digest_size=16).hexdigest() for each in pictures]
    equal = np.unique(hashes, return_inverse=True)[1].reshape(-1)
    if writers is None:
        return _joined(equal)
    known, alone = np.asarray(writers) != "", np.arange(len(pictures)) + len(pictures)
    hands = np.where(known, np.unique(writers, return_inverse=True)[1].reshape(-1), alone)
    joined = _joined(equal, np.unique(hands, return_inverse=True)[1].reshape(-1))
    return joined if np.bincount(joined).max() <= len(pictures) // folds else _joined(equal)


def _joined(*keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """The lowest index of all that hang together by equal keys, int64 (N,). ``keys``: int64 (N,) each, from 0."""
    found = np.arange(len(keys[0]))
    while True:
        before = found
        for key in keys:
            lowest = np.full(key.max() + 1, len(key))
            np.minimum.at(lowest, key, found)
            found = lowest[key]
        if (found == before).all():
            return found
