"""Accuracy against what it costs: every network a named point, with the front of those that no other beats in both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite, log10
from typing import TYPE_CHECKING

import numpy as np

from .contact import NO_BREAK
from .curves import COLOURS
from .measured import Measured, limits
from .vector import INK, MARKERS, SIZE, SOFT, WIDE, dress, figure, legend, percents, short, svg

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""
LED = 10
"""Points from which on a fine line leads from a name to its point."""


@dataclass(frozen=True)
class Candidate:
    """A network: what it costs (> 0: parameters, multiply-adds, seconds) or gives (pictures a second), and what it reaches."""

    name: str
    cost: float
    reached: Measured
    group: str = ""


def front(candidates: Sequence[Candidate], more_is_better: bool = False) -> list[Candidate]:
    """Those that no other beats in accuracy at the same cost or less (the Pareto front), from the cheapest."""
    there = [each for each in candidates if each.reached.there and isfinite(each.cost)]
    sign = -1 if more_is_better else 1
    kept: list[Candidate] = []
    for each in sorted(there, key=lambda each: (sign * each.cost, -each.reached.mean)):
        if not kept or each.reached.mean > kept[-1].reached.mean:
            kept.append(each)
    return kept


def tradeoff_chart(candidates: Sequence[Candidate], width: float = WIDE, cost: str = "parameters", more_is_better: bool = False) -> str:
    """SVG: accuracy over ``cost`` on a logarithmic axis, names beside their points, the front joined by a line.

    What lies far below all others is an arrow at the lower edge, its name with its accuracy.
    """
    drawn = figure(width, min(0.8 * width, 4.0))
    axes = drawn.add_subplot()
    dress(axes, x=cost, y="accuracy", grid="both")
    percents(axes.yaxis)
    axes.set_xscale("log")
    there = [each for each in candidates if each.reached.there and isfinite(each.cost) and each.cost > 0]
    bottom, top = limits(each.reached for each in there)
    groups = [*dict.fromkeys(each.group for each in there)]
    named: dict[str, Artist] = {}
    for each in sorted(there, key=lambda each: each.reached.mean < bottom):
        number = groups.index(each.group)
        point = _point(axes, each, bottom, COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)])
        if each.group:
            named.setdefault(each.group, point)
    best = [each for each in front(there, more_is_better) if each.reached.mean >= bottom]
    if len(best) > 1:
        line = axes.plot([each.cost for each in best], [each.reached.mean for each in best], "--", color=SOFT, linewidth=1.2, zorder=1)
        named["no other is better in both"] = line[0]
    axes.set_ylim(bottom, top)
    axes.margins(x=0.12)
    _count_ticks(axes, width)
    legend(drawn, named, width)
    _name(drawn, axes, there, best)
    return svg(drawn)


def _point(axes: Axes, each: Candidate, bottom: float, colour: str, marker: str) -> Artist:
    if each.reached.mean < bottom:
        return axes.plot(each.cost, bottom, "v", color=colour, markersize=7, clip_on=False, zorder=3)[0]
    below, above = each.reached.arms
    held = axes.errorbar(
        each.cost, each.reached.mean, [[below], [above]], fmt=marker, color=colour, linewidth=1.2, markersize=6.5, zorder=3
    )
    point: Artist = held[0]
    return point


def _count_ticks(axes: Axes, width: float) -> None:
    """Ticks as people say large numbers: 20 k, 3 M."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    low, high = axes.get_xlim()
    decades = log10(high / low)
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if decades < width / 2.6 else (1,), numticks=12))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: counted(value)))
    axes.xaxis.set_minor_formatter(NullFormatter())


def counted(number: float) -> str:
    """A large number as it is said: 950, 20 k, 3.1 M, 2 G."""
    for unit, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= unit:
            return f"{number / unit:.3g}\u00a0{letter}"
    return f"{number:.3g}"


def _name(drawn: Figure, axes: Axes, there: Sequence[Candidate], best: Sequence[Candidate]) -> None:
    """Each name where it lies on no other, on no point and not on the front's line, as near to its own point as can be."""
    drawn.draw_without_rendering()
    scale, bottom = 72 / drawn.dpi, axes.get_ylim()[0]

    def at(each: Candidate, off: float = 0) -> tuple[float, float]:
        x, y = scale * axes.transData.transform((each.cost, max(each.reached.mean + off, bottom)))
        return float(x), float(y)

    frame = axes.get_window_extent()
    inside = (scale * frame.x0, scale * frame.y0, scale * frame.x1, scale * frame.y1)
    taken: list[Box] = [(x - 4.5, y - 4.5, x + 4.5, y + 4.5) for x, y in map(at, there)]
    taken += [(at(each)[0] - 1, at(each, -each.reached.arms[0])[1], at(each)[0] + 1, at(each, each.reached.arms[1])[1]) for each in there]
    for one, other in pairwise(best):
        taken += [(x - 1, y - 1, x + 1, y + 1) for x, y in np.linspace(at(one), at(other), 24)]
    for each in sorted(there, key=lambda each: each not in best):
        x, y = at(each)
        fallen = f", {100 * each.reached.mean:.0f}{NO_BREAK}%" if each.reached.mean < bottom else ""
        name = short(each.name, 28) + fallen
        box = place((x, y), (0.56 * SIZE * len(name), 1.15 * SIZE), taken, inside)
        taken.append(box)
        away = max(box[0] - x, x - box[2], box[1] - y, y - box[3])
        axes.annotate(
            name,
            (each.cost, max(each.reached.mean, bottom)),
            ((box[0] + box[2]) / 2 - x, (box[1] + box[3]) / 2 - y),
            textcoords="offset points",
            ha="center",
            va="center",
            fontsize=SIZE - 0.5,
            color=INK,
            fontweight="bold" if each in best else "normal",
            arrowprops={"arrowstyle": "-", "color": SOFT, "linewidth": 0.6, "shrinkB": 4} if away > LED else None,
        )


def place(point: tuple[float, float], size: tuple[float, float], taken: Sequence[Box], inside: Box) -> Box:
    """A box of this size near the point that meets none that is taken and stays inside; the least bad where there is none."""
    return min(_around(point, size), key=lambda box: _outside(box, inside) + sum(_shared(box, other) for other in taken))


def _around(point: tuple[float, float], size: tuple[float, float]) -> Iterator[Box]:
    """Boxes right, left, above and below of a point, then ever farther out."""
    (x, y), (width, height) = point, size
    for away in (7.0, 12.0, 18.0, 26.0, 36.0, 48.0, 62.0):
        for left, bottom in (
            (x + away, y - height / 2), (x - away - width, y - height / 2), (x - width / 2, y + away), (x - width / 2, y - away - height),
            (x + away * 0.7, y + away * 0.7), (x + away * 0.7, y - away * 0.7 - height),
            (x - away * 0.7 - width, y + away * 0.7), (x - away * 0.7 - width, y - away * 0.7 - height),
        ):  # fmt: skip
            yield (left, bottom, left + width, bottom + height)


def _shared(one: Box, other: Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(across, 0) * max(down, 0)


def _outside(box: Box, inside: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1]) - _shared(box, inside)
