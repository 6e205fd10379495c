"""What people give with ``--data``: the recipe for these data, and their pools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..alphabet import Alphabet, alphabet, fitting
from ..datasets import Place, Trained, load, open_source, path_digest, split, to_train_on
from ..errors import DataError, UsageError
from ..preparation import Preparation
from ..recipes import Recipe, SourceUse
from .pool import Pool

Progress: TypeAlias = Callable[[int, int], object]


FEW = 8
"""Pictures of a class, on average, that a small share has at least: some of them are held back."""


def given(recipe: Recipe, data: str = "", progress: Progress | None = None) -> tuple[Recipe, list[Pool]]:
    """The recipe with these data as its sources, and a pool a source: prepared pictures, memory-mapped from the cache.

    ``data``: as :func:`inkread.datasets.places` takes it; each source trains by its part `train` and is validated on the
    part `validation` where it brings one. Pictures without a label are left out. The recipe's alphabet decides which
    pictures count, where it names one; else the labels decide the alphabet. Without ``data`` the recipe's own sources
    are taken, used as it says. ``progress`` is told how many pictures of a source are prepared, and how many there are.
    Errors as :func:`inkread.datasets.load`; :class:`UsageError` where there are no data to train on.
    """
    found = to_train_on(data) if data else [_own(each) for each in recipe.sources]
    if not found:
        raise UsageError("no data to train on", "--data SOURCE, such as --data mnist or --data my-folder")
    told = alphabet(recipe.alphabet) if recipe.alphabet else _fitting(found)
    places = [each.place for each in found]
    uses = [SourceUse(name, "") for name in _names(places)] if data else recipe.sources
    uses = [replace(use, data=str(place)) for use, place in zip(uses, places, strict=True)]
    pools = [_pool(use, each, told, recipe.preparation, progress) for use, each in zip(uses, found, strict=True)]
    return recipe.on(uses, told.name or told.characters), pools


def _own(use: SourceUse) -> Trained:
    """The files of a source that a recipe names."""
    if use.renderings > 1:
        raise UsageError(f"a source of which the recipe draws {use.renderings} renderings is not opened here: {use.name}", "--data SOURCE")
    found = to_train_on(use.data.removesuffix(":train"))
    if len(found) > 1:
        raise UsageError(f"a recipe names each source apart: {use.name} is {use.data}")
    return found[0]


def small(pools: list[Pool], share: float, seed: int) -> list[Pool]:
    """About this share of every class of every pool, some of each, for a look at whether everything works."""
    return [replace(_share(pool, share, seed), held=pool.held and _share(pool.held, share, seed)) for pool in pools]


def _share(pool: Pool, share: float, seed: int) -> Pool:
    enough = FEW * int(pool.targets.any(axis=0).sum()) / len(pool)
    if max(share, enough) >= 1.0:
        return pool
    at = split(pool.targets, max(share, enough), seed)[1]
    return replace(pool, renderings=pool.renderings[:, at], targets=pool.targets[at])


def _fitting(found: list[Trained]) -> Alphabet:
    return fitting(kind for each in found for kind in open_source(str(each.place)).kinds)


def _pool(use: SourceUse, source: Trained, told: Alphabet, preparation: Preparation, progress: Progress | None) -> Pool:
    pictures, targets = _labelled(source.place, told, preparation, progress)
    held = source.validation and Pool(use.name, *_labelled(source.validation, told, preparation, progress))
    place = source.place
    files = {place.card or place.path.name: path_digest(place.path)}
    return Pool(use.name, pictures, targets, use.repeat, use.validation, data=files, held=held or None)


def _labelled(
    place: Place, told: Alphabet, preparation: Preparation, progress: Progress | None
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """One rendering of the pictures that have a label, uint8 (1,N,28,28), and their targets."""
    glyphs = load(str(place), alphabet=told, preparation=preparation, unknown="leave out", progress=progress)
    labelled = glyphs.targets.any(axis=1)
    if not labelled.any():
        raise DataError(f"no picture has a label: {place}")
    chosen = glyphs if labelled.all() else glyphs.take(labelled)
    return np.asarray(chosen.pictures)[None], chosen.targets


def _names(found: list[Place]) -> list[str]:
    """A short name for each source, numbered where several are called the same."""
    short = [(each.card.replace("/", "-") or Path(each.path).name.split(".")[0]) for each in found]
    many = Counter(short)
    seen = Counter[str]()
    names = []
    for each in short:
        seen[each] += 1
        names.append(f"{each}-{seen[each]}" if many[each] > 1 else each)
    return names
