"""The charts that fit a study's design, drawn by the room that draws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from math import nan

import numpy as np

from .. import report
from ..report import Figure
from .amounts import by_amount, measured
from .answer import Answer
from .comparison import Comparison
from .design import Varied
from .effects import Effect
from .worth import place

BATCH = "training.batch"
MOST = 3
"""Cost axes: a trade-off is drawn from so many different networks on."""
ALONE = "All factors have the same axis; the one that matters most comes first."
CURVES = 30
"""Learning curves drawn at most, the best settings' first."""


def figures(answer: Answer) -> Iterator[Figure]:
    """The charts of a study, the telling one first; none of what has not finished."""
    comparison = answer.comparison
    if not any(each.seeds for each in comparison.results):
        return
    kind = comparison.design.kind
    if kind == "one-at-a-time":
        yield _effects([_alone(comparison, each) for each in comparison.design.factors])
        yield _forest(comparison)
    elif kind == "grid":
        yield from _grid(answer)
    elif kind == "questions":
        yield from _questions(answer)
        yield _forest(comparison)
    elif kind == "steps":
        yield _ladder(answer)
    elif kind == "add-and-leave-out":
        yield from _added(comparison)
    if kind != "questions":
        yield from _tradeoffs(comparison)
    if any(row.validation for row in answer.rows):
        yield _curves(answer)


def _alone(comparison: Comparison, factor: Varied) -> report.Effect:
    """One factor of a one-at-a-time study."""
    points = tuple(measured(comparison.at({factor.name: level})) for level in factor.levels)
    return _effect(comparison, factor, (report.Series(factor.label, points),))


def _effect(comparison: Comparison, factor: Varied, series: tuple[report.Series, ...]) -> report.Effect:
    numbers = tuple(map(float, factor.levels)) if factor.ordered else ()
    at = numbers if numbers and min(numbers) > 0 and max(numbers) >= 8 * min(numbers) else ()
    return report.Effect(factor.label, factor.levels, series, comparison.design.base.get(factor.name, ""), at, factor.ordered)


def _effects(effects: Sequence[report.Effect]) -> Figure:
    return Figure.drawn(
        "effects",
        lambda width: report.effects_chart(effects, width),
        f"Mean with its 95 % interval, each seed a small dot, the base ringed. {ALONE if len(effects) > 1 else ''}".strip(),
        "Accuracy by level of each factor.",
    )


def _forest(comparison: Comparison) -> Figure:
    told = [
        report.Against(_name(each), each.contrast.difference, each.contrast.low, each.contrast.high, each.contrast.told_apart)
        for each in comparison.effects
        if each.against == comparison.design.base.get(each.factor)
        and all(level == comparison.design.base.get(factor) for factor, level in each.where.items())
    ]
    told += [report.Against(each.setting, nan) for each in comparison.results if not each.seeds]
    return Figure.drawn(
        "differences",
        lambda width: report.forest_chart(told, width),
        "Every setting against the base. Filled: told apart from chance, all of them looked at together.",
        "Differences of accuracy from the base with their intervals.",
    )


def _name(effect: Effect) -> str:
    return f"{effect.factor} = {effect.level}"


def _grid(answer: Answer) -> Iterator[Figure]:
    comparison = answer.comparison
    factors = comparison.design.factors
    batch = next((each for each, of in zip(factors, answer.plan.factors, strict=True) if of.key == BATCH), None)
    worth = answer.plan.study.worth
    if batch is not None and len(factors) > 1:
        yield _by_batch(comparison, batch)
    elif worth is not None and len(factors) > 1:
        yield by_amount(answer, worth)
    elif len(factors) == 2:
        first, second = factors
        lines = tuple(
            report.Series(
                f"{second.label} {level}", tuple(measured(comparison.at({first.name: each, second.name: level})) for each in first.levels)
            )
            for level in second.levels
        )
        yield _effects([_effect(comparison, first, lines)])
    for each in comparison.interactions:
        named = {of.name: of for of in factors}
        rows, columns = named[each.first], named[each.second]
        heat = report.Interaction(
            rows.label, columns.label, rows.levels, columns.levels, np.array(each.cells), _failed(comparison, rows, columns)
        )
        yield Figure.drawn(
            f"interaction-{each.first}-{each.second}",
            partial(report.interaction_chart, heat),
            "Mean accuracy of each pair of levels.",
            f"Accuracy by {rows.label} and {columns.label}.",
        )


