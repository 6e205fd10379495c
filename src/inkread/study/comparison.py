"""What the rows of a study say together: settings, effects of factors, and what can be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isnan, nan
from statistics import fmean, median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..evaluation import Contrast, OverBlocks, differences, over_blocks, over_folds, over_pictures, over_seeds, plain, wilson
from .design import Design
from .effects import Effect, Interaction, Key, Settings, effects, interactions
from .row import Row


@dataclass(frozen=True)
class Failure:
    """A trial that gave nothing, and why."""

    seed: int
    error: str


@dataclass(frozen=True)
class Result:
    """One setting over its seeds.

    ``values``: the measure of each of the finished ``seeds``; ``mean`` of them with its 95 % interval ``low`` to ``high`` over the seeds,
    the folds or, of one seed, the pictures; ``deviation`` of one seed. ``failed``: trials that gave nothing; ``pruned``: how many were
    broken off. ``silent``: seeds that learnt nothing: no better than chance, by accuracy or by its mean over the classes (which
    answering the most frequent class does not raise). ``pooled``: whether its spread is like that of the others. ``seconds`` and
    ``speed`` (pictures/s): medians. NaN where nothing is known.
    """

    setting: str
    levels: Mapping[str, str]
    seeds: tuple[int, ...]
    values: tuple[float, ...]
    mean: float
    low: float
    high: float
    deviation: float
    failed: tuple[Failure, ...]
    pruned: int
    silent: int
    pooled: bool
    parameters: int
    multiply_adds: int
    pictures: int
    seconds: float
    speed: float

    @property
    def learnt(self) -> bool:
        """Whether it finished, and learnt something with every seed."""
        return bool(self.seeds) and not self.silent


@dataclass(frozen=True)
class Ahead:
    """The best setting minus another; corrected for all pairs of settings, since the best was not known before."""

    setting: str
    contrast: Contrast


@dataclass(frozen=True)
class Comparison:
    """A study's answer in numbers.

    ``over``: what intervals are about: ``seeds``, ``folds`` (repeated cross-validation), ``pictures`` (one seed), or empty where nothing
    finished. ``seeds``: how many at most. ``count``: held-back pictures, the same for all. ``base``, ``best``: settings, empty where
    there is none; best is the highest mean of finished seeds, of equals the one with fewer parameters. ``ahead``: the best against each
    other setting. ``deviation``: of one training, what all have from the seed taken off, pooled, with its ``freedom``.
    """

    design: Design
    over: str
    seeds: int
    count: int
    results: tuple[Result, ...]
    base: str
    best: str
    effects: tuple[Effect, ...]
    interactions: tuple[Interaction, ...]
    ahead: tuple[Ahead, ...]
    deviation: float
    freedom: int

    def result(self, setting: str) -> Result:
        """The setting of this name."""
        return next(each for each in self.results if each.setting == setting)

    def at(self, levels: Mapping[str, str]) -> Result | None:
        """The setting of these levels, the base's where none is told; None where it was not tried."""
        key = self.design.key(levels)
        return next((each for each in self.results if self.design.key(each.levels) == key), None)

    def named(self, result: Result) -> str:
        """A setting in a sentence."""
        if result.setting != self.base:
            return result.setting
        return "the base setting" + (f" ({result.setting})" if result.setting != "base" else "")

    def as_dict(self) -> dict[str, Any]:
        """As plain values, for JSON; NaN is None."""
        told: dict[str, Any] = plain(dict(self.__dict__))
        return told


def compared(design: Design, rows: Sequence[Row]) -> Comparison:
    """All that these rows say. One row a trial of a setting and a seed; trials that only chose a value (pilots) are left out before."""
    by_key: dict[Key, list[Row]] = {}
    for row in rows:
        by_key.setdefault(design.key(row.levels), []).append(row)
    done = {key: [each for each in told if _finished(each, design)] for key, told in by_key.items()}
    trials = _Trials(design, {key: told for key, told in done.items() if told})
    results = tuple(_result(design, by_key[key], trials, key) for key in by_key)
    finished = [each for each in results if each.seeds]
    best = max(finished, key=lambda each: (round(each.mean, 9), -each.parameters), default=None)
    base = next((each for each in results if design.key(each.levels) == design.key({})), None)
    settings = Settings(design, {key: at for at, key in enumerate(trials.rows)}, [each.mean for each in finished], trials.learnt)
    return Comparison(
        design,
        trials.over,
        max((len(each.seeds) for each in finished), default=0),
        max((row.count for row in rows), default=0),
        results,
        base.setting if base and design.kind != "search" else "",
        best.setting if best else "",
        effects(settings, trials.judge),
        interactions(settings, trials.judge),
        _ahead(finished, best, trials),
        trials.blocks.deviation if trials.blocks else nan,
        trials.blocks.freedom if trials.blocks else 0,
    )


