"""What networks say of pictures that did not train them, for every picture of a set: k-fold cross-prediction."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import RunError, UsageError
from ..evaluation import softmax
from ..recipes import Recipe, SourceUse
from .circumstances import Circumstances
from .fit import ALONE, fit
from .loss import log_prior
from .pool import Pool
from .provenance import digest_of
from .run import Run, logits_of
from .trainer import CHECKPOINT

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
) -> NDArray[np.float32]:
    """Probabilities float32 (N,K) of the pool's pictures, each from a network that was trained without that picture.

    The pictures are dealt to ``folds`` parts (:func:`dealt`); for each, a network is trained on all others as ``recipe``
    says (its sources give way to the pool; see :func:`sized` for small ones) and asked about that part, with the class
    shares of what it was trained on as prior. ``folder`` keeps a run a fold: a finished one is not trained again, a killed
    one goes on where it stopped. ``begun`` is told each fold from 0 that has still to be trained.

    :class:`UsageError` for less than two folds, or too few pictures; :class:`RunError` where the folder holds folds of
    other pictures or of another recipe.
    """
    if folds < 2 or len(pool) < folds * FEWEST:
        raise UsageError(f"at least two folds of {FEWEST} pictures each are needed: {folds} of {len(pool):,} pictures")
    part = dealt(pool.targets, folds, seed)
    recipe, repeat = sized(recipe.on([SourceUse(pool.name, pool.name)], recipe.alphabet), len(pool) * (folds - 1) // folds)
    found = np.empty(pool.targets.shape, np.float32)
    for fold in range(folds):
        trains, asked = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
        rest = Pool(pool.name, pool.renderings[:, trains], pool.targets[trains], repeat, data=pool.data)
        run = _run(recipe, rest, folder / f"fold-{fold + 1}-of-{folds}", circumstances, lambda fold=fold: begun(fold))  # type: ignore[misc]
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


def dealt(targets: NDArray[np.bool_], folds: int, seed: int) -> NDArray[np.int64]:
    """The fold 0..folds-1 of each picture, int64 (N,): of every class (or set of classes, such as ``Cc``) each fold gets as
    many as any other, give or take one, and of all pictures likewise. The same for the same seed."""
    order = np.random.default_rng(seed).permutation(len(targets))
    groups = np.unique(np.packbits(targets, axis=1), axis=0, return_inverse=True)[1].reshape(-1)[order]
    sorted_by_class = order[np.argsort(groups, kind="stable")]
    part = np.empty(len(targets), np.int64)
    part[sorted_by_class] = np.arange(len(targets)) % folds
    return part


def _run(recipe: Recipe, pool: Pool, folder: Path, circumstances: Circumstances, begun: Callable[[], object]) -> Run:
    """The run of a fold: taken as it is, resumed, or new."""
    if (folder / "metrics.json").is_file():
        run = Run(folder)
        if run.recipe != recipe or run.provenance["pools"] != {pool.name: digest_of(pool)}:
            raise RunError(f"the folder holds a fold of other pictures or of another recipe: {folder}", "name another, or remove it")
        return run
    begun()
    resume = (folder / CHECKPOINT).is_file()
    if not resume:
        shutil.rmtree(folder, ignore_errors=True)  # killed in its first epoch
    return fit(recipe, [pool], folder, replace(circumstances, resume=resume))
