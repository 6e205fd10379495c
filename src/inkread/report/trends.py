"""Lines over epochs, over batch sizes and over numbers of examples, with the spread of their seeds as bands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, log2, log10, nan
from typing import TYPE_CHECKING, Any

from .curves import COLOURS
from .measured import Measured, Series, limits
from .vector import INK, LETTER, MARKERS, NARROW, SIZE, SOFT, WIDE, broken, cut, dress, figure, legend, percents, plain, svg

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

NAMED = 8
"""Settings whose learning curves have a colour and a name; all others are thin and grey."""
SETTLED = 0.2
"""Of the epochs: after how many a learning curve's values count for where the axis begins."""
ALL_SHOWN = 60
"""Of charts whose point is how far a line leaves the others: :func:`limits` cuts nothing off but what learnt nothing."""


@dataclass(frozen=True)
class Learnt:
    """The accuracy of one training by epoch, 0..1; several seeds of one setting have one name."""

    name: str
    train: tuple[float, ...]
    validation: tuple[float, ...]


@dataclass(frozen=True)
class Panel:
    """Lines with one pair of axes of their own; ``published``: by others, and drawn dashed."""

    title: str
    series: tuple[Series, ...]
    published: bool = False


WU_AND_HE = Panel(
    "Wu and He 2018: ResNet-50, ImageNet",
    tuple(
        Series(name, tuple(Measured(percent / 100) for percent in errors), (32, 16, 8, 4, 2))
        for name, errors in (("BatchNorm", (23.6, 23.7, 24.8, 27.3, 34.7)), ("GroupNorm", (24.1, 24.2, 24.0, 24.2, 24.1)))
    ),
    published=True,
)
"""Validation error by pictures per GPU: Group Normalization (Wu and He 2018), figure 1 and table 2."""


def learning_chart(curves: Sequence[Learnt], width: float = WIDE) -> str:
    """SVG: validation solid, training dotted; the first :data:`NAMED` settings have colours, the others are thin and grey."""
    drawn = figure(width, 3.1)
    from matplotlib.ticker import MaxNLocator

    axes = drawn.add_subplot()
    names = [*dict.fromkeys(each.name for each in curves)]
    named: dict[str, Artist] = {}
    for each in reversed(curves):
        number = names.index(each.name)
        known = number < NAMED
        colour = COLOURS[number] if known else SOFT
        thin = {"linewidth": 0.7, "alpha": 0.4, "zorder": 2}
        look: dict[str, Any] = {"color": colour, "linewidth": 1.7, "zorder": 3} | ({} if known else thin)
        (line,) = axes.plot(range(1, len(each.validation) + 1), each.validation, "-", marker=_alone(each.validation), **look)
        if known:
            axes.plot(range(1, len(each.train) + 1), each.train, ":", marker=_alone(each.train), **look)
        named[cut(each.name, 60) if known else f"{len(names) - NAMED} others"] = line
    dress(axes, x="epoch (solid: validation, dotted: training)", y="accuracy")
    percents(axes.yaxis)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.set_ylim(*limits((Measured(value) for each in curves for value in _settled(each)), ALL_SHOWN))
    legend(drawn, dict(reversed(named.items())), width)
    return svg(drawn)


def _alone(values: Sequence[float]) -> str | None:
    """A point is seen only with a mark."""
    return "o" if len(values) == 1 else None


def _settled(curve: Learnt) -> Iterable[float]:
    for values in (curve.train, curve.validation):
        yield from values[int(SETTLED * len(values)) :]


