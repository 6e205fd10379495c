"""A study and a budget -> the trials that they come to, in the order in which they are done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import mean

from ..errors import UsageError
from ..recipes import parse
from .factors import Factor, Level
from .job import Ground, Job, job
from .row import Row
from .settings import Setting, based, chosen, settings
from .study import Budget, Study

PILOT_SEED = 0
"""The seed with which values are tuned: the seeds that are told are others."""


@dataclass(frozen=True)
class Plan:
    """What is to be done. ``factors``: with the levels of the budget, their bases named. ``seeds``: those of every setting."""

    study: Study
    budget: Budget
    ground: Ground
    factors: tuple[Factor, ...]
    seeds: tuple[int, ...]

    @cached_property
    def settings(self) -> list[Setting]:
        """Every setting; none of a search, which draws its own."""
        return [] if self.searches else settings(self.study.design, self.factors)

    @property
    def searches(self) -> bool:
        """Whether Optuna draws the settings."""
        return self.study.design == "search"

    @property
    def base(self) -> dict[str, str]:
        """Factor -> the level that the others are measured against."""
        return {each.name: each.base for each in self.factors}

    def jobs(self, rows: Mapping[str, Row]) -> dict[str, Job]:
        """Job name -> job, of all that can be told by now: a setting that is tuned waits for its pilots, the best of a search
        for the search. Seed by seed, so that a study that is broken off has whole seeds."""
        found: list[Job] = []
        for setting in self.settings:
            found += self.pilots(setting)
        for seed in self.seeds:
            for setting in self.settings:
                told = self.tuned(setting, rows)
                if told is not None:
                    found.append(self.job(told, seed))
        return {each.name: each for each in found}

    def examples(self) -> list[Setting]:
        """What a search may try, the ends and the middles of what it varies: to be timed, not to be done."""
        drawn = [
            [each.levels[0], each.levels[-1]] if each.range is None else [Level("", {each.key: value}) for value in each.range.some()]
            for each in self.factors
        ]
        return [chosen({each.name: levels[at % len(levels)] for each, levels in zip(self.factors, drawn, strict=True)}) for at in range(3)]

    def job(self, setting: Setting, seed: int) -> Job:
        """The job of one setting with one seed."""
        return job(self.study, self.budget, setting, seed, self.ground)

    def pilots(self, setting: Setting) -> list[Job]:
        """The jobs that choose the values which levels of this setting leave to be tuned."""
        return [self.job(each, PILOT_SEED) for each in _pilots(setting)]

    def tuned(self, setting: Setting, rows: Mapping[str, Row]) -> Setting | None:
        """The setting with its tuned values put in; None while a pilot is missing or where all of them failed."""
        pilots = _pilots(setting)
        if not pilots:
            return setting
        told = [rows.get(self.job(each, PILOT_SEED).name) for each in pilots]
        if any(each is None for each in told):
            return None
        found = [(each, row) for each, row in zip(pilots, told, strict=True) if row is not None and row.finished]
        if not found:
            return None
        best, _ = max(found, key=lambda both: getattr(both[1], self.study.compare))
        return replace(best, name=setting.name, levels=setting.levels)

    def total(self) -> int:
        """How many trainings there are in all."""
        if self.searches:
            return self.budget.trials + min(self.budget.finalists, self.budget.trials) * (len(self.seeds) - 1)
        return sum(len(_pilots(each)) + len(self.seeds) for each in self.settings)


def plan(study: Study, budget: Budget, ground: Ground, seeds: int = 0) -> Plan:
    """The plan of a study; every recipe in it is built once, so that what cannot be is told before anything is trained.

    ``seeds``: instead of the budget's. :class:`UsageError` where a factor or a level cannot be.
    """
    start = ground.recipe
    factors = study.within(budget)
    if not factors:
        raise UsageError(f"nothing is left to vary: {study.name}", "the budget's values leave every factor out")
    first = max(start.seed, PILOT_SEED + 1) if start else 1
    named = tuple(based(each, start) if start else _first(each) for each in factors)
    made = Plan(study, budget, ground, named, tuple(range(first, first + (seeds or budget.seeds))))
    for setting in made.settings:
        for each in (*made.pilots(setting), *([] if _pilots(setting) else [made.job(setting, first)])):
            _check(each)
    return made


def finalists(rows: list[Row], measure: str, how_many: int) -> list[Row]:
    """The best rows of a search, one a setting."""
    best: dict[str, Row] = {}
    for row in sorted((each for each in rows if each.finished), key=lambda each: -float(getattr(each, measure))):
        best.setdefault(row.setting, row)
    return list(best.values())[:how_many]


def ranking(rows: list[Row], measure: str) -> list[tuple[str, float]]:
    """Settings with the mean of the measure over their finished seeds, the best first."""
    found: dict[str, list[float]] = {}
    for row in rows:
        if row.finished and row.seed != PILOT_SEED:
            found.setdefault(row.setting, []).append(float(getattr(row, measure)))
    return sorted(((name, mean(values)) for name, values in found.items()), key=lambda both: -both[1])


def _pilots(setting: Setting) -> list[Setting]:
    """The settings that stand in for one while its values are tuned; none where it leaves nothing to be tuned."""
    found = [setting]
    for at, level in enumerate(setting.applied):
        for key, values in level.tune.items():
            found = [_with(each, at, key, value) for each in found for value in values]
    return found if any(each.tune for each in setting.applied) else []


def _with(setting: Setting, at: int, key: str, value: object) -> Setting:
    level = setting.applied[at]
    applied = (*setting.applied[:at], replace(level, set={**level.set, key: value}), *setting.applied[at + 1 :])
    return replace(setting, name=f"{setting.name}, {key} = {value}", applied=applied)


def _first(factor: Factor) -> Factor:
    return factor if factor.base or factor.range else replace(factor, base=factor.levels[0].name)


def _check(job: Job) -> None:
    """Builds the network once: a setting that it does not know is told now."""
    from .. import networks

    recipe = parse(job.recipe)
    if ":" not in recipe.network.name:
        networks.build(recipe.network.name, 2, **recipe.network.settings)
