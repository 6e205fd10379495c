"""Rows of studies that nobody ran, with known truths in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import product

import numpy as np

from inkread.study.design import Design, Varied
from inkread.study.row import Row

WIDTH = Varied("width", "neurons per layer", ("64", "256", "512", "1024"))
DROPOUT = Varied("dropout", "dropout", ("0", "0.2", "0.5"))
ACTIVATION = Varied("activation", "activation", ("relu", "tanh", "sigmoid"))


def design(kind: str, factors: Sequence[Varied], base: Mapping[str, str] | None = None, measure: str = "accuracy") -> Design:
    """Of 26 letters; the base is the first level of each factor where it is not told."""
    own = {each.name: each.levels[0] for each in factors if each.levels} if base is None else dict(base)
    return Design("made", "What is it worth?", kind, measure, tuple(factors), own, 26)


def row(of: Design, levels: Mapping[str, str], seed: int, accuracy: float, **more: object) -> Row:
    """One trial on 4,000 held-back pictures, called as studies call it."""
    told: dict[str, object] = {"last": accuracy - 0.001, "macro_accuracy": accuracy, "count": 4000, "parameters": 10_000, "speed": 5000.0}
    changed = {factor: level for factor, level in levels.items() if of.kind == "grid" or level != of.base.get(factor)}
    name = ", ".join(f"{factor} = {level}" for factor, level in changed.items()) or "base"
    if of.kind == "steps":
        (name,) = levels.values()
    return Row(name, dict(levels), seed, accuracy, **(told | {"pictures": 20_000, "seconds": 20.0} | more))  # type: ignore[arg-type]


def one_at_a_time(of: Design) -> list[dict[str, str]]:
    """The levels of its settings, the base first."""
    base = dict(of.base)
    return [base] + [base | {each.name: level} for each in of.factors for level in each.levels if level != base[each.name]]


def grid(of: Design) -> list[dict[str, str]]:
    """The levels of all combinations."""
    return [dict(zip((each.name for each in of.factors), cell, strict=True)) for cell in product(*(each.levels for each in of.factors))]


def trained(
    of: Design,
    settings: Sequence[Mapping[str, str]],
    truth: Callable[[Mapping[str, str]], float],
    seeds: int = 3,
    spread: float = 0.001,
    seed: int = 0,
    more: Callable[[Mapping[str, str]], Mapping[str, object]] = lambda levels: {},
) -> list[Row]:
    """Each setting with each seed: the truth, something that all have from the seed, and something of its own."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=seeds) * 2 * spread
    return [
        row(of, levels, 1 + at, float(truth(levels) + shared[at] + rng.normal() * spread), **more(levels))
        for levels in settings
        for at in range(seeds)
    ]
