"""A trial as it is handed to whoever computes it: everything that decides its result, as plain values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from .. import networks
from ..errors import RunError, UsageError
from ..recipes import Recipe, assigned, load, parse, write
from .factors import Level
from .settings import Setting, value_of
from .study import BEST, Budget, Study

DIGITS = 10
"""Characters of the digest in the name of a run's folder."""
LONGEST = 80
"""Bytes of the setting in the name of a run's folder: file systems allow names of 255."""
BEST_FILE = "best.toml"
"""Where a study leaves the recipe of its best setting."""


@dataclass(frozen=True)
class Job:
    """``recipe``: as TOML, its seed in it. ``pictures``: to train on, ``held``: to validate on, at most (0: all).

    ``reports_to``: storage, study and number of the trial of a search that may be broken off. ``transfer``: values of a
    :class:`.transfer.Transfer`, where the trial is no training but a cross-validation, in the repetition ``seed`` and without a recipe;
    ``body``: the run that it reuses, whole path or relative to the study's folder, empty where none.
    """

    setting: str
    levels: Mapping[str, str]
    recipe: str
    data: str
    seed: int
    pictures: int = 0
    held: int = 0
    weights: str = ""
    reports_to: tuple[str, str, int] | None = None
    transfer: Mapping[str, Any] = field(default_factory=dict)
    body: str = ""

    @cached_property
    def digest(self) -> str:
        """What decides the result, as SHA-256: jobs that have it in common give the same."""
        reused = (json.dumps(dict(self.transfer), sort_keys=True), self.body, str(self.seed)) if self.transfer else ()
        return _digest(self.recipe, self.data, str(self.pictures), str(self.held), self.weights, *reused)

    @cached_property
    def name(self) -> str:
        """The name of its run's folder: for people, safe on every file system, and another one for every setting and digest."""
        words = re.sub(r"[^\w.+-]+", "-", self.setting).encode()[:LONGEST].decode(errors="ignore").strip("-.")
        return f"{words or 'setting'}-seed{self.seed}-{_digest(self.setting, self.digest)[:DIGITS]}"

    def with_seed(self, seed: int) -> Job:
        """The same setting with another seed, reporting to nobody."""
        recipe = parse(self.recipe).changed({"seed": seed})
        return replace(self, recipe=write(recipe), seed=seed, reports_to=None)


@dataclass(frozen=True)
class Ground:
    """On what a study stands: its base recipe, and where its data really are.

    ``recipe``: as it was found; None where the levels bring their own. ``data``: instead of the study's own, empty where
    nothing was said. ``named``: instead of what its levels name. ``changes``: of the user's to every recipe, as ``KEY=VALUE``.
    ``weights``: a file, or ``library``, instead of those that levels name. ``bodies``: folders of finished runs instead of bodies
    that the study would train.
    """

    recipe: Recipe | None
    data: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    weights: str = ""
    bodies: Mapping[str, str] = field(default_factory=dict)

    def start(self, study: Study, budget: Budget, own: str = "") -> Recipe | None:
        """What the levels of a study change: the base recipe, or a level's ``own``, over which go the study's values, its
        alphabet, the budget's values, and the user's."""
        found = load(own) if own else self.recipe
        if found is None:
            return None
        spent = {"training.epochs": budget.epochs} if budget.epochs else {}
        alphabet = {"alphabet": study.alphabet} if study.alphabet else {}
        found = found.changed({**study.set, **alphabet, **spent, **budget.set})
        return assigned(found, self.changes, networks.settings_of(found.network.name))

    def source(self, study: Study, named: str = "") -> str:
        """What to train on: ``named`` by a level, else the study's. :class:`UsageError` where there is neither."""
        data = named or self.data or study.data
        if not data:
            raise UsageError(f"the study {study.name} has no data of its own", "--data SOURCE, such as --data emnist/letters")
        return self.named.get(data, data)


def base_recipe(which: str, studies: Path, budget: str) -> Recipe:
    """The recipe that a study starts from: a name, a file, or ``best:STUDY``, see :func:`best_of`.

    :class:`RunError` where that study has not ended.
    """
    if not which.startswith(BEST):
        return load(which)
    file = best_of(which, studies, budget)
    if file is None:
        other = which.removeprefix(BEST)
        hint = f"`inkread study run {other} --budget {budget}` first, or name a recipe: --recipe NAME"
        raise RunError(f"the best of a study is wanted that has not ended: {other}", hint)
    return load(file)


def best_of(which: str, studies: Path, budget: str) -> Path | None:
    """The file in which a study left its best recipe, which ``best:STUDY`` names: in the folder of that name in ``studies``, or
    else in the one that it gets by itself with the same ``budget``; None where it has not ended."""
    other = which.removeprefix(BEST)
    places = (studies / other / BEST_FILE, studies / f"{other}-{budget}" / BEST_FILE)
    return next((each for each in places if each.is_file()), None)


def job(study: Study, budget: Budget, setting: Setting, seed: int, ground: Ground) -> Job:
    """The job of a setting with a seed: over what the study starts from (:meth:`Ground.start`) go the values of its levels, in order.

    :class:`UsageError` where its recipe cannot be: unknown keys, values out of range.
    """
    applied = setting.applied
    start = ground.start(study, budget, _last(applied, "recipe"))
    if start is None:
        raise UsageError(f"no recipe for: {setting.name}", "name one for the study, or for each level")
    changes: dict[str, Any] = {}
    for level in applied:
        changes |= level.set
    if characters := _last(applied, "alphabet"):
        changes["alphabet"] = characters
    built = start.changed({**changes, "seed": seed})
    for key in (key for level in applied for key in level.set):
        part, _, name = key.partition(".")
        if part == "training":
            built.training.check_used(name)
    for level in applied:
        built = _with_rate(built, level.rate_rule, start)
    # what a recipe says of itself and of data of its own decides nothing here
    built = replace(built.on((), ""), claim="")
    data = ground.source(study, _last(applied, "data"))
    pictures = next((each.pictures for each in reversed(applied) if each.pictures), budget.pictures)
    weights = _last(applied, "weights")
    weights = (ground.weights or weights) if weights else ""
    return Job(setting.name, setting.names, write(built), data, seed, pictures, budget.held, weights)


def _with_rate(recipe: Recipe, rule: str, start: Recipe) -> Recipe:
    """The learning rate as it follows the batch: the base recipe's belongs to the base recipe's batch."""
    if not rule:
        return recipe
    times = value_of(recipe, "training.batch") / start.training.batch
    return recipe.changed({"training.rate": recipe.training.rate * (times if rule == "linear" else times**0.5)})


def _last(applied: tuple[Level, ...], name: str) -> str:
    """What the last of the levels that says it says; empty where none does."""
    return next((getattr(each, name) for each in reversed(applied) if getattr(each, name)), "")


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
