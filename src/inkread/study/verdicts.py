"""Several levels against one, in one sentence: what gains, what loses, what is a hint only, and where nothing can be told."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from ..evaluation import Contrast
from .wording import between, listed, points

SAME = 1e-9
"""A difference that is none but for rounding."""

Held = tuple[str, Contrast]
"""How something is called, and its difference to what it is held against."""


def verdicts(items: Sequence[Held], over: str) -> str:
    """``64 loses 0.8 ± 0.2 points; no difference that these seeds can show: 96 (between 0.3 worse and 0.5 better)``."""
    if over == "pictures":
        return listed([f"{name} came out {came_out(each)}" for name, each in items])
    sure = sorted((each for each in items if each[1].told_apart), key=lambda each: -each[1].difference)
    hints = [each for each in items if each[1].hinted]
    unknown = [each for each in items if isnan(each[1].p)]
    rest = [each for each in items if not (each[1].told_apart or each[1].hinted or isnan(each[1].p))]
    parts = [listed([f"{name} {change(each, ' points' if at == 0 else '')}" for at, (name, each) in enumerate(sure)])] if sure else []
    if hints:
        told = listed([f"{name} ({'+' if each.difference > 0 else '−'}{points(each, '')})" for name, each in hints])
        parts.append(f"a hint, but no more among so many comparisons: {told}")
    if rest:
        parts.append(f"{nothing(over)}: {listed([f'{name} ({between(each)})' for name, each in rest])}")
    if unknown:
        parts.append(f"nothing to measure chance by: {listed([f'{name} ({came_out(each)})' for name, each in unknown])}")
    return "; ".join(parts)


def change(contrast: Contrast, unit: str = " points") -> str:
    """``gains 0.8 ± 0.2 points`` of a difference that can be told apart."""
    return f"{'gains' if contrast.difference > 0 else 'loses'} {points(contrast, unit)}"


def nothing(over: str) -> str:
    """What stands where chance cannot be excluded; that is not to say that there is no difference."""
    return f"no difference that these {over} can show"


def came_out(contrast: Contrast) -> str:
    """A difference of which chance is not known, or that of the pictures only."""
    if isnan(contrast.difference):
        return "without a seed in common"
    if abs(contrast.difference) < SAME:
        return "the same"
    size = f"{100 * abs(contrast.difference):.1f} points {'higher' if contrast.difference > 0 else 'lower'}"
    return size if isnan(contrast.half) else f"{size} ({between(contrast)})"
