"""A trial as it is handed to whoever computes it: everything that decides its result, as plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from ..errors import RunError, UsageError
from ..recipes import Recipe, assigned, load, parse, write
from .factors import Level
from .settings import Setting, value_of
from .study import BEST, Budget, Study

DIGITS = 10
"""Characters of its digest in the name of a run's folder."""
BEST_FILE = "best.toml"
"""Where a study leaves the recipe of its best setting."""


@dataclass(frozen=True)
class Job:
    """``recipe``: as TOML, its seed in it. ``pictures``: to train on, ``held``: to validate on, at most (0: all).

    ``reports_to``: storage, study and number of the trial of a search that may be broken off.
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

    @property
    def digest(self) -> str:
        """What decides the result, as SHA-256: a job that has it need not be done again."""
        told = "\0".join((self.recipe, self.data, str(self.pictures), str(self.held), self.weights))
        return sha256(told.encode()).hexdigest()

    @property
    def name(self) -> str:
        """The name of its run's folder: for people, and different for every job."""
        words = re.sub(r"[^\w.+-]+", "-", self.setting).strip("-.")[:80]
        return f"{words}-seed{self.seed}-{self.digest[:DIGITS]}"

    def with_seed(self, seed: int) -> Job:
        """The same setting with another seed, reporting to nobody."""
        recipe = parse(self.recipe).changed({"seed": seed})
        return replace(self, recipe=write(recipe), seed=seed, reports_to=None)


@dataclass(frozen=True)
class Ground:
    """On what a study stands: its base recipe, and where its data really are.

    ``data``: instead of the study's own, empty where nothing was said. ``named``: instead of what its levels name.
    ``changes``: of the user's to every recipe, as ``KEY=VALUE``.
    """

    recipe: Recipe | None
    data: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    changes: tuple[str, ...] = ()


def base_recipe(study: Study, studies: Path) -> Recipe | None:
    """The recipe that a study starts from; None where its levels bring their own. ``studies``: the folder of finished ones.

    :class:`RunError` where it is that of a study which has not ended.
    """
    if not study.recipe:
        return None
    if not study.recipe.startswith(BEST):
        return load(study.recipe)
    other = study.recipe.removeprefix(BEST)
    file = studies / other / BEST_FILE
    if not file.is_file():
        raise RunError(
            f"the study {study.name} starts from the best of {other}, which has not ended: {file}",
            f"run that first, or name a recipe: --recipe NAME; `inkread study run {other}`",
        )
    return load(file)


def job(study: Study, budget: Budget, setting: Setting, seed: int, ground: Ground) -> Job:
    """The job of a setting with a seed. :class:`UsageError` where its recipe cannot be: unknown keys, values out of range."""
    applied = setting.applied
    recipe = _last(applied, "recipe")
    start = load(recipe) if recipe else ground.recipe
    if start is None:
        raise UsageError(f"no recipe for: {setting.name}", "name one for the study, or for each level")
    changes = {**({"training.epochs": budget.epochs} if budget.epochs else {}), **budget.set}
    for level in applied:
        changes |= level.set
    characters = _last(applied, "alphabet") or study.alphabet
    if characters:
        changes["alphabet"] = characters
    built = assigned(start, ground.changes).changed({**changes, "seed": seed})
    for key in (key for level in applied for key in level.set):
        part, _, name = key.partition(".")
        if part == "training":
            built.training.check_used(name)
    for level in applied:
        built = _with_rate(built, level.rate_rule, start)
    data = _data(study, _last(applied, "data"), ground)
    pictures = next((each.pictures for each in reversed(applied) if each.pictures), budget.pictures)
    return Job(setting.name, setting.names, write(built), data, seed, pictures, budget.held, _last(applied, "weights"))


def _with_rate(recipe: Recipe, rule: str, start: Recipe) -> Recipe:
    """The learning rate as it follows the batch: the base recipe's belongs to the base recipe's batch."""
    if not rule:
        return recipe
    times = value_of(recipe, "training.batch") / start.training.batch
    return recipe.changed({"training.rate": recipe.training.rate * (times if rule == "linear" else times**0.5)})


def _data(study: Study, named: str, ground: Ground) -> str:
    if named:
        return ground.named.get(named, named)
    data = ground.data or study.data
    if not data:
        raise UsageError(f"the study {study.name} has no data of its own", "--data SOURCE, such as --data emnist/letters")
    return ground.named.get(data, data)


def _last(applied: tuple[Level, ...], name: str) -> str:
    """What the last of the levels that says it says; empty where none does."""
    return next((getattr(each, name) for each in reversed(applied) if getattr(each, name)), "")