def _questions(answer: Answer) -> Iterator[Figure]:
    """What each question asks, and accuracy over amounts where one varies these."""
    comparison, worth = answer.comparison, answer.plan.study.worth
    design = comparison.design
    levels = {each.name: each.levels for each in design.factors}
    told = []
    known = {each.name: each for each in design.factors}
    for asked in design.questions:
        if asked.vary not in known or (worth is not None and asked.vary == worth.of):
            continue
        factor = replace(known[asked.vary], levels=tuple(asked.asked(levels[asked.vary])))
        cells = {place(design, cell, asked.at): cell for cell in asked.cells(levels, design.base)}
        lines = [
            report.Series(name, tuple(measured(comparison.at({**cell, factor.name: level})) for level in factor.levels))
            for name, cell in cells.items()
        ]
        if len(cells) == 1 and asked.at:
            factor = replace(factor, label=f"{factor.label}, {next(iter(cells))}")
        told += [_effect(comparison, factor, tuple(lines))] if lines else []
    if told:
        yield _effects(told)
    if worth is not None and any(each.name == worth.of for each in design.factors):
        yield by_amount(answer, worth)


def _failed(comparison: Comparison, rows: Varied, columns: Varied) -> frozenset[tuple[int, int]]:
    """The cells in which every setting failed."""
    found = set()
    for (row, first), (column, second) in product(enumerate(rows.levels), enumerate(columns.levels)):
        here = [each for each in comparison.results if each.levels.get(rows.name) == first and each.levels.get(columns.name) == second]
        if here and not any(each.seeds for each in here):
            found.add((row, column))
    return frozenset(found)


def _by_batch(comparison: Comparison, batch: Varied) -> Figure:
    """Error by batch size: a line for each level of the first other factor, a panel for each combination of the rest."""
    line, *rest = [each for each in comparison.design.factors if each is not batch]
    panels = []
    for cell in product(*(each.levels for each in rest)):
        where = dict(zip((each.name for each in rest), cell, strict=True))
        lines = tuple(
            report.Series(
                level,
                tuple(measured(comparison.at({**where, line.name: level, batch.name: size})).complement for size in batch.levels),
                tuple(map(float, batch.levels)),
            )
            for level in line.levels
        )
        title = ", ".join(f"{each.label}: {level}" for each, level in zip(rest, cell, strict=True)) or "here"
        panels.append(report.Panel(title, lines))
    if line.name == "norm":
        panels.append(report.WU_AND_HE)
    return Figure.drawn(
        "batch",
        partial(report.batch_chart, panels),
        "Error against the batch size, falling to the right as in Wu and He 2018.",
        "Error by batch size.",
    )


def _ladder(answer: Answer) -> Figure:
    (factor,) = answer.plan.factors
    steps = [
        report.Rung(each.name, measured(answer.comparison.at({factor.name: each.name})), each.published / 100 if each.published else nan)
        for each in factor.levels
    ]
    return Figure.drawn("steps", partial(report.ladder_chart, steps), "Step upon step; hollow: what was published.", "Accuracy by step.")


def _added(comparison: Comparison) -> Iterator[Figure]:
    for kind, title in (("added", "added to nothing"), ("left-out", "what it gives beside all others")):
        told = [
            report.Against(each.factor, each.contrast.difference, each.contrast.low, each.contrast.high, each.contrast.told_apart)
            for each in comparison.effects
            if each.kind == kind
        ]
        if told:
            against = "the network without it"
            yield Figure.drawn(
                kind, partial(report.forest_chart, told, against=against), f"Each technique {title}.", f"Differences: {title}."
            )


def _tradeoffs(comparison: Comparison) -> Iterator[Figure]:
    there = [each for each in comparison.results if each.seeds]
    for name, says, more in (("multiply_adds", "multiply-adds of one picture", False), ("speed", "pictures a second in training", True)):
        costs = {getattr(each, name) for each in there if getattr(each, name) > 0}
        if name == "speed" and comparison.design.name != "architectures":
            continue
        if len(costs) >= MOST:
            told = [report.Candidate(each.setting, float(getattr(each, name)), measured(each)) for each in there if getattr(each, name) > 0]
            yield Figure.drawn(
                name.replace("_", "-"),
                partial(report.tradeoff_chart, told, cost=says, more_is_better=more),
                "The line joins those that none beats at the same cost or less.",
                f"Accuracy against {says}.",
            )


def _curves(answer: Answer) -> Figure:
    order = sorted((each for each in answer.comparison.results if each.seeds), key=lambda each: -each.mean)
    told = [
        report.Learnt(each.setting, row.train, row.validation)
        for each in order
        for row in answer.rows
        if row.setting == each.setting and row.finished
    ]
    return Figure.drawn(
        "curves",
        partial(report.learning_chart, told[:CURVES]),
        "Validation solid, training (on changed pictures) dotted.",
        "Accuracy by epoch.",
    )