def batch_chart(panels: Sequence[Panel], width: float = WIDE) -> str:
    """SVG: error against the batch size, falling from left to right as in Wu and He 2018, figure 1; intervals are bands.

    The means of the series are errors 0..1, ``at``: batch sizes. :data:`WU_AND_HE` is their figure as a panel.
    """
    columns = 1 if width <= NARROW else min(len(panels), 3)
    rows = -(-len(panels) // columns)
    whole = min(width, 3.6 + 2.4 * columns)
    drawn = figure(whole, 2.75 * rows)
    grid = iter(drawn.subplots(rows, columns, squeeze=False).flat)
    named: dict[str, Artist] = {}
    for panel, axes in zip(panels, grid, strict=False):
        dress(axes, broken(panel.title, int((whole / columns - 0.6) / LETTER / 1.15)), "pictures in a batch", "error")
        percents(axes.yaxis, 5)
        ends = limits((point.complement for line in panel.series for point in line.points), ALL_SHOWN)
        axes.set_ylim(1 - ends[1], 1 - ends[0])
        for line in panel.series:
            _band(axes, line, _look(line.name, named), "--" if panel.published else "-", log2, named)
        sizes = sorted({int(size) for line in panel.series for size in line.at})
        axes.set_xticks([log2(size) for size in sizes], [f"{size:,}" for size in sizes])
        axes.invert_xaxis()
    for axes in grid:
        axes.set_axis_off()
    legend(drawn, named, whole)
    return svg(drawn)


@dataclass(frozen=True)
class Worth:
    """Where a method reaches what is had without any example: ``labels`` per class, the accuracy there, and what to say of it."""

    labels: float
    accuracy: float
    says: str


def examples_chart(
    series: Sequence[Series], width: float = WIDE, as_is: Measured | None = None, worth: Worth | None = None, x: str = "examples per class"
) -> str:
    """SVG: accuracy over the number of examples on a logarithmic axis, a band a method; dashed: ``as_is``, without any."""
    whole = min(width, 7.0)
    drawn = figure(whole, 3.2)
    axes = drawn.add_subplot()
    dress(axes, x=x, y="accuracy")
    percents(axes.yaxis)
    named: dict[str, Artist] = {}
    for line in series:
        _band(axes, line, _look(line.name, named), "-", log10, named)
    if as_is is not None and as_is.there:
        named["as is"] = axes.axhline(as_is.mean, color=INK, linewidth=1.2, linestyle=(0, (5, 3)), zorder=2)
        below, above = as_is.arms
        axes.axhspan(as_is.mean - below, as_is.mean + above, color=INK, alpha=0.07, linewidth=0)
    numbers = sorted({number for line in series for number in line.at})
    axes.set_xticks([log10(number) for number in numbers], [f"{number:,g}" for number in numbers])
    every = [point for line in series for point in line.points]
    axes.set_ylim(*limits([*every, *([as_is] if as_is else [])], 100))
    if worth is not None and worth.labels > 0:
        _worth(axes, worth)
    legend(drawn, named, whole)
    return svg(drawn)


def _worth(axes: Axes, worth: Worth) -> None:
    """The way down from where the lines meet, and what it is worth."""
    at = log10(worth.labels)
    bottom = axes.get_ylim()[0]
    axes.plot([at, at], [bottom, worth.accuracy], ":", color=INK, linewidth=1.2)
    axes.plot(at, worth.accuracy, "o", color=INK, markersize=5, zorder=5)
    left, right = axes.get_xlim()
    late = at > (left + right) / 2
    axes.annotate(
        plain(worth.says), (at, bottom), (-6 if late else 6, 8), textcoords="offset points", ha="right" if late else "left",
        fontsize=SIZE, color=INK, fontweight="bold",
    )  # fmt: skip


def _look(name: str, named: dict[str, Artist]) -> int:
    """The number of a line's colour and mark: one name has the same in all panels."""
    return [*named].index(name) if name in named else len(named)


def _band(axes: Axes, line: Series, number: int, style: str, scale: object, named: dict[str, Artist]) -> None:
    """A line with its intervals as a band; where a mean is missing it has a gap."""
    assert callable(scale)
    colour, marker = COLOURS[number % len(COLOURS)], MARKERS[number % len(MARKERS)]
    order = sorted(range(len(line.at)), key=line.at.__getitem__)
    x = [scale(line.at[each]) for each in order]
    points = [line.points[each] for each in order]
    means = [point.mean if isfinite(point.mean) else nan for point in points]
    (drawn,) = axes.plot(x, means, style, color=colour, marker=marker, markersize=4.8, linewidth=1.6, zorder=3)
    low = [point.mean - point.arms[0] for point in points]
    high = [point.mean + point.arms[1] for point in points]
    axes.fill_between(x, low, high, color=colour, alpha=0.16, linewidth=0, zorder=1)
    named.setdefault(line.name, drawn)
