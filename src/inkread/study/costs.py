"""What costs more for nothing, as far as a study can show."""

from __future__ import annotations

from collections.abc import Iterator
from math import isnan

from ..evaluation import LEVEL, Contrast
from .comparison import Comparison, Result
from .factor_findings import Factored, called
from .finding import Finding
from .wording import between, sentence, times

DEAR = 1.5
"""How many times the parameters or the time are worth a sentence."""


def costs(found: Comparison) -> Iterator[Finding]:
    """The smallest setting that cannot be told from the best, and of each factor a level that is dearer than another without gain."""
    if found.over == "pictures":
        return
    yield from _instead_of_best(found)
    if found.design.kind in ("one-at-a-time", "grid"):
        for factor in found.design.factors:
            yield from _for_nothing(found, Factored(found, factor))


def _instead_of_best(found: Comparison) -> Iterator[Finding]:
    best = found.result(found.best)
    alike = [each for each in found.ahead if not each.contrast.told_apart and each.contrast.p >= LEVEL]
    smallest = min(alike, key=lambda each: found.result(each.setting).parameters, default=None)
    if smallest is None:
        return
    small = found.result(smallest.setting)
    if not small.parameters or best.parameters < DEAR * small.parameters or not small.learnt:
        return
    told = f"{found.named(small)}, which cannot be told from the best, has {small.parameters:,} parameters instead of {best.parameters:,}"
    yield Finding("cost", sentence(f"{told}{_speed(small, best)}"), contrasts=(smallest.contrast,))


def _speed(small: Result, best: Result) -> str:
    ratio = small.speed / best.speed if best.speed else float("nan")
    if ratio >= DEAR:
        return f" and trains {times(ratio)} as fast"
    return f", though it trains {times(1 / ratio)} as slowly" if ratio <= 1 / DEAR else ""


def _for_nothing(found: Comparison, factor: Factored) -> Iterator[Finding]:
    """The dearest level against the cheapest that no other is better than, where the dear one is not either."""
    levels = {each: told for each in factor.levels if (told := found.at({factor.factor.name: each})) and told.learnt}
    good = [each for each in levels if not any(_better(factor.between(other, each)) for other in levels)]
    if not good:
        return
    cheap, dear = min(good, key=lambda each: _cost(levels[each])), max(good, key=lambda each: _cost(levels[each]))
    contrast = factor.between(dear, cheap)
    more = _dearer(levels[dear], levels[cheap])
    if contrast and more and contrast.p >= LEVEL:
        one, other = (called(factor.factor, each) for each in (dear, cheap))
        text = f"{one} costs {more} of {other}, without a gain that these {found.over} can show ({between(contrast)})"
        yield Finding("cost", sentence(text), factor.factor.name, dear, (contrast,))


def _better(contrast: Contrast | None) -> bool:
    return contrast is not None and contrast.told_apart and contrast.difference > 0


def _cost(result: Result) -> float:
    """Time for a picture in training, where it is known; else parameters."""
    return result.parameters if isnan(result.speed) or not result.speed else 1 / result.speed


def _dearer(dear: Result, cheap: Result) -> str:
    parts = []
    if cheap.parameters and dear.parameters >= DEAR * cheap.parameters:
        parts.append(f"{times(dear.parameters / cheap.parameters)} the parameters")
    if dear.speed and cheap.speed >= DEAR * dear.speed:
        parts.append(f"{times(cheap.speed / dear.speed)} the time for a picture")
    return " and ".join(parts)
