"""Settings one below the other: every one against the base (a forest plot), and step upon step (a ladder)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from .contact import NO_BREAK
from .curves import COLOURS
from .measured import Measured, limits
from .vector import INK, LETTER, LINE, NARROW, PAPER, SIZE, SOFT, WIDE, WRONG, broken, dress, figure, legend, percents, short, svg

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NAMES = 0.4
"""Of the width of a wide chart: what names at its left take at most."""


@dataclass(frozen=True)
class Difference:
    """A setting against the base: how much higher its share is (0.01 is a point), NaN where it failed; its interval; whether
    the test tells the two apart."""

    name: str
    value: float
    low: float = nan
    high: float = nan
    told_apart: bool = False


@dataclass(frozen=True)
class Step:
    """A step of a ladder: what it adds, what is reached with it, and the share that was published for it, NaN where none was."""

    name: str
    reached: Measured
    published: float = nan


def forest_chart(differences: Sequence[Difference], width: float = WIDE, against: str = "the base") -> str:
    """SVG: every setting's difference with its interval, the best first; filled where the seeds tell it from the base."""
    ordered = sorted(differences, key=lambda each: (not isfinite(each.value), -each.value if isfinite(each.value) else 0))
    drawn, axes = _rows([each.name for each in ordered], width)
    dress(axes, x=f"points above or below {short(against, 30)}, 95{NO_BREAK}% interval", grid="x")
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=SOFT, linewidth=1)
    for row, each in enumerate(ordered):
        _difference(axes, row, each)
    axes.margins(x=0.08)
    return svg(drawn)


def _difference(axes: Axes, row: int, of: Difference) -> None:
    """The point and interval of a row, and its number at the right end."""
    if not isfinite(of.value):
        _at_end(axes, row, "failed", WRONG)
        return
    arms = [[100 * abs(at - of.value) if isfinite(at) else 0] for at in (of.low, of.high)]
    colour = COLOURS[0] if of.value >= 0 else COLOURS[1]
    face = colour if of.told_apart else PAPER
    axes.errorbar(100 * of.value, row, xerr=arms, fmt="o", color=colour, markerfacecolor=face, markersize=5.5, linewidth=1.5)
    _at_end(axes, row, _signed(of.value), INK if of.told_apart else SOFT)


def ladder_chart(steps: Sequence[Step], width: float = WIDE, published: str = "published", measure: str = "accuracy") -> str:
    """SVG: what is reached step upon step, with intervals and seeds, what each step adds at the right; hollow: ``published``."""
    drawn, axes = _rows([each.name for each in steps], width)
    dress(axes, x=measure, grid="x")
    percents(axes.xaxis)
    axes.spines["left"].set_visible(False)
    theirs = [Measured(each.published) for each in steps]
    axes.set_xlim(*limits([*(each.reached for each in steps), *theirs], far=60))
    there = [row for row, each in enumerate(steps) if each.reached.there]
    axes.plot([steps[row].reached.mean for row in there], there, "-", color=LINE, linewidth=1.6, zorder=1)
    named: dict[str, Artist] = {}
    before = nan
    for row, step in enumerate(steps):
        if step.reached.there:
            named["here"] = _reached(axes, row, step.reached)
        if isfinite(step.published):
            (named[published],) = axes.plot(
                step.published, row, "D", color=COLOURS[1], markerfacecolor=PAPER, markersize=6, linestyle="", zorder=4
            )
        _at_end(axes, row, _told(step.reached.mean, before), INK if step.reached.there else WRONG)
        before = step.reached.mean if step.reached.there else before
    legend(drawn, named, width)
    return svg(drawn)


def _told(share: float, before: float) -> str:
    """What a step reaches, and what it adds to the step before."""
    if not isfinite(share):
        return "failed"
    gain = f"  {_signed(share - before)}" if isfinite(before) else ""
    return f"{100 * share:.1f}{NO_BREAK}%{gain}"


def _signed(difference: float) -> str:
    return f"{100 * difference:+.1f}".replace("-", "−")


def _reached(axes: Axes, row: int, point: Measured) -> Artist:
    below, above = point.arms
    seeds = [value for value in point.each if isfinite(value)]
    if len(seeds) > 1:
        axes.plot(seeds, [row] * len(seeds), "o", color=COLOURS[0], alpha=0.5, markersize=3, markeredgewidth=0)
    drawn: Artist = axes.errorbar(
        point.mean, row, xerr=[[below], [above]], fmt="o", color=COLOURS[0], markersize=6, linewidth=1.6, zorder=3
    )[0]
    return drawn


def _rows(names: Sequence[str], width: float) -> tuple[Figure, Axes]:
    """A figure with a named row for each; on a narrow one names stand above their rows, else at the left."""
    above = width < (NARROW + WIDE) / 2
    told = [short(name, int(width / LETTER) - 6) if above else broken(name, int(NAMES * width / LETTER)) for name in names]
    row_height = 0.4 if above else 0.36 if any("\n" in name for name in told) else 0.28
    drawn = figure(width, row_height * max(len(names), 1) + 0.8)
    axes = drawn.add_subplot()
    where: dict[str, Any] = {"xycoords": axes.get_yaxis_transform(), "textcoords": "offset points", "fontsize": SIZE, "color": INK}
    for row, name in enumerate(told):
        if above:
            axes.annotate(name, (0, row), (0, 6), **where)
        else:
            axes.annotate(name, (0, row), (-8, 0), ha="right", va="center", **where)
    axes.set_yticks([])
    axes.set_ylim(len(names) - 0.4, -0.9 if above else -0.6)
    return drawn, axes


def _at_end(axes: Axes, row: int, says: str, colour: str) -> None:
    """A word at the right end of a row."""
    axes.annotate(says, (1, row), (6, 0), axes.get_yaxis_transform(), textcoords="offset points", va="center", fontsize=SIZE, color=colour)
