"""Which pictures of a pool train and which validate, and how to make do with fewer of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..datasets import split
from ..recipes import Recipe
from .module import seed_of
from .pool import Pool


def held_back(pool: Pool, recipe: Recipe) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which pictures of a pool train and which validate (of its own validation part, where it brings one)."""
    share = pool.validation if pool.validation >= 0 else recipe.training.validation
    if pool.held is not None:
        return np.arange(len(pool)), np.arange(len(pool.held))
    if not share:
        return np.arange(len(pool)), np.empty(0, np.int64)
    return split(pool.targets, share, seed_of(recipe.training.split, *pool.name.encode()))


def limited(pools: Sequence[Pool], recipe: Recipe, pictures: int = 0, held: int = 0) -> list[Pool]:
    """The pools with at most so many ``pictures`` to train on and ``held`` to validate on in all (0: as many as there are).

    What is held back is what the recipe holds back, or a stratified part of that, the same for every seed; what is trained
    on is drawn, class by class, by the recipe's seed, so that seeds differ in their pictures as in their weights.
    """
    if not pictures and not held:
        return list(pools)
    parts = [held_back(pool, recipe) for pool in pools]
    trains = [_taken(pool, at) for pool, (at, _) in zip(pools, parts, strict=True)]
    validates = [_taken(pool.held or pool, at) for pool, (_, at) in zip(pools, parts, strict=True)]
    train, validate = _share(trains, pictures), _share(validates, held)
    found = []
    for pool, kept in zip(trains, validates, strict=True):
        fewer = _stratified(kept, validate, recipe.training.split)
        found.append(replace(_stratified(pool, train, recipe.seed), held=fewer if len(fewer) else None))
    return found


def _share(pools: Sequence[Pool], pictures: int) -> float:
    every = sum(map(len, pools))
    return pictures / every if 0 < pictures < every else 1.0


def _taken(pool: Pool, at: NDArray[np.int64]) -> Pool:
    return replace(pool, renderings=pool.renderings[:, at], targets=pool.targets[at], held=None)


def _stratified(pool: Pool, share: float, seed: int) -> Pool:
    return pool if share >= 1.0 else _taken(pool, split(pool.targets, share, seed_of(seed, *pool.name.encode()))[1])