class _Trials:
    """The finished rows as arrays, and the judge that fits them: of folds, of seeds, or of the pictures where there is one seed."""

    def __init__(self, design: Design, rows: Mapping[Key, list[Row]]) -> None:
        self.rows = rows
        self.measure = design.measure
        everything = [row for told in rows.values() for row in told]
        seeds = sorted({row.seed for row in everything})
        self.silent = [sum(_silent(row, design) for row in told) for told in rows.values()]
        self.learnt = [not each for each in self.silent]
        self.folds = min((len(row.folds) for row in everything), default=0)
        self.over = "folds" if self.folds > 1 else "seeds" if len(seeds) > 1 else "pictures" if seeds else ""
        wide = self.folds if self.over == "folds" else 1
        self.values = np.full((len(rows), len(seeds) * wide), nan)
        for at, told in enumerate(rows.values()):
            for row in told:
                place = seeds.index(row.seed) * wide
                self.values[at, place : place + wide] = row.folds[:wide] if self.over == "folds" else _measured(row, self.measure)
        self.blocks: OverBlocks | None = self._blocks(np.zeros((0, len(rows)))) if self.over == "seeds" else None

    @property
    def pooled(self) -> Sequence[bool]:
        return self.blocks.pooled if self.blocks else [False] * len(self.rows)

    def judge(self, weights: NDArray[np.float64]) -> Sequence[Contrast]:
        if self.over == "seeds":
            return self._blocks(weights).contrasts
        if self.over == "folds":
            return over_folds(self.values, weights, 1 / (self.folds - 1))
        return over_pictures(self.values[:, 0], [told[0].count for told in self.rows.values()], weights)

    def interval(self, key: Key) -> tuple[float, float]:
        """95 % of the mean of one setting by itself."""
        at, told = list(self.rows).index(key), self.rows[key]
        if self.over == "folds":
            mean = self.judge(np.eye(len(self.rows))[at : at + 1])[0]
            return mean.low, mean.high
        if len(told) > 1:
            spread = over_seeds([_measured(row, self.measure) for row in told])
            return spread.low, spread.high
        return wilson(_measured(told[0], self.measure) * told[0].count, told[0].count) if self.over == "pictures" else (nan, nan)

    def _blocks(self, weights: NDArray[np.float64]) -> OverBlocks:
        return over_blocks(self.values, weights, self.learnt)


def _result(design: Design, rows: list[Row], trials: _Trials, key: Key) -> Result:
    done = trials.rows.get(key, [])
    values = [_measured(row, design.measure) for row in done]
    at = list(trials.rows).index(key) if done else -1
    low, high = trials.interval(key) if done else (nan, nan)
    known = done or rows
    return Result(
        rows[0].setting,
        dict(rows[0].levels),
        tuple(row.seed for row in done),
        tuple(values),
        fmean(values) if values else nan,
        max(low, 0.0) if low == low else nan,
        min(high, 1.0) if high == high else nan,
        float(np.std(values, ddof=1)) if len(values) > 1 else nan,
        tuple(Failure(row.seed, row.error or "it gave no number") for row in rows if not row.pruned and not _finished(row, design)),
        sum(row.pruned for row in rows),
        trials.silent[at] if done else 0,
        bool(trials.pooled[at]) if done else False,
        known[0].parameters,
        known[0].multiply_adds,
        known[0].pictures,
        _median(row.seconds for row in done),
        _median(row.speed for row in done),
    )


def _ahead(finished: Sequence[Result], best: Result | None, trials: _Trials) -> tuple[Ahead, ...]:
    if best is None or len(finished) < 2:
        return ()
    pairs = list(combinations(range(len(finished)), 2))
    judged = trials.judge(differences(len(finished), pairs))
    found = []
    for (first, second), contrast in zip(pairs, judged, strict=True):
        if finished[first] is best:
            found.append(Ahead(finished[second].setting, contrast))
        elif finished[second] is best:
            found.append(Ahead(finished[first].setting, contrast.reversed()))
    return tuple(found)


def _measured(row: Row, measure: str) -> float:
    return fmean(row.folds) if row.folds else float(getattr(row, measure))


def _finished(row: Row, design: Design) -> bool:
    return row.finished and not isnan(_measured(row, design.measure))


def _silent(row: Row, design: Design) -> bool:
    """Whether a training learnt nothing: it is right as often as guessing is, give or take what chance makes of so many pictures."""
    if design.classes < 2 or not row.count:
        return False
    by_chance = wilson(row.count / design.classes, row.count)[1]
    return _measured(row, design.measure) <= by_chance or row.macro_accuracy <= by_chance


def _median(values: Iterable[float]) -> float:
    known = [each for each in values if not isnan(each)]
    return median(known) if known else nan
