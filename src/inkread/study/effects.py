"""What each factor does: which differences between settings a design asks for, and what becomes of one factor where another changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise, product

import numpy as np
from numpy.typing import NDArray

from ..evaluation import Contrast
from .design import Design, Varied

Key = tuple[str, ...]
Judge = Callable[[NDArray[np.float64]], Sequence[Contrast]]
"""Weights (C, S) of settings -> their contrasts, corrected for all of them."""


@dataclass(frozen=True)
class Effect:
    """``level`` of ``factor`` minus its level ``against``, the ``contrast``.

    ``where``: the levels of the other factors; those that are averaged over, in ``places`` combinations, are left out. ``kind``:
    ``direct``, ``averaged``, ``added`` to nothing, ``left-out`` of all (with it minus without it), ``step``, ``whole`` (the last step
    minus the first, or all minus nothing). ``learnt``: whether all settings in it did, with every seed.
    """

    factor: str
    level: str
    against: str
    where: Mapping[str, str]
    kind: str
    places: int
    learnt: bool
    contrast: Contrast


@dataclass(frozen=True)
class Interaction:
    """Two factors that were varied together, averaged over all others.

    ``cells``: mean of each level of ``first`` (rows) with each of ``second`` (columns), NaN where there is none. ``contrast``: the
    largest change of the effect of one by the other: (``levels[0]`` minus ``levels[1]`` of the first factor) at ``at[0]`` of the
    second, minus the same at ``at[1]``; it is corrected for all such of all factors, of which these two have ``looked``
    (product-type interaction contrasts: Gabriel, Putter & Wax 1973).
    """

    first: str
    second: str
    cells: tuple[tuple[float, ...], ...]
    levels: tuple[str, str]
    at: tuple[str, str]
    looked: int
    contrast: Contrast


@dataclass(frozen=True, eq=False)
class Settings:
    """The settings that gave a value, by the levels of all factors, in the order of the weights; ``means`` of each, and which learnt."""

    design: Design
    at: Mapping[Key, int]
    means: Sequence[float]
    learnt: Sequence[bool]

    def weights(self, plus: Sequence[Key], minus: Sequence[Key]) -> NDArray[np.float64]:
        """The mean of some settings minus the mean of others, float64 (S,)."""
        row = np.zeros(len(self.at))
        for keys, sign in ((plus, 1.0), (minus, -1.0)):
            for key in keys:
                row[self.at[key]] += sign / len(keys)
        return row


@dataclass(frozen=True)
class _Asked:
    """An effect before it is judged: settings ``plus`` minus settings ``minus``."""

    factor: str
    level: str
    against: str
    where: Mapping[str, str]
    kind: str
    plus: tuple[Key, ...]
    minus: tuple[Key, ...]


def effects(settings: Settings, judge: Judge) -> tuple[Effect, ...]:
    """Every effect that the design asks for, all corrected together; none of a search, whose settings differ in everything."""
    kind = settings.design.kind
    if kind == "search":
        return ()
    asked = {"steps": _steps, "add-and-leave-out": _added_and_left_out}.get(kind, _pairs)(settings)
    told = list(asked)
    judged = judge(np.array([settings.weights(each.plus, each.minus) for each in told])) if told else ()
    return tuple(
        Effect(
            each.factor,
            each.level,
            each.against,
            each.where,
            each.kind,
            len(each.plus),
            all(settings.learnt[settings.at[key]] for key in (*each.plus, *each.minus)),
            contrast,
        )
        for each, contrast in zip(told, judged, strict=True)
    )


def interactions(settings: Settings, judge: Judge) -> tuple[Interaction, ...]:
    """Of every two factors of a grid whether the effect of one depends on the other; all looked at are corrected together."""
    if settings.design.kind != "grid":
        return ()
    wanted = [(pair, list(_tetrads(settings, *pair))) for pair in combinations(range(len(settings.design.factors)), 2)]
    rows = [row for _, tetrads in wanted for *_, row in tetrads]
    if not rows:
        return ()
    judged = iter(judge(np.array(rows)))
    found = []
    for (first, second), tetrads in wanted:
        told = [(levels, at, next(judged)) for levels, at, _ in tetrads]
        if not told:
            continue
        levels, at, contrast = min(told, key=lambda each: _least_by_chance(each[2]))
        a, b = settings.design.factors[first], settings.design.factors[second]
        found.append(Interaction(a.name, b.name, _cells(settings, first, second), levels, at, len(told), contrast))
    return tuple(found)


def widest(found: Sequence[Effect]) -> Effect | None:
    """The largest effect of those that can be told apart, else of all; averaged ones where there are any, else between levels that learnt.
    None where there is none."""
    wanted = [each for each in found if each.kind == "averaged"] or [each for each in found if each.learnt]
    known = [each for each in wanted if each.contrast.difference == each.contrast.difference]
    return max(known, key=lambda each: (each.contrast.told_apart, abs(each.contrast.difference)), default=None)


def _least_by_chance(contrast: Contrast) -> tuple[bool, float, float]:
    p = contrast.p if contrast.p == contrast.p else 2.0
    size = -abs(contrast.difference)
    return (False, size, p) if contrast.told_apart else (True, p, size)


def _pairs(settings: Settings) -> Iterator[_Asked]:
    """Every two levels of each factor, the others being the same; a base among them is what the other is held against."""
    design = settings.design
    for place, factor in enumerate(design.factors):
        others = dict.fromkeys((*key[:place], *key[place + 1 :]) for key in settings.at)
        pairs = [_base_last(design, factor, pair) for pair in combinations(factor.levels, 2)]
        shared: dict[tuple[str, str], list[Key]] = {}
        for rest in others:
            keys = {level: (*rest[:place], level, *rest[place:]) for level in factor.levels}
            for level, against in pairs:
                if keys[level] in settings.at and keys[against] in settings.at:
                    shared.setdefault((level, against), []).append(rest)
                    where = dict(zip((each.name for each in design.factors if each is not factor), rest, strict=True))
                    if not design.asks(factor.name, (level, against), where):
                        continue
                    yield _Asked(factor.name, level, against, where, "direct", (keys[level],), (keys[against],))
        for (level, against), places in shared.items():
            if design.kind == "grid" and len(places) > 1:
                plus, minus = (tuple((*rest[:place], each, *rest[place:]) for rest in places) for each in (level, against))
                yield _Asked(factor.name, level, against, {}, "averaged", plus, minus)


def _base_last(design: Design, factor: Varied, pair: tuple[str, str]) -> tuple[str, str]:
    first, second = pair
    return (first, second) if second == design.base.get(factor.name) else (second, first)


def _steps(settings: Settings) -> Iterator[_Asked]:
    (factor,) = settings.design.factors
    there = [each for each in factor.levels if (each,) in settings.at]
    for before, after in pairwise(there):
        yield _Asked(factor.name, after, before, {}, "step", ((after,),), ((before,),))
    if len(there) > 2:
        yield _Asked(factor.name, there[-1], there[0], {}, "whole", ((there[-1],),), ((there[0],),))


def _added_and_left_out(settings: Settings) -> Iterator[_Asked]:
    factors = settings.design.factors
    off, on = (tuple(each.levels[at] for each in factors) for at in (0, 1))
    names = [each.name for each in factors]
    for place, factor in enumerate(factors):
        added, left_out = (*off[:place], on[place], *off[place + 1 :]), (*on[:place], off[place], *on[place + 1 :])
        pairs = (("added", added, off), ("left-out", on, left_out))
        for kind, with_it, without in pairs if len(factors) > 1 else pairs[:1]:
            if with_it in settings.at and without in settings.at:
                where = dict(zip(names, without, strict=True))
                del where[factor.name]
                yield _Asked(factor.name, on[place], off[place], where, kind, (with_it,), (without,))
    if len(factors) > 1 and off in settings.at and on in settings.at:
        yield _Asked("", "all", "nothing", {}, "whole", (on,), (off,))


def _tetrads(settings: Settings, first: int, second: int) -> Iterator[tuple[tuple[str, str], tuple[str, str], NDArray[np.float64]]]:
    """Every two levels of both factors, over the combinations of the others in which all four cells are there."""
    by_cell = _by_cell(settings, first, second)
    rows, columns = (settings.design.factors[place].levels for place in (first, second))
    for (a, b), (c, d) in product(combinations(rows, 2), combinations(columns, 2)):
        corners = [by_cell.get(cell, {}) for cell in ((b, d), (a, c), (a, d), (b, c))]
        shared = [rest for rest in corners[0] if all(rest in each for each in corners)]
        if shared:
            keys = [[each[rest] for rest in shared] for each in corners]
            yield (b, a), (d, c), settings.weights(keys[0], keys[2]) - settings.weights(keys[3], keys[1])


def _by_cell(settings: Settings, first: int, second: int) -> dict[tuple[str, str], dict[Key, Key]]:
    """Cell -> levels of the other factors -> setting."""
    found: dict[tuple[str, str], dict[Key, Key]] = {}
    for key in settings.at:
        rest = tuple(level for place, level in enumerate(key) if place not in (first, second))
        found.setdefault((key[first], key[second]), {})[rest] = key
    return found


def _cells(settings: Settings, first: int, second: int) -> tuple[tuple[float, ...], ...]:
    by_cell = _by_cell(settings, first, second)
    rows, columns = (settings.design.factors[place].levels for place in (first, second))
    told = {cell: float(np.mean([settings.means[settings.at[key]] for key in rests.values()])) for cell, rests in by_cell.items()}
    return tuple(tuple(told.get((row, column), float("nan")) for column in columns) for row in rows)
