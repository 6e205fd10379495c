"""Whether accuracy rises, falls or peaks over the levels of a factor that are numbers, as far as the differences can be told apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from ..evaluation import Contrast
from .verdicts import nothing
from .wording import listed, percent, points

Between = Callable[[str, str], Contrast | None]
"""The first of two levels minus the second."""


def trend(levels: Sequence[str], means: Sequence[float], between: Between, over: str) -> tuple[str, tuple[Contrast, ...]] | None:
    """What accuracy does as the levels grow; None where these differences bear no such sentence.

    ``levels``: three or more, as numbers rising. It is said to rise up to the first level from which no two can be told
    apart, where the means rise all the way and the two ends of that way can be told apart; to fall likewise; to peak where
    the means rise and then fall, and the highest can be told apart from both ends.
    """
    if len(levels) < 3 or any(between(*pair) is None for pair in combinations(levels, 2)):
        return None
    return (
        _way(levels, means, between, over, up=True)
        or _way(levels[::-1], means[::-1], between, over, up=False)
        or _peak(levels, means, between)
    )


def _way(
    levels: Sequence[str], means: Sequence[float], between: Between, over: str, *, up: bool
) -> tuple[str, tuple[Contrast, ...]] | None:
    """The way up, from the first level; of a fall the levels come backwards."""
    top = _top(levels, between)
    whole = between(levels[top], levels[0]) if top else None
    steps = [each for at in range(top) if (each := between(levels[at + 1], levels[at]))]
    if whole is None or not whole.told_apart or any(each.difference <= 0 for each in steps):
        return None
    every = all(each.told_apart for each in steps)
    ends = [f"{percent(means[at], whole.half)} at {levels[at]}" for at in ((0, top) if up else (top, 0))]
    told = f"accuracy {'rises' if up else 'falls'} from {ends[0]} to {ends[1]}, by {points(whole)}"
    if top > 1:
        told += ", with every step" if every else ", though not every step on the way can be told from chance"
    if top < len(levels) - 1:
        return f"{told}; {'from there' if up else f'up to {levels[top]}'} {nothing(over)}", (whole,)
    if not up and float(levels[top]) == 0:
        return told, (whole,)  # there is none smaller
    end, more = ("largest", "larger") if up else ("smallest", "smaller")
    return f"{told}; {levels[top]} is the {end} that was tried, so a {more} one may be better still", (whole,)


def _top(levels: Sequence[str], between: Between) -> int:
    """The first level from which no two can be told apart."""
    apart = [a for a, b in combinations(range(len(levels)), 2) if (told := between(levels[a], levels[b])) and told.told_apart]
    return max(apart) + 1 if apart else 0


def _peak(levels: Sequence[str], means: Sequence[float], between: Between) -> tuple[str, tuple[Contrast, ...]] | None:
    top = max(range(len(levels)), key=means.__getitem__)
    rises = all(means[at] < means[at + 1] for at in range(top))
    falls = all(means[at] > means[at + 1] for at in range(top, len(levels) - 1))
    ends = [between(levels[top], levels[at]) for at in (0, -1)]
    if not (0 < top < len(levels) - 1 and rises and falls and all(each is not None and each.told_apart for each in ends)):
        return None
    low, high = (each for each in ends if each is not None)
    alike = [each for each in levels if each != levels[top] and (told := between(levels[top], each)) and not told.told_apart]
    also = f"; {listed(alike)} cannot be told apart from it" if alike else ""
    best = f"accuracy is highest at {levels[top]} ({percent(means[top], low.half)})"
    return f"{best}, {points(low)} lower at {levels[0]} and {points(high, '')} at {levels[-1]}{also}", (low, high)
