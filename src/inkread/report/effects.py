"""What each factor of a study does: its levels side by side, and two factors together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, isfinite, log2, nan
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .contact import NO_BREAK
from .curves import COLOURS
from .measured import Measured, Series, limits
from .vector import (
    INK,
    LETTER,
    LINE,
    MARKERS,
    PAPER,
    SIZE,
    SOFT,
    WIDE,
    WRONG,
    broken,
    dress,
    figure,
    legend,
    level_ticks,
    percents,
    short,
    svg,
)

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

PANEL = 2.6
"""Inches: about the width of one factor's panel."""
DODGE = 0.1
"""Of the way from level to level: between the lines of several series."""


@dataclass(frozen=True)
class Effect:
    """What a factor does: a series with a point for each of its ``levels``, several where a second factor varies.

    ``base``: the level of the base setting. ``at``: numbers > 0 where the levels shall lie on a logarithmic axis, else they
    lie evenly. ``joined``: whether lines join the levels, as they should where these are numbers.
    """

    factor: str
    levels: tuple[str, ...]
    series: tuple[Series, ...]
    base: str = ""
    at: tuple[float, ...] = ()
    joined: bool = True

    @property
    def places(self) -> list[float]:
        """Where the levels lie, one apart on average."""
        if not self.at or len(self.at) < 2:
            return [float(each) for each in range(len(self.levels))]
        logs = [log2(each) for each in self.at]
        step = (max(logs) - min(logs)) / (len(logs) - 1) or 1.0
        return [(each - min(logs)) / step for each in logs]

    @property
    def reach(self) -> float:
        """How far apart its means lie: what the factor matters."""
        means = [each.mean for line in self.series for each in line.points if each.there]
        return max(means) - min(means) if means else 0.0


def effects_chart(effects: Sequence[Effect], width: float = WIDE, measure: str = "accuracy") -> str:
    """SVG: a panel a factor, all with one axis of ``measure``, the factor that matters most first.

    Mean and 95 % interval, each seed a small dot, the base level ringed and its mean a dashed line. A level that failed is a
    cross at the bottom, one that fell off the axis an arrow with its value.
    """
    ordered = sorted(effects, key=lambda each: -each.reach)
    columns = min(max(round(width / PANEL), 1), len(ordered)) if len(ordered) > 1 else 1
    rows = ceil(len(ordered) / columns)
    whole = min(width, 6.2) if len(ordered) == 1 else width
    drawn = figure(whole, 2.9 if rows == 1 else 2.35 * rows)
    grid = drawn.subplots(rows, columns, squeeze=False, sharey=True)
    ends = limits(point for effect in ordered for line in effect.series for point in line.points)
    named: dict[str, Artist] = {}
    for at, axes in enumerate(grid.flat):
        if at >= len(ordered):
            axes.set_axis_off()
            continue
        dress(axes, broken(ordered[at].factor, int((whole / columns - 0.5) / LETTER / 1.2)), y=measure if at % columns == 0 else "")
        percents(axes.yaxis, 5)
        _effect(axes, ordered[at], ends, named)
        level_ticks(axes, ordered[at].places, ordered[at].levels, whole / columns - 0.5)
    grid[0, 0].set_ylim(*ends)
    legend(drawn, named if any(len(each.series) > 1 for each in ordered) else {}, whole)
    return svg(drawn)


