"""A study and a budget -> the trials that they come to, in the order in which they are done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import prod
from pathlib import Path
from statistics import mean
from typing import Any

from ..errors import UsageError, nearest
from ..recipes import parse
from .crossed import body_job, body_of, transfer_job
from .factors import Factor, Level, called
from .job import Ground, Job, job
from .row import Row
from .settings import Setting, based, chosen, settings, value_of
from .study import FIRST, Budget, Study

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
    _jobs: dict[tuple[str, int], Job] = field(default_factory=dict, compare=False, repr=False)
    _stand_ins: dict[str, list[Setting]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def settings(self) -> list[Setting]:
        """Every setting; none of a search, which draws its own."""
        return [] if self.searches else settings(self.study.design, self.factors, self.study.questions)

    @cached_property
    def bodies(self) -> dict[str, Job]:
        """Name -> training of each body that some setting reuses and the user has not brought."""
        wanted = {body_of(self.study, self.budget, each) for each in self.settings} if self.study.transfers else set()
        told = [each for each in self.study.bodies if each.name in wanted and each.name not in self.ground.bodies]
        return {each.name: body_job(self.study, self.budget, each, PILOT_SEED, self.ground) for each in told}

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
        for the search, what reuses a body for that. Seed by seed, so that a study that is broken off has whole seeds."""
        found = list(self.bodies.values())
        for setting in self.settings:
            found += self.pilots(setting)
        for seed in self.seeds:
            for setting in self.settings:
                told = self.tuned(setting, rows) if self._has_body(setting, rows) else None
                if told is not None:
                    found.append(self.job(told, seed))
        return {each.name: each for each in found}

    def later(self, rows: Mapping[str, Row]) -> list[Job]:
        """What waits for a body."""
        waiting = [each for each in self.settings if not self._has_body(each, rows)]
        return [self.job(each, seed) for seed in self.seeds for each in waiting]

    def _has_body(self, setting: Setting, rows: Mapping[str, Row]) -> bool:
        """Whether the body that a setting reuses is trained, or it needs none."""
        body = self.bodies.get(body_of(self.study, self.budget, setting)) if self.bodies else None
        return body is None or (body.name in rows and rows[body.name].finished)

    def examples(self) -> list[Setting]:
        """What a search may try, the ends and the middles of what it varies: to be timed, not to be done."""
        drawn = [
            [each.levels[0], each.levels[-1]] if each.range is None else [Level("", {each.key: value}) for value in each.range.some()]
            for each in self.factors
        ]
        return [chosen({each.name: levels[at % len(levels)] for each, levels in zip(self.factors, drawn, strict=True)}) for at in range(3)]

    def job(self, setting: Setting, seed: int) -> Job:
        """The job of one setting with one seed."""
        key = (setting.key, seed)
        if key not in self._jobs:
            self._jobs[key] = self._job(setting, seed)
        return self._jobs[key]

    def _job(self, setting: Setting, seed: int) -> Job:
        if not self.study.transfers:
            return job(self.study, self.budget, setting, seed, self.ground)
        runs = {name: f"runs/{each.name}" for name, each in self.bodies.items()}
        runs |= {name: str(Path(run).absolute()) for name, run in self.ground.bodies.items()}
        return transfer_job(self.study, self.budget, setting, seed, self.ground, runs)

    def drawn(self, params: Mapping[str, Any]) -> Setting:
        """The setting of a search that these params are: factor -> name of the level, or number of the range."""
        return chosen({each.name: _level(each, params[each.name]) for each in self.factors})

    def params(self, job: Job) -> dict[str, Any]:
        """What :meth:`drawn` made a job of."""
        recipe = parse(job.recipe) if self.searches else None
        levels = {**self.base, **job.levels}  # a body has none of its own
        return {each.name: value_of(recipe, each.key) if recipe and each.range else levels[each.name] for each in self.factors}

    def own(self, jobs: Mapping[str, Job], rows: Mapping[str, Row]) -> set[str]:
        """Which of these jobs are of this plan; others are left from before it was edited, or a failed pilot was done after all."""
        if not self.searches:
            return jobs.keys() & self.jobs(rows).keys()
        return {name for name, each in jobs.items() if self._draws(each)}

    def _draws(self, job: Job) -> bool:
        try:
            return job.seed in self.seeds and self.job(self.drawn(self.params(job)), job.seed).name == job.name
        except (UsageError, KeyError):  # levels that are no more
            return False

    def pilots(self, setting: Setting) -> list[Job]:
        """The jobs that choose the values which levels of this setting leave to be tuned."""
        return [self.job(each, PILOT_SEED) for each in self._pilots(setting)]

    def tuned(self, setting: Setting, rows: Mapping[str, Row]) -> Setting | None:
        """The setting with its tuned values put in; None while a pilot is missing or where all of them failed."""
        pilots = self._pilots(setting)
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

    @property
    def tries(self) -> int:
        """How many settings a search tries at most: the budget's, or all there are."""
        return min(self.budget.trials, prod(self.budget.trials if each.range else len(each.levels) for each in self.factors))

    def total(self) -> int:
        """How many trainings there are in all."""
        if self.searches:
            tries = self.tries
            return tries + min(self.budget.finalists, tries) * (len(self.seeds) - 1)
        return len(self.bodies) + sum(len(self._pilots(each)) + len(self.seeds) for each in self.settings)

    def _pilots(self, setting: Setting) -> list[Setting]:
        """The settings that stand in for one while its values are tuned; none where it leaves nothing to be tuned."""
        if setting.key not in self._stand_ins:
            self._stand_ins[setting.key] = _tried(setting)
        return self._stand_ins[setting.key]


def plan(study: Study, budget: Budget, ground: Ground, seeds: int = 0) -> Plan:
    """The plan of a study; every recipe in it is built once, so that what cannot be is told before anything is trained.

    ``seeds``: instead of the budget's. :class:`UsageError` where a factor or a level cannot be.
    """
    _check_named(study, ground)
    start = None if study.transfers else ground.start(study, budget)
    factors = study.within(budget)
    if not factors:
        raise UsageError(f"nothing is left to vary: {study.name}", "the budget's values leave every factor out")
    first = max(start.seed, PILOT_SEED + 1) if start else PILOT_SEED + 1
    if study.design != "search":
        stands = start if study.design not in FIRST else None
        factors = tuple(based(each, stands) for each in factors)
    made = Plan(study, budget, ground, factors, tuple(range(first, first + (seeds or budget.seeds))))
    jobs = [made.job(each, first) for each in made.examples()] if made.searches else list(made.bodies.values())
    for setting in made.settings:
        jobs += made.pilots(setting) or [made.job(setting, first)]
    _check(jobs)
    return made


def finalists(rows: list[Row], measure: str, how_many: int) -> list[Row]:
    """The best rows of a search, one a setting."""
    best: dict[str, Row] = {}
    for row in sorted((each for each in rows if each.finished), key=lambda each: -float(getattr(each, measure))):
        best.setdefault(row.setting, row)
    return list(best.values())[:how_many]


def winner(rows: list[Row], measure: str) -> str:
    """The setting with the best mean of those that were trained with the most seeds (a search trains some with one only, and
    the luckiest of many single trainings is not the best); empty where nothing has finished."""
    seeds: dict[str, int] = {}
    ranked = ranking(rows, measure)
    for row in rows:
        seeds[row.setting] = seeds.get(row.setting, 0) + (row.finished and row.seed != PILOT_SEED)
    most = max((seeds[name] for name, _ in ranked), default=0)
    return next((name for name, _ in ranked if seeds[name] == most), "")


def ranking(rows: list[Row], measure: str) -> list[tuple[str, float]]:
    """Settings with the mean of the measure over their finished seeds, the best first."""
    found: dict[str, list[float]] = {}
    for row in rows:
        if row.finished and row.seed != PILOT_SEED:
            found.setdefault(row.setting, []).append(float(getattr(row, measure)))
    return sorted(((name, mean(values)) for name, values in found.items()), key=lambda both: -both[1])


def _tried(setting: Setting) -> list[Setting]:
    """A setting with every value that it leaves to be tuned."""
    found = [setting]
    for at, level in enumerate(setting.applied):
        for key, values in level.tune.items():
            found = [_with(each, at, key, value) for each in found for value in values]
    return found if any(each.tune for each in setting.applied) else []


def _with(setting: Setting, at: int, key: str, value: object) -> Setting:
    level = setting.applied[at]
    applied = (*setting.applied[:at], replace(level, set={**level.set, key: value}), *setting.applied[at + 1 :])
    return replace(setting, name=f"{setting.name}, {key} = {called(value)}", applied=applied)


def _level(factor: Factor, told: Any) -> Level:
    return Level(called(told), {factor.key: told}) if factor.range else factor.level(told)


def _check_named(study: Study, ground: Ground) -> None:
    """:class:`UsageError` where data are given for a name that the study does not call anything."""
    levels = [level for each in study.factors for level in each.levels]
    known = {study.data, *(each.data for each in levels), *(each.data for each in study.bodies)} - {""}
    for name in ground.named:
        if name not in known:
            raise UsageError(f"the study {study.name} calls no data by this name: {name}", nearest(name, tuple(sorted(known))))
    bodies = tuple(each.name for each in study.bodies)
    for name in ground.bodies:
        if name not in bodies:
            raise UsageError(f"the study {study.name} has no body of this name: {name}", nearest(name, bodies) if bodies else "")
    if ground.weights and not any(each.weights for each in levels):
        raise UsageError(f"the study {study.name} begins with no weights of others: {ground.weights}", "leave out --weights")


def _check(jobs: Iterable[Job]) -> None:
    """Builds each network once: a setting that it does not know is told now. One's own may know how many classes there are."""
    from .. import networks

    used = [parse(each.recipe).network for each in jobs if not each.transfer]
    for each in {repr(each): each for each in used}.values():
        if ":" not in each.name:
            networks.build(each.name, 2, **each.settings)