def _effect(axes: Axes, effect: Effect, ends: tuple[float, float], named: dict[str, Artist]) -> None:
    places = effect.places
    base = effect.levels.index(effect.base) if effect.base in effect.levels else None
    several = len(effect.series)
    for number, line in enumerate(effect.series):
        known = list(named).index(line.name) if line.name in named else len(named)
        colour, marker = COLOURS[known % len(COLOURS)], MARKERS[known % len(MARKERS)]
        shift = (number - (several - 1) / 2) * DODGE
        x = [each + shift for each in places]
        linestyle = "-" if effect.joined else "none"
        seen = [point.mean if point.there and point.mean >= ends[0] else nan for point in line.points]
        (drawn,) = axes.plot(x, seen, linestyle=linestyle, color=colour, linewidth=1.4, marker=marker, markersize=5, zorder=3)
        named.setdefault(line.name, drawn)
        for at, point, mean in zip(x, line.points, seen, strict=True):
            if isfinite(mean):
                _point(axes, at, point, colour)
            _missing(axes, at, point, ends[0])
        if base is not None and isfinite(seen[base]):
            axes.plot(x[base], seen[base], "o", markersize=11, markerfacecolor="none", markeredgecolor=INK, markeredgewidth=1.1, zorder=4)
            if several == 1:
                axes.axhline(seen[base], color=SOFT, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    axes.set_xlim(min(places) - 0.5, max(places) + 0.5)


def _point(axes: Axes, at: float, point: Measured, colour: str) -> None:
    """The interval and the seeds of a mean."""
    below, above = point.arms
    axes.errorbar(at, point.mean, [[below], [above]], color=colour, linewidth=1.6, capsize=0, zorder=2)
    seeds = [value for value in point.each if isfinite(value)]
    if len(seeds) > 1:
        spread = np.linspace(-0.07, 0.07, len(seeds)) + at
        axes.plot(spread, seeds, "o", color=colour, alpha=0.5, markersize=3, markeredgewidth=0, zorder=2)


def _missing(axes: Axes, at: float, point: Measured, bottom: float) -> None:
    """What an axis cannot show, at its lower edge: a failure, or a value far below."""
    place = (at, 0.015)
    edge: dict[str, Any] = {"transform": axes.get_xaxis_transform(), "ha": "center", "va": "bottom", "fontsize": SIZE - 1.5}
    if point.failed:
        axes.text(*place, "×" if point.there else "failed\n×", color=WRONG, **edge)
    elif point.there and point.mean < bottom:
        axes.text(*place, f"{100 * point.mean:.0f}{NO_BREAK}%\n▼", color=INK, **edge)


@dataclass(frozen=True)
class Interaction:
    """Two factors together: ``means`` float (rows, columns), shares 0..1, NaN where there is none; ``failed``: those that were
    tried and failed, as (row, column)."""

    row_factor: str
    column_factor: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    means: NDArray[np.floating]
    failed: frozenset[tuple[int, int]] = frozenset()


def interaction_chart(of: Interaction, width: float = WIDE) -> str:
    """SVG: a cell for each pair of levels, its mean inside; hatched where there is none, and marked where it failed."""
    longest = max(map(len, of.rows))
    left = min(LETTER * longest + 0.5, 0.36 * width)
    cell = min(0.85, (width - left - 0.9) / len(of.columns))
    drawn = figure(left + 0.9 + cell * len(of.columns), 0.42 * len(of.rows) + 1.3)
    from matplotlib import colormaps
    from matplotlib.colors import Normalize, to_hex

    axes = drawn.add_subplot()
    dress(axes, x=of.column_factor, y=of.row_factor, grid="both")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    ends = limits(Measured(float(each)) for each in of.means.flat)
    scale, colours = Normalize(*ends, clip=True), colormaps["cividis"]
    digits = 1 if cell > 0.42 else 0
    for row in range(len(of.rows)):
        for column in range(len(of.columns)):
            mean = float(of.means[row, column])
            if isfinite(mean):
                shade = colours(scale(mean))
                axes.fill(*_square(row, column), facecolor=to_hex(shade), edgecolor=PAPER, linewidth=1.5)
                ink = "#ffffff" if float(np.dot(shade[:3], (0.299, 0.587, 0.114))) < 0.5 else "#000000"
                axes.text(column, row, f"{100 * mean:.{digits}f}", ha="center", va="center", fontsize=SIZE, color=ink)
            else:
                axes.fill(*_square(row, column), facecolor=PAPER, edgecolor=LINE, hatch="////", linewidth=0.8)
                if (row, column) in of.failed:
                    axes.text(column, row, "×", ha="center", va="center", fontsize=SIZE + 2, color=WRONG, fontweight="bold")
    axes.set_xlim(-0.5, len(of.columns) - 0.5)
    axes.set_ylim(len(of.rows) - 0.5, -0.5)
    level_ticks(axes, range(len(of.columns)), of.columns, cell * len(of.columns))
    axes.set_yticks(range(len(of.rows)), [short(name, int(left / LETTER)) for name in of.rows])
    return svg(drawn)


def _square(row: int, column: int) -> tuple[list[float], list[float]]:
    return [column - 0.5, column + 0.5, column + 0.5, column - 0.5], [row - 0.5, row - 0.5, row + 0.5, row + 0.5]
